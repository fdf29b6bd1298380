"""Every screen, row by row: what is answered, where it leads, what is done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.dialogue import events as happens
from intake.dialogue.events import Event
from intake.dialogue.facts import Facts
from intake.dialogue.machine import Step, step
from intake.dialogue.state import Added, Draft, File, Said, State, Survey
from tests.intake.dialogue.world import MORNING, facts, ticket

NUMBER = "TKT-20261124-0001"
DRAFT = Draft(
    draft_id="d1",
    kind="complaint",
    unit="gigi",
    said=(
        Said(text="Kursi tunggu patah dan tidak diganti", message="m1"),
        Said(file=File(ref="f1", kind="photo"), message="m2"),
    ),
)
EMPTY = Draft(draft_id="d1", kind="complaint", unit="gigi")
OPEN = facts(tickets=(ticket(),))
TWO = facts(tickets=(ticket(number="TKT-20261124-0002", unit="Farmasi"), ticket()))
ASKED = facts(tickets=(ticket(asked_at=MORNING - timedelta(hours=1)), ticket(number="TKT-1")))
RESOLVED = facts(tickets=(ticket(status="resolved", answer="Sudah diganti."),))
FULL_DAY = facts(filed_today=5)
PLAIN = facts()


def text(words: str) -> happens.Text:
    return happens.Text(text=words, message="m9")


def press(button: str, about: str = "") -> happens.Press:
    return happens.Press(id=button, about=about)


PHOTO = happens.Media(kind="photo", ref="f9", message="m9")
VOICE = happens.Media(kind="voice", ref="f9", seconds=32, message="m9")
LONG = text("Perawat tidak datang walau sudah dipanggil")
MOVABLE = State(
    added=(Added(run=3, ticket=NUMBER, said=(Said(text="lampu mati semua", message="m8"),)),)
)

Row = tuple[str, State, Facts, Event, str, list[str], list[str]]

ROWS: list[Row] = [
    # name, state, facts, event -> screen, replies, effects (without timers)
    ("greeting", State(), PLAIN, text("halo"), "MENU", ["MENU"], []),
    ("thanks", State(), PLAIN, text("makasih ya"), "IDLE", ["WELCOME"], []),
    ("words begin", State(), PLAIN, LONG, "UNIT", ["UNIT"], []),
    ("a photo begins", State(), PLAIN, PHOTO, "UNIT", ["UNIT"], ["FetchFile"]),
    ("short word", State(), PLAIN, text("toilet"), "MENU", ["UNCLEAR", "MENU_AGAIN"], []),
    ("unit known", State(draft=replace(EMPTY, said=())), PLAIN, LONG, "REVIEW", ["REVIEW"], []),
    ("open tickets", State(), TWO, LONG, "FOLLOWUP_PICK", ["WHICH"], []),
    ("asked ticket", State(), ASKED, LONG, "IDLE", ["ADDED"], ["AddComment"]),
    ("named ticket", State(), TWO, text(f"{NUMBER} masih sama saja"), "IDLE", ["ADDED"],
     ["AddComment"]),
    ("draft waits", State(draft=DRAFT), PLAIN, LONG, "RESUME", ["RESUME"], []),
    ("menu word at rest", State(), PLAIN, text("saran"), "UNIT", ["UNIT"], []),
    ("not that ticket", MOVABLE, OPEN, text("laporan baru"), "UNIT",
     ["NEW_OF_THEM", "UNIT"], ["Retract"]),

    ("menu 1", State(at="MENU"), PLAIN, text("1"), "UNIT", ["UNIT"], []),
    ("menu survey", State(at="MENU"), PLAIN, text("survei"), "SKM", ["SKM"], []),
    ("menu status", State(at="MENU"), OPEN, text("cek laporan"), "STATUS", ["STATUS_OPEN"], []),
    ("menu language", State(at="MENU"), PLAIN, press("language"), "MENU",
     ["LANGUAGE_SET", "MENU"], []),
    ("menu greeting", State(at="MENU"), PLAIN, text("hai"), "MENU", ["MENU"], []),
    ("menu thanks", State(at="MENU"), PLAIN, text("ok"), "MENU", ["WELCOME", "MENU"], []),
    ("menu words", State(at="MENU", draft=replace(EMPTY, said=())), PLAIN, LONG, "REVIEW",
     ["REVIEW"], []),
    ("menu second miss", State(at="MENU", tries=1), PLAIN, text("hmm"), "UNIT", ["UNIT"], []),

    ("unit by button", State(at="UNIT"), PLAIN, press("unit", "igd"), "DESC",
     ["DESC_complaint"], []),
    ("unit by alias", State(at="UNIT", draft=DRAFT), PLAIN, text("apotek"), "REVIEW",
     ["REVIEW"], []),
    ("unit by typo", State(at="UNIT"), PLAIN, text("farmassi"), "DESC", ["DESC_complaint"], []),
    ("several units", State(at="UNIT"), PLAIN, text("ruang"), "UNIT", ["UNIT_WHICH"], []),
    ("unit unknown", State(at="UNIT"), PLAIN, text("gedung biru"), "UNIT", ["UNCLEAR", "UNIT"], []),
    ("a story instead", State(at="UNIT"), PLAIN, text("Waktu saya datang " * 4), "UNIT",
     ["KEPT", "UNIT"], []),
    ("unit second miss", State(at="UNIT", tries=1), PLAIN, text("gedung biru"), "REVIEW",
     ["REVIEW"], []),
    ("unit unsure", State(at="UNIT"), PLAIN, text("gak tau"), "DESC", ["DESC_complaint"], []),

    ("first words", State(at="DESC", draft=EMPTY), PLAIN, LONG, "DESC", ["NOTED"], []),
    ("more words", State(at="DESC", draft=replace(DRAFT, noted=True)), PLAIN, LONG, "DESC", [], []),
    ("enough", State(at="DESC", draft=DRAFT), PLAIN, text("lanjut"), "REVIEW", ["REVIEW"], []),
    ("nothing yet", State(at="DESC", draft=EMPTY), PLAIN, text("lanjut"), "DESC",
     ["NOTHING_YET", "DESC_complaint"], []),
    ("nothing again", State(at="DESC", draft=EMPTY, tries=1), PLAIN, text("lanjut"), "DESC",
     ["NOTHING_YET", "EXIT", "DESC_complaint"], []),
    ("story cancelled", State(at="DESC", draft=DRAFT), PLAIN, press("cancel"), "IDLE",
     ["CANCELLED"], []),

    ("send", State(at="REVIEW", draft=DRAFT), PLAIN, text("kirim"), "IDLE", [], ["Submit"]),
    ("too many", State(at="REVIEW", draft=DRAFT), FULL_DAY, text("kirim"), "REVIEW",
     ["TOO_MANY", "EXIT", "REVIEW"], ["NoteRefusal"]),
    ("too many, but danger", State(at="REVIEW", draft=replace(DRAFT, urgent=True)), FULL_DAY,
     text("kirim"), "IDLE", [], ["Submit"]),
    ("nothing to send", State(at="REVIEW", draft=EMPTY), PLAIN, text("kirim"), "DESC",
     ["DESC_complaint"], []),
    ("add at review", State(at="REVIEW", draft=DRAFT), PLAIN, VOICE, "REVIEW", ["REVIEW"],
     ["FetchFile"]),
    ("identify", State(at="REVIEW", draft=DRAFT), PLAIN, text("2"), "NAME", ["NAME"], []),
    ("edit", State(at="REVIEW", draft=DRAFT), PLAIN, text("ubah"), "EDIT", ["EDIT"], []),
    ("cancel", State(at="REVIEW", draft=DRAFT), PLAIN, text("gak jadi"), "IDLE",
     ["CANCELLED"], []),

    ("edit kind", State(at="EDIT", draft=DRAFT), PLAIN, text("jenis"), "KIND", ["KIND"], []),
    ("edit unit", State(at="EDIT", draft=DRAFT), PLAIN, text("2"), "UNIT", ["UNIT"], []),
    ("edit words", State(at="EDIT", draft=DRAFT), PLAIN, text("isi"), "REWRITE", ["REWRITE"], []),
    ("edit files", State(at="EDIT", draft=DRAFT), PLAIN, press("files"), "REVIEW", ["REVIEW"], []),
    ("edit sender", State(at="EDIT", draft=DRAFT), PLAIN, text("nama"), "NAME", ["NAME"], []),
    ("edit back", State(at="EDIT", draft=DRAFT), PLAIN, text("kembali"), "REVIEW", ["REVIEW"], []),
    ("edit unclear", State(at="EDIT", draft=DRAFT), PLAIN, text("warna"), "EDIT",
     ["UNCLEAR", "EDIT"], []),
    ("edit second", State(at="EDIT", draft=DRAFT, tries=1), PLAIN, text("warna"), "REVIEW",
     ["REVIEW"], []),
    ("kind set", State(at="KIND", draft=DRAFT), PLAIN, text("saran"), "REVIEW", ["REVIEW"], []),
    ("kind back", State(at="KIND", draft=DRAFT), PLAIN, text("balik"), "REVIEW", ["REVIEW"], []),
    ("rewritten", State(at="REWRITE", draft=DRAFT), PLAIN, LONG, "REVIEW", ["REVIEW"], []),
    ("kept as is", State(at="REWRITE", draft=DRAFT), PLAIN, press("back"), "REVIEW",
     ["REVIEW"], []),

    ("known name", State(at="NAME", draft=DRAFT), PLAIN, text("Sari"), "PHONE", ["PHONE"], []),
    ("typed name", State(at="NAME", draft=DRAFT), PLAIN, text("Ny. Contoh"), "PHONE",
     ["PHONE"], []),
    ("anonymous", State(at="NAME", draft=DRAFT), PLAIN, text("gak usah"), "REVIEW",
     ["REVIEW"], []),
    ("number as name", State(at="NAME", draft=DRAFT), PLAIN, text("0812 0000 0001"), "REVIEW",
     ["REVIEW"], []),
    ("story as name", State(at="NAME", draft=DRAFT), PLAIN,
     text("memangnya kenapa harus nama saya segala ditulis?"), "NAME", ["UNCLEAR", "NAME"], []),
    ("phone", State(at="PHONE", draft=DRAFT), PLAIN, text("+62 812-0000-0001"), "REVIEW",
     ["REVIEW"], []),
    ("bad phone", State(at="PHONE", draft=DRAFT), PLAIN, text("12"), "PHONE",
     ["BADPHONE", "PHONE"], []),
    ("bad again", State(at="PHONE", draft=DRAFT, tries=1), PLAIN, text("12"), "REVIEW",
     ["REVIEW"], []),
    ("no contact here", State(at="PHONE", draft=DRAFT), PLAIN, text("kirim nomor saya"), "PHONE",
     ["TYPE_NUMBER", "PHONE"], []),
    ("skip phone", State(at="PHONE", draft=DRAFT), PLAIN, text("lewati"), "REVIEW",
     ["REVIEW"], []),
    ("words as phone", State(at="PHONE", draft=DRAFT), PLAIN, text("telepon suami saya saja"),
     "PHONE", ["UNCLEAR", "PHONE"], []),
    ("own contact", State(at="PHONE", draft=DRAFT), PLAIN,
     happens.Contact(phone="+6281200000001", own=True), "REVIEW", ["REVIEW"], []),

    ("resume", State(at="RESUME", draft=replace(DRAFT, at="NAME")), PLAIN, text("ya"), "NAME",
     ["NAME"], []),
    ("restart", State(at="RESUME", draft=DRAFT), PLAIN, text("mulai baru"), "MENU", ["MENU"], []),
    ("delete", State(at="RESUME", draft=DRAFT), PLAIN, text("hapus"), "IDLE", ["DELETED"], []),
    ("more at resume", State(at="RESUME", draft=replace(DRAFT, at="DESC")), PLAIN, LONG, "DESC",
     ["DESC_complaint"], []),

    ("picked", State(at="FOLLOWUP_PICK", held=(Said(text="halo lagi"),)), TWO, text("2"), "IDLE",
     ["ADDED"], ["AddComment"]),
    ("picked nothing", State(at="FOLLOWUP_PICK"), TWO, text("1"), "FOLLOWUP", ["FOLLOWUP"], []),
    ("new instead", State(at="FOLLOWUP_PICK", held=(Said(text="lampu mati semua"),)), TWO,
     text("baru"), "UNIT", ["UNIT"], []),
    ("held more", State(at="FOLLOWUP_PICK", held=(Said(text="a"),)), TWO, LONG, "FOLLOWUP_PICK",
     ["WHICH"], []),
    ("held again", State(at="FOLLOWUP_PICK", held=(Said(text="a"),), tries=1), TWO, LONG,
     "FOLLOWUP_PICK", ["EXIT", "WHICH"], []),
    ("comment", State(at="FOLLOWUP", ticket=NUMBER), OPEN, LONG, "FOLLOWUP", ["ADDED"],
     ["AddComment"]),
    ("more comment", State(at="FOLLOWUP", ticket=NUMBER, answered=True), OPEN, PHOTO, "FOLLOWUP",
     [], ["AddComment", "FetchFile"]),
    ("finish", State(at="FOLLOWUP", ticket=NUMBER), OPEN, text("selesai"), "IDLE", ["LEFT"], []),
    ("finish to draft", State(at="FOLLOWUP", ticket=NUMBER, back="DESC", draft=EMPTY), OPEN,
     text("sudah"), "DESC", ["LEFT", "DESC_complaint"], []),
    ("add at status", State(at="STATUS"), OPEN, text("tambah"), "FOLLOWUP", ["FOLLOWUP"], []),
    ("add to which", State(at="STATUS"), TWO, text("tambah"), "FOLLOWUP_PICK", ["WHICH"], []),
    ("detail", State(at="STATUS"), OPEN, press("detail", NUMBER), "STATUS", ["DETAIL"], []),
    ("wrong code", State(at="CODE", ticket=NUMBER), PLAIN, text("0000-0000-0000-00ab"), "CODE",
     ["WRONG_CODE", "CODE"], []),
    ("right code", State(at="CODE", ticket=NUMBER), PLAIN,
     happens.Text(text="••••", opens=ticket()), "STATUS", ["STATUS_OPEN"], []),
    ("mistyped code", State(at="CODE", ticket=NUMBER), PLAIN, text("1234-567U-1234-567U"), "CODE",
     ["WRONG_CODE", "CODE"], []),
    ("mistyped again", State(at="CODE", ticket=NUMBER, tries=1), PLAIN, text("1234-567U-1234-567U"),
     "IDLE", ["WRONG_CODE", "EXIT"], []),
    ("words for code", State(at="CODE", ticket=NUMBER), PLAIN, LONG, "UNIT", ["UNIT"], []),

    ("solved", State(at="RESOLVE_CHECK", ticket=NUMBER), RESOLVED, text("sudah"), "STARS",
     ["STARS"], ["ConfirmResolved"]),
    ("unsolved", State(at="RESOLVE_CHECK", ticket=NUMBER), RESOLVED, text("durung"), "NOTYET",
     ["NOTYET"], ["Reopen"]),
    ("thanks at check", State(at="RESOLVE_CHECK", ticket=NUMBER), RESOLVED, text("terima kasih"),
     "RESOLVE_CHECK", ["WELCOME", "RESOLVED"], []),
    ("words at check", State(at="RESOLVE_CHECK", ticket=NUMBER), RESOLVED, LONG, "IDLE",
     ["REOPENED"], ["Reopen", "AddComment"]),
    ("still open", State(at="NOTYET", ticket=NUMBER), OPEN, LONG, "IDLE", ["REOPENED"],
     ["AddComment"]),
    ("no words", State(at="NOTYET", ticket=NUMBER), OPEN, text("lewati"), "IDLE",
     ["REOPENED"], []),
    ("five stars", State(at="STARS", ticket=NUMBER), RESOLVED, text("5"), "IDLE", ["THANKS"],
     ["SaveStars"]),
    ("one star", State(at="STARS", ticket=NUMBER), RESOLVED, text("satu"), "COMMENT",
     ["COMMENT"], ["SaveStars"]),
    ("no stars", State(at="STARS", ticket=NUMBER), RESOLVED, text("lewati"), "IDLE",
     ["THANKS"], []),
    ("words as stars", State(at="STARS", ticket=NUMBER), RESOLVED, LONG, "IDLE", ["THANKS"],
     ["SaveStarsComment"]),
    ("comment on stars", State(at="COMMENT", ticket=NUMBER), RESOLVED, VOICE, "IDLE", ["THANKS"],
     ["SaveStarsComment", "FetchFile"]),
    ("no comment", State(at="COMMENT", ticket=NUMBER), RESOLVED, text("tidak ada"), "IDLE",
     ["THANKS"], []),

    ("answer", State(at="SKM", survey=Survey(survey_id="s")), PLAIN, text("3"), "SKM",
     ["SKM"], []),
    ("answer by label", State(at="SKM", survey=Survey(survey_id="s")), PLAIN,
     text("sangat sesuai"), "SKM", ["SKM"], []),
    ("ninth answer", State(at="SKM", survey=Survey(survey_id="s", question=8)), PLAIN, text("4"),
     "SKM_COMMENT", ["SKMC"], []),
    ("previous", State(at="SKM", survey=Survey(survey_id="s", question=1)), PLAIN,
     text("kembali"), "SKM", ["SKM"], []),
    ("pass", State(at="SKM", survey=Survey(survey_id="s")), PLAIN, text("lewati"), "SKM",
     ["SKM"], []),
    ("stop", State(at="SKM", survey=Survey(survey_id="s", answers={"waktu": 2})), PLAIN,
     text("berhenti"), "IDLE", ["THANKS"], ["SaveSurvey"]),
    ("stop at once", State(at="SKM", survey=Survey(survey_id="s")), PLAIN, text("berhenti"),
     "IDLE", ["THANKS"], []),
    ("remark", State(at="SKM", survey=Survey(survey_id="s")), PLAIN, LONG, "SKM",
     ["KEPT_REMARK", "SKM"], []),
    ("second remark", State(at="SKM", survey=Survey(survey_id="s"), tries=1), PLAIN, LONG, "SKM",
     ["SKM"], []),
    ("last remark", State(at="SKM_COMMENT", survey=Survey(survey_id="s", question=9)), PLAIN,
     LONG, "IDLE", ["THANKS"], ["SaveSurvey"]),
    ("no remark", State(at="SKM_COMMENT", survey=Survey(survey_id="s", answers={"biaya": 4})),
     PLAIN, text("tidak ada"), "IDLE", ["THANKS"], ["SaveSurvey"]),
]  # fmt: skip


def effects(taken: Step) -> list[str]:
    names = [type(effect).__name__ for effect in taken.effects]
    return [name for name in names if name != "Schedule"]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_screen_answers_as_its_table_says(row: Row) -> None:
    _, state, known, event, at, replies, done = row

    taken = step(state, event, known)

    said = [say.key for say in taken.replies]
    assert (taken.state.at, said, effects(taken)) == (at, replies, done)
