"""Header blocks, encoded words, parameters, people, ids and dates, as real mail breaks them."""

import pytest

from intake.channels.email.understanding import (
    addresses,
    dates,
    identifiers,
    limits,
    parameters,
    words,
)
from intake.channels.email.understanding.fields import split_entity
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.problems import Problems


def names_of(raw: bytes) -> list[str]:
    return [name for name, _ in split_entity(raw, Problems())[0].items]


def person(text: str) -> tuple[str, str | None]:
    found = addresses.parse_list([text.encode()], Problems())
    assert len(found) == 1, found
    return found[0].name, found[0].address


def test_mbox_line_before_the_headers_is_skipped() -> None:
    raw = b"From budi@example.org Tue Jan  6 10:00:00 2026\nSubject: x\n\nhalo"

    fields, body = split_entity(raw, Problems())

    assert fields.first("subject") == b"x"
    assert body == b"halo"


def test_broken_line_in_the_headers_loses_nothing_after_it() -> None:
    problems = Problems()
    raw = b"Subject: =?utf-8?b?aGFs\nbw==?=\nFrom: a@example.org\n\nisi"

    fields, body = split_entity(raw, problems)

    assert words.decode(fields.first("subject") or b"", Problems()) == "halo"
    assert fields.first("from") == b"a@example.org"
    assert body == b"isi"
    assert problems


def test_missing_empty_line_begins_the_text_at_the_first_prose() -> None:
    fields, body = split_entity(b"Subject: x\nHalo semua\nini isinya\n\nlagi", Problems())

    assert [name for name, _ in fields.items] == ["subject"]
    assert body == b"Halo semua\nini isinya\n\nlagi"


def test_text_without_any_header_is_all_text() -> None:
    fields, body = split_entity(b"tidak ada kepala surat", Problems())

    assert fields.items == ()
    assert body == b"tidak ada kepala surat"


def test_header_value_and_number_of_fields_are_limited() -> None:
    problems = Problems()

    fields, _ = split_entity(
        b"Subject: " + b"a" * 100_000 + b"\n" + b"X: y\n" * 5000 + b"\n", problems
    )

    assert len(fields.first("subject") or b"") == limits.HEADER_VALUE_BYTES
    assert len(fields.items) == limits.HEADER_FIELDS
    assert len(problems.sentences()) == 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?q?caf=C3=A9?=", "café"),
        (b"=?utf-8?b?4oKs?=", "€"),
        (b"=?utf-8?q?=E2=82?= =?utf-8?q?=AC?=", "€"),  # a character cut in two
        (b"=?UTF-8?B?aGFsbw?=", "halo"),  # no padding
        (b"=?utf-8?q?dua kata?= biasa", "dua kata biasa"),
        (b"=?utf-8*id?q?halo?=", "halo"),  # RFC 2231 language
        (b"=?gb2312?b?xOO6ww==?=", "你好"),
        (b"=?no-such-charset?q?halo?=", "halo"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        (b"Re: =?utf-8?q?a?= b =?utf-8?q?c?=", "Re: a b c"),
        ("Keluhan é".encode(), "Keluhan é"),
        (b"Keluhan \xe9", "Keluhan é"),
        (b"=?broken", "=?broken"),
        (b"=?utf-8?q?x=0D=0ABcc:_v@example.org?=", "x Bcc: v@example.org"),
        (b"=?utf-8?q?laporan_=E2=80=AEfdp.exe?=", "laporan fdp.exe"),
    ],
)
def test_encoded_words_are_read(raw: bytes, text: str) -> None:
    assert words.decode(raw, Problems()) == text


