import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.channels.email.raw_mail import fingerprint
from tests.intake.channels.email.door import mail


def test_traces_of_the_way_do_not_change_a_fingerprint() -> None:
    content = mail("Isi.", Message_ID="<1@example.org>", Date="Mon, 23 Nov 2026 10:00:00 +0700")
    travelled = b"Received: by mx1\r\n by mx2\r\nX-Spam: no\r\n" + content + b"\r\n"

    assert fingerprint(content) == fingerprint(travelled)
    assert fingerprint(content).external_id == "1@example.org"


@pytest.mark.parametrize(
    "other",
    [
        {"Message_ID": "<2@example.org>"},
        {"sender": "lain@example.org"},
        {"Date": "Tue, 24 Nov 2026 10:00:00 +0700"},
    ],
)
def test_what_makes_a_mail_changes_its_fingerprint(other: dict[str, str]) -> None:
    same = {"Message_ID": "<1@example.org>", "Date": "Mon, 23 Nov 2026 10:00:00 +0700"}

    assert fingerprint(mail("Isi.", **same)) != fingerprint(mail("Isi.", **(same | other)))
    assert fingerprint(mail("Isi.", **same)) != fingerprint(mail("Lain.", **same))


@pytest.mark.parametrize("name", ["", "<>", "<a b@c>", "<" + "x" * 400 + "@y>", "<\xe9@y>", "x"])
def test_an_unusable_message_id_is_replaced_by_the_hash(name: str) -> None:
    found = fingerprint(mail("Isi.", Message_ID=name))

    assert found.message_id is None
    assert re.fullmatch(r"[0-9a-f]{64}", found.external_id)


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_fingerprint_that_fits_a_column(raw: bytes) -> None:
    external_id = fingerprint(raw).external_id

    assert external_id.isascii()
    assert external_id.isprintable()
    assert 0 < len(external_id) <= 250
