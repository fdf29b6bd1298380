"""A notice: its facts and its words."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from core.hospital.directory import HospitalEntry
from core.notices.who_hears import RULES, TEMPLATES, TOGETHER
from core.reading.notice import NoticeFacts
from intake.language import LANGUAGES, words
from intake.notices import (
    EXCERPT,
    FOLDER,
    is_notice,
    written,
)
from intake.notices import TEMPLATES as ROOT
from tests.builders import MONDAY

AUDIENCE = {rule.template: rule.audience for rule in RULES}
AUDIENCE |= {both: AUDIENCE[urgent] for (urgent, _), both in TOGETHER.items()}
WITH_RECEIPT = frozenset(TOGETHER.values())
BOTH = [(template, language) for template in TEMPLATES for language in LANGUAGES]
FOR_PEOPLE = [(t, language) for t, language in BOTH if AUDIENCE[t] == "submitter"]
FOR_STAFF = [(t, language) for t, language in BOTH if AUDIENCE[t] != "submitter"]


def story(**changes: object) -> NoticeFacts:
    facts: dict[str, object] = {
        "hospital": HospitalEntry(
            name="RS Contoh Sehat",
            short_name="RS Contoh",
            phone="0800-0000-0001",
            emergency_phone="0800-0000-0119",
        ),
        "number": "TKT-20261123-0001",
        "kind": "complaint",
        "unit": "Farmasi",
        "due_at": MONDAY + timedelta(days=1),
        "received_at": MONDAY,
        "closed_at": None,
        "answer": "Obat sudah siap.\n\nMohon maaf atas keterlambatannya.",
        "report": "Obat untuk ayah saya belum datang.",
        "who": "Ibu Contoh",
        "source": "web",
        "files": 2,
        "track_url": "https://lapor.example.org/t/AAAA-BBBB-CCCC-DDDD",
    }
    return NoticeFacts(**(facts | changes))  # type: ignore[arg-type]  # a builder for any field


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_notice_has_all_its_files(template: str) -> None:
    missing = [
        part for part in ("subject.txt", "txt", "html")
        if not (ROOT / FOLDER / f"{template}.{part}").is_file()
    ]  # fmt: skip

    assert missing == []
    assert is_notice(template)


def test_every_sentence_of_the_notices_is_written_in_indonesian_too() -> None:
    written = {
        message if isinstance(message, str) else message[0]
        for path in (ROOT / FOLDER).iterdir()
        for message in _messages(path)
    }

    assert "We have received your report" in written
    assert written - {*words("id").messages, *words("id").plurals} == set()


@pytest.mark.parametrize(("template", "language"), BOTH)
def test_news_comes_first_and_the_number_is_in_the_subject(template: str, language: str) -> None:
    notice = written(template, language, story())

    first, _, rest = notice.text.partition("\n")
    assert notice.subject.endswith("(TKT-20261123-0001)")
    assert first.endswith(".")
    assert "Farmasi" in first
    assert first in _visible(notice.html)
    assert "TKT-20261123-0001" in rest
    assert "\n\n\n" not in notice.text


@pytest.mark.parametrize(("template", "language"), BOTH)
def test_text_and_html_say_the_same(template: str, language: str) -> None:
    notice = written(template, language, story())

    shown = _visible(notice.html)
    for line in notice.text.splitlines():
        *label, last = line.removeprefix("|").strip().partition(" http")
        sentence = last if label[1] else label[0].removesuffix(":")
        assert sentence.removeprefix("--") in shown


@pytest.mark.parametrize(("template", "language"), BOTH)
def test_html_is_self_contained_and_quiet(template: str, language: str) -> None:
    html = written(template, language, story()).html

    assert not re.search(r"<(img|script|link|iframe|form|video|svg)\b|url\(|@import", html)
    links = set(re.findall(r'(?:href|src)="([^"]*)"', html))
    assert links <= {"https://lapor.example.org/t/AAAA-BBBB-CCCC-DDDD"}
    assert 'style="' in html
    assert "prefers-color-scheme" in html
    assert f'lang="{language}"' in html
    assert len(html.encode()) < 20_000  # mail programs cut off at 102 KB


@pytest.mark.parametrize(("template", "language"), FOR_PEOPLE)
def test_submitters_read_the_answer_and_never_their_own_words(template: str, language: str) -> None:
    notice = written(template, language, story(report="kata pelapor", who="nama pelapor"))

    for body in (notice.text, notice.html):
        assert "Obat sudah siap." in body
        assert "https://lapor.example.org/t/AAAA-BBBB-CCCC-DDDD" in body
        assert "0800-0000-0119" in body
        assert "kata pelapor" not in body
        assert "nama pelapor" not in body


@pytest.mark.parametrize(("template", "language"), FOR_STAFF)
def test_staff_read_the_report_and_who_wrote_it_unless_unnamed(
    template: str, language: str
) -> None:
    named = written(template, language, story())
    unnamed = written(template, language, story(who=None))

    for body in (named.text, named.html):
        assert "Obat untuk ayah saya belum datang." in body
        assert "Ibu Contoh" in body
        assert ("/t/" in body) is (template in WITH_RECEIPT)
    assert "Ibu Contoh" not in unnamed.text + unnamed.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_page_has_no_link_the_notice_of_both_names_none(language: str) -> None:
    notice = written("unit_received_receipt", language, story(track_url=None))

    for body in (notice.text, _visible(notice.html)):
        assert "TKT-20261123-0001" in body
        assert words(language).singular("The page for whoever reported:") not in body


def test_a_long_report_is_shortened_for_staff() -> None:
    notice = written("unit_received", "id", story(report="kata " * 1000))

    assert len(notice.text) < EXCERPT + 1200
    assert "…" in notice.text


def test_hours_and_words_are_the_readers() -> None:
    there = replace(story().hospital, zone="Asia/Jayapura")

    indonesian = written("received", "id", story(hospital=there))
    english = written("received", "en", story())

    assert "Selasa, 24 November 2026 pukul 12.00 WIT." in indonesian.text
    assert "Tuesday, 24 November 2026 at 10:00 WIB at the latest." in english.text
    assert indonesian.subject == "Laporan Anda sudah kami terima (TKT-20261123-0001)"
    assert english.subject == "We have received your report (TKT-20261123-0001)"


def test_an_answer_reads_as_it_was_written() -> None:
    notice = written("replied", "id", story())

    assert "| Obat sudah siap.\n|\n| Mohon maaf atas keterlambatannya." in notice.text
    assert "Obat sudah siap.<br>\n<br>\nMohon maaf" in notice.html
    assert "Disertai 2 berkas" in notice.text


def test_what_is_absent_is_left_out() -> None:
    bare = replace(story().hospital, phone="", emergency_phone="")

    notice = written("resolved", "en", story(answer="", track_url=None, hospital=bare))

    assert "From Farmasi" not in notice.text
    assert "Phone:" not in notice.text
    assert "http" not in notice.text + re.sub(r"<!DOCTYPE.*?>", "", notice.html)
    assert "In an emergency call 119." in notice.text


@pytest.mark.parametrize(("template", "language"), BOTH)
def test_hostile_words_stay_words(template: str, language: str) -> None:
    hostile = '<script>alert(1)</script>{{ 7*7 }}{% include "x" %}&amp;\r\nBcc: x@example.org'

    notice = written(
        template,
        language,
        story(answer=hostile, report=hostile, unit=hostile, who=hostile, number="TKT-1-1"),
    )

    assert "\n" not in notice.subject
    assert "<script>" not in notice.html
    assert "&lt;script&gt;alert(1)" in notice.html
    assert "49" not in notice.text


def test_an_accent_that_is_no_colour_falls_back() -> None:
    odd = replace(story().hospital, accent="red; background: url(//x)")

    html = written("replied", "id", story(hospital=odd)).html

    assert "url(" not in html


def _messages(path: Path) -> list[str | tuple[str, ...]]:
    method = "jinja2.ext:babel_extract"
    return [found[1] for found in extract_from_file(method, path)]


def _visible(html: str) -> str:
    text = re.sub(r"<(style|title)\b.*?</\1>|<[^>]+>", "", html, flags=re.DOTALL)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
