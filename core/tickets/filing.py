"""Files a report with the one statement of `filing.sql`, and retries what may be retried."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core.deadlines.promise import Promise, promise
from core.ground.concealed import address_kept, digest_kept, digest_plain
from core.ground.database import AWAY, POOL_WAIT, DatabaseAwayError
from core.ground.ids import uuid7
from core.ground.secret import Secret
from core.ground.statement import load
from core.hospital.directory import Directory
from core.notices.who_hears import Audience, Notice, Recipient, notices_for
from core.runtime import Runtime
from core.tickets.known_codes import without_codes
from core.tickets.preparation import content_hash, noted, prepare
from core.tickets.priority import priority_of
from core.tickets.routing import Route, route
from core.tickets.submission import Receipt, Submission, key_of
from core.tickets.tracking_code import code_for, code_of, hash_of

LAST = 1000
"""The rank of what is spoken: whatever written address is added later comes before it."""

_FILE = load("tickets/filing")
_TRIES = 6
_OPEN_DAY = """
INSERT INTO ticket_days (day, base) VALUES ($1, nextval('ticket_number_seq'))
    ON CONFLICT (day) DO NOTHING
"""
_IS_STAFF = "SELECT true FROM users WHERE id = $1"
_PASSING = (
    *AWAY,
    asyncpg.ForeignKeyViolationError,  # what it refers to was deleted while it was filed
    asyncpg.TransactionRollbackError,  # two that waited for each other
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A submission with everything decided about it by one version of the directory."""

    submission: Submission
    directory: Directory
    route: Route
    promise: Promise
    notices: tuple[Notice, ...]
    received_at: datetime
    day: date
    """The hospital's day of the arrival, which the number carries."""


def decide(submission: Submission, directory: Directory, now: datetime) -> Filing:
    """Decide unit, deadline, number's day and notices. Pure."""
    received_at = min(submission.received_at or now, now)
    way = route(submission, directory)
    category = directory.category(submission.category)
    return Filing(
        submission=submission,
        directory=directory,
        route=way,
        promise=promise(received_at, unit=way.unit, category=category, hospital=directory.hospital),
        notices=_notices(submission, way, directory),
        received_at=received_at,
        day=received_at.astimezone(ZoneInfo(directory.hospital.zone)).date(),
    )


def _notices(submission: Submission, way: Route, directory: Directory) -> tuple[Notice, ...]:
    people: dict[Audience, Recipient] = {}
    for address in submission.addresses:
        if address.channel in directory.sending:
            channel = directory.channels[address.channel]
            people["submitter"] = Recipient.at(channel, address.address, submission.language)
            break
    if way.unit.contact_email and directory.staff_channel:
        staff = directory.channels[directory.staff_channel]
        people["unit"] = Recipient.at(staff, way.unit.contact_email, directory.hospital.language)
    silent: set[Audience] = {"submitter"} if submission.acknowledged else set()
    return notices_for("received", people, silent=frozenset(silent))


async def file(
    runtime: Runtime,
    submission: Submission,
    connection: "asyncpg.Connection[asyncpg.Record] | None" = None,
) -> Receipt:
    """File a report, once, whatever is repeated; return its receipt.

    Without a connection it commits before it returns, and asks again once when the connection
    was lost with the outcome unknown: the key tells. With one it is part of that transaction.
    Raises DatabaseAwayError when the database cannot be asked.
    """
    if connection is not None:
        return await _file_on(runtime, submission, connection)
    pool = runtime.database.pool
    for _ in range(2):
        try:
            async with pool.acquire(timeout=POOL_WAIT) as own:
                return await _file_on(runtime, submission, own)
        except _PASSING as error:
            fault = error
    raise DatabaseAwayError from fault


