"""The global rules, in any state: each is tried from a resting chat and from inside a draft."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.dialogue import effects as does
from intake.dialogue import events as happens
from intake.dialogue import wording
from intake.dialogue.events import Event
from intake.dialogue.facts import Limits, Phones
from intake.dialogue.machine import Step, sorry, step
from intake.dialogue.state import Draft, Said, Scan, Sent, State, Survey
from tests.intake.dialogue.world import MORNING, PHONES, UNITS, World, facts, ticket

NUMBER = "TKT-20261124-0001"
SAID = Said(text="Kursi tunggu patah dan tidak diganti", message="m1")
DRAFTING = State(
    at="DESC",
    draft=Draft(
        draft_id="d1", kind="complaint", unit="gigi", said=(SAID,), noted=True, at="DESC",
        touched=MORNING,
    ),
)  # fmt: skip
REST = State()
OPEN = facts(tickets=(ticket(),))
TWO = facts(tickets=(ticket(number="TKT-20261124-0002"), ticket()))
RESOLVED = facts(tickets=(ticket(status="resolved"),))
PLAIN = facts()


def text(words: str, reply_to: str | None = None) -> happens.Text:
    return happens.Text(text=words, message="m9", reply_to=reply_to)


def coded(words: str) -> happens.Text:
    return happens.Text(text=words, message="m9", opens=ticket())


def keys(taken: Step) -> list[str]:
    return [say.key for say in taken.replies]


def done(taken: Step) -> list[str]:
    names = [type(effect).__name__ for effect in taken.effects]
    return [name for name in names if name != "Schedule"]


Row = tuple[str, State, Event, str, list[str], list[str]]

ROWS: list[Row] = [
    # name, state, event -> screen, replies, effects; with one open ticket
    ("group", REST, happens.GroupChat(), "IDLE", ["GROUP"], ["LeaveChat"]),
    ("group again", State(greeted_group=True), happens.GroupChat(), "IDLE", [], ["LeaveChat"]),
    ("blocked", DRAFTING, happens.Blocked(), "DESC", [], ["StopNotices"]),
    ("unblocked", DRAFTING, happens.Unblocked(), "DESC", [], ["ResumeNotices"]),
    ("start", REST, happens.Start(), "MENU", ["MENU"], []),
    ("start in a draft", DRAFTING, happens.Start(), "RESUME", ["RESUME"], []),
    ("poster", DRAFTING, happens.Start(payload="u_abc"), "DESC", [], ["ReadPoster"]),
    ("ticket link", REST, happens.Start(payload="t_abc"), "IDLE", [], ["ReadTicketLink"]),
    ("code as payload", REST, happens.Start(payload="IGD-01"), "MENU", ["MENU_AT"], []),
    ("nonsense payload", REST, happens.Start(payload="zzz"), "MENU", ["BADUNIT", "MENU"], []),
    ("scanned", REST, happens.Scanned(unit="gigi"), "MENU", ["MENU_AT"], []),
    ("scanned elsewhere", DRAFTING, happens.Scanned(unit="far"), "RESUME", ["RESUME_AT"], []),
    ("scanned nothing", REST, happens.Scanned(unit=None), "MENU", ["BADUNIT", "MENU"], []),
    ("/lapor", REST, happens.Command(name="lapor"), "MENU", ["MENU"], []),
    ("/lapor with words", REST, happens.Command(name="lapor", argument="AC mati semua"),
     "UNIT", ["UNIT"], []),
    ("/status", DRAFTING, happens.Command(name="STATUS"), "DESC",
     ["STATUS_OPEN", "DESC_complaint"], []),
    ("status typed", REST, text("cek status"), "STATUS", ["STATUS_OPEN"], []),
    ("/help", DRAFTING, happens.Command(name="help"), "DESC",
     ["HELP", "EXIT", "DESC_complaint"], []),
    ("help typed", DRAFTING, text("bantuan"), "DESC", ["HELP", "EXIT", "DESC_complaint"], []),
    ("slash typed", DRAFTING, text("/bantuan"), "DESC", ["HELP", "EXIT", "DESC_complaint"], []),
    ("/privacy", REST, happens.Command(name="privacy"), "IDLE", ["PRIVACY"], []),
    ("/language", DRAFTING, happens.Command(name="language"), "DESC",
     ["LANGUAGE_SET", "DESC_complaint"], []),
    ("english", DRAFTING, text("English"), "DESC", ["LANGUAGE_SET", "DESC_complaint"], []),
    ("/cancel", DRAFTING, happens.Command(name="cancel"), "IDLE", ["CANCELLED"], []),
    ("batal at rest", REST, text("batal"), "IDLE", ["STOPPED"], []),
    ("edit in draft", DRAFTING, happens.Edited(message="m1", text="Kursi diganti"), "DESC",
     ["CHANGED"], []),
    ("edit on ticket", DRAFTING, happens.Edited(message="m0", text="Dua", ticket=NUMBER), "DESC",
     ["EDITED"], ["AddComment"]),
    ("edit of something unknown", DRAFTING, happens.Edited(message="m0", text="Kata yang lain"),
     "DESC", [], []),
    ("reply", DRAFTING, text("ini tambahan", reply_to=NUMBER), "DESC", ["ADDED"], ["AddComment"]),
    ("reply with photo", DRAFTING, happens.Media(kind="photo", ref="f", reply_to=NUMBER), "DESC",
     ["ADDED"], ["AddComment", "FetchFile"]),
    ("sent already", State(sent=Sent(draft_id="d", ticket=NUMBER)), text("kirim"), "IDLE",
     ["DONE_NUMBER"], []),
    ("pressed twice", State(sent=Sent(draft_id="d", ticket=NUMBER), version=4),
     happens.Press(id="send", version=3), "IDLE", ["DONE_NUMBER"], []),
    ("add by button", DRAFTING, happens.Press(id="add", about=NUMBER), "FOLLOWUP",
     ["FOLLOWUP"], []),
    ("detail by button", DRAFTING, happens.Press(id="detail", about=NUMBER), "DESC",
     ["DETAIL"], []),
    ("card by button", DRAFTING, happens.Press(id="status", about=NUMBER), "DESC",
     ["STATUS_OPEN"], []),
    ("stars too early", DRAFTING, happens.Press(id="star-5", about=NUMBER), "DESC",
     ["STALE", "DESC_complaint"], []),
    ("solved too late", DRAFTING, happens.Press(id="solved", about=NUMBER), "DESC",
     ["STALE", "DESC_complaint"], []),
    ("old button", DRAFTING, happens.Press(id="continue", version=-1), "DESC",
     ["STALE", "DESC_complaint"], []),
    ("old button at rest", REST, happens.Press(id="gone"), "MENU", ["STALE", "MENU"], []),
    ("number", REST, text(NUMBER), "STATUS", ["STATUS_OPEN"], []),
    ("number, spelt", DRAFTING, text("cek tkt 20261124 0001?"), "DESC",
     ["STATUS_OPEN", "DESC_complaint"], []),
    ("number of others", DRAFTING, text("TKT-20261124-0009"), "CODE", ["CODE"], []),
    ("number and wrong code", REST, text("TKT-20261124-0009 0000-1111-2222-33AB"), "CODE",
     ["WRONG_CODE", "CODE"], []),
    ("right code at rest", REST, coded("••••"), "STATUS", ["STATUS_OPEN"], []),
    ("right code in a draft", DRAFTING, coded("ini kode saya ••••"), "DESC",
     ["STATUS_OPEN", "DESC_complaint"], []),
    ("right code, pasted with the page of thanks", DRAFTING,
     coded(f"Nomor laporan\n{NUMBER}\nKode pelacakan\n••••"), "DESC",
     ["STATUS_OPEN", "DESC_complaint"], []),
    ("right code, and words", DRAFTING, coded("ini kode saya ••••, kapan dijawab?"), "DESC",
     ["ADDED", "STATUS_OPEN", "DESC_complaint"], ["AddComment"]),
    ("wrong code alone", REST, text("kode saya: 4x7k-29pq-abcd-1234"), "IDLE", ["WRONG_CODE"], []),
    ("wrong code in a draft", DRAFTING, text("4x7k-29pq-abcd-1234"), "DESC",
     ["WRONG_CODE_OR_WORDS", "DESC_complaint"], []),
    ("a code among words of a draft", DRAFTING, text("nomor seri 4x7k-29pq-abcd-1234 rusak"),
     "DESC", [], []),
    ("sixteen digits are somebody's number", REST, text("3171 2345 6789 0001"), "IDLE", ["ADDED"],
     ["AddComment"]),
    ("unit code", REST, text("igd 01"), "MENU", ["MENU_AT"], []),
    ("unit code in draft", DRAFTING, text("FAR"), "DESC", ["UNIT_SET", "DESC_complaint"], []),
    ("own contact", DRAFTING, happens.Contact(phone="0812 0000 0001", own=True), "DESC",
     ["PHONE_NOTED", "DESC_complaint"], []),
    ("foreign contact", DRAFTING, happens.Contact(phone="0812 0000 0001", own=False), "DESC",
     ["ONLY", "DESC_complaint"], []),
    ("sticker", DRAFTING, happens.Unsupported(kind="sticker"), "DESC",
     ["ONLY", "DESC_complaint"], []),
    ("blank", DRAFTING, text("   "), "DESC", ["ONLY", "DESC_complaint"], []),
    ("nothing to see", DRAFTING, text("\u200b\u200b"), "DESC", ["ONLY", "DESC_complaint"], []),
    ("nothing to see at rest", REST, text("\u3164\u200d"), "IDLE", ["ONLY"], []),
    ("too big", DRAFTING, happens.Media(kind="video", ref="f", size=20_000_001), "DESC",
     ["TOOBIG", "DESC_complaint"], []),
    ("too big with words", replace(DRAFTING, at="REVIEW"),
     happens.Media(kind="video", ref="f", size=30_000_000, caption="lihat ini"), "REVIEW",
     ["TOOBIG", "REVIEW"], []),
    ("found", State(at="CODE", ticket=NUMBER, back="DESC", draft=DRAFTING.draft),
     happens.Found(ticket=ticket()), "DESC", ["STATUS_OPEN", "DESC_complaint"], []),
    ("found at rest", REST, happens.Found(ticket=ticket()), "STATUS", ["STATUS_OPEN"], []),
    ("found nothing", REST, happens.Found(ticket=None), "IDLE", ["NOT_FOUND"], []),
    ("news", DRAFTING, happens.TicketNews(ticket=ticket(), kind="answer"), "DESC",
     ["NEWS_answer"], []),
    ("solved in a draft", DRAFTING,
     happens.TicketNews(ticket=ticket(status="resolved"), kind="resolved"), "DESC",
     ["RESOLVED"], []),
    ("solved at rest", REST, happens.TicketNews(ticket=ticket(status="resolved"), kind="resolved"),
     "RESOLVE_CHECK", ["RESOLVED"], []),
    ("unknown timer", DRAFTING, happens.Timer(name="gone"), "DESC", [], []),
    ("end of follow-up", State(at="FOLLOWUP", ticket=NUMBER, back="DESC", draft=DRAFTING.draft),
     happens.Timer(name="end"), "DESC", ["DESC_complaint"], []),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_rule_holds_in_any_state(row: Row) -> None:
    _, state, event, at, replies, effects = row

    taken = step(state, event, OPEN)

    assert (taken.state.at, keys(taken), done(taken)) == (at, replies, effects)
    if state.draft and at != "IDLE":
        assert taken.state.begun


def test_a_report_that_was_filed_says_number_and_deadline() -> None:
    filed = happens.Filed(draft_id="d1", ticket=ticket())

    taken = step(State(sent=Sent(draft_id="d1")), filed, PLAIN)

    assert keys(taken) == ["DONE"]
    assert taken.state.sent == Sent(draft_id="d1", ticket=NUMBER, at=MORNING)
    assert taken.replies[0].ticket == NUMBER


def test_an_urgent_report_hears_the_phone_numbers_again() -> None:
    filed = happens.Filed(draft_id="d1", ticket=ticket(due=None))

    taken = step(State(sent=Sent(draft_id="d1", urgent=True)), filed, PLAIN)

    assert keys(taken) == ["DONE_NUMBER", "EMERGENCY"]


def test_danger_is_answered_first_and_told_once_per_draft() -> None:
    first = step(DRAFTING, text("bapak tidak sadarkan diri tolong"), OPEN)
    second = step(first.state, text("cepat dia tidak bernapas"), OPEN)

    assert keys(first)[0] == "EMERGENCY"
    assert first.state.draft
    assert first.state.draft.urgent
    assert done(first) == done(second) == ["RaiseAlarm"]
    assert keys(second) == []


def test_danger_told_to_a_ticket_names_the_ticket() -> None:
    taken = step(REST, text("ibu kejang sekarang tolong", reply_to=NUMBER), OPEN)

    alarm = next(each for each in taken.effects if isinstance(each, does.RaiseAlarm))
    assert (alarm.ticket, alarm.draft_id, alarm.said.message) == (NUMBER, None, "m9")
    assert keys(taken) == ["EMERGENCY", "ADDED"]


def test_danger_that_was_held_makes_the_report_urgent_later() -> None:
    held = step(REST, text("tolong bapak tidak sadarkan diri"), TWO)

    taken = step(held.state, text("laporan baru"), TWO)

    assert held.state.at == "FOLLOWUP_PICK"
    assert taken.state.draft
    assert taken.state.draft.urgent


@pytest.mark.parametrize(
    ("phones", "key"), [(PHONES, "CRISIS"), (Phones(igd="0800-0000-0001"), "EMERGENCY")]
)
def test_who_may_harm_themselves_gets_the_crisis_line_if_there_is_one(
    phones: Phones, key: str
) -> None:
    taken = step(REST, text("saya ingin mengakhiri hidup"), facts(phones=phones))

    assert keys(taken)[0] == key


def test_without_any_number_the_emergency_department_is_named() -> None:
    taken = step(REST, text("ibu saya kejang tolong"), facts(phones=Phones()))

    assert taken.replies[0].params == {"igd": "IGD"}


@pytest.mark.parametrize("kind", ["complaint", "suggestion"])
def test_an_album_is_answered_once_and_kept_whole(kind: str) -> None:
    world = World()
    world.happen(happens.Scanned(unit="gigi"))
    world.happen(happens.Press(id=kind, version=world.state.version))
    told = len(world.told)

    for number in range(10):
        world.happen(happens.Media(kind="photo", ref=f"f{number}", group="a"))

    assert [say.key for say in world.told[told:]] == ["NOTED"]
    assert world.state.draft
    assert len(world.state.draft.files) == 10
    assert len(world.fetched) == 10


def test_who_writes_too_fast_is_told_once_and_loses_nothing() -> None:
    world = World()
    world.happen(happens.Scanned(unit="gigi"))

    for number in range(30):
        world.happen(happens.Text(text=f"pesan nomor {number} tentang antrian"))
    world.wait(timedelta(minutes=11))
    after = world.happen(happens.Text(text="masih antri"))

    told = [say.key for say in world.told]
    assert told.count("SLOW") == 1
    assert len(told) == 25
    assert told[-3:-1] == ["KEPT_ALL", "REVIEW"]  # once, when the burst was over
    assert world.state.draft
    assert all(f"pesan nomor {number} " in world.state.draft.words for number in range(30))
    assert [say.key for say in after] == ["REVIEW"]


def test_a_chat_that_was_too_fast_while_a_clock_was_ahead_is_not_silent_till_then() -> None:
    world = World()
    world.happen(happens.Scanned(unit="gigi"))
    world.wait(timedelta(days=1))
    for number in range(30):
        world.happen(happens.Text(text=f"pesan nomor {number} tentang antrian"))

    world.wait(timedelta(days=-1))
    after = world.happen(happens.Text(text="masih antri"))

    assert [say.key for say in after] == ["REVIEW"]


def test_a_very_long_text_is_kept_whole_and_shown_in_part() -> None:
    long = "antri " * 3_000

    taken = step(replace(DRAFTING, at="REVIEW"), text(long), PLAIN)

    assert taken.state.draft
    assert taken.state.draft.said[-1].text == long
    assert len(wording.numbered(taken.replies[0], "id")) < 1_000


def test_a_long_answer_is_short_on_the_card_and_whole_behind_its_button() -> None:
    known = facts(tickets=(ticket(answer="kata " * 300),))

    card = step(REST, text(NUMBER), known)
    detail = step(card.state, happens.Press(id="detail", about=NUMBER), known)

    assert len(wording.text(card.replies[0], "id")) < 400
    assert len(wording.text(detail.replies[0], "id")) > 1_500


def test_a_full_draft_says_that_the_words_were_not_kept() -> None:
    small = facts(limits=Limits(draft_messages=1))

    taken = step(DRAFTING, text("satu lagi"), small)

    assert keys(taken) == ["FULL"]


def test_a_reminder_comes_once_and_never_at_night() -> None:
    late = MORNING + timedelta(hours=10, minutes=45)  # 20:45 in Jakarta

    taken = step(DRAFTING, text("dan kotor"), facts(now=late))

    times = {each.name: each.at for each in taken.effects if isinstance(each, does.Schedule)}
    assert times["remind"] == MORNING + timedelta(hours=22)  # 08:00
    assert times["expire"] == late + timedelta(days=7)
    too_late = step(DRAFTING, happens.Timer(name="remind"), facts(now=late + timedelta(hours=1)))
    assert keys(too_late) == []
    reminded = step(DRAFTING, happens.Timer(name="remind"), facts(now=times["remind"]))
    assert keys(reminded) == ["REMIND", "RESUME"]
    again = step(reminded.state, happens.Timer(name="remind"), facts(now=times["remind"]))
    assert keys(again) == []


def test_a_timer_that_rings_too_early_does_nothing() -> None:
    for name in ("remind", "expire"):
        taken = step(DRAFTING, happens.Timer(name=name), facts(now=MORNING + timedelta(minutes=5)))

        assert taken == Step(state=DRAFTING)


def test_a_draft_that_expired_is_erased() -> None:
    taken = step(DRAFTING, happens.Timer(name="expire"), facts(now=MORNING + timedelta(days=8)))

    assert taken.state.draft is None
    assert taken.state.at == "IDLE"
    assert keys(taken) == ["EXPIRED"]


def test_a_cancelled_draft_is_erased_after_a_day_in_silence() -> None:
    cancelled = step(DRAFTING, text("batal"), PLAIN).state

    taken = step(cancelled, happens.Timer(name="expire"), facts(now=MORNING + timedelta(hours=25)))

    assert cancelled.begun
    assert taken.state.draft is None
    assert keys(taken) == []


@pytest.mark.parametrize("hours", [1, 25])
def test_stars_can_be_changed_for_a_day(hours: int) -> None:
    rated = ticket(status="closed", rated_at=MORNING - timedelta(hours=hours))

    taken = step(DRAFTING, happens.Press(id="star-4", about=NUMBER), facts(tickets=(rated,)))

    expected = ["SaveStars"] if hours < 24 else []
    assert done(taken) == expected
    assert taken.state.at == "DESC"


def test_an_aside_about_a_ticket_returns_to_the_draft() -> None:
    asked = step(DRAFTING, happens.Press(id="unsolved", about=NUMBER), RESOLVED)
    taken = step(asked.state, text("atapnya masih bocor"), OPEN)

    assert (asked.state.at, asked.state.back) == ("NOTYET", "DESC")
    assert keys(taken) == ["REOPENED", "DESC_complaint"]
    assert taken.state.draft == replace(DRAFTING.draft, touched=MORNING)  # type: ignore[type-var]  # it has one


def test_a_survey_that_is_left_is_kept() -> None:
    survey = Survey(survey_id="s1", answers={"waktu": 2})

    taken = step(State(at="SKM", survey=survey), happens.Command(name="lapor"), PLAIN)

    assert taken.state.survey is None
    saved = [each for each in taken.effects if isinstance(each, does.SaveSurvey)]
    assert [(each.survey_id, each.answers, each.complete) for each in saved] == [
        ("s1", {"waktu": 2}, False)
    ]


def test_a_new_poster_begins_anew_only_if_the_person_wants() -> None:
    scanned = step(DRAFTING, happens.Scanned(unit="far", qr_code="q"), PLAIN)
    kept = step(scanned.state, text("lanjutkan"), PLAIN)
    new = step(scanned.state, text("mulai baru"), PLAIN)

    assert scanned.state.scan == Scan(unit="far", qr_code="q")
    assert kept.state.draft
    assert kept.state.draft.unit == "gigi"
    assert new.state.draft == Draft(draft_id="draft-1", unit="far", qr_code="q", touched=MORNING)


def test_a_name_can_be_edited_but_not_into_a_story() -> None:
    named = step(replace(DRAFTING, at="NAME"), text("Siti"), PLAIN).state

    renamed = step(named, happens.Edited(message="m9", text="Siti Contoh"), PLAIN)
    told = step(named, happens.Edited(message="m9", text="kamar 3 bocor lagi pak"), PLAIN)

    assert renamed.state.draft
    assert renamed.state.draft.name == "Siti Contoh"
    assert told.state.draft
    assert told.state.draft.name == "Siti"
    assert told.state.draft.words.endswith("kamar 3 bocor lagi pak")


def test_whoever_writes_again_is_not_blocked_any_more() -> None:
    taken = step(replace(DRAFTING, blocked_at=MORNING), text("halo lagi semua"), PLAIN)

    assert taken.state.blocked_at is None
    assert done(taken) == ["ResumeNotices"]


def test_every_reply_carries_the_version_of_its_screen() -> None:
    taken = step(REST, happens.Start(), PLAIN)

    assert {say.version for say in taken.replies} == {taken.state.version}


def test_our_own_trouble_changes_nothing() -> None:
    assert sorry(DRAFTING).state == DRAFTING
    assert keys(sorry(DRAFTING)) == ["SORRY"]


def test_a_way_to_a_human_is_shown_even_without_phone_and_form() -> None:
    taken = step(REST, happens.Command(name="help"), facts(phones=Phones(), form_url=""))

    assert keys(taken) == ["HELP", "EXIT_DESK"]


def test_the_third_odd_thing_shows_the_way_out() -> None:
    taken = step(replace(DRAFTING, tries=2), happens.Unsupported(kind="dice"), PLAIN)

    assert keys(taken) == ["ONLY", "EXIT", "DESC_complaint"]


def test_who_writes_too_fast_after_a_report_has_the_words_on_its_ticket() -> None:
    world = World()
    world.link(world.new_case(UNITS.all[1]).ticket.number)

    for number in range(30):
        world.happen(happens.Text(text=f"keterangan {number}.", message=f"m{number}"))

    [case] = world.cases.values()
    assert case.comments == [f"keterangan {number}." for number in range(30)]
    assert not world.state.begun
    assert [say.key for say in world.told].count("SLOW") == 1


def test_who_writes_too_fast_while_asked_which_loses_nothing() -> None:
    world = World()
    for unit in UNITS.all[:2]:
        world.link(world.new_case(unit).ticket.number)

    for number in range(30):
        world.happen(happens.Text(text=f"keterangan {number}.", message=f"m{number}"))
    world.wait(timedelta(minutes=11))

    newest = world.cases[world.linked[-1]]
    assert newest.comments == ["\n\n".join(f"keterangan {number}." for number in range(30))]


def test_an_edit_of_words_taken_off_a_ticket_changes_the_new_report() -> None:
    world = World()
    world.link(world.new_case(UNITS.all[1]).ticket.number)
    world.happen(happens.Text(text="Lampu parkiran mati", message="m1"))
    world.happen(happens.Text(text="laporan baru", message="m2"))

    world.happen(happens.Edited(message="m1", text="Lampu lobi mati", ticket=world.linked[0]))

    assert world.state.draft
    assert world.state.draft.words == "Lampu lobi mati"
    assert world.cases[world.linked[0]].edits == []


def test_an_edit_of_words_on_a_ticket_is_in_what_is_taken_off_it_later() -> None:
    world = World()
    world.link(world.new_case(UNITS.all[1]).ticket.number)
    world.happen(happens.Text(text="Lampu parkiran mati", message="m1"))
    world.happen(happens.Edited(message="m1", text="Lampu lobi mati", ticket=world.linked[0]))

    world.happen(happens.Text(text="laporan baru", message="m2"))

    assert world.state.draft
    assert world.state.draft.words == "Lampu lobi mati"


def test_danger_is_told_at_once_also_in_words_that_are_held() -> None:
    taken = step(REST, text("tolong bapak tidak sadarkan diri"), TWO)

    assert taken.state.held
    assert keys(taken) == ["EMERGENCY", "WHICH"]
    assert done(taken) == ["RaiseAlarm"]


def test_send_pressed_beside_words_sends_them_too_but_no_other_report() -> None:
    world = World()
    world.happen(happens.Scanned(unit="gigi"))
    world.happen(happens.Text(text="Kursi tunggu patah dan tidak diganti", message="m1"))
    first = world.state.version
    world.happen(happens.Text(text="dan kotor", message="m2"))
    world.happen(happens.Press(id="send", version=first))
    [case] = world.cases.values()
    world.happen(happens.Scanned(unit="far"))
    world.happen(happens.Text(text="Obat racikan saya salah label", message="m3"))
    world.happen(happens.Press(id="send", version=first))

    assert case.words == "Kursi tunggu patah dan tidak diganti\ndan kotor"
    assert len(world.cases) == 1
    assert world.state.at == "REVIEW"


def test_words_that_are_not_remembered_any_more_stay_on_their_ticket() -> None:
    world = World()
    world.link(world.new_case(UNITS.all[1]).ticket.number)
    told = world.happen(happens.Text(text="Lampu parkiran mati", message="m1"))
    [button] = told[-1].choices
    world.wait(timedelta(hours=25))
    assert world.state.added == ()

    said = world.happen(happens.Press(id=button.id, about=button.about, version=told[-1].version))

    assert [say.key for say in said] == ["STALE", "MENU"]
    assert not world.state.begun
    assert world.cases[world.linked[0]].retracted == []


@pytest.mark.parametrize("state", [REST, DRAFTING])
@pytest.mark.parametrize(
    ("typed", "at", "key", "effects"),
    [
        ("sudah", "STARS", "STARS", ["ConfirmResolved"]),
        ("ya, terima kasih", "STARS", "STARS", ["ConfirmResolved"]),
        ("belum", "NOTYET", "NOTYET", ["Reopen"]),
        ("makasih", None, "WELCOME", []),
        ("belum juga, malah banjir", None, "ADDED", ["AddComment"]),
    ],
)
def test_a_reply_to_is_it_solved_is_an_answer_whenever_it_comes(
    state: State, typed: str, at: str | None, key: str, effects: list[str]
) -> None:
    known = facts(tickets=(ticket(), ticket(number="TKT-7", status="resolved")))

    taken = step(state, text(typed, reply_to="TKT-7"), known)

    assert (taken.state.at, keys(taken), done(taken)) == (at or state.at, [key], effects)


def test_what_looks_like_a_code_is_words_of_a_draft_when_it_is_sent_again() -> None:
    serial = text("4X7K-29PQ-ABCD-1234")

    asked = step(DRAFTING, serial, PLAIN)
    kept = step(asked.state, serial, PLAIN)

    assert "4X7K" not in str(asked.state)
    assert kept.state.draft is not None
    assert kept.state.draft.said[-1].text == "4X7K-29PQ-ABCD-1234"
