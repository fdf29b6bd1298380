from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hospital.contact import Contact
from core.notices.who_hears import (
    RULES,
    TEMPLATES,
    TOGETHER,
    URGENCY,
    Audience,
    Notice,
    Recipient,
    _once_an_address,
    goes,
    notices_for,
)

PEOPLE: dict[Audience, Recipient] = {
    "submitter": Recipient(channel="chat", address="chat-1", language="en"),
    "unit": Recipient(channel="email", address="melati@rs.example.org", language="id"),
    "assignee": Recipient(channel="email", address="ayu@rs.example.org", language="id"),
}
NEWS = {
    # event: who hears by which template, in the order in which they are told
    "received": [("submitter", "received"), ("unit", "unit_received")],
    "amended": [("submitter", "received")],
    "moved": [("submitter", "moved"), ("unit", "unit_received")],
    "assigned": [("assignee", "assigned")],
    "started": [("submitter", "started")],
    "replied": [("submitter", "replied")],
    "asked": [("submitter", "asked")],
    "followed_up": [("unit", "unit_followed_up")],
    "joined_in": [("unit", "unit_joined_in")],
    "involved": [("unit", "unit_involved")],
    "resolved": [("submitter", "resolved")],
    "closed": [("submitter", "closed")],
    "reopened": [("submitter", "reopened"), ("unit", "unit_reopened")],
    "escalated": [("unit", "unit_escalated")],
    "noted": [],
}


@pytest.mark.parametrize("event", NEWS)
def test_an_event_tells_these_people_by_these_templates(event: str) -> None:
    told = [(notice.audience, notice.template) for notice in notices_for(event, PEOPLE)]

    assert told == NEWS[event]


def test_no_event_is_forgotten_here() -> None:
    assert {rule.event for rule in RULES} == {event for event, told in NEWS.items() if told}


def test_a_notice_goes_where_its_reader_is_in_their_language() -> None:
    assert notices_for("received", PEOPLE) == (
        Notice(
            audience="submitter",
            template="received",
            channel="chat",
            address="chat-1",
            language="en",
        ),
        Notice(
            audience="unit",
            template="unit_received",
            channel="email",
            address="melati@rs.example.org",
            language="id",
        ),
    )


def test_who_knows_already_is_not_told_and_the_others_are() -> None:
    told = notices_for("reopened", PEOPLE, silent=frozenset({"submitter"}))

    assert [notice.audience for notice in told] == ["unit"]


def test_nobody_is_told_twice_of_one_event() -> None:
    for event in NEWS:
        told = [(notice.channel, notice.address) for notice in notices_for(event, PEOPLE)]
        assert len(told) == len(set(told))
        assert notices_for(event, {}) == ()
        assert notices_for(event, PEOPLE, silent=frozenset(PEOPLE)) == ()


def test_every_template_is_named_once() -> None:
    assert len(TEMPLATES) == len(set(TEMPLATES))
    told_alone = {template for told in NEWS.values() for _, template in told}
    assert set(TEMPLATES) == told_alone | set(TOGETHER.values())


@pytest.mark.parametrize("event", NEWS)
def test_somebody_with_nothing_but_a_telephone_is_called_for_what_matters(event: str) -> None:
    caller: dict[Audience, Recipient] = {
        "submitter": Recipient(
            channel="phone", address="+6281200000000", language="id", is_spoken=True
        )
    }

    called = bool(notices_for(event, caller))

    assert called is (event in {"replied", "asked", "resolved", "closed"})


def test_all_news_goes_in_writing() -> None:
    assert all(goes(template, spoken=False) for template in TEMPLATES)


WARD = "Melati@RS.example.org"


def one_person(*audiences: Audience) -> dict[Audience, Recipient]:
    """Give several audiences one mailbox, in a spelling each."""
    spellings = (WARD, WARD.lower(), f" {WARD.upper()} ")
    return {
        audience: Recipient(channel="email", address=spelled, language="id", takes="email")
        for audience, spelled in zip(audiences, spellings, strict=False)
    }


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("received", [("unit", "unit_received_receipt")]),
        ("moved", [("unit", "unit_received")]),
        ("reopened", [("unit", "unit_reopened")]),
        ("replied", [("submitter", "replied")]),
        ("assigned", [("assignee", "assigned")]),
    ],
)
def test_one_address_hears_once_of_what_has_to_be_done_before_news_of_it(
    event: str, told: list[tuple[str, str]]
) -> None:
    notices = notices_for(event, one_person("submitter", "unit", "assignee"))

    assert [(notice.audience, notice.template) for notice in notices] == told


def test_the_notice_that_stays_goes_to_its_own_spelling_of_the_address() -> None:
    [notice] = notices_for("received", one_person("submitter", "unit"))

    assert notice.address == WARD.lower()


def test_whoever_holds_their_receipt_gets_none_within_another_notice() -> None:
    people = one_person("submitter", "unit")

    [notice] = notices_for("received", people, silent=frozenset({"submitter"}))

    assert notice.template == "unit_received"


@pytest.mark.parametrize(("takes", "count"), [("email", 1), ("phone", 2), (None, 2)])
def test_addresses_are_compared_as_their_channel_compares_them(
    takes: Contact | None, count: int
) -> None:
    people = {a: replace(r, takes=takes) for a, r in one_person("submitter", "unit").items()}

    assert len(notices_for("received", people)) == count


def test_an_address_of_another_channel_is_another_address() -> None:
    people = one_person("submitter", "unit")
    people["submitter"] = replace(people["submitter"], channel="chat")

    assert len(notices_for("received", people)) == 2


@given(
    st.dictionaries(
        st.sampled_from(URGENCY),
        st.builds(
            Recipient,
            channel=st.sampled_from(("email", "chat")),
            address=st.sampled_from((WARD, WARD.lower(), "x")) | st.text(st.characters()),
            language=st.just("id"),
            takes=st.sampled_from(("email", "phone", None)),
        ),
    )
)
def test_whoever_they_are_no_two_notices_arrive_at_one_place(
    people: dict[Audience, Recipient],
) -> None:
    everybody = [
        Notice(
            audience=audience,
            template=audience,
            channel=recipient.channel,
            address=recipient.address,
            language=recipient.language,
        )
        for audience, recipient in people.items()
    ]

    told = _once_an_address(everybody, people)

    places = [people[notice.audience].place for notice in told]
    assert len(set(places)) == len(places)
    assert set(places) == {recipient.place for recipient in people.values()}
