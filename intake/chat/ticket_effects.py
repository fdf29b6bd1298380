"""What the dialogue's effects do to tickets, within the step's transaction."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core.chats.session import ChatMessage
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import IllegalMoveError
from core.tickets.message import Message
from core.tickets.submission import Address, Submission, Submitter
from core.triage.alarm import Alarm
from intake.chat import files
from intake.chat.talk import Talk
from intake.chat.tickets import id_of, ticket_by_id
from intake.dialogue import effects as does
from intake.dialogue.events import Event, Filed
from intake.dialogue.state import Said
from intake.dialogue.wording import spoken
from intake.language import language_of

URGENT, NORMAL = 5, 3


async def submit(talk: Talk, effect: does.Submit) -> Event:
    """File the draft as one ticket."""
    receipt = await talk.desk.submit_within(talk.session, await _submission(talk, effect))
    talk.touched(receipt.ticket_id)
    await _remember(talk, receipt.ticket_id, effect.said)
    claim = update(Alarm).where(Alarm.draft_id == effect.draft_id)
    await talk.session.execute(claim.values(ticket_id=receipt.ticket_id))
    ticket = await ticket_by_id(talk.session, receipt.ticket_id)
    return Filed(draft_id=effect.draft_id, ticket=ticket)


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
        files=await files.files_of(talk.session, talk.chat, effect.said),
        urgency=URGENT if effect.urgent else NORMAL,
    )


async def comment(talk: Talk, effect: does.AddComment) -> None:
    """Add words and files to a ticket; an edit says that it is one."""
    said = "\n\n".join(each.text for each in effect.said if each.text)
    words = spoken("SAID_edited", talk.state.lang, words=said) if effect.edited else said
    key = f"{talk.heard_key}:edit" if effect.edited else _key(talk, effect.said)
    await _follow_up(talk, effect.ticket, words, key, effect.said)


async def reopen(talk: Talk, effect: does.Reopen) -> None:
    """Reopen a ticket, in words that staff read."""
    words = spoken("SAID_still_open", talk.state.lang)
    await _follow_up(talk, effect.ticket, words, f"{talk.heard_key}:open")


async def _follow_up(
    talk: Talk, number: str, words: str, key: str, said: tuple[Said, ...] = ()
) -> None:
    ticket_id = await id_of(talk.session, number)
    if ticket_id is None:
        return
    follow_up = FollowUp(
        channel=talk.chat.channel,
        key=f"chat:{talk.chat.address}:{key}",
        words=words,
        files=await files.files_of(talk.session, talk.chat, said),
    )
    followed = await talk.desk.follow_up_within(talk.session, ticket_id, follow_up)
    talk.touched(followed.ticket_id)
    await _remember(talk, followed.ticket_id, said)


async def retract(talk: Talk, effect: does.Retract) -> None:
    """Mark the comments for staff; they stay where they were read."""
    ticket_id = await id_of(talk.session, effect.ticket)
    remark = spoken("SAID_retracted", language_of(talk.directory.hospital.language))
    keys = [_message_key(talk, message) for message in effect.messages]
    query = select(Message).where(Message.ticket_id == ticket_id, Message.idempotency_key.in_(keys))
    for message in await talk.session.scalars(query):
        remarks = message.remarks.get("remarks")
        earlier = remarks if isinstance(remarks, list) else []
        message.remarks = {**message.remarks, "retracted": True, "remarks": [*earlier, remark]}
    await talk.session.flush()
    if ticket_id is not None:
        talk.touched(ticket_id)


async def confirm(talk: Talk, effect: does.ConfirmResolved) -> None:
    """Close a resolved ticket for the person."""
    ticket_id = await id_of(talk.session, effect.ticket)
    if ticket_id is None:
        return
    try:
        await talk.desk.confirm_within(talk.session, ticket_id)
    except IllegalMoveError:
        return  # closed or reopened meanwhile: nothing is left to confirm
    talk.touched(ticket_id)


async def stars(talk: Talk, effect: does.SaveStars) -> None:
    """Rate the handling."""
    ticket_id = await id_of(talk.session, effect.ticket)
    if ticket_id is None:
        return
    try:
        await talk.desk.rate_within(talk.session, ticket_id, effect.stars)
    except IllegalMoveError:
        return  # reopened meanwhile: it is rated once it is solved
    talk.touched(ticket_id)


async def opinion(talk: Talk, effect: does.SaveStarsComment) -> None:
    """Keep words about the handling; where a rating is not possible they are a comment."""
    words = "\n\n".join(each.text for each in effect.said if each.text)
    ticket_id = await id_of(talk.session, effect.ticket)
    if ticket_id is None:
        return
    with_files = any(each.file for each in effect.said)
    try:
        await talk.desk.rate_within(talk.session, ticket_id, None, words)
    except IllegalMoveError:
        with_files = True
    if with_files:
        await _follow_up(talk, effect.ticket, words, _key(talk, effect.said), effect.said)
    talk.touched(ticket_id)


async def _remember(talk: Talk, ticket_id: UUID, said: tuple[Said, ...]) -> None:
    """Let an edit of these messages, or a reply to them, find the ticket."""
    rows = [
        talk.place | {"message": each.message, "ticket_id": ticket_id}
        for each in said
        if each.message
    ]
    if rows:
        statement = insert(ChatMessage).values(rows)
        changed = {"ticket_id": statement.excluded.ticket_id}
        await talk.session.execute(
            statement.on_conflict_do_update(
                index_elements=["channel", "address", "message"], set_=changed
            )
        )


def _key(talk: Talk, said: tuple[Said, ...]) -> str:
    """Name a comment by the message it came in: heard again, it is added once."""
    return next((each.message for each in said if each.message), talk.heard_key)


def _message_key(talk: Talk, message: str) -> str:
    return f"{talk.chat.channel}:chat:{talk.chat.address}:{message}"
