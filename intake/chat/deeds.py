"""Deeds: what the adapter does for each effect of the dialogue, within the step's transaction."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from core.alarm import Alarm
from core.chat_session import ChatMessage, ChatTimer
from core.follow_up import FollowUp
from core.lifecycle import IllegalMoveError
from core.message import Message
from core.submission import Address, Submission, Submitter
from core.survey import SurveyAnswer
from core.ticket import TicketAddress
from intake.chat import files
from intake.chat.talk import Talk
from intake.chat.tickets import id_of, opened_by, ticket_by_id
from intake.dialogue import effects as does
from intake.dialogue.events import Event, Filed, Found, Scanned
from intake.dialogue.state import Said

URGENT, NORMAL = 5, 3

STILL_OPEN = {
    "id": "Pelapor menyatakan masalahnya belum selesai.",
    "en": "The person says that the problem is not solved.",
}
EDITED = {"id": "[diedit]", "en": "[edited]"}
RETRACTED = "Pelapor membuat laporan baru dari pesan ini."

_BLOCK = text("""
UPDATE ticket_addresses SET blocked_at = :now, blocked_reason = 'blocked'
 WHERE channel = :channel AND address = :address AND blocked_at IS NULL
""")
_UNBLOCK = text("""
UPDATE ticket_addresses SET blocked_at = NULL, blocked_reason = NULL
 WHERE channel = :channel AND address = :address AND blocked_at IS NOT NULL
""")
_SILENCE = text("""
UPDATE deliveries SET status = 'cancelled', lease_until = NULL
 WHERE channel = :channel AND recipient_ref = :address AND ticket_id IS NULL
   AND status IN ('pending', 'queued')
