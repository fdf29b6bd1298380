"""What the dialogue's effects do besides: surveys, alarms, timers, look-ups, the chat itself."""

from uuid import UUID

from intake.chat.talk import Talk
from intake.chat.tickets import dialogue_ticket
from intake.dialogue import effects as does
from intake.dialogue.events import Event, Found, Scanned


async def survey(talk: Talk, effect: does.SaveSurvey) -> None:
    """File a survey, once."""
    poster = talk.directory.qr(effect.qr_code)
    await talk.chat.answer_survey(
        effect.survey_id,
        effect.answers,
        unit_id=UUID(effect.unit) if effect.unit else None,
        qr_code_id=poster.id if poster else None,
        remarks="\n\n".join(each.text for each in effect.said if each.text),
        is_complete=effect.complete,
    )


async def fetch(talk: Talk, effect: does.FetchFile) -> None:
    """Note a file, and wake whoever fetches it."""
    file = effect.file
    await talk.chat.expect(file.ref, file.name or file.kind, file.size)


async def alarm(talk: Talk, effect: does.RaiseAlarm) -> None:
    """Raise an alarm, once a message."""
    await talk.chat.raise_alarm(
        talk.heard_key,
        effect.said.text,
        matched=effect.matched,
        draft_id=effect.draft_id,
        unit_id=UUID(effect.unit) if effect.unit else None,
        number=effect.ticket,
    )


async def schedule(talk: Talk, effect: does.Schedule) -> None:
    """Set a timer of the chat, or move it."""
    await talk.chat.schedule(effect.name, effect.at)


async def read_poster(talk: Talk, effect: does.ReadPoster) -> Event:
    """Tell which unit a poster names, by its token or by what is printed under it."""
    poster = talk.directory.qr(effect.token) or talk.directory.qr_by_code(effect.token)
    if poster is None:
        return Scanned(unit=None)
    return Scanned(unit=str(poster.unit_id), qr_code=poster.token)


async def read_link(talk: Talk, effect: does.ReadTicketLink) -> Event:
    """Tell which ticket a link opens."""
    found = await talk.chat.opened_by(effect.token)
    return Found(ticket=next(map(dialogue_ticket, found.values()), None))


async def link(talk: Talk, effect: does.LinkChat) -> None:
    """Tell this chat first from now on."""
    await talk.chat.link(effect.ticket)


async def stop(talk: Talk, _effect: does.StopNotices) -> None:
    """Mark the address: staff see it, and the next notice goes to another one."""
    await talk.chat.block()


async def resume(talk: Talk, _effect: does.ResumeNotices) -> None:
    """Use the address again."""
    await talk.chat.unblock()


async def refused(talk: Talk, effect: does.NoteRefusal) -> None:
    """Count it; nobody reads whom it met."""
    talk.chat.refused(effect.limit)


async def leave(talk: Talk, _effect: does.LeaveChat) -> None:
    """Leave the group, after everything that was said."""
    talk.leaves = True
