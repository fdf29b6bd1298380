"""Which event tells whom. Pure: an event and the addresses known give the notices to send.

One address hears of an event once, whoever it belongs to. A nurse who reports what her own ward
must mend and leaves the ward's mailbox is both; so is a ward whose address a stranger typed as
their own. What has to be done comes before news of it (`URGENCY`): were it the other way, a report
could keep its own unit from hearing of it. The receipt is not lost by that (`TOGETHER`), for the
page it opens may be the only way back to a report: where it gives way, the notice that stays
brings it. Every later notice to the person opens the same page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from core.hospital.contact import Contact, compared
from core.hospital.directory import ChannelEntry

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
    NoticeRule("amended", "submitter", "received"),  # where an address was added
    NoticeRule("moved", "submitter", "moved"),
    NoticeRule("moved", "unit", "unit_received"),
    NoticeRule("assigned", "assignee", "assigned"),
    NoticeRule("started", "submitter", "started"),
    NoticeRule("replied", "submitter", "replied", CALL),
    NoticeRule("asked", "submitter", "asked", CALL),
    NoticeRule("followed_up", "unit", "unit_followed_up"),
    NoticeRule("joined_in", "unit", "unit_joined_in"),
    NoticeRule("involved", "unit", "unit_involved"),
    NoticeRule("resolved", "submitter", "resolved", CALL),
    NoticeRule("closed", "submitter", "closed", CALL),
    NoticeRule("reopened", "submitter", "reopened"),
    NoticeRule("reopened", "unit", "unit_reopened"),
    NoticeRule("escalated", "unit", "unit_escalated"),
)

URGENCY: tuple[Audience, ...] = ("assignee", "unit", "submitter")
"""Whoever is in several audiences of an event hears of it as the first of these."""

TOGETHER: Mapping[tuple[str, str], str] = {
    # would be told by both: the urgent one, the other    by this one template they are
    ("unit_received", "received"): "unit_received_receipt",
}
"""Two notices in one; of any two that are not here the less urgent is left out."""

RECEIPT_IN: Mapping[str, str] = {both: less for (_, less), both in TOGETHER.items()}
"""What the submitter was told by a notice of both: it follows them where that one cannot arrive."""

TEMPLATES: tuple[str, ...] = tuple(
    dict.fromkeys((*(rule.template for rule in RULES), *TOGETHER.values()))
)
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
    compared_as: str = ""
    """The address as it compares with others, where it is kept hidden."""
    takes: Contact | None = None
    """What kind of address it is, if of one that people type: it says how addresses compare."""

    @classmethod
    def at(cls, channel: ChannelEntry, address: str, language: str, plain: str = "") -> Self:
        """Make the recipient of an address of a channel; `plain` where it is kept hidden."""
        return cls(
            channel=channel.name,
            address=address,
            language=language,
            is_spoken=channel.is_spoken,
            compared_as=plain,
            takes=channel.takes,
        )

    @property
    def place(self) -> tuple[str, str]:
        """Where the notice arrives: equal for two whose addresses are one."""
        return self.channel, compared(self.takes, self.compared_as or self.address)


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
    """Return the notices of an event to whoever of its audiences can be reached, one an address.

    `silent` names audiences that know already: the channel told them itself, or they did it.
    """
    told = [
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
    ]
    return _once_an_address(told, people) if len(told) > 1 else tuple(told)


def _once_an_address(
    notices: list[Notice], people: dict[Audience, Recipient]
) -> tuple[Notice, ...]:
    places: dict[tuple[str, str], Notice] = {}
    for notice in notices:
        place = people[notice.audience].place
        places[place] = _of_two(places[place], notice) if place in places else notice
    return tuple(places.values())


def _of_two(one: Notice, other: Notice) -> Notice:
    urgent, less = sorted((one, other), key=lambda notice: URGENCY.index(notice.audience))
    return replace(urgent, template=TOGETHER.get((urgent.template, less.template), urgent.template))


def goes(template: str, *, spoken: bool) -> bool:
    """Say whether news of a template goes to somebody: not all of it is worth a call."""
    return not spoken or template in WORTH_A_CALL
