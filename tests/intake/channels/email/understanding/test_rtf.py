"""Words in RTF: as a body, packed into a winmail.dat, with HTML inside; damaged and hostile too."""

import base64
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.channels.email.understanding import clean, compressed_rtf, limits, rtf
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.understand import understand
from tests.intake.channels.email.understanding.test_wrapped import attribute, with_file

OUTLOOK = base64.b64decode(
    "KgEAAOEBAABMWkZ1EMpfrwMACgByY3BnMTI1gjIDQ2h0bWwxAzD/AQMB9wKkA+QHEwKDAFAC8okCAGNoCsBzZXQB"
    "0O40ELYCkQjvZQoGAoAKgDkAACpcDrIBkA4QOSCaPA6yPgKRFTc1MBXgKQbgZHkWSzYScDxwdxZAFUMAISAAABjl"
    "FyBEmG9rdASQAzB7ahWgAGFcfSB0aWRhTGsgGzABkG5nAzAnoDk2IHN1GzBoGwHpGsAgawdAaRtgBSAboSpnAxAu"
    "FRk4EnAmbrhic3ACgBjXG+BhAUDvGYcVGQHAFeAvGKkKohjHQyB7GGVJYnUgB4BuBxuhBAADMHUtMTAxSDc5PyUh"
    "ODcSYD/5HCBhbQqwHRAKsCTgHcpvIU8KsR//FtM4IWEXVH0BKwA="
)
"""An HTML mail as Outlook packs it: written by hand, packed by the reference packer."""

WORDS = {
    # name: RTF, what a person reads
    "paragraphs": (
        rb"{\rtf1\ansi AC mati.\par Kamar panas.\line Sekali.}",
        "AC mati.\nKamar panas.\nSekali.",
    ),
    "umlaut": (rb"{\rtf1\ansi\ansicpg1252 caf\'e9}", "café"),
    "code page": (rb"{\rtf1\ansi\ansicpg1251 \'c4\'e0}", "Да"),
    "font's code page": (
        rb"{\rtf1\ansi{\fonttbl{\f0 A;}{\f1\fcharset204 A;}}\f0 caf\'e9 {\f1 \'c4\'e0}\'e9}",
        "café Даé",
    ),
    "bytes of two": (rb"{\rtf1\ansi\ansicpg936 \'c4\'e3\'ba\'c3}", "你好"),
    "unicode": (rb"{\rtf1\ansi\uc1 \u8364?5 dan \u-10179?\u-8704?}", "€5 dan 😀"),
    "unicode without a stand-in": (rb"{\rtf1\uc0\u233 t\u233 }", "été"),
    "braces": (rb"{\rtf1 \{x\} \\ \~y\_z}", "{x} \\  y-z"),
    "tables": (rb"{\rtf1 satu\cell dua\cell\row tiga}", "satu dua\ntiga"),
    "link": (
        rb'{\rtf1 {\field{\*\fldinst HYPERLINK "https://x.example"}{\fldrslt di sini}}}',
        "di sini",
    ),
    "picture": (rb"{\rtf1 a{\pict\jpegblip ffd8ffe0}b}", "ab"),
    "raw bytes": (b"{\\rtf1 a{\\pict\\bin5 }{}{}}b}", "ab"),
    "unknown groups": (rb"{\rtf1{\*\apaini rahasia}{\info{\author x}}kata}", "kata"),
    "upper case": (rb"{\rtf1\ANSI KATA}", "KATA"),
    "unknown code page": (rb"{\rtf1\ansicpg99999 kata}", "kata"),
    "open at the end": (rb"{\rtf1 {\b kata", "kata"),
    "closed too often": (rb"{\rtf1 kata}}}", "kata"),
}


@pytest.mark.parametrize("name", WORDS)
def test_the_words_of_rtf_are_read(name: str) -> None:
    source, text = WORDS[name]

    assert rtf.text_of(source, Problems()) == text


def test_html_packed_into_rtf_says_its_words_once() -> None:
    text = rtf.text_of(compressed_rtf.unpack(OUTLOOK), Problems())

    first, second = (line.strip() for line in text.split("\n") if line)
    assert first == "Dokter {jaga} tidak datang – sudah tiga kali dipanggil."
    assert second == "Ibu menangis 😀 sampai pagi."


@pytest.mark.parametrize("size", range(0, len(OUTLOOK), 7))
def test_what_is_cut_short_gives_what_is_there(size: int) -> None:
    whole = compressed_rtf.unpack(OUTLOOK)

    assert whole.startswith(compressed_rtf.unpack(OUTLOOK[:size])) or size < 16


def test_what_refers_to_before_the_beginning_is_blank_and_ends() -> None:
    packed = b"\0" * 8 + b"LZFu" + b"\0" * 4 + b"\xff" + b"\xf0\x0f" * 2

    assert compressed_rtf.unpack(packed) == b" " * 34


def test_a_bomb_is_cut_at_its_limit() -> None:
    packed = b"\0" * 8 + b"LZFu" + b"\0" * 4 + (b"\xff" + b"\x00\x0f" * 8) * 200_000

    assert len(compressed_rtf.unpack(packed)) < limits.RTF_BYTES + 8 * 17


TOKENS = (
    *(b"{", b"}", b"\\", b"\\*", b"\\u-1", b"\\u99999999 ", b"\\uc99999999", b"\\uc-1 ", b"\\'e9"),
    *(b"\\bin9 ", b"\\bin-9 ", b"\\f", b"\\f-1", b"\\fcharset", b"\\fcharset128", b"\\fonttbl"),
    *(b"\\ansicpg", b"\\ansicpg0", b"\\ansicpg65001", b"\\par", b"kata", b"\xe9\x00", b"\n"),
)


def winmail(packed: bytes) -> bytes:
    """Return a winmail.dat whose only text is packed RTF (MS-OXTNEF §2.1.3.4)."""
    padded = packed + b"\0" * (-len(packed) % 4)
    prop = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(packed)) + padded
    return struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x9003, 0x0006, prop)


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (OUTLOOK, "Ibu menangis 😀 sampai pagi."),
        (b"\0" * 8 + b"MELA" + b"\0" * 4 + rb"{\rtf1 Antre lama.\par}", "Antre lama."),
    ],
)
def test_a_winmail_whose_only_text_is_rtf_gives_its_words(packed: bytes, words: str) -> None:
    mail = understand(with_file("application/ms-tnef", "winmail.dat", winmail(packed)))

    assert words in mail.text
    assert words in mail.letter
    assert mail.attachments == ()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(OUTLOOK)), st.binary(max_size=40))
def test_whatever_is_changed_something_is_read(place: int, other: bytes) -> None:
    changed = OUTLOOK[:place] + other + OUTLOOK[place + len(other) :]

    text = rtf.text_of(compressed_rtf.unpack(changed), Problems())

    assert clean.text(text) == text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=60))
def test_tokens_in_any_order_are_read(tokens: list[bytes]) -> None:
    text = rtf.text_of(b"{\\rtf1 " + b"".join(tokens), Problems())

    assert clean.text(text) == text


def test_too_much_rtf_is_cut_and_said() -> None:
    problems = Problems()

    text = rtf.text_of(b"{\\rtf1 " + b"kata " * limits.RTF_BYTES, problems)

    assert text.startswith("kata kata")
    assert problems.sentences() == ("The RTF text is too long and was cut.",)
