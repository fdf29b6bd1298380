"""Hostile mail: any bytes give an answer of the agreed form, and no pattern explodes."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.content import elided
from intake.channels.email.understanding.languages import attributions, headers, separators
from intake.channels.email.understanding.languages.vocabulary import phrases
from intake.channels.email.understanding.understand import understand
from tests.intake.channels.email.understanding.bombs import BOMBS, HEAD, SEEDS
from tests.intake.channels.email.understanding.patterns import PATTERNS

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
def test_words_and_trimmed_text_together_hold_every_line_of_the_text(text: str) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode("utf-8", "replace")

    mail = understand(raw)

    for said in (mail.reply, mail.letter):
        shown = f"{said}\n{elided(mail.text, said)}"
        assert _stripped(mail.text) <= _stripped(shown) | {""}


def _stripped(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_defused(name: str) -> None:
    mail = understand(BOMBS[name].of(25))  # how the time grows with the size: bench/hostile.py

    assert mail.readable
    assert_of_the_agreed_form(mail.as_contract())


@pytest.mark.timeout(30)  # each takes milliseconds; one that explodes takes years
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_explodes_on_a_hundred_kilobytes(pattern: str) -> None:
    for seed in SEEDS:
        PATTERNS[pattern]((seed * 100_000)[:100_000])


KNOWN = {
    "verbs": phrases("\n".join(row.verbs for row in attributions.LANGUAGES)),
    "openers": phrases("\n".join(row.openers for row in attributions.LANGUAGES if row.openers)),
    "senders": phrases("\n".join(row.sender for row in headers.LANGUAGES)),
    "originals": phrases(separators.ORIGINAL),
    "forwards": phrases(separators.FORWARDED)[::3],
}
"""What the understanding knows a quotation by: every one of it, again and again, is a mail."""
DRAWN = ("-----{}----- \n", "{}:\n", "1 {}:\n")
MOST = 15
"""So many times the work of a plain letter of the same length; it was some fifty times once."""


def seconds_for(unit: str) -> float:
    """Return the CPU time for a mail of one thing again and again, the better of two readings."""
    content = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
    content += (unit * (40_000 // len(unit.encode()))).encode()
    spent = []
    for _ in range(2):
        began = time.process_time()
        understand(content)
        spent.append(time.process_time() - began)
    return min(spent)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("known", KNOWN)
def test_what_divides_new_from_old_again_and_again_costs_little_more_than_a_letter(
    known: str,
) -> None:
    letter = seconds_for("Kamar mandi kotor sejak hari Senin pagi, sudah kami laporkan.\n")
    every = max(1, len(KNOWN[known]) // 20)

    for n, phrase in enumerate(KNOWN[known][::every]):
        unit = DRAWN[n % len(DRAWN)].format(phrase)
        assert seconds_for(unit) < MOST * letter, unit
