"""The pure parts: fingerprints, words, languages, returns, settings, counting at the door."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.ground.ids import uuid7
from core.hospital.directory import CategoryEntry, Directory, HospitalEntry
from intake.channels.email.authenticity import UNKNOWN, said_by
from intake.channels.email.bounces import meaning_of
from intake.channels.email.raw_mail import fingerprint
from intake.channels.email.report import (
    bare_subject,
    category_hint,
    is_command,
    language_of_words,
    number_in,
    report_of,
)
from intake.channels.email.settings import ReceivingSettings, place
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.peers import Peers, network_of
from intake.channels.email.understanding.mail import Bounce, Forwarded, Mail, Person
from tests.channels.email.door import mail

DIRECTORY = Directory(
    version=1,
    hospital=HospitalEntry(name="RS", short_name="RS"),
    categories={
        "PHR": CategoryEntry(id=uuid7(), code="PHR", name="Farmasi dan Obat"),
        "FAC": CategoryEntry(id=uuid7(), code="FAC", name="Fasilitas"),
    },
)


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


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Fwd: AC mati", "AC mati"),
        ("RE[5]: AW: Bls: Balas: AC", "AC"),
        ("Trs: Terusan: x", "x"),
        ("Rekap: x", "Rekap: x"),
        ("re:" * 50, "re:" * 40),
    ],
)
def test_prefixes_of_answers_are_taken_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_the_last_number_in_a_subject_counts() -> None:
    assert number_in("Re: tkt-20261123-0001 dan TKT-20261123-12345") == "TKT-20261123-12345"
    assert number_in("TKT-2026-1") is None
    assert number_in("TKT-20261123-0001" * 2) is None


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("Keluhan Farmasi & obat", None),
        ("Re: farmasi dan OBAT lama", "PHR"),
        ("[fac] AC mati", "FAC"),
        ("Fasilitasi rapat", None),
        ("fasilitas", "FAC"),
    ],
)
def test_a_category_is_hinted_at_by_its_whole_name_or_code(subject: str, code: str | None) -> None:
    assert category_hint(subject, DIRECTORY) == code


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", "id"),
        ("AC mati", "id"),
        ("The nurse was not there when we asked for help.", "en"),
        ("Saya sudah menunggu lama, please help my mother", "id"),
        ("ok", "id"),
    ],
)
def test_the_language_is_indonesian_unless_english_is_plain(words: str, language: str) -> None:
    assert language_of_words(words) == language


def test_a_mail_without_any_words_says_so() -> None:
    assert report_of(Mail(subject="-"), "id").words == "(tanpa isi)"
    assert report_of(Mail(subject="Re: "), "en").words == "(no content)"
    assert report_of(Mail(subject="AC mati"), "id").words == "AC mati"
    assert report_of(Mail(subject="Re: AC mati"), "id", is_answer=True).words == "(tanpa isi)"


def test_quotation_alone_is_kept_whole() -> None:
    assert report_of(Mail(text="> dikutip", reply=""), "id").words == "> dikutip"


def test_a_forward_in_an_answer_is_not_unwrapped() -> None:
    passed = Forwarded(sender=Person(name="Ibu"), text="Kata ibu.")
    one = Mail(text="Ini suratnya. Kata ibu.", reply="Ini suratnya.", forwarded=passed)

    assert report_of(one, "id").words.startswith("Kata ibu.")
    assert report_of(one, "id", is_answer=True).words == "Ini suratnya."


@pytest.mark.parametrize(("words", "so"), [("Stop!", True), ("Stop AC itu", False)])
def test_commands_are_whole_mails(words: str, so: bool) -> None:
    assert is_command(Mail(reply=words)) is so


@pytest.mark.parametrize(
    ("reason", "status", "hard", "raw", "expected"),
    [
        ("unknown-user", "5.1.1", True, b"", ("unknown_recipient", True)),
        ("unknown-user", "5.1.1", False, b"", ("refused", False)),
        ("mailbox-full", "5.2.2", False, b"", ("refused", False)),
        ("policy", None, False, b"", ("refused", False)),
        ("temporary", "4.4.1", False, b"Action: delayed", None),
        ("other", "4.0.0", False, b"", None),
        ("temporary", "4.4.7", False, b"x\r\nAction: failed\r\n", ("unreachable", False)),
    ],
)
def test_a_bounce_means_what_its_row_says(
    reason: str, status: str | None, hard: bool, raw: bytes, expected: tuple[str, bool] | None
) -> None:
    bounce = Bounce(recipients=("a@example.org",), status=status, reason=reason, hard=hard)  # type: ignore[arg-type]  # a word of the closed list

    what = meaning_of(bounce, raw)

    assert (what and (what.reason, what.loses_address)) == expected


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(["mx.example.org", ";", " dmarc=", "pass", "fail", " spf=", "(", " dkim="]),
        max_size=9,
    ).map("".join)
)
def test_any_authentication_results_are_survived(value: str) -> None:
    found = said_by("mx.example.org", (("authentication-results", value),))

    assert found == UNKNOWN or found.by == "mx.example.org"
    assert found.verified is (found.dmarc == "pass")


def test_an_ipv6_network_is_one_peer() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("local") == "local"


def test_the_whole_door_has_a_cap_even_for_our_own_servers() -> None:
    keeper = Peers(DoorLimits(connections=2), frozenset({"127.0.0.1"}))

    assert [keeper.enter("127.0.0.1") for _ in range(3)] == [True, True, False]
    keeper.leave("127.0.0.1")
    assert keeper.enter("192.0.2.1")


def test_a_peer_unheard_for_long_is_forgotten() -> None:
    keeper = Peers(DoorLimits(mails_per_peer=1, mails_per_minute=1))

    for number in range(10_050):
        assert keeper.may_send(f"198.{number >> 14}.{number >> 7 & 127}.{number & 127}", 0.0)

    assert len(keeper._paces) == 10_000


@pytest.mark.parametrize("text", ["", "25", ":25", "host:", "host:x"])
def test_a_listener_needs_address_and_port(text: str) -> None:
    with pytest.raises(ValueError, match="is not address:port"):
        place(text)


def test_settings_name_the_doors(tmp_path: Path) -> None:
    none = ReceivingSettings()
    both = ReceivingSettings(smtp_listen="0.0.0.0:25", lmtp_listen="[::1]:24")

    assert none.doors("rs.example.org") == ()
    smtp, lmtp = both.doors("rs.example.org")
    assert (smtp.host, smtp.port, smtp.lmtp, smtp.hostname) == (
        "0.0.0.0",  # noqa: S104 - as operators write it
        25,
        False,
        "rs.example.org",
    )
    assert (lmtp.host, lmtp.port, lmtp.lmtp) == ("::1", 24, True)
    with pytest.raises(ValidationError, match="go together"):
        ReceivingSettings(tls_key=tmp_path / "key.pem")
    with pytest.raises(ValidationError, match="TLS needs"):
        ReceivingSettings(require_tls=True)
