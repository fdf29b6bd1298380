"""A safe name is safe everywhere and still recognisable."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.ground.text import clean
from intake.uploads.names import NAME_BYTES, display_name, extension_of, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("foto.jpg", "foto.jpg"),
        ("Foto kamar 3 (1).JPG", "Foto kamar 3 (1).JPG"),
        ("kamar mandi – lantai 2.png", "kamar mandi – lantai 2.png"),
        ("写真.heic", "写真.heic"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\foto.jpg", "foto.jpg"),
        ("a/b\0.jpg", "b_.jpg"),
        ("foto\r\nSet-Cookie: x=1.jpg", "foto Set-Cookie_ x=1.jpg"),
        ('a"b;c.jpg', "a_b;c.jpg"),
        ("faktur\u202egpj.exe", "fakturgpj.exe"),
        ("nol\u200blebar.pdf", "nollebar.pdf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("NUL.tar.gz", "_NUL.tar.gz"),
        ("LPT1.jpg", "_LPT1.jpg"),
        ("COM12.jpg", "COM12.jpg"),
        ("", "file"),
        ("...", "file"),
        (".jpg", "jpg"),
        (".htaccess", "htaccess"),
        ("-rf.txt", "rf.txt"),
        ("cafe\u0301.jpg", "café.jpg"),
        ("titik.", "titik"),
        ("a.b c", "a.b c"),
    ],
)
def test_a_name_keeps_what_is_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension_and_whole_letters() -> None:
    name = safe_name("é" * 400 + ".jpeg")

    assert name.endswith("é.jpeg")
    assert NAME_BYTES - 1 <= len(name.encode()) <= NAME_BYTES


def test_a_name_without_extension_gets_the_one_of_its_content() -> None:
    assert safe_name("blob", "jpg") == "blob.jpg"
    assert safe_name("", "webm") == "file.webm"
    assert safe_name("foto.png", "jpg") == "foto.png"


@given(st.text(max_size=400) | st.text("./\\ CONconnul\u202e\0:~-_", max_size=30), st.just("jpg"))
@example("_" * 300 + "CON", "jpg")
@example("C" * 300 + ".con", "")
@example("\u0344" * 200, "")
def test_every_name_becomes_a_safe_one(name: str, extension: str) -> None:
    safe = safe_name(name, extension)

    assert safe
    assert len(safe.encode()) <= NAME_BYTES
    assert not set(safe) & set('/\\:*?"<>|\0\r\n')
    assert clean(safe) == safe
    assert not any("\u202a" <= letter <= "\u202e" for letter in safe)
    assert safe[0] not in ".- "
    assert safe[-1] not in ". "
    assert safe.split(".")[0].upper() not in {"CON", "NUL", "PRN", "AUX", "COM1"}
    assert safe_name(safe, extension) == safe


@given(st.text(max_size=2000))
def test_a_name_for_display_is_one_short_line(name: str) -> None:
    shown = display_name(name, 500)

    assert len(shown) <= 500
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.JPG", "jpg"),
        ("a.tar.gz", "gz"),
        ("a", ""),
        (".jpg", ""),
        ("", ""),
        ("a." + "x" * 40, ""),
    ],
)
def test_the_extension_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
