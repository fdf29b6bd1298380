"""Signed and encrypted mail: what can be read is read, what cannot is said."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.channels.email.report import report_of
from intake.channels.email.understanding import cms, secured
from intake.channels.email.understanding.understand import understand
from intake.language import translate

HEAD = "From: Sari <sari@example.org>\nSubject: Keluhan\nMIME-Version: 1.0\n"
WORDS = "Perawat malam tidak datang."
DER = base64.b64decode(
    "MIIBHQYJKoZIhvcNAQcCoIIBDjCCAQoCAQExDTALBglghkgBZQMEAgEwVwYJKoZIhvcNAQcBoEoESENvbnRlbnQt"
    "VHlwZTogdGV4dC9wbGFpbjsgY2hhcnNldD11dGYtOA0KDQpQZXJhd2F0IG1hbGFtIHRpZGFrIGRhdGFuZy4NCjGB"
    "nDCBmQIBATAzMBsxGTAXBgNVBAMMEHNhcmlAZXhhbXBsZS5vcmcCFEwUsCAJRfogewBO7HX2BTOm3TcHMAsGCWCG"
    "SAFlAwQCATAKBggqhkjOPQQDAgRGMEQCIBSCIrjeb0WYPGIlhDFw3+czQDZ/tPAfMUKF74wxhhhUAiBCj2wOnLxO"
    "2HjU2e+qg0GFsC+PuRkVXBGw+NAzffDiBQ=="
)
"""Made by `openssl cms -sign -nodetach -binary`."""
BER = base64.b64decode(
    "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgARIQ29udGVudC1UeXBl"
    "OiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNClBlcmF3YXQgbWFsYW0gdGlkYWsgZGF0YW5nLg0KAAAAAAAA"
    "MYGdMIGaAgEBMDMwGzEZMBcGA1UEAwwQc2FyaUBleGFtcGxlLm9yZwIUTBSwIAlF+iB7AE7sdfYFM6bdNwcwCwYJ"
    "YIZIAWUDBAIBMAoGCCqGSM49BAMCBEcwRQIgM8D0nxAvZ0IT2fVjjUiMKZXFhqNgSduo2PRF4psOFaMCIQDC+MIE"
    "9wW4yhbd7ZF0i7I8neI2N9DKJ98oibOUxM/ZNAAAAAAAAA=="
)
"""The same in pieces of unknown length (`-stream -indef`)."""
ENVELOPED = base64.b64decode(
    "MIIBXQYJKoZIhvcNAQcDoIIBTjCCAUoCAQIxgcahgcMCAQOgUaFPMAkGByqGSM49AgEDQgAEwzblgFZ0iUl+fbWd"
    "8vybPM8CjuodA7L3YiIVP5dPgeVoVyvRMxfifW/T2Kl6Q5bZEzlj77HbzBeGq7BsO5b48TAYBgkrgQUQhkg/AAIw"
    "CwYJYIZIAWUDBAEFMFEwTzAzMBsxGTAXBgNVBAMMEHNhcmlAZXhhbXBsZS5vcmcCFEwUsCAJRfogewBO7HX2BTOm"
    "3TcHBBiZra0UmKsLCD7WpzIv5BUfpJIkFDa/BPMwfAYJKoZIhvcNAQcBMB0GCWCGSAFlAwQBAgQQS2CokvpItkxl"
    "4j+8ZuPWKIBQ2dDIRFFNYwvGCb6exwd77OWDR64j0bePV/4oZjEW4gwBDK12yTlWAwarQR96/v6xCZG+co628p+L"
    "3dfi5vkhbzicGqmuMTL9lle/lnW9ybY="
)


def element(tag: int, *inside: bytes) -> bytes:
    """Write one element of ASN.1 (X.690)."""
    body = b"".join(inside)
    return bytes((tag, 0x84)) + len(body).to_bytes(4, "big") + body


def signed(content: bytes) -> bytes:
    """Write signed data around a content, with nobody's signature."""
    data_type = element(0x06, bytes.fromhex("2a864886f70d010701"))
    wrapped = element(0x30, data_type, element(0xA0, element(0x04, content)))
    data = element(0x30, element(0x02, b"\1"), element(0x31), wrapped, element(0x31))
    return element(0x30, element(0x06, cms.SIGNED_DATA), element(0xA0, data))


