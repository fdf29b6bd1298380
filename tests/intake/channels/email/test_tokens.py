from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ground.secret import Secret
from intake.channels.email.tokens import Tokens

TOKENS = Tokens((Secret.of(b"a secret"),), "rs.example.org")
SUBJECTS = st.uuids()


@settings(deadline=None)
@given(SUBJECTS)
def test_what_we_signed_is_read_back_in_any_case(subject: object) -> None:
    assert isinstance(subject, type(uuid4()))
    for change in (str, str.upper, lambda text: f"  <{text}> "):
        assert TOKENS.ticket_of(change(TOKENS.reply_address(subject))) == subject
        assert TOKENS.bounced_delivery(change(TOKENS.bounce_address(subject))) == subject
    assert TOKENS.delivery_of(TOKENS.message_id(subject)) == subject
    assert TOKENS.delivery_of(TOKENS.message_id(subject).strip("<>")) == subject


@settings(deadline=None)
@given(st.text())
def test_any_other_text_is_nobodys(text: str) -> None:
    assert TOKENS.ticket_of(text) is None
    assert TOKENS.bounced_delivery(f"bounce+{text}@rs.example.org") is None
    assert TOKENS.delivery_of(f"<{text}@rs.example.org>") is None


def test_one_kind_is_not_taken_for_another() -> None:
    subject = uuid4()
    reply, bounce = TOKENS.reply_address(subject), TOKENS.bounce_address(subject)

    assert TOKENS.bounced_delivery(reply) is None
    assert TOKENS.ticket_of(bounce) is None
    assert TOKENS.ticket_of(bounce.replace("bounce+", "reply+")) is None


def test_a_changed_sign_breaks_the_signature() -> None:
    address = TOKENS.reply_address(uuid4())
    for place in range(len("reply+"), len("reply+") + 42):
        other = "b" if address[place] != "b" else "c"
        assert TOKENS.ticket_of(address[:place] + other + address[place + 1 :]) is None


@pytest.mark.parametrize("domain", ["other.example.org", "rs.example.org.example.net"])
def test_another_domain_is_not_ours(domain: str) -> None:
    subject = uuid4()
    elsewhere = replace(TOKENS, domain=domain)

    assert TOKENS.ticket_of(elsewhere.reply_address(subject)) is None
    assert TOKENS.delivery_of(elsewhere.message_id(subject)) is None


def test_a_new_secret_signs_and_the_old_one_is_still_believed() -> None:
    subject = uuid4()
    changed = Tokens((Secret.of(b"a new secret", b"a secret"),), TOKENS.domain)

    assert changed.ticket_of(TOKENS.reply_address(subject)) == subject
    assert changed.delivery_of(TOKENS.message_id(subject)) == subject
    assert TOKENS.ticket_of(changed.reply_address(subject)) is None


def test_addresses_fit_what_mail_allows() -> None:
    for address in (TOKENS.reply_address(uuid4()), TOKENS.bounce_address(uuid4())):
        local, _, _ = address.partition("@")
        assert len(local) <= 64  # RFC 5321 §4.5.3.1.1
        assert local == local.lower()


def test_a_message_id_is_the_same_however_often_it_is_asked_for() -> None:
    subject = uuid4()

    assert TOKENS.message_id(subject) == TOKENS.message_id(subject)
    assert TOKENS.message_id(subject) != TOKENS.message_id(uuid4())
