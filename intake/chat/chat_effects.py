"""What the dialogue's effects do besides: surveys, alarms, timers, look-ups, the chat itself."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from core.chats.file import CHAT_FILES
from core.chats.session import ChatTimer
from core.surveys.answer import SurveyAnswer
from core.tickets.address import TicketAddress
from core.triage.alarm import Alarm
from intake.chat import files
from intake.chat.talk import Talk
from intake.chat.tickets import id_of, opened_by, ticket_by_id
from intake.dialogue import effects as does
from intake.dialogue.events import Event, Found, Scanned

_BLOCK = text("""
UPDATE ticket_addresses SET blocked_at = :now, blocked_reason = 'blocked', updated_at = :now
 WHERE channel = :channel AND address = :address AND blocked_at IS NULL
""")
_UNBLOCK = text("""
UPDATE ticket_addresses SET blocked_at = NULL, blocked_reason = NULL, updated_at = :now
 WHERE channel = :channel AND address = :address AND blocked_at IS NOT NULL
""")
_SILENCE = text("""
UPDATE deliveries SET status = 'cancelled', lease_until = NULL, updated_at = :now
 WHERE channel = :channel AND recipient_ref = :address AND ticket_id IS NULL
   AND status IN ('pending', 'queued')
""")
_FIRST_RANK = text("SELECT coalesce(min(rank), 1) - 1 FROM ticket_addresses WHERE ticket_id = :id")


async def survey(talk: Talk, effect: does.SaveSurvey) -> None:
    """File a survey, once."""
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


async def fetch(talk: Talk, effect: does.FetchFile) -> None:
    """Note a file, and wake whoever fetches it."""
    await files.expect(talk.session, talk.chat, effect.file, talk.desk.runtime.clock)
    talk.rings.add(CHAT_FILES.name)


async def alarm(talk: Talk, effect: does.RaiseAlarm) -> None:
    """Raise an alarm, once a message."""
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


async def schedule(talk: Talk, effect: does.Schedule) -> None:
    """Set a timer of the chat, or move it."""
    row = {"session_id": talk.chat.id, "name": effect.name, "at": effect.at}
    statement = insert(ChatTimer).values(**row)
    await talk.session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "name"], set_={"at": effect.at}
        )
    )


async def read_poster(talk: Talk, effect: does.ReadPoster) -> Event:
    """Tell which unit a poster names, by its token or by what is printed under it."""
    poster = talk.directory.qr(effect.token) or talk.directory.qr_by_code(effect.token)
    if poster is None:
        return Scanned(unit=None)
    return Scanned(unit=str(poster.unit_id), qr_code=poster.token)


async def read_link(talk: Talk, effect: does.ReadTicketLink) -> Event:
    """Tell which ticket a link opens."""
    return await _found(talk, await opened_by(talk.session, effect.token))


async def look_up(talk: Talk, effect: does.LookUp) -> Event:
    """Tell whether a code opens the ticket of that number."""
    return await _found(talk, await opened_by(talk.session, effect.code, effect.ticket))


async def _found(talk: Talk, ticket_id: UUID | None) -> Found:
    return Found(ticket=await ticket_by_id(talk.session, ticket_id) if ticket_id else None)


async def link(talk: Talk, effect: does.LinkChat) -> None:
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


async def stop(talk: Talk, _effect: does.StopNotices) -> None:
    """Mark the address: staff see it, and the next notice goes to another one."""
    await talk.session.execute(_BLOCK, talk.place | {"now": talk.now})
    await talk.session.execute(_SILENCE, talk.place | {"now": talk.now})


async def resume(talk: Talk, _effect: does.ResumeNotices) -> None:
    """Use the address again."""
    await talk.session.execute(_UNBLOCK, talk.place | {"now": talk.now})


async def leave(talk: Talk, _effect: does.LeaveChat) -> None:
    """Leave the group, after everything that was said."""
    talk.leaves = True