def test_eight_bit_header_follows_the_charset_of_the_text() -> None:
    raw = "ツール".encode("shift_jis")

    assert words.decode(raw, Problems(), charset_hint="shift_jis") == "ツール"


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b'text/plain; charset="UTF-8"', {"charset": "UTF-8"}),
        (b"text/plain; charset=utf-8; format=flowed", {"charset": "utf-8", "format": "flowed"}),
        (b'a/b; name="x;y.pdf"', {"name": "x;y.pdf"}),
        (b'a/b; name="x\\"y.pdf"', {"name": 'x"y.pdf'}),
        (b'a/b; name="C:\\temp\\a.txt"', {"name": "C:\\temp\\a.txt"}),
        (b"a/b; name*=utf-8''r%C3%A9sum%C3%A9.pdf", {"name": "résumé.pdf"}),
        (b"a/b; name*0*=utf-8''r%C3%A9; name*1=sum; name*2*=%C3%A9.pdf", {"name": "résumé.pdf"}),
        (b'a/b; name="=?utf-8?q?r=C3=A9sum=C3=A9.pdf?="', {"name": "résumé.pdf"}),
        (b"a/b; name*0*=; name*9999999999=y; =; ;;", {"name": ""}),
    ],
)
def test_parameters_are_read(raw: bytes, wanted: dict[str, str]) -> None:
    assert parameters.parse(raw, Problems()).parameters == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Budi Misal <budi@example.org>", ("Budi Misal", "budi@example.org")),
        ("budi@example.org (Budi Misal)", ("Budi Misal", "budi@example.org")),
        ("budi@example.org", ("", "budi@example.org")),
        ("<budi@example.org>", ("", "budi@example.org")),
        ('"Misal, Budi" <budi@example.org>', ("Misal, Budi", "budi@example.org")),
        ("Misal, Budi <budi@example.org>", ("Misal, Budi", "budi@example.org")),
        ("'Budi' <budi@example.org>", ("Budi", "budi@example.org")),
        ('"Budi" budi@example.org', ("Budi", "budi@example.org")),
        ("Budi [mailto:budi@example.org]", ("Budi", "budi@example.org")),
        ("Budi <budi@example.org", ("Budi", "budi@example.org")),
        ("Budi < budi @ example.org. >", ("Budi", "budi@example.org")),
        ("budi@example.org <budi@example.org>", ("", "budi@example.org")),
        ("=?utf-8?q?Misal=2C_Budi?= <budi@example.org>", ("Misal, Budi", "budi@example.org")),
        ("Budi <budi@xn--mnchen-3ya.example>", ("Budi", "budi@münchen.example")),
        ("Budi <@relay.example.org:budi@example.org>", ("Budi", "budi@example.org")),
        ("Hanya Nama", ("Hanya Nama", None)),
        ("Ruang: Budi <budi@example.org>;", ("Budi", "budi@example.org")),
    ],
)
def test_one_person_is_salvaged(text: str, wanted: tuple[str, str | None]) -> None:
    assert person(text) == wanted


def test_lists_groups_and_semicolons_are_cut_into_people() -> None:
    text = b"Ruang: a@example.org, B <b@example.org>; c@example.org, undisclosed-recipients:;"

    found = addresses.parse_list([text], Problems())

    assert [one.address for one in found] == ["a@example.org", "b@example.org", "c@example.org"]


@pytest.mark.parametrize("text", ["<", "a@[", "(" * 20_000, '"' * 999, "<<<>>>", ",;,;", "@", "a@"])
def test_broken_people_do_not_fail(text: str) -> None:
    assert isinstance(addresses.parse_list([text.encode()], Problems()), tuple)


def test_number_of_people_is_limited() -> None:
    problems = Problems()

    found = addresses.parse_list([b"a@b.example," * 3000], problems)

    assert len(found) == limits.ADDRESSES
    assert problems


def test_ids_lose_their_brackets_and_the_newest_are_kept() -> None:
    problems = Problems()
    raw = b" ".join(b"<%d@example.org>" % number for number in range(1000))

    found = identifiers.in_order([raw, b"<999@example.org>"], problems)

    assert len(found) == limits.REFERENCES
    assert found[-1] == "999@example.org"
    assert problems


def test_missing_id_is_made_from_the_bytes() -> None:
    assert identifiers.generated(b"a") == identifiers.generated(b"a")
    assert identifiers.generated(b"a") != identifiers.generated(b"b")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("Tue, 06 Jan 2026 10:00:00 +0700", "2026-01-06T10:00:00+07:00"),
        ("6 Jan 2026 10:00 GMT", "2026-01-06T10:00:00+00:00"),
        ("2026-01-06T10:00:00+07:00", "2026-01-06T10:00:00+07:00"),
        ("Mon, 99 Foo 99999 99:99:99 +9999", None),
        ("", None),
        ("besok", None),
        ("Tue, 06 Jan 1899 10:00:00 +0700", None),
    ],
)
def test_dates_are_read_or_nothing(value: str, wanted: str | None) -> None:
    assert dates.iso(value) == wanted


def test_person_without_anything_is_empty() -> None:
    assert addresses.parse_list([b""], Problems()) == ()
    assert Person().as_contract() == {"name": "", "address": None}
