"""What the pages promise whoever reports: each sentence, and the test that keeps it."""

import re

import pytest

from notifier import retention
from tests.root import ROOT

SHOW = "tests/exposed/test_show.py"
WORK = "tests/intake/uploads/cleaning/test_work.py"
KINDS = "tests/intake/uploads/cleaning/test_program.py"
WEB = "tests/intake/channels/web"
PROMISES = (
    # how a sentence begins, which test keeps it
    (
        "What %(hospital)s keeps when you send",
        KINDS,
        "test_the_decision_and_the_privacy_page_say_what_is_done",
    ),
    (
        "We keep what you wrote, your files",
        "tests/core/tickets/test_filed.py",
        "test_every_fact_is_stored_under_its_name",
    ),
    (
        "We do not keep your name, the address of your device",
        SHOW,
        "test_no_row_file_log_mail_or_broker_message_names_them",
    ),
    (
        "Without your name we also keep nothing about your device",
        SHOW,
        "test_no_row_file_log_mail_or_broker_message_names_them",
    ),
    (
        "A name or a number that you write into your words",
        "tests/core/tickets/test_filed.py",
        "test_every_fact_is_stored_under_its_name",
    ),
    (
        "If you leave an e-mail address all the same",
        "tests/test_nobody_exposed.py",
        "test_news_still_goes_to_whoever_is_hidden",
    ),
    (
        "The unit does not see it",
        SHOW,
        "test_no_page_and_no_search_of_the_console_names_them",
    ),
    (
        "The unit does not learn who you are",
        SHOW,
        "test_no_page_and_no_search_of_the_console_names_them",
    ),
    (
        "Your name, e-mail and telephone are seen by",
        "tests/core/access/test_scope.py",
        "test_a_role_sees_what_its_row_says",
    ),
    (
        "A file may say more than it shows",
        KINDS,
        "test_what_points_to_the_person_is_gone_and_what_they_say_stays",
    ),
    ("If you stay unknown, staff get copies", WORK, "test_nobody_finds_the_person_in_their_file"),
    (
        "This takes a moment after you send",
        "tests/intake/test_anonymous_files.py",
        "test_whichever_door_it_came_by_nobody_finds_the_person_in_it",
    ),
    ("What you sent is kept encrypted", WORK, "test_nobody_finds_the_person_in_their_file"),
    (
        "Nobody can take out what is seen or heard",
        KINDS,
        "test_the_decision_and_the_privacy_page_say_what_is_done",
    ),
    (
        "Old Word and Excel files",
        WORK,
        "test_what_cannot_be_cleaned_is_locked_and_a_supervisor_opens_it",
    ),
    ("If you give your name, staff get", WORK, "test_a_named_person_s_file_stays_as_it_is"),
    (
        "We keep your report and files for at least %(count)s",
        "tests/exposed/test_promises.py",
        "test_nothing_that_recurs_removes_a_report_or_its_files",
    ),
    ("This screen belongs to the hospital", f"{WEB}/test_kiosk_pages.py", "test_no_draft_is_kept"),
    (
        "There is no tracking and no advertising",
        "tests/intake/console/test_cross_site.py",
        "test_pages_are_not_framed_not_stored_and_hold_no_script_of_their_own",
    ),
    (
        "What you type stays on your phone",
        f"{WEB}/test_drafts.py",
        "test_a_draft_is_gone_after_its_day",
    ),
    (
        "Your name and addresses are never kept",
        f"{WEB}/test_drafts.py",
        "test_a_draft_tells_its_end_comes_back_and_is_thrown_away",
    ),
    (
        "One small note remembers the language",
        f"{WEB}/test_receipt.py",
        "test_the_code_is_shown_for_a_quarter_of_an_hour_only",
    ),
    (
        "Does somebody else use your phone",
        f"{WEB}/test_forgetting.py",
        "test_receipt_and_open_report_are_forgotten",
    ),
    (
        '"Done, forget it on this phone"',
        f"{WEB}/test_forgetting.py",
        "test_after_forgetting_back_shows_an_empty_form",
    ),
    (
        '"Close the report on this phone"',
        f"{WEB}/test_forgetting.py",
        "test_closing_the_report_takes_the_receipt_along",
    ),
    (
        "For two days one more note remembers",
        f"{WEB}/test_one_receipt.py",
        "test_a_page_fetched_again_that_says_the_same_is_recognised_where_cookies_are",
    ),
    (
        "They hold nothing of what you wrote",
        f"{WEB}/test_one_receipt.py",
        "test_neither_code_nor_receipt_stands_in_an_address",
    ),
    (
        "You may ask what we keep about you",
        f"{WEB}/test_ticket_actions.py",
        "test_a_follow_up_with_a_file_lands_on_the_ticket_once",
    ),
    (
        "Add this wish to your report",
        f"{WEB}/test_ticket_actions.py",
        "test_a_follow_up_with_a_file_lands_on_the_ticket_once",
    ),
)
PAGE = (ROOT / "templates/pages/privacy.html").read_text("utf-8")
FORM = (ROOT / "templates/pages/form.html").read_text("utf-8")
OF_THE_FORM = ("The unit does not learn", "Without your name we also keep nothing", "We keep your")
_SAID = re.compile(r'gettext\("((?:[^"\\]|\\.)*)"|_\("((?:[^"\\]|\\.)*)"')


def _sentences(page: str) -> list[str]:
    whole = ["".join(found).replace('\\"', '"') for found in _SAID.findall(page)]
    parts = [part for one in whole if one.endswith((".", "?")) for part in _cut(one)]
    return [part.strip() for part in parts]


def _cut(paragraph: str) -> list[str]:
    return re.split(r'(?<=[.?])\s+(?=["A-Z])', paragraph)


def test_every_sentence_of_the_privacy_page_has_a_keeper() -> None:
    said = _sentences(PAGE)
    begins = [beginning for beginning, _, _ in PROMISES]

    assert [one for one in said if not one.startswith(tuple(begins))] == []
    everything = [*said, *_sentences(FORM)]
    assert [one for one in begins if not any(each.startswith(one) for each in everything)] == []
    for beginning in OF_THE_FORM:
        assert any(one.startswith(beginning) for one in _sentences(FORM))
        assert any(beginning in one or one in beginning for one in begins)


@pytest.mark.parametrize(("beginning", "file", "name"), PROMISES, ids=[p[0][:40] for p in PROMISES])
def test_the_keeper_of_a_promise_is_there(beginning: str, file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text("utf-8"), beginning


def test_nothing_that_recurs_removes_a_report_or_its_files() -> None:
    tables = {
        kind[0]
        for name, kind in vars(retention).items()
        if name.startswith("_") and isinstance(kind, tuple) and len(kind) == 2
    }

    assert {"inbound", "chat_sessions", "ringing_calls"} <= tables
    assert tables & {"tickets", "messages", "ticket_attachments", "events"} == set()
