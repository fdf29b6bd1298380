"""What hides in other forms: winmail.dat, invitations, signed and encrypted mail."""

import base64
import struct

import pytest

from intake.channels.email.understanding.understand import understand

HEAD = "From: a@example.org\nSubject: x\n"


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    checksum = sum(data) % 65536
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", checksum)


def winmail() -> bytes:
    """Return a small winmail.dat with a text and one file (MS-OXTNEF 2.1.3)."""
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x800C, 0x0002, b"Isi dari Outlook\0")
        + attribute(2, 0x9002, 0x0006, struct.pack("<HIHHI", 1, 0, 0, 0, 0))
        + attribute(2, 0x8010, 0x0001, b"catatan.txt\0")
        + attribute(2, 0x800F, 0x0006, b"halo")
    )


def with_file(kind: str, name: str, data: bytes) -> bytes:
    return (
        f"{HEAD}Content-Type: {kind}; name={name}\nContent-Transfer-Encoding: base64\n\n"
    ).encode() + base64.encodebytes(data)


def test_winmail_gives_its_text_and_files() -> None:
    mail = understand(with_file("application/ms-tnef", "winmail.dat", winmail()))

    assert mail.text == "Isi dari Outlook"
    assert [(one.filename, one.data) for one in mail.attachments] == [("catatan.txt", b"halo")]
    assert "Files were unpacked from a winmail.dat of Outlook." in mail.problems


@pytest.mark.parametrize("missing", [1, 4, 60])
def test_damaged_winmail_stays_as_it_is(missing: int) -> None:
    damaged = winmail()[:-missing]

    mail = understand(with_file("application/ms-tnef", "winmail.dat", damaged))

    assert [(one.filename, one.data) for one in mail.attachments] == [("winmail.dat", damaged)]
    assert "A winmail.dat is damaged and was kept as it is." in mail.problems


def test_damaged_invitation_is_a_file_and_a_note() -> None:
    raw = f"{HEAD}Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nX\n".encode()

    mail = understand(raw)

    assert mail.automatic == "calendar"
    assert [one.content_type for one in mail.attachments] == ["text/calendar"]
    assert "A calendar file is damaged and was not read." in mail.problems


def test_encrypted_mail_says_so() -> None:
    pgp = f"{HEAD}\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n".encode()

    for raw in (with_file("application/pkcs7-mime", "smime.p7m", b"x"), pgp):
        assert any("encrypted" in sentence for sentence in understand(raw).problems)


def test_signed_mail_says_so_and_shows_its_text() -> None:
    raw = (
        f'{HEAD}Content-Type: multipart/signed; boundary="b"\n\n--b\n\nisi\n'
        "--b\nContent-Type: application/pgp-signature\n\nabc\n--b--\n"
    ).encode()

    mail = understand(raw)

    assert mail.text == "isi"
    assert [one.filename for one in mail.attachments] == ["signature.asc"]
    assert "The mail is signed; the signature was not checked." in mail.problems


def test_inline_signature_is_no_part_of_the_reply() -> None:
    raw = (
        f"{HEAD}\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nisi surat\n- - daftar\n"
        "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    ).encode()

    assert understand(raw).reply == "isi surat\n- daftar"
