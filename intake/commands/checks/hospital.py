"""The house as people meet it: names, numbers, doors, and what lies undelivered."""

from collections.abc import Iterator
from datetime import timedelta

from core.hospital.directory import Directory
from core.reading.command_line.undone import undone
from core.runtime import Runtime
from intake.channel_folders import names
from intake.finding import Finding, off, ok, warn
from intake.registry import Registry

WAITING = timedelta(minutes=15)


def doors(registry: Registry) -> Iterator[Finding]:
    """Name each channel, open or not."""
    for name in names():
        if name in registry.channels:
            back = "takes reports and answers" if registry.sender(name) else "takes reports"
            yield ok(f"channel {name}", f"It {back}.")
        else:
            yield off(f"channel {name}", "It is not configured.")


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
    if there.unread:
        number = there.unread
        found.append(warn("raw messages", f"{number} could not be read: `kiss inbound list`."))
    if there.unfetched:
        why = f" ({there.why_unfetched})" if there.why_unfetched else ""
        found.append(warn("files", f"{there.unfetched} of chats are not fetched yet{why}."))
    if not there.accounts:
        found.append(warn("staff", "Nobody can sign in yet: `kiss user add --help`."))
    return found
