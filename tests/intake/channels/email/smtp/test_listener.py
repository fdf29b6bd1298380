"""Encryption by STARTTLS and from the first byte, and LMTP behind a mail server of ours."""

import asyncio
import contextlib
import smtplib
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.ground.rate_limits import MAIL_CONNECTIONS_OF_PEER
from core.ground.refusals import Refusals
from intake.channels.email.smtp.listener import tls_context
from intake.listening_fault import CannotListenError
from tests.intake.channels.email.door import OURS, PERSON, Peer, Postbox, mail, opened, peer

_MAKE = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=localhost",
]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("certificate")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        [*_MAKE, "-keyout", str(key), "-out", str(chain)],
        check=True,
        capture_output=True,
    )
    return str(chain), str(key)


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def test_mail_comes_in_by_starttls_and_the_letter_says_so(
    certificate: tuple[str, str],
) -> None:
    postbox = Postbox()

    async with opened(postbox, tls=tls_context(*certificate)) as port:
        await asyncio.to_thread(_sent_by_starttls, port)

    assert [letter.tls for letter in postbox.letters] == [True]


def _sent_by_starttls(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.starttls(context=trusting())
        client.ehlo()
        assert "auth" not in client.esmtp_features
        client.sendmail(PERSON, [OURS], mail("rahasia"))


async def test_mail_comes_in_by_implicit_tls(certificate: tuple[str, str]) -> None:
    postbox = Postbox()
    context = tls_context(*certificate)

    async with (
        opened(postbox, tls=context, implicit_tls=True) as port,
        peer(port, tls=trusting()) as one,
    ):
        await one.begin()
        one.send(mail("rahasia") + b".\r\n")
        assert (await one.answer()).startswith("250")

    assert [letter.tls for letter in postbox.letters] == [True]


async def test_who_never_shakes_hands_holds_no_more_than_a_share(
    certificate: tuple[str, str],
) -> None:
    postbox, refusals = Postbox(), Refusals()
    door = {"tls": tls_context(*certificate), "implicit_tls": True}

    async with (
        opened(postbox, {}, refusals, **door) as port,
        contextlib.AsyncExitStack() as stack,
    ):
        silent = [
            await stack.enter_async_context(peer(port, greet=None, at="127.0.0.2"))
            for _ in range(MAIL_CONNECTIONS_OF_PEER.most + 5)
        ]
        silent[-1].send(b"EHLO no.tls.example.org\r\n")
        async with peer(port, tls=trusting(), at="127.0.9.9") as one:
            await one.begin()
            one.send(mail("rahasia") + b".\r\n")
            assert (await one.answer()).startswith("250")

        assert all([await each.is_closed() for each in silent[:5]])
        assert not silent[5].reader.at_eof()
        assert refusals.take() == {MAIL_CONNECTIONS_OF_PEER.name: 5}
    assert [letter.tls for letter in postbox.letters] == [True]


async def test_commands_injected_before_the_handshake_are_never_answered(
    certificate: tuple[str, str],
) -> None:
    postbox = Postbox()

    async with opened(postbox, tls=tls_context(*certificate)) as port, peer(port) as one:
        injected = f"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<{PERSON}>\r\nRCPT TO:<{OURS}>\r\n"
        one.send(injected.encode())
        assert (await one.answer()).startswith("220")
        await one.writer.start_tls(trusting())
        assert (await one.say("DATA")).startswith("503")
        assert (await one.say(f"MAIL FROM:<{PERSON}>")).startswith("503")

    assert postbox.letters == []


async def test_where_encryption_is_required_nothing_is_taken_in_clear(
    certificate: tuple[str, str],
) -> None:
    context = tls_context(*certificate)

    async with opened(Postbox(), tls=context, require_tls=True) as port, peer(port) as one:
        assert (await one.say(f"MAIL FROM:<{PERSON}>")).startswith("530")


async def test_old_tls_is_refused(certificate: tuple[str, str]) -> None:
    old = trusting()
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    async with opened(Postbox(), tls=tls_context(*certificate), implicit_tls=True) as port:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            async with peer(port, tls=old):
                pass


@contextlib.asynccontextmanager
async def lmtp(postbox: Postbox) -> AsyncIterator[Peer]:
    async with opened(postbox, lmtp=True) as port, peer(port, greet="LHLO mx.example.org") as one:
        yield one


async def test_lmtp_answers_once_for_each_recipient() -> None:
    postbox = Postbox()

    async with lmtp(postbox) as one:
        assert (await one.say("EHLO x")).startswith("500")
        await one.say(f"MAIL FROM:<{PERSON}>", f"RCPT TO:<{OURS}>")
        await one.say("RCPT TO:<nobody@rs.example.org>")
        await one.say("RCPT TO:<farmasi@rs.example.org>", "DATA")
        one.send(mail("x") + b".\r\n")
        answers = [await one.answer() for _ in range(2)]
        assert (await one.say("NOOP")).startswith("250")

    assert [answer[:3] for answer in answers] == ["250", "250"]
    [letter] = postbox.letters
    assert letter.protocol == "lmtp"
    assert letter.recipients == (OURS, "farmasi@rs.example.org")


async def test_lmtp_says_our_faults_for_each_recipient_too() -> None:
    async with lmtp(Postbox(fault=RuntimeError())) as one:
        await one.say(f"MAIL FROM:<{PERSON}>", f"RCPT TO:<{OURS}>")
        await one.say("RCPT TO:<farmasi@rs.example.org>", "DATA")
        one.send(mail("x") + b".\r\n")

        assert [(await one.answer())[:3] for _ in range(2)] == ["451", "451"]


def test_a_certificate_that_is_not_there_is_said_at_start(tmp_path: Path) -> None:
    with pytest.raises(CannotListenError, match="TLS"):
        tls_context(str(tmp_path / "none.pem"), str(tmp_path / "none.key"))
