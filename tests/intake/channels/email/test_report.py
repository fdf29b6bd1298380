"""A mail as words: title, hints, language, and what is only a word for a machine."""

import pytest

from core.ground.ids import uuid7
from core.hospital.directory import CategoryEntry, Directory, HospitalEntry
from intake.channels.email.report import (
    bare_subject,
    category_hint,
    is_command,
    language_of_words,
    number_in,
    report_of,
)
from intake.channels.email.understanding.mail import Forwarded, Mail, Person

DIRECTORY = Directory(
    version=1,
    hospital=HospitalEntry(name="RS", short_name="RS"),
    categories={
        "PHR": CategoryEntry(id=uuid7(), code="PHR", name="Farmasi dan Obat"),
        "FAC": CategoryEntry(id=uuid7(), code="FAC", name="Fasilitas"),
    },
)


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Fwd: AC mati", "AC mati"),
        ("RE[5]: AW: Bls: Balas: AC", "AC"),
        ("Trs: Terusan: x", "x"),
        ("Rekap: x", "Rekap: x"),
        ("re:" * 50, "re:" * 40),
    ],
)
def test_prefixes_of_answers_are_taken_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_the_last_number_in_a_subject_counts() -> None:
    assert number_in("Re: tkt-20261123-0001 dan TKT-20261123-12345") == "TKT-20261123-12345"
    assert number_in("TKT-2026-1") is None
    assert number_in("TKT-20261123-0001" * 2) is None


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("Keluhan Farmasi & obat", None),
        ("Re: farmasi dan OBAT lama", "PHR"),
        ("[fac] AC mati", "FAC"),
        ("Fasilitasi rapat", None),
        ("fasilitas", "FAC"),
    ],
)
def test_a_category_is_hinted_at_by_its_whole_name_or_code(subject: str, code: str | None) -> None:
    assert category_hint(subject, DIRECTORY) == code


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", "id"),
        ("AC mati", "id"),
        ("The nurse was not there when we asked for help.", "en"),
        ("Saya sudah menunggu lama, please help my mother", "id"),
        ("ok", "id"),
    ],
)
def test_the_language_is_indonesian_unless_english_is_plain(words: str, language: str) -> None:
    assert language_of_words(words) == language


def test_a_mail_without_any_words_says_so() -> None:
    assert report_of(Mail(subject="-"), "id").words == "(tanpa isi)"
    assert report_of(Mail(subject="Re: "), "en").words == "(no content)"
    assert report_of(Mail(subject="AC mati"), "id").words == "AC mati"
    assert report_of(Mail(subject="Re: AC mati"), "id", is_answer=True).words == "(tanpa isi)"


def test_quotation_alone_is_kept_whole() -> None:
    assert report_of(Mail(text="> dikutip", reply=""), "id").words == "> dikutip"


def test_a_forward_in_an_answer_is_not_unwrapped() -> None:
    passed = Forwarded(sender=Person(name="Ibu"), text="Kata ibu.")
    one = Mail(text="Ini suratnya. Kata ibu.", reply="Ini suratnya.", forwarded=passed)

    assert report_of(one, "id").words.startswith("Kata ibu.")
    assert report_of(one, "id", is_answer=True).words == "Ini suratnya."


@pytest.mark.parametrize(("words", "so"), [("Stop!", True), ("Stop AC itu", False)])
def test_commands_are_whole_mails(words: str, so: bool) -> None:
    assert is_command(Mail(reply=words)) is so
