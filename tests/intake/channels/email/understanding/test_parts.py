"""The tree, transfer encodings, charsets, roles of parts and files."""

import base64

import pytest

from intake.channels.email.understanding import charsets, flowed, limits, transfer, tree
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.understand import understand

HEAD = b"From: A <a@example.org>\nSubject: x\n"


def multipart(*parts: bytes, kind: str = "mixed") -> bytes:
    head = HEAD + f'Content-Type: multipart/{kind}; boundary="=_b"\n\n'.encode()
    return head + b"".join(b"--=_b\n" + part + b"\n" for part in parts) + b"--=_b--\n"


def plain(text: str) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()


def file(name: str, data: bytes, kind: str = "application/pdf") -> bytes:
    return (
        f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n'
        "Content-Transfer-Encoding: base64\n\n"
    ).encode() + base64.encodebytes(data)


def depth_of(part: tree.Part) -> int:
    return 1 + max(map(depth_of, part.parts), default=0)


def test_depth_is_limited_and_said() -> None:
    raw = HEAD
    for number in range(2000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
    problems = Problems()

    root = tree.read(raw + b"\nhalo", problems)

    assert depth_of(root) == limits.DEPTH + 1  # the mail itself, and so many below it
    assert any("nested too deeply" in sentence for sentence in problems.sentences())


def test_number_of_parts_is_limited_and_said() -> None:
    mail = understand(multipart(*[plain("x")] * 5000))

    assert mail.text.count("x") == limits.PARTS
    assert any("too many" in sentence for sentence in mail.problems)


def test_missing_last_boundary_keeps_the_last_part() -> None:
    raw = multipart(plain("satu"), plain("dua")).removesuffix(b"--=_b--\n")

    assert understand(raw).text == "satu\ndua\n"


def test_boundary_of_another_is_no_boundary() -> None:
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsatu\n--bb\ndua\n--b--\n"

    assert understand(raw).text.split() == ["satu", "--bb", "dua"]


def test_undeclared_boundary_is_found() -> None:
    raw = HEAD + b"Content-Type: multipart/mixed\n\n--x1\n\nsatu\n--x1\n\ndua\n--x1--\n"

    assert understand(raw).text == "satu\ndua"


def test_alternative_gives_one_text_and_its_html() -> None:
    page = b"Content-Type: text/html; charset=utf-8\n\n<p>halo <b>semua</b></p>"

    mail = understand(multipart(plain("halo semua"), page, kind="alternative"))

    assert mail.text == "halo semua"
    assert mail.html == "<p>halo <b>semua</b></p>"
    assert mail.attachments == ()


def test_files_between_texts_keep_the_order_of_the_texts() -> None:
    raw = multipart(plain("atas"), file("a.pdf", b"%PDF"), plain("bawah"))

    mail = understand(raw)

    assert mail.text == "atas\nbawah"
    assert [(one.filename, one.data, one.inline) for one in mail.attachments] == [
        ("a.pdf", b"%PDF", False)
    ]


def test_enclosed_mail_is_one_file_named_by_its_subject() -> None:
    inner = HEAD.replace(b"Subject: x", b"Subject: Isi dalam") + b"\ndalam"

    mail = understand(multipart(plain("luar"), b"Content-Type: message/rfc822\n\n" + inner))

    assert mail.text == "luar"
    assert [one.filename for one in mail.attachments] == ["Isi dalam.eml"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Content-Type: image/jpeg; name=foto.jpg", "foto.jpg"),
        ("Content-Type: image/jpeg\nContent-Disposition: attachment", "image.jpg"),
        ("Content-Type: image/jpeg\nContent-Location: http://x.example/a/b.jpg?c", "b.jpg"),
        ("Content-Type: a/b; name=x.bin\nContent-Disposition: attachment; filename=y.bin", "y.bin"),
        ("Content-Type: a/b\nContent-Disposition: attachment; filename=../../etc/x", "_.._etc_x"),
        ('Content-Type: a/b\nContent-Disposition: attachment; filename="C:\\x\\y.doc"', "y.doc"),
        ("Content-Type: a/b\nContent-Disposition: attachment; filename=a%20b.txt", "a b.txt"),
        ("Content-Type: application/x-unheard-of", "x-unheard-of.bin"),
    ],
)
def test_file_gets_the_best_name_and_a_safe_one(head: str, name: str) -> None:
    mail = understand(multipart(plain("x"), head.encode() + b"\n\ndata"))

    assert [one.filename for one in mail.attachments] == [name]


