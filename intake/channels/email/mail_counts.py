"""The loop breaker that believes no header: mails are counted, durably, for all processes.

One machine that writes to us, under however many sub-addresses, is one sender; patients at one
provider are many. Whoever sends too much hears no more answers, and later waits on the review desk;
a sender that is stopped is not counted further along, so that it uses up nobody else's share.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.ground.limit import BucketLimit
from core.ground.rate_limits import (
    MAIL_ANSWERS,
    MAIL_ANSWERS_IN_ALL,
    MAIL_ANSWERS_OF_MAILBOX,
    MAIL_ANSWERS_TO_DOMAIN,
    MAIL_COUNTED,
    MAIL_FOLLOW_UPS,
    MAIL_REPORTS,
    MAIL_REPORTS_AT_MAILBOX,
    MAIL_REPORTS_IN_ALL,
    MAIL_REPORTS_OF_DOMAIN,
)
from core.ground.stored_buckets import Bucket, take_each
from core.hospital.counted_sender import domain_behind, mailbox_behind
from core.runtime import Runtime
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.understanding.mail import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """By what a mail is counted: once for a ticket, once more for its answer."""

    address: BucketLimit
    domain: BucketLimit
    mailbox: BucketLimit
    in_all: BucketLimit


_REPORTS: Final = _Counted(
    address=MAIL_REPORTS,
    domain=MAIL_REPORTS_OF_DOMAIN,
    mailbox=MAIL_REPORTS_AT_MAILBOX,
    in_all=MAIL_REPORTS_IN_ALL,
)
_ANSWERS: Final = _Counted(
    address=MAIL_ANSWERS,
    domain=MAIL_ANSWERS_TO_DOMAIN,
    mailbox=MAIL_ANSWERS_OF_MAILBOX,
    in_all=MAIL_ANSWERS_IN_ALL,
)


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Counts mails. Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def is_too_many(self, arrived: ReceivedMail, writer: Person) -> bool:
        """Count a mail that would make a ticket or add to one, once however often it is read.

        A trusted source brings the mails of many: it is counted by mailbox and in all alone.
        """
        if not await self._has_room(arrived, (Bucket(MAIL_COUNTED, (str(arrived.raw.id),)),)):
            return False
        ticket_id = arrived.thread.ticket_id
        if ticket_id is not None:
            buckets: tuple[Bucket, ...] = (
                Bucket(MAIL_FOLLOW_UPS, (str(ticket_id), mailbox_behind(arrived.sender))),
            )
        else:
            counted = None if arrived.standing.is_many else writer
            buckets = _buckets(_REPORTS, arrived, counted)
        return not await self._has_room(arrived, buckets)

    async def allows_answer(self, arrived: ReceivedMail, writer: Person) -> bool:
        """Count an automatic answer; say whether it may go."""
        return await self._has_room(arrived, _buckets(_ANSWERS, arrived, writer))

    async def _has_room(self, arrived: ReceivedMail, buckets: Iterable[Bucket]) -> bool:
        """Count at the moment the mail arrived: what waited for us came no faster for that."""
        at, runtime = arrived.raw.received_at, self.runtime
        full = await take_each(runtime.database, runtime.secret, buckets, at)
        if full is not None and full.limit is not MAIL_COUNTED:  # read again is not sent again
            runtime.refusals.note(full.limit)
        return full is None


def _buckets(counted: _Counted, arrived: ReceivedMail, writer: Person | None) -> tuple[Bucket, ...]:
    """Name the buckets of a mail, those of its writer first."""
    address = ((writer.address or arrived.envelope_sender) if writer is not None else "").strip()
    senders = (address, arrived.sender if arrived.standing.is_own_website else "")
    domains = dict.fromkeys(filter(None, map(domain_behind, senders)))
    mailboxes = sorted(set(map(mailbox_behind, arrived.recipients)))[:_MAILBOXES]
    return (
        *(Bucket(counted.address, (mailbox_behind(one),)) for one in senders[:1] if one),
        *(Bucket(counted.domain, (domain,)) for domain in domains),
        *(Bucket(counted.mailbox, (mailbox,)) for mailbox in mailboxes),
        Bucket(counted.in_all, ()),
    )


_MAILBOXES: Final = 3
"""Mailboxes of one mail that are counted: the first three by name."""
