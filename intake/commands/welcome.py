"""What `kiss run` shows once everything stands: where to look, and how to stop."""

import os
from collections.abc import Iterator, Sequence

import click

from core.ground.settings import Settings
from core.hospital.directory import Directory
from intake.channel_folders import all_facts
from intake.hospital.shapes import StaffShape
from intake.mail_sink import Sink

_PEOPLE_A_LINE = 4


def welcome(
    *,
    settings: Settings,
    directory: Directory,
    channels: Sequence[str],
    staff: Sequence[StaffShape],
    outbox: Sink | None,
    seconds: float,
) -> str:
    """Write the table."""
    rows = [
        *_places(settings, directory),
        *_sign_ins(staff),
        *_house(settings, channels, outbox),
    ]
    width = max(len(name) for name, _ in rows)
    head = click.style(f"\n  {directory.hospital.name}", bold=True)
    lines = [f"{head} is open, {seconds:.1f} s after the start.\n"]
    lines += [f"  {click.style(name.ljust(width), fg='cyan')}  {value}" for name, value in rows]
    return "\n".join([*lines, ""])


def _places(settings: Settings, directory: Directory) -> Iterator[tuple[str, str]]:
    home = settings.public_url.rstrip("/")
    yield "Report something", f"{home}/"
    posters = [code for code in directory.qr_codes.values() if directory.qr(code.token)]
    if posters:
        poster = min(posters, key=lambda code: (not code.code.startswith("MELATI"), code.code))
        yield "By a ward's QR code", f"{home}/q/{poster.token}"
    yield "Follow a report", f"{home}/tracking"
    yield "Staff console", f"{home}/console"


def _sign_ins(staff: Sequence[StaffShape]) -> Iterator[tuple[str, str]]:
    usable = [person for person in staff if person.password]
    label = "Sign in as"
    for start in range(0, len(usable), _PEOPLE_A_LINE):
        people = usable[start : start + _PEOPLE_A_LINE]
        yield label, ", ".join(f"{person.username} ({person.roles[0]})" for person in people)
        label = ""
    if usable:
        passwords = dict.fromkeys(str(person.password) for person in usable)
        yield "", f"password {' or '.join(passwords)}"


def _house(
    settings: Settings, channels: Sequence[str], outbox: Sink | None
) -> Iterator[tuple[str, str]]:
    facts = all_facts()
    off = [name for name in facts if name not in channels]
    shut = f" (not configured: {', '.join(off)})" if off else ""
    yield "Channels open", ", ".join(channels) + shut
    for name in off:
        words = facts[name].how_to_open
        if words is not None:
            yield f"To open {name}", words
    if outbox is not None:
        yield "Outgoing mail", f"{outbox.folder.resolve()} (none leaves this machine)"
    for name in channels:
        listening = facts[name].listening
        address = os.environ.get(listening.setting) if listening is not None else None
        if listening is not None and address:
            yield listening.what, listening.where.format(address)
    yield "Data", str(settings.data.resolve())
    yield "Stop", "Ctrl-C"
