"""What an agent may do from the command line: the same as at the desk."""

from uuid import UUID

from core.access.writing import Leave, NotProvenError, demand
from core.reading.cases import Cases
from core.runtime import Runtime
from intake.commands.failures import Failed
from intake.language import translate
from intake.statuses import UNPROVEN


async def unproven(runtime: Runtime, verb: str, ticket_id: UUID, by: UUID) -> str:
    """Return what has to stand beside the words of somebody; empty where nothing has to.

    Raises Failed where they may not do this on the ticket.
    """
    try:
        found = demand(verb, await Cases(runtime).standing(by, ticket_id))
    except NotProvenError:
        raise Failed(
            "An agent works on reports they took down, or whose caller has proven who they are."
            " On this one they may leave a note, or escalate it. Nothing was done."
        ) from None
    house = (await runtime.directory.fresh()).hospital.language
    return translate(house, UNPROVEN) if found is Leave.MARKED else ""