def test_long_file_name_keeps_its_ending() -> None:
    mail = understand(multipart(plain("x"), file("a" * 400 + ".pdf", b"1")))

    assert len(mail.attachments[0].filename) == limits.FILENAME_CHARACTERS
    assert mail.attachments[0].filename.endswith(".pdf")


@pytest.mark.parametrize(
    ("encoding", "body", "wanted"),
    [
        ("base64", b"aGFsbw==", b"halo"),
        ("base64", b"aGFsbw", b"halo"),
        ("BASE64 ", b"aGF*s\nbw=\n=", b"halo"),
        ("base64", b"aGFsbw==aGFsbw==", b"halohalo"),
        ("base64", b"aGFsb", b"hal"),
        ("quoted-printable", b"a=3Db=\nc", b"a=bc"),
        ("quoted-printable", b"a=ZZb", b"a=ZZb"),
        ("x-uuencode", b"begin 644 a.txt\n$:&%L;P  \n`\nend\n", b"halo"),
        ("7bit", b"halo", b"halo"),
        ("rot13", b"halo", b"halo"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, body: bytes, wanted: bytes) -> None:
    assert transfer.decode(body, encoding, Problems()) == wanted


@pytest.mark.parametrize(
    ("data", "declared", "wanted"),
    [
        ("é".encode(), "utf-8", "é"),
        ("é".encode("latin-1"), "iso-8859-1", "é"),
        ("é".encode(), "iso-8859-1", "é"),  # says Latin, is utf-8
        ("“é”".encode("cp1252"), "us-ascii", "“é”"),
        ("你好".encode("gbk"), "gb2312", "你好"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
        ("ツ①".encode("cp932"), "shift_jis", "ツ①"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本"),
        ("สวัสดี".encode("cp874"), "windows-874", "สวัสดี"),
        (b"halo", "charset=utf-8", "halo"),
        (b"halo", "utf-8*en", "halo"),
        (b"halo", "base64", "halo"),
        (b"halo \xe9", "no-such", "halo é"),
        (b"halo \xff\xfe\x81", "utf-8", "halo \ufffd\ufffd\ufffd"),
    ],
)
def test_charsets_are_read(data: bytes, declared: str, wanted: str) -> None:
    assert charsets.decode(data, declared, Problems()) == wanted


def test_departure_from_the_declared_charset_is_noted() -> None:
    problems = Problems()

    charsets.decode(b"\xe9", "utf-8", problems)

    assert problems.sentences() == ("The text does not fit the character set that it declares.",)


def test_flowed_lines_are_joined_inside_their_quote() -> None:
    text = "> satu \n> dua\ntiga \nempat\n-- \nBudi"

    joined = flowed.unflow(text, delete_space=False)

    assert joined == "> satu dua\ntiga empat\n-- \nBudi"


def test_flowed_lines_join_without_the_space_where_asked() -> None:
    assert flowed.unflow("你 \n好", delete_space=True) == "你好"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_all_line_ends_are_read(ending: bytes) -> None:
    raw = b"From: a@example.org\nSubject: x\n\nsatu\ndua\n".replace(b"\n", ending)

    mail = understand(raw)

    assert mail.subject == "x"
    assert mail.text == "satu\ndua\n"


def test_text_holds_neither_nul_nor_surrogates() -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=utf-7\n\n+2AA- \x00halo"

    assert understand(raw).text == "\ufffd halo"
