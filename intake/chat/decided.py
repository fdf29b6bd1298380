"""Updates of a chat that were set aside: what the desk shows of them, and filing what it decided.

A verdict files the words by themselves, beside the dialogue: where that stands is the person's
own doing, and nothing of it changes.
"""

from collections.abc import AsyncIterator
from typing import Final

from core.ground.errors import NotFoundError
from core.jobs.set_aside import Summary
from core.reading import correspondence
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.known_codes import covered_alone
from core.tickets.submission import Address, StoredFile, Submission
from core.tickets.third_person import ThirdPersons
from core.tickets.writer import PLAIN, Writer
from intake.channel import Processed, Raw
from intake.chat.update import ChatUpdate
from intake.dialogue.events import Media, Text
from intake.language import marked as _
from intake.language import translate
from intake.set_aside import released

OTHER_CHAT: Final = _("Another chat, %(channel)s")
NO_WORDS: Final = _("This message could not be read automatically; the original is attached.")


def summary_of(heard: ChatUpdate) -> Summary:
    """Return what the desk's list shows of an update whose step failed; not whose it is."""
    said = [event.text for event in heard.events if isinstance(event, Text)]
    said += [event.caption for event in heard.events if isinstance(event, Media)]
    return Summary.of(who="", subject="", words="\n".join(said))


def address_in(raw: Raw) -> str | None:
    """Return the chat that an update came from, as its envelope names it."""
    address = raw.envelope.get("address")
    return str(address) if address else None


async def file_decided(raw: Raw, desk: Desk, *, address: str | None, words: str) -> Processed:
    """File an update as its verdict says: a report, or words of the ticket it was joined to.

    From a chat that is not of that ticket they are a third person's, for staff alone.
    Told again it comes to the same ticket. Raises DatabaseAwayError, StorageUnavailable.
    """
    directory, verdict = await desk.runtime.directory.fresh(), raw.verdict
    language = directory.hospital.language
    told = words.strip()
    files = () if raw.content == words.encode() else (await _original(raw, desk),)
    if verdict is not None and verdict.ticket_id is not None:
        is_theirs = bool(address) and await correspondence.belongs_to(
            desk.runtime, verdict.ticket_id, raw.channel, address or ""
        )
        entry = directory.channels.get(raw.channel)
        where = entry.label.get(language, raw.channel) if entry is not None else raw.channel
        other = Writer(third_person=translate(language, OTHER_CHAT, channel=where))
        follow_up = FollowUp(
            channel=raw.channel,
            key=raw.external_id,
            words=told or translate(language, NO_WORDS),
            files=files,
            received_at=raw.received_at,
            remarks=released(raw, directory),
            writer=PLAIN if is_theirs else other,
        )
        add = desk.follow_up if is_theirs else ThirdPersons(desk.runtime).wrote
        try:
            followed = await add(verdict.ticket_id, follow_up)
        except NotFoundError:  # erased since: it becomes a report
            pass
        else:
            return Processed(ticket_id=followed.ticket_id)
    chat = Address(channel=raw.channel, address=address, confirmed=True) if address else None
    receipt = await desk.submit(
        Submission(
            channel=raw.channel,
            key=raw.external_id,
            words=told or translate(language, NO_WORDS),
            files=files,
            received_at=raw.received_at,
            addresses=(chat,) if chat else (),
            remarks=released(raw, directory),
        )
    )
    return Processed(ticket_id=receipt.ticket_id)


async def _original(raw: Raw, desk: Desk) -> StoredFile:
    text = raw.content.decode(errors="surrogateescape")
    [covered] = await covered_alone(desk.runtime.database, [text])
    content = covered.encode(errors="surrogateescape")
    kept = await desk.runtime.storage.put_stream(_chunks(content))
    return StoredFile(name="original.txt", path=kept.key, size=kept.size, mime_type="text/plain")


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content
