"""Numbers that name a person are covered, however people write them; others stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.masking import COVER, Place, masked

OWN = ("119", "021-555-0100")


@pytest.mark.parametrize(
    ("written", "covered"),
    [
        ("no ktp 3271010190010001", "no ktp •••••••••••••001"),
        ("NIK: 3271 0101 9001 0001", "NIK: •••• •••• •••• •001"),
        ("NIK3271.01.01.9001.0001", "NIK••••.••.••.••••.•001"),
        ("nik saya 32710101900100", "nik saya •••••••••••100"),
        ("bpjs 0001234567890", "bpjs ••••••••••890"),
        ("kartu 4111-1111-1111-1111", "kartu ••••-••••-••••-•111"),
        ("0812-3456-7890", "••••-••••-•890"),
        ("+62 (812) 3456-7890", "+•• (•••) ••••-•890"),
        ("0 8 1 2 3 4 5 6 7 8 9 0", "• • • • • • • • • 8 9 0"),
        ("0812\n3456\n7890", "••••\n••••\n•890"),
        ("３２７１０１０１９００１０００１", "•••••••••••••００１"),
        ("wa.me/6281234567890", "wa.me/••••••••••890"),
        ("08.12.3456.7890", "••.••.••••.•890"),
        ("+65 9123 4567", "+•• •••• •567"),
    ],
)
def test_what_names_a_person_is_covered(written: str, covered: str) -> None:
    assert masked(written, Place.STAFF, OWN) == covered


@pytest.mark.parametrize(
    "written",
    [
        "TKT-20261123-0001 dan 20261123-10001",
        "tanggal 02-11-2026 10.30, sejak 2026-11-23T10:30",
        "pukul 08.30-10.30, kamar 305, tensi 120/80",
        "Rp 1.500.000.000.000 atau 1.500.000, bayar rp1500000",
        "hubungi 021-5550100 atau +62 21 555 0100 atau 119",
        "antrean 12345, RM 00-12-34-56, ICD-10 J18.9",
    ],
)
def test_what_names_nobody_stands(written: str) -> None:
    assert masked(written, Place.STAFF, OWN) == written


def test_an_answer_keeps_the_telephone_to_call_and_covers_the_rest() -> None:
    said = "Hubungi 0812-3456-7890, NIK 3271010190010001"

    assert masked(said, Place.PERSON) == "Hubungi 0812-3456-7890, NIK •••••••••••••001"


WRITTEN = st.text(alphabet="0123456789 +-./()nikwatelp\n٣５", max_size=80)


@given(WRITTEN)
def test_only_digits_are_covered_and_what_is_covered_stays_so(text: str) -> None:
    once = masked(text, Place.STAFF, OWN)

    assert len(once) == len(text)
    assert all(a == b or (b == COVER and a.isdigit()) for a, b in zip(text, once, strict=True))
    assert masked(once, Place.STAFF, OWN) == once


@given(
    st.from_regex(r"[1-9][0-9]{15}", fullmatch=True), st.sampled_from(["", " ", "-", ".", " - "])
)
def test_no_more_of_an_identity_number_is_seen_than_the_table_says(nik: str, gap: str) -> None:
    written = gap.join(nik[at : at + 4] for at in range(0, 16, 4))

    assert re.sub(r"\D", "", masked(f"ktp {written} ya", Place.PERSON)) == nik[-3:]
