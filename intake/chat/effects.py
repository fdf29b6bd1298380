"""Deeds: what the adapter does for each effect of the dialogue, within the step's transaction."""

from collections.abc import Awaitable, Callable
from typing import Any

from intake.chat import chat_effects, ticket_effects
from intake.chat.talk import Talk
from intake.dialogue import effects as does
from intake.dialogue.events import Event


async def do(talk: Talk, effect: does.Effect) -> Event | None:
    """Do what an effect asks; return the event that answers it, if it is a question."""
    return await DEEDS[type(effect)](talk, effect)


Deed = Callable[[Talk, Any], Awaitable[Event | None]]

DEEDS: dict[type[does.Effect], Deed] = {
    does.Submit: ticket_effects.submit,
    does.AddComment: ticket_effects.comment,
    does.Retract: ticket_effects.retract,
    does.ConfirmResolved: ticket_effects.confirm,
    does.Reopen: ticket_effects.reopen,
    does.SaveStars: ticket_effects.stars,
    does.SaveStarsComment: ticket_effects.opinion,
    does.SaveSurvey: chat_effects.survey,
    does.FetchFile: chat_effects.fetch,
    does.RaiseAlarm: chat_effects.alarm,
    does.Schedule: chat_effects.schedule,
    does.ReadPoster: chat_effects.read_poster,
    does.ReadTicketLink: chat_effects.read_link,
    does.LinkChat: chat_effects.link,
    does.StopNotices: chat_effects.stop,
    does.ResumeNotices: chat_effects.resume,
    does.NoteRefusal: chat_effects.refused,
    does.LeaveChat: chat_effects.leave,
}
"""One row an effect; a test holds it against `does.Effect`."""
