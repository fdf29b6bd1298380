"""Finds a ticket for whoever asks, and turns what a verb refuses into pages.

A ticket that the reader may not know and one that never was answer alike: 404. What somebody may
write on which ticket is the core's table (`core/access/writing.py`), asked here for every verb.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from aiohttp import web

from core.access.writing import Leave, NotProvenError, demand
from core.deliveries.resending import NotPossibleError
from core.ground.errors import NotFoundError
from core.reading.cases import Cases, KnownTicket
from core.reading.ticket_on_case import TicketOnCase
from core.tickets.casework import ChangedMeanwhileError, EmptyAnswerError, VanishedError
from core.tickets.lifecycle import IllegalMoveError
from intake.console.context import Console
from intake.console.fields import whole
from intake.console.frame import onwards, say
from intake.console.labels import DELIVERY, STATUSES_IN_WORDS, VERBS
from intake.console.signed_in import present_of
from intake.console.ticket.case_page import MODES, UnsentAnswer, case_page, collision_page
from intake.console.ticket.staged import staged
from intake.language import marked as _
from intake.language import translate
from intake.statuses import UNPROVEN
from intake.uploads.receive import Received

NOT_POSSIBLE: Final = _("You wanted to %(verb)s, but the report is: %(status)s.")
NOTICE_NOT_POSSIBLE: Final = _("You wanted to %(verb)s, but the notice is: %(status)s.")
NOT_PROVEN: Final = _(
    "The caller has not proven who they are: on this report you may leave a note or raise the"
    " alarm. Nothing was sent; your words stand below. Prove it first, or keep them as a note."
)
VANISHED: Final = _("What you chose is not there any more. Nothing was changed; choose again.")
NO_WORDS: Final = _("Please write something first; an empty answer helps nobody.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A verb about to be tried on the ticket that the address names."""

    request: web.Request
    form: Received
    ticket: TicketOnCase
    mark: str = ""
    """What has to stand beside their words for staff; empty where they write as they are."""

    @property
    def version(self) -> int | None:
        """The version that the person looked at; without one it is never the present one.

        Who may not see the report can have looked at nothing: None.
        """
        return None if self.mark else whole(self.form.text("version")) or 0

    @property
    def by(self) -> UUID:
        """Who tries it."""
        return present_of(self.request).reader.user_id

    @property
    def draft(self) -> UnsentAnswer:
        """What they wrote."""
        fields = {name: self.form.text(name) for name in self.form.fields}
        mode = fields.get("mode", "")
        return UnsentAnswer(
            words=fields.get("words", ""), mode=mode if mode in MODES else "reply", fields=fields
        )


Do = Callable[[Attempt], Awaitable[dict[str, str]]]
"""Does a verb; returns sentences by field for what is wrong with the form."""


async def find(request: web.Request, console: Console) -> TicketOnCase:
    """Return the ticket that an address names, if all of it may be seen. Raises HTTPNotFound."""
    known = await _known(request, console)
    if not known.is_whole:
        raise web.HTTPNotFound
    return known.ticket


async def _known(request: web.Request, console: Console) -> KnownTicket:
    reader, number = present_of(request).reader, request.match_info["number"]
    known = await Cases(console.runtime).known(reader, number)
    if known is None:
        raise web.HTTPNotFound
    return known


async def attempt(
    request: web.Request, console: Console, done: str, do: Do, form: Received | None = None
) -> web.Response:
    """Try a verb: onwards where it went well, else the page with what is wrong beside it.

    `form` is given where it was read already, since it may hold files.
    """
    known = await _known(request, console)
    ticket, tried = (
        known.ticket,
        Attempt(request, form or await console.form(request), known.ticket),
    )
    draft, status = tried.draft, 422
    try:
        if demand(done, known.standing) is Leave.MARKED:
            house = (await console.directory()).hospital.language
            tried = replace(tried, mark=translate(house, UNPROVEN))
        errors = await do(tried)
    except NotProvenError:
        errors, status = {"verb": say(request, NOT_PROVEN)}, 409
    except ChangedMeanwhileError:
        return await collision_page(request, console, tried.form)
    except VanishedError:
        errors, status = {"verb": say(request, VANISHED)}, 409
    except NotFoundError:
        raise web.HTTPNotFound from None
    except EmptyAnswerError:
        errors = {"words": say(request, NO_WORDS)}
    except IllegalMoveError as error:
        errors, status = {"verb": _refused(request, error)}, 409
    except NotPossibleError as error:
        errors, status = {"verb": _refused_notice(request, error)}, 409
    if errors:
        draft = replace(draft, files=staged(request, console, tried.form))
        return await case_page(request, console, draft, errors, status=status)
    return await _onwards(request, console, ticket.ticket_number, done)


async def _onwards(request: web.Request, console: Console, number: str, done: str) -> web.Response:
    """Lead back to the ticket, or to the list where it is theirs no longer."""
    joint = f"{request.query_string}&" if request.query_string else ""
    if await Cases(console.runtime).known(present_of(request).reader, number) is None:
        return onwards(f"/console/inbox?{joint}done=moved")
    return onwards(f"/console/tickets/{number}?{joint}done={done}")


def _refused(request: web.Request, error: IllegalMoveError) -> str:
    return say(
        request,
        NOT_POSSIBLE,
        verb=say(request, VERBS[error.verb]),
        status=say(request, STATUSES_IN_WORDS[error.status].text),
    )


def _refused_notice(request: web.Request, error: NotPossibleError) -> str:
    return say(
        request,
        NOTICE_NOT_POSSIBLE,
        verb=say(request, VERBS[error.verb]),
        status=say(request, DELIVERY[error.status].text),
    )
