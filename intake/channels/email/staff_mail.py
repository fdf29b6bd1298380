"""Mail of staff about a ticket: an internal note, unless it plainly wants to be an answer.

Who answers a notice of ours from the address it was sent to is recognised by the notice's signed
Message-ID. Even then nothing reaches the patient by accident: an answer begins with `#balas` or
`#reply`; every other mail, and everything that is not proven, is a note that only staff see.
"""

import contextlib
import re
from dataclasses import dataclass

from core.ground.text import is_readable
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.casework import Casework, SaidBeforeError
from core.tickets.lifecycle import IllegalMoveError
from core.tickets.submission import StoredFile
from intake.channel import Processed
from intake.channels.email import attachments, report
from intake.channels.email.diversion import answers_by_itself
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.report import report_of
from intake.channels.email.settings import CHANNEL
from intake.language import translate
from intake.uploads.limits import Limits

_ANSWER = re.compile(r"\A\s*#(?:balas|jawab|reply|answer)\b[ \t:]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StaffMail:
    """Files what staff write."""

    casework: Casework
    runtime: Runtime

    async def take(self, arrived: ReceivedMail) -> Processed:
        """Keep the mail on its ticket, once, as an answer or as a note."""
        ticket_id, key = arrived.thread.ticket_id, f"{CHANNEL}:{arrived.digest}"
        if answers_by_itself(arrived):
            return Processed(
                status="dropped", ticket_id=ticket_id, note="an automatic answer of staff"
            )
        assert ticket_id is not None  # noqa: S101 - the caller's promise
        if await correspondence.message_kept(self.runtime.database, key) is None:
            with contextlib.suppress(SaidBeforeError):  # the same mail was kept in between
                await self._keep(arrived, key)
        kept = await correspondence.message_kept(self.runtime.database, key)
        return Processed(ticket_id=ticket_id, message_id=kept)

    async def _keep(self, arrived: ReceivedMail, key: str) -> None:
        ticket_id, words = (
            arrived.thread.ticket_id,
            report_of(arrived.mail, arrived.language, is_answer=True).words,
        )
        assert ticket_id is not None  # noqa: S101 - the caller's promise
        files = await self._files(arrived)
        known = is_known_staff(arrived)
        user_id = arrived.thread.told.user_id if known and arrived.thread.told else None
        answer = _ANSWER.sub("", words)
        if user_id is not None and answer != words and (is_readable(answer) or files):
            try:
                await self.casework.reply(ticket_id, answer, by=user_id, files=files, key=key)
            except IllegalMoveError:  # closed meanwhile: staff decide in the console
                pass
            else:
                return
        words = report_of(arrived.mail, arrived.language).words  # a note loses no signature
        if not known:
            sender = arrived.mail.sender.address or "-"
            words = f"{translate(arrived.language, report.UNVERIFIED_STAFF)} ({sender})\n\n{words}"
        await self.casework.note(ticket_id, words, by=user_id, files=files, key=key)

    async def _files(self, arrived: ReceivedMail) -> tuple[StoredFile, ...]:
        limits = Limits.of(self.runtime.settings)
        return await attachments.stored(arrived.mail.attachments, self.runtime.storage, limits)


def is_known_staff(arrived: ReceivedMail) -> bool:
    """Say whether it answers a notice to staff, from where that went, and nothing denies it."""
    told = arrived.thread.told
    return (
        told is not None
        and arrived.thread.is_staff
        and told.recipient.lower() == arrived.sender
        and not arrived.authenticity.failed
        and arrived.mail.readable
    )