async def _file_on(
    runtime: Runtime, submission: Submission, connection: "asyncpg.Connection[asyncpg.Record]"
) -> Receipt:
    region, directory = runtime.settings.phone_region, await runtime.directory.get()
    submission = await without_codes(submission, connection)
    submission = await _entered_by_somebody(submission, connection)
    key = key_of(submission.channel, submission.key)
    code = code_for(runtime.secret, key)
    ids = {name: uuid7() for name in ("ticket_id", "message_id", "event_id")}
    for _ in range(_TRIES):
        now = runtime.clock()
        filing = decide(prepare(submission, directory, region), directory, now)
        values = _values(filing, key, code, now, runtime.secret) | ids
        row = cast(
            "asyncpg.Record", await connection.fetchrow(_FILE.sql, *_FILE.arguments(**values))
        )
        if row["filed_number"]:
            return _receipt(filing, row["filed_number"], code, ids["ticket_id"])
        if row["id"]:
            earlier = code_of(runtime.secret, key, row["tracking_hash"])
            return _receipt_again(row, filing.submission, earlier or code, runtime.secret)
        if not row["is_fresh"]:
            directory = await runtime.directory.reload()
        elif not row["is_day_open"]:
            await connection.execute(_OPEN_DAY, filing.day)
        # else: an equal submission was just committed; the next look finds it
    raise DatabaseAwayError("the report could not be filed in several tries")


async def _entered_by_somebody(
    submission: Submission, connection: "asyncpg.Connection[asyncpg.Record]"
) -> Submission:
    """Name nobody as the one who typed it in who is not on the staff."""
    by = submission.entered_by
    if by is None or await connection.fetchval(_IS_STAFF, by):
        return submission
    remark = f"entered_by: {by} → –"
    return replace(submission, entered_by=None, remarks=(*submission.remarks, remark))


def _values(filing: Filing, key: str, code: str, now: datetime, secret: Secret) -> dict[str, Any]:
    submission, submitter = filing.submission, filing.submission.submitter
    return {
        "directory_version": filing.directory.version,
        "day": filing.day,
        "idempotency_key": key,
        "content_hash": digest_kept(secret, content_hash(submission)),
        "entered_by": submission.entered_by,
        "channel": submission.channel,
        "words": submission.words,
        "html": submission.html,
        "remarks": json.dumps(noted(submission.remarks, submission.facts)),
        "received_at": filing.received_at,
        "kind": submission.kind,
        "category_id": filing.route.category_id,
        "title": submission.title,
        "name": submitter.name,
        "email": submitter.email,
        "phone": submitter.phone,
        "address": submitter.address,
        "anonymous": submission.anonymous,
        "unit_id": filing.route.unit.id,
        "priority": priority_of(submission.urgency),
        "urgency": submission.urgency,
        "due_at": filing.promise.due_at,
        "qr_code_id": filing.route.qr_code_id,
        "ip_address": submission.ip_address,
        "user_agent": submission.user_agent,
        "occurred_at": submission.occurred_at,
        "language": submission.language,
        "for_whom": submission.for_whom,
        "routing_reason": filing.route.reason,
        "sla_reason": filing.promise.reason,
        "tracking_hash": hash_of(code),
        "facts": json.dumps({"rule": filing.route.rule, "hours": filing.promise.hours}),
        "now": now,
        "reporting": submission.reporting,
        "addresses": json.dumps(_addresses(filing, secret)),
        "files": json.dumps(
            [asdict(file) | {"position": place} for place, file in enumerate(submission.files)]
        ),
        "notices": json.dumps([_notice(one, filing, secret) for one in filing.notices]),
    }


def _addresses(filing: Filing, secret: Secret) -> list[dict[str, Any]]:
    spoken, conceals = filing.directory.spoken, filing.submission.anonymous
    return [
        asdict(address)
        | {
            "address": address_kept(secret, address.address, conceals=conceals),
            "rank": LAST if address.channel in spoken else rank,
        }
        for rank, address in enumerate(filing.submission.addresses)
    ]


def _notice(notice: Notice, filing: Filing, secret: Secret) -> dict[str, Any]:
    conceals = filing.submission.anonymous and notice.audience == "submitter"
    return asdict(notice) | {"address": address_kept(secret, notice.address, conceals=conceals)}


def _receipt(filing: Filing, number: str, code: str, ticket_id: UUID) -> Receipt:
    return Receipt(
        key=filing.submission.key,
        ticket_id=ticket_id,
        number=number,
        tracking_code=code,
        unit_name=filing.route.unit.name,
        due_at=filing.promise.due_at,
        received_at=filing.received_at,
    )


def _receipt_again(
    row: "asyncpg.Record", submission: Submission, code: str, secret: Secret
) -> Receipt:
    return Receipt(
        key=submission.key,
        ticket_id=row["id"],
        number=row["ticket_number"],
        tracking_code=code,
        unit_name=row["unit_name"],
        due_at=row["sla_deadline"],
        received_at=row["received_at"],
        repeated=True,
        is_same=digest_plain(secret, row["content_hash"]) == content_hash(submission),
    )
