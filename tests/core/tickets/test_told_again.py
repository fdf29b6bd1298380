from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.email_address import mailbox
from core.tickets.filing import decide
from core.tickets.preparation import content_hash, prepare
from core.tickets.submission import Address, Again, StoredFile, Submission, Submitter
from core.tickets.told_again import (
    CONTACTS,
    DIFFERENCES,
    WORDS,
    Known,
    Verdict,
    differences,
    key_of_words,
    verdict,
)
from tests.builders import MONDAY, submission
from tests.core.example import CATEGORY, DESK, DIRECTORY, WARD

SITI = Submitter(name="Siti", email="siti@example.org", phone="+6281200000001")
MAILBOX = Address(channel="email", address="siti@example.org")
PHOTO = StoredFile(name="ac.jpg", path="ab/abc", size=3)
FIRST = submission(words="AC mati.", submitter=SITI, addresses=(MAILBOX,), files=(PHOTO,))


def known(first: Submission = FIRST, **changes: object) -> Known:
    """Say what is known of a ticket that this report has made, or with other facts."""
    told = prepare(first, DIRECTORY)
    way = decide(told, DIRECTORY, MONDAY).route
    facts: dict[str, object] = {
        "words": frozenset({told.words}),
        "files": frozenset().union(*(file.names for file in told.files)),
        "contacts": {name: getattr(told.submitter, name) for name in CONTACTS},
        "places": frozenset((one.channel, mailbox(one.address)) for one in told.addresses),
        "is_anonymous": told.anonymous,
        "kind": told.kind,
        "category_id": way.category_id,
        "urgency": told.urgency,
        "unit_id": way.unit.id,
    }
    return Known(**(facts | changes))  # type: ignore[arg-type]  # any field


def differing(again: Submission, before: Known | None = None) -> tuple[str, ...]:
    told = prepare(again, DIRECTORY)
    way = decide(told, DIRECTORY, MONDAY).route
    return differences(before or known(), told, way, DIRECTORY, hides=again.anonymous)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"words": "AC masih mati."}, ("words",), id="other words"),
        pytest.param({"words": "  AC mati.\r\n"}, (), id="white space around them"),
        pytest.param({"words": "\u200b\u200d"}, (), id="no words that anybody sees"),
        pytest.param({"words": ""}, (), id="no words"),
        pytest.param({"files": ()}, (), id="no file"),
        pytest.param({"files": (replace(PHOTO, name="x.jpg"),)}, (), id="a file by another name"),
        pytest.param({"files": (PHOTO, replace(PHOTO, path="cd"))}, ("files",), id="one more file"),
        pytest.param({"submitter": Submitter()}, (), id="no contact, and none asked to be dropped"),
        pytest.param({"submitter": replace(SITI, name="Siti A.")}, ("name",), id="another name"),
        pytest.param({"submitter": replace(SITI, phone="0812")}, ("phone",), id="another phone"),
        pytest.param(
            {"addresses": (Address(channel="email", address="SITI@example.org"),)},
            (),
            id="the same mailbox in capitals",
        ),
        pytest.param(
            {"addresses": (Address(channel="email", address="ani@example.org"),)},
            ("places",),
            id="another mailbox",
        ),
        pytest.param({"anonymous": True}, ("unknown",), id="asks to stay unknown"),
        pytest.param({"kind": "suggestion"}, ("kind",), id="another kind"),
        pytest.param({"category": "FAC"}, ("category",), id="a category"),
        pytest.param({"urgency": 5}, ("urgency",), id="danger now"),
        pytest.param({"urgency": 1}, (), id="less urgent than it was"),
        pytest.param({"qr_token": None, "unit_id": DESK.id}, ("unit",), id="another unit"),
        pytest.param({"qr_token": None}, (), id="no unit named any more"),
        pytest.param({"language": "en"}, (), id="another language"),
        pytest.param({"user_agent": "x", "ip_address": "10.0.0.1"}, (), id="another browser"),
    ],
)
def test_what_a_repeat_says_that_was_not_told(
    changes: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert differing(replace(FIRST, **changes)) == expected  # type: ignore[arg-type]


def test_a_name_given_now_is_news_to_an_anonymous_report() -> None:
    hidden = replace(FIRST, anonymous=True)

    assert differing(FIRST, known(hidden)) == ("name", "email", "phone")
    assert differing(hidden, known(hidden)) == ()
    assert differing(replace(hidden, anonymous=False, submitter=Submitter()), known(hidden)) == ()


def test_what_staff_moved_is_no_difference_of_the_form() -> None:
    assert differing(FIRST, known(unit_id=WARD.id)) == ()
    assert differing(replace(FIRST, category="FAC"), known(category_id=CATEGORY.id)) == ()


def test_a_file_that_could_not_be_kept_is_told_once() -> None:
    lost = StoredFile(name="ac.jpg", status="failed")

    assert differing(replace(FIRST, files=(lost,)), known(replace(FIRST, files=(lost,)))) == ()
    assert differing(FIRST, known(replace(FIRST, files=(lost,)))) == ("files",)


@pytest.mark.parametrize("again", Again)
@given(differs=st.sets(st.sampled_from(DIFFERENCES)))
def test_the_verdict_is_the_table(again: Again, differs: set[str]) -> None:
    expected = {
        # nothing new, other words, the same words
        Again.MERGE: (Verdict.SAME, Verdict.MERGED, Verdict.MERGED),
        Again.ANOTHER: (Verdict.SAME, Verdict.ANOTHER, Verdict.MERGED),
        Again.LEAVE: (Verdict.SAME, Verdict.LEFT, Verdict.LEFT),
    }[again][0 if not differs else 1 if WORDS in differs else 2]

    assert verdict(tuple(differs), again) is expected


REPORTS = st.builds(
    submission,
    key=st.just("k"),
    words=st.text(max_size=40),
    kind=st.sampled_from(("complaint", "suggestion", "nonsense")),
    qr_token=st.sampled_from((FIRST.qr_token, None, "old")),
    unit_id=st.sampled_from((None, WARD.id, DESK.id, uuid4())),
    category=st.sampled_from((None, "FAC", "?")),
    submitter=st.builds(
        Submitter, name=st.text(max_size=9) | st.none(), phone=st.text(max_size=9) | st.none()
    ),
    anonymous=st.booleans(),
    addresses=st.lists(
        st.builds(Address, channel=st.sampled_from(("email", "fax")), address=st.text(max_size=9)),
        max_size=2,
    ).map(tuple),
    files=st.lists(
        st.builds(StoredFile, name=st.text(max_size=4), path=st.text(max_size=3)), max_size=2
    ).map(tuple),
    urgency=st.integers(-1, 9),
)


@given(report=REPORTS)
def test_whatever_was_told_and_is_told_again_is_the_same(report: Submission) -> None:
    told = prepare(report, DIRECTORY)

    assert differing(report, known(report)) == ()
    assert content_hash(told) == content_hash(prepare(replace(report), DIRECTORY))


@given(first=REPORTS, again=REPORTS)
def test_equal_hashes_hide_no_difference(first: Submission, again: Submission) -> None:
    one, other = (prepare(replace(each, urgency=3), DIRECTORY) for each in (first, again))
    if content_hash(one) == content_hash(other):
        assert differing(replace(again, urgency=3), known(replace(first, urgency=3))) == ()


@given(words=st.text(), other=st.text())
def test_the_key_of_words_is_equal_for_equal_words_only(words: str, other: str) -> None:
    assert (key_of_words("k", words) == key_of_words("k", other)) is (words == other)
