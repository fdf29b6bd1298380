import pytest

from core.notices.who_hears import RULES, TEMPLATES, Audience, Notice, Recipient, goes, notices_for

PEOPLE: dict[Audience, Recipient] = {
    "submitter": Recipient(channel="chat", address="chat-1", language="en"),
    "unit": Recipient(channel="email", address="melati@rs.example.org", language="id"),
    "assignee": Recipient(channel="email", address="ayu@rs.example.org", language="id"),
}
NEWS = {
    # event: who hears by which template, in the order in which they are told
    "received": [("submitter", "received"), ("unit", "unit_received")],
    "moved": [("submitter", "moved"), ("unit", "unit_received")],
    "assigned": [("assignee", "assigned")],
    "started": [("submitter", "started")],
    "replied": [("submitter", "replied")],
    "asked": [("submitter", "asked")],
    "followed_up": [("unit", "unit_followed_up")],
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
    assert set(TEMPLATES) == {template for told in NEWS.values() for _, template in told}


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