""")
_FIRST_RANK = text("SELECT coalesce(min(rank), 1) - 1 FROM ticket_addresses WHERE ticket_id = :id")


async def do(talk: Talk, effect: does.Effect) -> Event | None:
    """Do what an effect asks; return the event that answers it, if it is a question."""
    return await DEEDS[type(effect)](talk, effect)


async def _submit(talk: Talk, effect: does.Submit) -> Event:
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


async def _comment(talk: Talk, effect: does.AddComment) -> None:
    said = "\n\n".join(each.text for each in effect.said if each.text)
    words = f"{EDITED[talk.state.lang]} {said}" if effect.edited else said
    key = f"{talk.heard_key}:edit" if effect.edited else _key(talk, effect.said)
    await _follow_up(talk, effect.ticket, words, key, effect.said)


async def _reopen(talk: Talk, effect: does.Reopen) -> None:
    await _follow_up(talk, effect.ticket, STILL_OPEN[talk.state.lang], f"{talk.heard_key}:open")


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


async def _retract(talk: Talk, effect: does.Retract) -> None:
    """Mark the comments for staff; they stay where they were read."""
    ticket_id = await id_of(talk.session, effect.ticket)
    keys = [_message_key(talk, message) for message in effect.messages]
    query = select(Message).where(Message.ticket_id == ticket_id, Message.idempotency_key.in_(keys))
    for message in await talk.session.scalars(query):
        remarks = message.remarks.get("remarks")
        earlier = remarks if isinstance(remarks, list) else []
        message.remarks = {**message.remarks, "retracted": True, "remarks": [*earlier, RETRACTED]}
    await talk.session.flush()
    if ticket_id is not None:
        talk.touched(ticket_id)


async def _confirm(talk: Talk, effect: does.ConfirmResolved) -> None:
    ticket_id = await id_of(talk.session, effect.ticket)
    if ticket_id is None:
        return
    try:
        await talk.desk.confirm_within(talk.session, ticket_id)
    except IllegalMoveError:
        return  # closed or reopened meanwhile: nothing is left to confirm
    talk.touched(ticket_id)


async def _stars(talk: Talk, effect: does.SaveStars) -> None:
    ticket_id = await id_of(talk.session, effect.ticket)
    if ticket_id is None:
        return
    try:
        await talk.desk.rate_within(talk.session, ticket_id, effect.stars)
    except IllegalMoveError:
        return  # reopened meanwhile: it is rated once it is solved
    talk.touched(ticket_id)


async def _opinion(talk: Talk, effect: does.SaveStarsComment) -> None:
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


async def _survey(talk: Talk, effect: does.SaveSurvey) -> None:
    poster = talk.directory.qr(effect.qr_code)
    row = {
        "key": f"{talk.chat.channel}:{effect.survey_id}",
        "channel": talk.chat.channel,
        "unit_id": UUID(effect.unit) if effect.unit else None,
        "qr_code_id": poster.id if poster else None,
        "answers": dict(effect.answers),
        "remarks": "\n\n".join(each.text for each in effect.said if each.text),
        "is_complete": effect.complete,
        "answered_at": talk.now,
    }
    await talk.session.execute(insert(SurveyAnswer).values(**row).on_conflict_do_nothing())


async def _fetch(talk: Talk, effect: does.FetchFile) -> None:
    await files.expect(talk.session, talk.chat, effect.file, talk.desk.runtime.clock)
    talk.rings.add(f"{talk.chat.channel}-files")


async def _alarm(talk: Talk, effect: does.RaiseAlarm) -> None:
    row = {
        "key": f"{talk.chat.channel}:{talk.heard_key}",
        "channel": talk.chat.channel,
        "words": effect.said.text,
        "matched": list(effect.matched),
        "draft_id": effect.draft_id,
        "unit_id": UUID(effect.unit) if effect.unit else None,
        "ticket_id": await id_of(talk.session, effect.ticket) if effect.ticket else None,
        "raised_at": talk.now,
    }
    await talk.session.execute(insert(Alarm).values(**row).on_conflict_do_nothing())
    talk.rings.add("alarms")


async def _schedule(talk: Talk, effect: does.Schedule) -> None:
    row = {"session_id": talk.chat.id, "name": effect.name, "at": effect.at}
    statement = insert(ChatTimer).values(**row)
    await talk.session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "name"], set_={"at": effect.at}
        )
    )


async def _read_poster(talk: Talk, effect: does.ReadPoster) -> Event:
    return scanned(talk, effect.token)


def scanned(talk: Talk, token: str) -> Scanned:
    """Tell which unit a poster names, by its token or by what is printed under it."""
    poster = talk.directory.qr(token) or talk.directory.qr_by_code(token)
    if poster is None:
        return Scanned(unit=None)
    return Scanned(unit=str(poster.unit_id), qr_code=poster.token)


async def _read_link(talk: Talk, effect: does.ReadTicketLink) -> Event:
    return await _found(talk, await opened_by(talk.session, effect.token))


async def _look_up(talk: Talk, effect: does.LookUp) -> Event:
    return await _found(talk, await opened_by(talk.session, effect.code, effect.ticket))


async def _found(talk: Talk, ticket_id: UUID | None) -> Found:
    return Found(ticket=await ticket_by_id(talk.session, ticket_id) if ticket_id else None)


async def _link(talk: Talk, effect: does.LinkChat) -> None:
    """Tell this chat first from now on."""
    ticket_id = await id_of(talk.session, effect.ticket)
    if ticket_id is None:
        return
    row = {
        "ticket_id": ticket_id,
        "channel": talk.chat.channel,
        "address": talk.chat.address,
        "rank": await talk.session.scalar(_FIRST_RANK, {"id": ticket_id}),
        "confirmed_at": talk.now,
    }
    await talk.session.execute(insert(TicketAddress).values(**row).on_conflict_do_nothing())


async def _stop(talk: Talk, _effect: does.StopNotices) -> None:
    """Mark the address: staff see it, and the next notice goes to another one."""
    await talk.session.execute(_BLOCK, talk.place | {"now": talk.now})
    await talk.session.execute(_SILENCE, talk.place)


async def _resume(talk: Talk, _effect: does.ResumeNotices) -> None:
    await talk.session.execute(_UNBLOCK, talk.place)


async def _leave(talk: Talk, _effect: does.LeaveChat) -> None:
    talk.leaves = True


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


Deed = Callable[[Talk, Any], Awaitable[Event | None]]

DEEDS: dict[type[does.Effect], Deed] = {
    does.Submit: _submit,
    does.AddComment: _comment,
    does.Retract: _retract,
    does.ConfirmResolved: _confirm,
    does.Reopen: _reopen,
    does.SaveStars: _stars,
    does.SaveStarsComment: _opinion,
    does.SaveSurvey: _survey,
    does.FetchFile: _fetch,
    does.RaiseAlarm: _alarm,
    does.Schedule: _schedule,
    does.ReadPoster: _read_poster,
    does.ReadTicketLink: _read_link,
    does.LookUp: _look_up,
    does.LinkChat: _link,
    does.StopNotices: _stop,
    does.ResumeNotices: _resume,
    does.LeaveChat: _leave,
}
"""One row an effect; a test holds it against `does.Effect`."""
