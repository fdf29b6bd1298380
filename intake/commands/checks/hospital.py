"""The house as people meet it: names, numbers, doors, and what lies undelivered."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol, runtime_checkable

from core.hospital.directory import Directory
from core.reading.command_line.undone import undone
from core.reading.refusals import refused_lately
from core.reading.review import ReviewDesk
from core.runtime import Runtime
from intake.finding import Finding, fail, ok, warn
from intake.registry import Registry


@runtime_checkable
class _TakesMail(Protocol):
    """A channel at whose addresses mail comes in."""

    async def knows(self, address: str) -> bool:
        """Say whether an address (lower case) is a mailbox of ours. Raises DatabaseAwayError."""


WAITING = timedelta(minutes=15)
MANY_REFUSALS = 100
"""Of one limit within a day: what is less is somebody's haste."""


def numbers(directory: Directory) -> Iterator[Finding]:
    """See whether the hospital has said who it is."""
    hospital = directory.hospital
    missing = [
        label
        for label, value in (
            ("its name", hospital.name.removeprefix("Rumah Sakit").strip()),
            ("a telephone number", hospital.phone),
            ("an emergency number", hospital.emergency_phone),
        )
        if not value
    ]
    if missing:
        sentence = f"{', '.join(missing)} missing: see `kiss hospital load --help`."
        yield warn("hospital", sentence)
    else:
        yield ok("hospital", f"{hospital.name}, {hospital.zone}, {len(directory.units)} units.")
    silent = [unit.code for unit in directory.units.values() if not unit.contact_email]
    if silent:
        yield warn("units", f"Nobody is told by e-mail in {len(silent)}: {', '.join(silent[:5])}.")
    if not any(directory.qr(token) for token in directory.qr_codes):
        yield warn("QR codes", "There are none yet: `kiss qr create UNIT`.")


async def mailboxes(registry: Registry, directory: Directory) -> list[Finding]:
    """Find units that are told at a mailbox where we take reports: they would never read it."""
    taking = [one for one in registry.channels.values() if isinstance(one, _TakesMail)]
    swallowed = [
        unit.code
        for unit in directory.units.values()
        if unit.is_active and unit.contact_email
        for channel in taking
        if await channel.knows(unit.contact_email.lower())
    ]
    if not swallowed:
        return []
    sentence = (
        f"{', '.join(swallowed[:5])}: told at a mailbox where reports come in, so nobody reads it:"
        " give the unit another address, see docs/email.md."
    )
    return [fail("units", sentence)]


async def undelivered(runtime: Runtime) -> list[Finding]:
    """Look for notices and raw messages that wait for somebody."""
    found: list[Finding] = []
    there = await undone(runtime.database, runtime.clock() - WAITING)
    if there.given_up:
        number = there.given_up
        found.append(warn("notices", f"{number} were given up: `kiss deliveries` shows them."))
    if there.late:
        number = there.late
        found.append(warn("notices", f"{number} are late: does a worker run, and the broker?"))
    found += await _set_aside(runtime)
    if there.unfetched:
        why = f" ({there.why_unfetched})" if there.why_unfetched else ""
        found.append(warn("files", f"{there.unfetched} of chats are not fetched yet{why}."))
    if there.uncleaned:
        why = f" ({there.why_uncleaned})" if there.why_uncleaned else ""
        found.append(warn("files", f"{there.uncleaned} of anonymous reports still lie open{why}."))
    if not there.accounts:
        found.append(warn("staff", "Nobody can sign in yet: `kiss user add --help`."))
    return found


async def refused(runtime: Runtime) -> list[Finding]:
    """See which limits refused much within a day: an attack, or too narrow for this house."""
    lately = (await refused_lately(runtime)).limits
    return [
        warn(
            "limits",
            f"{each.limit.name}: {each.in_day} times within a day ({each.limit.beyond}). "
            "`kiss limits` shows all.",
        )
        for each in lately
        if each.in_day >= MANY_REFUSALS
    ]


async def _set_aside(runtime: Runtime) -> list[Finding]:
    """See whether anybody waits unseen on the review desk."""
    waiting = await ReviewDesk(runtime).waiting()
    if waiting.since is None:
        return []
    where = "/console/review, or `kiss inbound list --status quarantined`"
    said = f"{waiting.count} were set aside, the first at {waiting.since:%Y-%m-%d %H:%M}Z: {where}."
    if waiting.danger:
        said = f"{waiting.danger} speak of danger! {said}"
    elif waiting.alarms(runtime.clock()):
        said = f"Somebody waits too long! {said}"
    return [warn("review desk", said)]
