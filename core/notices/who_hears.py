"""Which event tells whom. Pure: an event and the addresses known give the notices to send."""

from dataclasses import dataclass
from typing import Literal

Audience = Literal["submitter", "unit", "assignee"]


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """When this happens, these people hear of it by that template."""

    event: str
    audience: Audience
    template: str
    call: bool = False
    """Whether it is worth a telephone call to somebody who can be told no other way."""


CALL = True

RULES: tuple[NoticeRule, ...] = (
    #    event         who hears     template (templates/notices/…), worth a call
    NoticeRule("received", "submitter", "received"),
    NoticeRule("received", "unit", "unit_received"),
    NoticeRule("moved", "submitter", "moved"),
    NoticeRule("moved", "unit", "unit_received"),
    NoticeRule("assigned", "assignee", "assigned"),
    NoticeRule("started", "submitter", "started"),
    NoticeRule("replied", "submitter", "replied", CALL),
    NoticeRule("asked", "submitter", "asked", CALL),
    NoticeRule("followed_up", "unit", "unit_followed_up"),
    NoticeRule("resolved", "submitter", "resolved", CALL),
    NoticeRule("closed", "submitter", "closed", CALL),
    NoticeRule("reopened", "submitter", "reopened"),
    NoticeRule("reopened", "unit", "unit_reopened"),
    NoticeRule("escalated", "unit", "unit_escalated"),
)

TEMPLATES: tuple[str, ...] = tuple(dict.fromkeys(rule.template for rule in RULES))
"""Every template there must be, in both languages and both bodies."""

WORTH_A_CALL: frozenset[str] = frozenset(rule.template for rule in RULES if rule.call)
"""The templates of news that somebody is called for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who can be told: through which channel, at which address, in which language."""

    channel: str
    address: str
    language: str
    is_spoken: bool = False
    """Whether somebody has to call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice to be delivered."""

    audience: Audience
    template: str
    channel: str
    address: str
    language: str


def notices_for(
    event: str, people: dict[Audience, Recipient], *, silent: frozenset[Audience] = frozenset()
) -> tuple[Notice, ...]:
    """Return the notices of an event to whoever of its audiences can be reached.

    `silent` names audiences that know already: the channel told them itself, or they did it.
    """
    return tuple(
        Notice(
            audience=rule.audience,
            template=rule.template,
            channel=people[rule.audience].channel,
            address=people[rule.audience].address,
            language=people[rule.audience].language,
        )
        for rule in RULES
        if rule.event == event and rule.audience in people and rule.audience not in silent
        if goes(rule.template, spoken=people[rule.audience].is_spoken)
    )


def goes(template: str, *, spoken: bool) -> bool:
    """Say whether news of a template goes to somebody: not all of it is worth a call."""
    return not spoken or template in WORTH_A_CALL