def smime(data: bytes, kind: str = 'application/pkcs7-mime; name="smime.p7m"') -> bytes:
    head = f"{HEAD}Content-Type: {kind}\nContent-Disposition: attachment; filename=smime.p7m\n"
    return (head + "Content-Transfer-Encoding: base64\n\n").encode() + base64.encodebytes(data)


@pytest.mark.parametrize("data", [DER, BER])
@pytest.mark.parametrize(
    "kind",
    [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime; name=smime.p7m",
        "application/octet-stream; name=smime.p7m",
    ],
)
def test_a_text_that_its_signature_wraps_is_read(data: bytes, kind: str) -> None:
    mail = understand(smime(data, kind))

    assert mail.letter.strip() == WORDS
    assert mail.attachments == ()
    assert secured.SIGNED in mail.problems


def test_files_inside_a_signature_are_files_of_the_mail() -> None:
    inner = (
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nIsi surat.\r\n'
        "--x\r\nContent-Type: image/png; name=foto.png\r\nContent-Disposition: attachment\r\n\r\n"
        "PNG\r\n--x--"
    )

    mail = understand(smime(signed(inner.encode())))

    assert mail.text.strip() == "Isi surat."
    assert [(one.filename, one.data) for one in mail.attachments] == [("foto.png", b"PNG")]


def test_a_signature_in_a_signature_is_opened_too() -> None:
    inner = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"

    assert understand(
        smime(signed(inner + signed(b"Content-Type: text/plain\n\nDalam.")))
    ).text == ("Dalam.")


def test_a_signed_document_stays_a_file() -> None:
    mail = understand(
        smime(signed(b"%PDF-1.7 surat"), "application/pkcs7-mime; name=surat.pdf.p7m")
    )

    assert len(mail.attachments) == 1
    assert secured.SIGNED_FILE in mail.problems


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_encrypted_mail_says_so_in_both_languages_and_is_still_a_report(language: str) -> None:
    mail = understand(smime(ENVELOPED, "application/pkcs7-mime; smime-type=enveloped-data"))

    report = report_of(mail, language)

    assert secured.ENCRYPTED in mail.problems
    assert report.words == "Keluhan"
    assert [one.data for one in mail.attachments] == [ENVELOPED]
    said = translate(language, secured.ENCRYPTED)
    assert ("terenkripsi" if language == "id" else "encrypted") in said


def test_encryption_inside_a_signature_is_said() -> None:
    inner = b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"

    mail = understand(smime(signed(inner + base64.encodebytes(ENVELOPED))))

    assert {secured.SIGNED, secured.ENCRYPTED} <= set(mail.problems)


@pytest.mark.parametrize("size", range(0, len(BER), 5))
def test_what_is_cut_short_is_a_file_and_said(size: int) -> None:
    mail = understand(smime(BER[:size]))

    assert mail.readable
    assert [one.data for one in mail.attachments] == [BER[:size]]
    assert {secured.DAMAGED, secured.SIGNED_FILE} & set(mail.problems)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x00",
        b"\x30\xff" + b"\x7f" * 20,
        b"\x1f\x81\x00",
        element(0x30, element(0x06, b"\1")),
        element(0x30, element(0x06, cms.SIGNED_DATA)),
        element(0x30, element(0x06, cms.SIGNED_DATA), element(0xA0, element(0x30))),
        b"\x30\x80" * 40,
    ],
)
def test_what_is_no_such_message_is_refused(data: bytes) -> None:
    with pytest.raises(cms.NotCmsError):
        cms.read(data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from((DER, BER, ENVELOPED)), st.integers(0, 400), st.binary(max_size=6))
def test_whatever_is_changed_in_a_message_it_is_read_or_refused(
    data: bytes, place: int, other: bytes
) -> None:
    changed = data[:place] + other + data[place + len(other) :]

    try:
        found = cms.read(changed)
    except cms.NotCmsError:
        return
    assert found.content is None or found.content in changed or data is BER


def test_a_signature_without_content_has_none() -> None:
    wrapped = element(0x30, element(0x06, bytes.fromhex("2a864886f70d010701")))
    data = element(0x30, element(0x02, b"\1"), element(0x31), wrapped)

    found = cms.read(element(0x30, element(0x06, cms.SIGNED_DATA), element(0xA0, data)))

    assert found == cms.Message(is_signed=True, content=None)
