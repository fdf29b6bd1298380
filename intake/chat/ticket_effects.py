"""What the dialogue's effects do to tickets, within the chat's step."""

from uuid import UUID

from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, StoredFile, Submission, Submitter, key_of
from intake.chat.talk import Talk
from intake.chat.tickets import dialogue_ticket
from intake.dialogue import effects as does
from intake.dialogue.events import Event, Filed
from intake.dialogue.state import File, Said
from intake.dialogue.wording import spoken
from intake.language import language_of

URGENT, NORMAL = 5, 3


async def submit(talk: Talk, effect: does.Submit) -> Event:
    """File the draft as one ticket."""
    submission = await _submission(talk, effect)
    filed = await talk.chat.submit(submission, effect.draft_id, _messages(effect.said))
    return Filed(draft_id=effect.draft_id, ticket=dialogue_ticket(filed))


async def _submission(talk: Talk, effect: does.Submit) -> Submission:
    poster = talk.directory.qr(effect.qr_code)
    scanned_there = poster is not None and str(poster.unit_id) == effect.unit
    return Submission(
        channel=talk.chat.channel,
        key=f"draft:{effect.draft_id}",
        words=effect.words,
        kind=effect.kind,
        language=effect.language,
        qr_token=effect.qr_code if scanned_there else None,
        unit_id=UUID(effect.unit),
        submitter=Submitter(name=effect.name, phone=effect.phone),
        anonymous=effect.anonymous,
        addresses=(Address(channel=talk.chat.channel, address=talk.chat.address, confirmed=True),),
        acknowledged=True,
        files=await _files(talk, effect.said),
        urgency=URGENT if effect.urgent else NORMAL,
    )


async def comment(talk: Talk, effect: does.AddComment) -> None:
    """Add words and files to a ticket; an edit says that it is one."""
    said = "\n\n".join(each.text for each in effect.said if each.text)
    words = spoken("SAID_edited", talk.state.lang, words=said) if effect.edited else said
    key = f"{talk.heard_key}:edit" if effect.edited else _key(talk, effect.said)
    remarks = (_for_staff(talk, "SAID_unsaid"),) if effect.unsaid else ()
    await _follow_up(talk, effect.ticket, words, key=key, said=effect.said, remarks=remarks)


async def reopen(talk: Talk, effect: does.Reopen) -> None:
    """Reopen a ticket, in words that staff read."""
    words = spoken("SAID_still_open", talk.state.lang)
    await _follow_up(talk, effect.ticket, words, key=f"{talk.heard_key}:open")


async def _follow_up(
    talk: Talk,
    number: str,
    words: str,
    *,
    key: str,
    said: tuple[Said, ...] = (),
    remarks: tuple[str, ...] = (),
) -> None:
    follow_up = FollowUp(
        channel=talk.chat.channel,
        key=f"chat:{talk.chat.alias}:{key}",
        words=words,
        files=await _files(talk, said),
        remarks=remarks,
    )
    await talk.chat.follow_up(number, follow_up, _messages(said))


async def retract(talk: Talk, effect: does.Retract) -> None:
    """Mark the comments for staff; they stay where they were read."""
    keys = [key for message in effect.messages for key in _message_keys(talk, message)]
    await talk.chat.retract(effect.ticket, keys, _for_staff(talk, "SAID_retracted"))


def _for_staff(talk: Talk, key: str) -> str:
    """Write a remark in the language of the hospital."""
    return spoken(key, language_of(talk.directory.hospital.language))


async def confirm(talk: Talk, effect: does.ConfirmResolved) -> None:
    """Close a resolved ticket for the person; closed or reopened meanwhile, nothing is left."""
    await talk.chat.confirm(effect.ticket)


async def stars(talk: Talk, effect: does.SaveStars) -> None:
    """Rate the handling; reopened meanwhile, it is rated once it is solved."""
    await talk.chat.rate(effect.ticket, effect.stars)


async def opinion(talk: Talk, effect: does.SaveStarsComment) -> None:
    """Keep words about the handling; where a rating is not possible they are a comment."""
    words = "\n\n".join(each.text for each in effect.said if each.text)
    is_rated = await talk.chat.rate(effect.ticket, None, words)
    if not is_rated or any(each.file for each in effect.said):
        key = _key(talk, effect.said)
        await _follow_up(talk, effect.ticket, words, key=key, said=effect.said)


async def _files(talk: Talk, said: tuple[Said, ...]) -> tuple[StoredFile, ...]:
    """Return the files that came with these words; what nobody knows yet is fetched later."""
    sent = [each.file for each in said if each.file]
    if not sent:
        return ()
    known = await talk.chat.known_files([file.ref for file in sent])
    return tuple(known.get(file.ref) or _pending(file) for file in sent)


def _pending(file: File) -> StoredFile:
    name = file.name or file.kind
    return StoredFile(name=name, size=file.size, status="pending", remote_ref=file.ref)


def _messages(said: tuple[Said, ...]) -> list[str]:
    """Name the messages it was said in: an edit of one, or a reply to it, finds the ticket."""
    return [each.message for each in said if each.message]


def _key(talk: Talk, said: tuple[Said, ...]) -> str:
    """Name a comment by the message it came in: heard again, it is added once."""
    return next((each.message for each in said if each.message), talk.heard_key)


def _message_keys(talk: Talk, message: str) -> list[str]:
    """Name a comment as it is kept now, and as it was before chats had an alias."""
    names = (talk.chat.alias, talk.chat.address)
    return [key_of(talk.chat.channel, f"chat:{name}:{message}") for name in names]
