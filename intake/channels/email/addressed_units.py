"""The units whose mailboxes a mail was sent to: one has the ticket, the others see it."""

import contextlib
from dataclasses import dataclass
from uuid import UUID

from core.ground.errors import NotFoundError
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.casework import Casework, SaidBeforeError
from core.tickets.involved_unit import Involving
from core.tickets.submission import Receipt
from intake.channels.email import report
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.settings import CHANNEL
from intake.language import translate


@dataclass(frozen=True, slots=True)
class AddressedUnits:
    """Lets every unit see what was sent to it. Told again nothing is done twice."""

    runtime: Runtime
    mailboxes: Mailboxes

    async def involve(self, arrived: ReceivedMail, ticket_id: UUID) -> None:
        """Let every unit that a mail was sent to see its ticket; the one that has it does."""
        units = self.mailboxes.units(arrived.addressed, arrived.directory).values()
        if units:
            with contextlib.suppress(NotFoundError):  # erased since: nobody sees it any more
                await Involving(self.runtime).involve(ticket_id, [unit.id for unit in units])

    async def note(self, arrived: ReceivedMail, receipt: Receipt) -> None:
        """Tell staff of a copy that came for another unit than the one that has the ticket."""
        for unit in self.mailboxes.units(arrived.recipients, arrived.directory).values():
            if unit.name == receipt.unit_name:
                continue
            key = f"{CHANNEL}:{arrived.digest}:{unit.code}"
            if await correspondence.message_kept(self.runtime.database, key) is None:
                words = translate(arrived.language, report.ALSO_TO, unit=unit.name)
                with contextlib.suppress(SaidBeforeError):  # the same was noted in between
                    await Casework(self.runtime).note(receipt.ticket_id, words, by=None, key=key)
