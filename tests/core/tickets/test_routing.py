from dataclasses import replace
from itertools import combinations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hospital.directory import UnitEntry
from core.tickets.routing import RULES, route
from core.tickets.submission import Submission
from tests.builders import TOKEN
from tests.core.example import (
    CATEGORY,
    CLOSED_WARD,
    DESK,
    DIRECTORY,
    POSTER,
    WARD,
    directory,
    hospital,
)

WAYS: dict[str, dict[str, object]] = {
    # what a report says, by the rule that reads it; each leads to Ruang Melati
    "qr": {"qr_token": TOKEN},
    "chosen": {"unit_code": "melati"},
    "recipient": {"recipient": "melati@rs.example.org"},
    "category": {"category": "FAC"},
    "triage": {},
}
SENTENCES = {
    "qr": (
        "Kode QR yang dipindai terpasang di Ruang Melati.",
        "The QR code that was scanned hangs in Ruang Melati.",
    ),
    "chosen": ("Pelapor memilih Ruang Melati.", "The person chose Ruang Melati."),
    "recipient": (
        "Dikirim ke alamat e-mail milik Ruang Melati.",
        "It was sent to a mailbox of Ruang Melati.",
    ),
    "category": (
        "Ruang Melati menangani kategori yang dipilih.",
        "Ruang Melati answers for the chosen category.",
    ),
    "triage": (
        "Tujuan belum jelas; Meja Pengaduan akan membacanya dulu.",
        "No unit was named; Meja Pengaduan reads it first.",
    ),
}


def report(**facts: object) -> Submission:
    return Submission(channel="web", key="k", words="w", **facts)  # type: ignore[arg-type]  # any


@given(
    qr=st.sampled_from([None, TOKEN, "old", "x"]),
    unit=st.sampled_from([None, "melati", "LAMA", "?"]),
    recipient=st.sampled_from([None, "melati@rs.example.org", "melati+x@y", "who@x"]),
    category=st.sampled_from([None, "FAC", "?"]),
)
def test_routing_always_finds_an_active_unit_and_says_why(
    qr: str | None, unit: str | None, recipient: str | None, category: str | None
) -> None:
    told = report(qr_token=qr, unit_code=unit, recipient=recipient, category=category)

    way = route(told, DIRECTORY)

    assert way.unit.is_active
    assert way.unit.name in way.reason
    named = qr == TOKEN or unit == "melati" or (recipient or "").startswith("melati")
    assert (way.rule == "triage") is not (named or category == "FAC")


@pytest.mark.parametrize("rule", WAYS)
def test_each_rule_finds_its_unit_and_says_so_in_the_hospitals_language(rule: str) -> None:
    for language, sentence in zip(("id", "en"), SENTENCES[rule], strict=True):
        way = route(report(**WAYS[rule]), directory(hospital=hospital(languages=(language,))))

        assert way.unit == (DESK if rule == "triage" else WARD)
        assert (way.rule, way.reason) == (rule, sentence)


def test_a_hospital_of_another_language_reads_indonesian() -> None:
    way = route(report(), directory(hospital=hospital(languages=("jv",))))

    assert way.reason == SENTENCES["triage"][0]


@pytest.mark.parametrize(("first", "second"), list(combinations(WAYS, 2)))
def test_the_earlier_rule_decides(first: str, second: str) -> None:
    way = route(report(**(WAYS[second] | WAYS[first])), DIRECTORY)

    assert way.rule == first


def test_the_rules_are_these_in_this_order() -> None:
    assert [rule.name for rule in RULES] == list(WAYS)


def test_a_unit_chosen_by_its_identity_comes_before_one_chosen_by_its_code() -> None:
    pharmacy = UnitEntry(id=uuid4(), code="FARMASI", name="Farmasi")

    way = route(report(unit_id=pharmacy.id, unit_code="melati"), directory(pharmacy))

    assert (way.rule, way.unit) == ("chosen", pharmacy)


def test_a_closed_unit_is_passed_over() -> None:
    way = route(report(unit_id=CLOSED_WARD.id, qr_token="old"), DIRECTORY)

    assert way.unit == DESK
    assert way.qr_code_id is None


def test_a_category_that_no_unit_answers_for_leads_on() -> None:
    orphan = replace(CATEGORY, unit_id=None)

    way = route(report(category="FAC"), directory(categories={"FAC": orphan}))

    assert (way.rule, way.category_id) == ("triage", orphan.id)


def test_code_and_category_are_kept_whichever_rule_decides() -> None:
    chosen = route(report(unit_code="melati", category="FAC"), DIRECTORY)
    scanned = route(report(qr_token=TOKEN), DIRECTORY)

    assert (chosen.qr_code_id, chosen.category_id) == (None, CATEGORY.id)
    assert (scanned.qr_code_id, scanned.category_id) == (POSTER.id, None)


def test_no_category_is_not_the_category_without_a_code() -> None:
    nameless = directory(categories={"XXXX": CATEGORY})

    assert route(report(), nameless).category_id is None


def test_every_routing_rule_speaks_both_languages() -> None:
    for rule in RULES:
        assert set(rule.sentence) == {"id", "en"}
