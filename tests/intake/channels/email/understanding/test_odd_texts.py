"""Mails whose words are where few programs write them."""

import pytest

from intake.channels.email.report import report_of
from intake.channels.email.understanding.understand import understand

HEAD = "From: Sari <sari@example.org>\nSubject: Keluhan\nMIME-Version: 1.0\n"
WORDS = "Perawat malam tidak datang."
RTF = r"{\rtf1\ansi " + WORDS + r"\par}"
INNER = f"From: Budi <b@example.org>\nSubject: Antre\n\n{WORDS}\n"
HTML = f"<html><body><p>{WORDS}</p></body></html>"
ANSWER = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n"
    f"SUMMARY:Kontrol\nCOMMENT:{WORDS}\nEND:VEVENT\nEND:VCALENDAR\n"
)


def single(head: str, body: str) -> bytes:
    return f"{HEAD}{head}\n\n{body}".encode()


def several(kind: str, *parts: str) -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return single(f"Content-Type: multipart/{kind}; boundary=b", f"{body}--b--\n")


CASES = {
    "rtf alone": single("Content-Type: text/rtf", RTF),
    "rtf alone, as an application": single("Content-Type: application/rtf", RTF),
    "rtf in a mixed": several("mixed", f"Content-Type: text/rtf\n\n{RTF}"),
    "rtf beside a blank text": several(
        "alternative", "Content-Type: text/plain\n\n \n", f"Content-Type: application/rtf\n\n{RTF}"
    ),
    "markdown": single("Content-Type: text/markdown; charset=utf-8", WORDS),
    "markdown in a mixed": several("mixed", f"Content-Type: text/markdown\n\n{WORDS}"),
    "enriched": single(
        "Content-Type: text/enriched",
        "<bold><color><param>red</param>Perawat malam\ntidak datang.</color></bold>",
    ),
    "xhtml": single("Content-Type: application/xhtml+xml", HTML),
    "html for telephones": several("alternative", f"Content-Type: text/x-amp-html\n\n{HTML}"),
    "a text of no known kind": several("mixed", f"Content-Type: text/x-nota\n\n{WORDS}"),
    "html beside a blank text": several(
        "alternative", "Content-Type: text/plain\n\n\n", f"Content-Type: text/html\n\n{HTML}"
    ),
    "html beside a stub": several(
        "alternative",
        "Content-Type: text/plain\n\nYour program cannot show HTML mail.\n",
        f"Content-Type: text/html\n\n{HTML}",
    ),
    "html beside an Indonesian stub": several(
        "alternative",
        "Content-Type: text/plain\n\nPesan ini berformat HTML; buka dengan aplikasi lain.\n",
        f"Content-Type: text/html\n\n{HTML}",
    ),
    "html that is hidden": single(
        "Content-Type: text/html", f'<div style="display:none">{WORDS}</div>'
    ),
    "a mail as the only part": single("Content-Type: message/rfc822", INNER),
    "a mail as a file of no kind": several(
        "mixed",
        "Content-Type: text/plain\n\n\n",
        f"Content-Type: application/octet-stream; name=lama.eml\n\n{INNER}",
    ),
    "the comment of an answer to an invitation": single(
        "Content-Type: text/calendar; method=REPLY", ANSWER
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_words_are_found(name: str) -> None:
    report = report_of(understand(CASES[name]), "id")

    assert WORDS in report.words
    assert "{" not in report.words
    assert "<" not in report.words


def test_a_report_that_speaks_of_html_keeps_its_words() -> None:
    raw = several(
        "alternative",
        "Content-Type: text/plain\n\nFormulir HTML di situs Anda rusak.\n",
        'Content-Type: text/html\n\n<img src="cid:x">',
    )

    assert report_of(understand(raw), "id").words == "Formulir HTML di situs Anda rusak."


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: application/pdf; name=k.pdf\nContent-Disposition: attachment\n\n%PDF-1.7",
        f"Content-Type: text/rtf; name=k.rtf\nContent-Disposition: attachment\n\n{RTF}",
        "Content-Type: text/vcard; name=k.vcf\n\nBEGIN:VCARD",
    ],
)
def test_a_file_alone_is_a_report_with_its_subject(part: str) -> None:
    mail = understand(several("mixed", part))

    assert report_of(mail, "id").words == "Keluhan"
    assert len(mail.attachments) == 1
