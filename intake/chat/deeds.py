"""Deeds: what the adapter does for each effect of the dialogue, within the step's transaction."""

from collections.abc import Awaitable, Callable
from typing import Any

from intake.chat import chat_deeds, ticket_deeds
from intake.chat.talk import Talk
from intake.dialogue import effects as does
from intake.dialogue.events import Event


async def do(talk: Talk, effect: does.Effect) -> Event | None:
    """Do what an effect asks; return the event that answers it, if it is a question."""
    return await DEEDS[type(effect)](talk, effect)


Deed = Callable[[Talk, Any], Awaitable[Event | None]]

DEEDS: dict[type[does.Effect], Deed] = {
    does.Submit: ticket_deeds.submit,
    does.AddComment: ticket_deeds.comment,
    does.Retract: ticket_deeds.retract,
    does.ConfirmResolved: ticket_deeds.confirm,
    does.Reopen: ticket_deeds.reopen,
    does.SaveStars: ticket_deeds.stars,
    does.SaveStarsComment: ticket_deeds.opinion,
    does.SaveSurvey: chat_deeds.survey,
    does.FetchFile: chat_deeds.fetch,
    does.RaiseAlarm: chat_deeds.alarm,
    does.Schedule: chat_deeds.schedule,
    does.ReadPoster: chat_deeds.read_poster,
    does.ReadTicketLink: chat_deeds.read_link,
    does.LookUp: chat_deeds.look_up,
    does.LinkChat: chat_deeds.link,
    does.StopNotices: chat_deeds.stop,
    does.ResumeNotices: chat_deeds.resume,
    does.LeaveChat: chat_deeds.leave,
}
"""One row an effect; a test holds it against `does.Effect`."""
