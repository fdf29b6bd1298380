"""Hostile mail: any bytes give an answer of the agreed form, in bounded time."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.channels.email.understanding import addresses, limits, parameters, words
from intake.channels.email.understanding.bounces import prose, reasons
from intake.channels.email.understanding.html import measure, readable
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.replies.strip import reply_of
from intake.channels.email.understanding.understand import understand

HEAD = b"From: A <a@example.org>\nTo: b@example.org\nSubject: x\n"
KINDS: dict[str, type | tuple[type, ...]] = {
    "message_id": (str, type(None)),
    "in_reply_to": list,
    "references": list,
    "from": dict,
    "sender": (dict, type(None)),
    "reply_to": list,
    "to": list,
    "cc": list,
    "subject": str,
    "date": (str, type(None)),
    "text": str,
    "html": (str, type(None)),
    "reply": str,
    "forwarded": (dict, type(None)),
    "attachments": list,
    "automatic": (str, type(None)),
    "bounce": (dict, type(None)),
    "problems": list,
}


def assert_of_the_agreed_form(answer: dict[str, Any]) -> None:
    assert list(answer) == list(KINDS)
    for key, kind in KINDS.items():
        assert isinstance(answer[key], kind), key
    line = json.dumps(answer, ensure_ascii=False)
    assert "\\u0000" not in line
    line.encode("utf-8")  # no lone surrogates
    assert len(answer["problems"]) <= limits.PROBLEMS
    assert len(answer["references"]) <= limits.REFERENCES


PIECES = st.sampled_from(
    [
        b"From: ", b"To: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b",
        b"text/html", b"text/plain; charset=", b"message/rfc822", b"message/delivery-status",
        b"\n", b"\r\n", b"\n\n", b"--b\n", b"--b--\n", b"=?utf-8?q?", b"?=", b"<", b">", b"@", b",",
        b"Content-Transfer-Encoding: base64\n", b"begin 644 x\n", b"> ", b"wrote:", b"Dari: ",
        b"-----Original Message-----", b"<blockquote>", b"<div", b"-- \n", b"\x00", b"\xff", b"(",
        b"Final-Recipient: rfc822; x@example.org\n", b"Status: 5.1.1\n", b"BEGIN:VCALENDAR\n",
        b"\x78\x9f\x3e\x22", b"text/calendar; method=REQUEST", b"Fwd: ", b"MAILER-DAEMON@x.example",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.binary(max_size=40), max_size=60).map(b"".join))
def test_any_mail_gives_an_answer_of_the_agreed_form(raw: bytes) -> None:
    assert_of_the_agreed_form(understand(raw).as_contract())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_give_an_answer_of_the_agreed_form(raw: bytes) -> None:
    mail = understand(raw)

    assert mail.readable
    assert_of_the_agreed_form(mail.as_contract())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=1500))
def test_reply_and_elided_together_hold_every_line_of_the_text(text: str) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode("utf-8", "replace")

    mail = understand(raw)

    seen = {line.strip() for part in (mail.reply, mail.elided) for line in part.split("\n")}
    assert {line.strip() for line in mail.text.split("\n")} <= seen | {""}


def nested(line: bytes, times: int) -> bytes:
    return HEAD + line * times + b"\nhalo"


BOMBS: dict[str, bytes] = {
    "enclosed mails": nested(b"Content-Type: message/rfc822\n\n", 2000),
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
    "boundary lines": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bx\n" * 400_000,
    "people": HEAD + b"Cc: " + b"u@example.org, " * 20_000 + b"\n\nx",
    "brackets": b"From: " + b"(" * 20_000 + b"a@example.org\n\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?a=C3=A9?= " * 40_000 + b"\n\nx",
    "open words": b"Subject: " + b"=?utf-8?q?" * 40_000 + b"\n\nx",
    "references": HEAD + b"References: " + b"<a@example.org> " * 20_000 + b"\n\nx",
    "headers": b"X: y\n" * 50_000 + HEAD + b"\nx",
    "one line": HEAD + b"\n" + b"a" * 5_000_000,
    "blanks": HEAD + b"\n" + b" " * 1_000_000 + b"x",
    "quotes": HEAD + b"\n" + b"> " * 500_000,
    "quoted lines": HEAD + b"\n" + b">\n" * 500_000,
    "openers": HEAD + b"\n" + b"On " * 200_000 + b"wrote",
    "attributions": HEAD + b"\n" + b"On Mon, Jan 6, 2026 B <b@example.org> wrote:\n" * 20_000,
    "labels": HEAD + b"\n" + b"From: a\nSent: b\n" * 30_000,
    "delimiters": HEAD + b"\n" + b"-- \n" * 100_000,
    "names": HEAD + b"\n" + b"A\n" * 100_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"kata \n" * 200_000,
    "base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=a" * 500_000,
    "uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n" + b"~\n" * 300_000,
    "parameters": HEAD + b"Content-Type: text/plain" + b"; name*1=x" * 20_000 + b"\n\nx",
    "divs": HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"x",
    "bold": HEAD + b"Content-Type: text/html\n\n" + b"<b><i>" * 9_000 + b"x",
    "tables": HEAD + b"Content-Type: text/html\n\n" + b"<table><td>" * 9_000 + b"x",
    "links": HEAD + b"Content-Type: text/html\n\n" + b"<a href='" * 50_000,
    "comments": HEAD + b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
    "bounce": b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n" + b"550 user " * 50_000,
    "reports": b"From: MAILER-DAEMON@x.example\nContent-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; x@example.org\nAction: failed\n\n" * 20_000,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_bomb_is_defused_in_time(name: str) -> None:
    started = time.process_time()

    mail = understand(BOMBS[name])

    assert mail.readable
    assert_of_the_agreed_form(mail.as_contract())
    assert time.process_time() - started < 4


ATTACKS = {
    repr(seed): (seed * 100_000)[:100_000]
    for seed in (
        "a", " ", "\n", "> ", "-", "_", "<", "(", '"', "@", "a@", "a@a.", "0", "1.", "On ", "Pada ",
        "=?utf-8?q?", "?=", ":", "--\n", "wrote:", "menulis:\n", "mailbox ", "user ", "550 5.1.1 ",
        "Dari: ", "From: a\n", "&", "<p ", "</", "[", ";", "\\", "é", "中", "Re: ",
        "Sent from my\n",
    )
}  # fmt: skip


@pytest.mark.parametrize("attack", list(ATTACKS))
def test_no_pattern_explodes_on_a_hundred_kilobytes(attack: str) -> None:
    text = ATTACKS[attack]
    checks: dict[str, Callable[[], object]] = {
        "words": lambda: words.decode_words(text, Problems()),
        "parameters": lambda: parameters.parse(text.encode(), Problems()),
        "people": lambda: addresses.parse_text(text[: limits.HEADER_VALUE_BYTES]),
        "measure": lambda: measure.objection(text),
        "crude": lambda: readable.crude(text),
        "reasons": lambda: reasons.of_words(text),
        "recipients": lambda: prose.recipients(prose.before_returned_mail(text), frozenset()),
        "reply": lambda: reply_of(text, Person(name="A B")),
    }

    spent: dict[str, float] = {}
    for name, check in checks.items():
        started = time.process_time()
        check()
        spent[name] = time.process_time() - started

    slow = {name: seconds for name, seconds in spent.items() if seconds > 0.5}
    assert slow == {}
