import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.ground.errors import DeliveryError, Reason
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake.channel import Sender
from intake.channels.email import open_channel
from intake.channels.email.notice_mail import (
    HEADERS,
)
from intake.channels.email.sender import MailSender
from intake.channels.email.settings import MailSettings
from tests.builders import MONDAY, SEEDED, Hands
from tests.intake.channels.email.notices import FROM, outgoing, read
from tests.intake.channels.email.relay import DROP, HANG, relay
from tests.intake.channels.email.relay import Relay as Server
from tests.notifier.posting import report, rows


def sender(runtime: Runtime, server: Server, **changes: object) -> MailSender:
    facts: dict[str, object] = {
        "url": f"smtp://127.0.0.1:{server.port}",
        "from_address": FROM,
        "timeout": 5.0,
    }
    return MailSender(runtime, MailSettings(**(facts | changes)))  # type: ignore[arg-type]  # the same


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with relay() as made:
        yield made


async def test_a_notice_is_one_conversation(runtime: Runtime, server: Server) -> None:
    mail = sender(runtime, server)
    notice = outgoing()

    provider_id = await mail.send(notice)

    assert [line.split(" ")[0] for line in server.said] == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
    assert server.said[0] == "EHLO rs.example.org"
    assert mail.tokens.bounced_delivery(server.said[1].split("<")[1].split(">")[0]) == (
        notice.delivery_id
    )
    assert server.said[2] == "RCPT TO:<ibu@example.org>"
    assert mail.tokens.delivery_of(provider_id) == notice.delivery_id


async def test_the_mail_says_who_what_and_that_no_machine_should_answer(
    runtime: Runtime, server: Server
) -> None:
    mail = sender(runtime, server)
    notice = outgoing()

    provider_id = await mail.send(notice)

    message = read(server.contents[0])
    assert message["From"] == "RS Contoh Sehat <kiss@rs.example.org>"
    assert message["To"] == "ibu@example.org"
    assert message["Subject"] == notice.subject
    assert message["Date"].datetime == MONDAY
    assert message["Message-ID"] == provider_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-KISS-Intake"] == "notice"
    assert message["Content-Language"] == "id"
    assert mail.tokens.ticket_of(message["Reply-To"].addresses[0].addr_spec) == notice.ticket_id
    assert not [name for name in message.keys() if name.lower().startswith("list-")]  # noqa: SIM118 - a mail's keys repeat
    assert set(message.keys()) <= HEADERS


async def test_both_bodies_arrive_as_they_were_written(runtime: Runtime, server: Server) -> None:
    notice = outgoing()

    await sender(runtime, server).send(notice)

    message = read(server.contents[0])
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert message.get_content_type() == "multipart/alternative"
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == notice.text
    assert html.get_content().strip() == notice.html
    assert server.contents[0].isascii()
    assert max(map(len, server.contents[0].split(b"\r\n"))) <= 78


async def test_a_repeat_carries_the_same_message_id(runtime: Runtime, server: Server) -> None:
    notice = outgoing()
    mail = sender(runtime, server)

    assert await mail.send(notice) == await mail.send(notice)
    assert await mail.send(outgoing()) != await mail.send(notice)


async def test_later_mail_refers_to_earlier_mail_of_the_ticket(
    runtime: Runtime, server: Server
) -> None:
    receipt = await report(runtime, ("email", "ibu@example.org"))
    mail = sender(runtime, server)
    [row] = await rows(runtime, "UPDATE deliveries SET status = 'sent' RETURNING id")
    await rows(
        runtime,
        "INSERT INTO inbound (channel, external_id, content_hash, raw, received_at,"
        " next_attempt_at, created_at, updated_at, ticket_id) VALUES"
        f" ('email', 'theirs@example.org', '', '', {SEEDED}, {SEEDED}, '{receipt.ticket_id}')"
        " RETURNING id",
    )

    await mail.send(outgoing(ticket_id=receipt.ticket_id))
    await mail.send(outgoing(ticket_id=receipt.ticket_id, audience="unit"))
    await mail.send(outgoing(ticket_id=receipt.ticket_id, recipient="other@example.org"))
    await mail.send(outgoing(ticket_id=None))

    ours = mail.tokens.message_id(row["id"])  # type: ignore[arg-type]  # a UUID
    first, to_unit, to_other, alone = (read(content) for content in server.contents)
    assert first["In-Reply-To"].strip() == ours
    assert first["References"].split() == ["<theirs@example.org>", ours]
    assert to_unit["References"].strip() == ours
    assert to_unit["Reply-To"] is None
    assert to_other["References"].strip() == "<theirs@example.org>"
    assert alone["References"] is None
    assert alone["Reply-To"] is None


@pytest.mark.parametrize(
    ("verb", "answer", "reason"),
    [
        ("connect", "554 5.3.2 not today", Reason.UNREACHABLE),
        ("connect", DROP, Reason.UNREACHABLE),
        ("EHLO", "421 4.3.2 closing", Reason.UNREACHABLE),
        ("MAIL", "451 4.3.0 disk", Reason.UNREACHABLE),
        ("MAIL", "530 5.7.0 sign in first", Reason.MISCONFIGURED),
        ("MAIL", "550 5.7.1 not you", Reason.MISCONFIGURED),
        ("MAIL", DROP, Reason.UNREACHABLE),
        ("RCPT", "450 4.2.1 greylisted", Reason.UNREACHABLE),
        ("RCPT", "450 4.7.1 too many", Reason.THROTTLED),
        ("RCPT", "452 4.2.2 mailbox full", Reason.UNREACHABLE),
        ("RCPT", "550 5.1.1 no such user", Reason.UNKNOWN_RECIPIENT),
        ("RCPT", "550 no such user", Reason.UNKNOWN_RECIPIENT),
        ("RCPT", "553 what is that?", Reason.UNKNOWN_RECIPIENT),
        ("RCPT", "550 5.2.1 disabled", Reason.UNKNOWN_RECIPIENT),
        ("RCPT", "552 5.2.2 full", Reason.REFUSED),
        ("RCPT", "550 5.7.1 policy", Reason.REFUSED),
        ("DATA", "451 4.5.0 later", Reason.UNREACHABLE),
        ("content", "421 4.7.0 slow down", Reason.THROTTLED),
        ("content", "554 5.6.0 not that", Reason.REFUSED),
        ("content", DROP, Reason.UNCLEAR),
    ],
)
async def test_an_answer_is_told_in_our_words(
    runtime: Runtime, server: Server, verb: str, answer: str, reason: Reason
) -> None:
    server.answers[verb] = answer

    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server).send(outgoing())

    assert failed.value.reason is reason
    for word in ("user", "policy", "ibu", "example"):
        assert word not in failed.value.detail


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("connect", Reason.UNREACHABLE),
        ("EHLO", Reason.UNREACHABLE),
        ("RCPT", Reason.UNREACHABLE),
        ("content", Reason.UNCLEAR),
    ],
)
async def test_silence_is_unclear_only_after_the_content(
    runtime: Runtime, server: Server, verb: str, reason: Reason
) -> None:
    server.answers[verb] = HANG

    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server, timeout=0.3).send(outgoing())

    assert failed.value.reason is reason


async def test_where_nobody_listens_is_unreachable(runtime: Runtime, server: Server) -> None:
    server.port = 1

    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server).send(outgoing())

    assert failed.value.reason is Reason.UNREACHABLE


async def test_a_mail_that_was_taken_is_sent_whatever_becomes_of_the_farewell(
    runtime: Runtime, server: Server
) -> None:
    server.answers["QUIT"] = DROP

    assert await sender(runtime, server).send(outgoing())


async def test_while_our_database_is_away_the_notice_waits(tmp_path: Path, hands: Hands) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    nowhere = f"postgresql://postgres@/kiss?host={tmp_path}/nowhere"
    async with open_runtime(settings, nowhere, clock=hands) as ill, relay() as server:
        with pytest.raises(DeliveryError) as failed:
            await sender(ill, server).send(outgoing())

    assert failed.value.reason is Reason.UNREACHABLE


async def test_signing_in(runtime: Runtime, server: Server) -> None:
    server.answers["EHLO"] = "250-relay.invalid\r\n250 AUTH PLAIN"
    url = f"smtp://kiss%40rs:s%2Fcret@127.0.0.1:{server.port}"

    await sender(runtime, server, url=url).send(outgoing())
    server.answers["AUTH"] = "535 5.7.8 wrong"
    with pytest.raises(DeliveryError) as wrong:
        await sender(runtime, server, url=url).send(outgoing())
    server.answers["AUTH"] = "454 4.7.0 not now"
    with pytest.raises(DeliveryError) as later:
        await sender(runtime, server, url=url).send(outgoing())

    assert wrong.value.reason is Reason.MISCONFIGURED
    assert later.value.reason is Reason.UNREACHABLE


async def test_a_relay_without_sign_in_is_misconfigured(runtime: Runtime, server: Server) -> None:
    url = f"smtp://user:word@127.0.0.1:{server.port}"

    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server, url=url).send(outgoing())

    assert failed.value.reason is Reason.MISCONFIGURED


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, chain = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(chain)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context, chain


async def test_starttls_is_used_where_it_is_offered(
    runtime: Runtime, certificate: tuple[ssl.SSLContext, Path]
) -> None:
    context, chain = certificate
    async with relay(tls=context) as server:
        server.answers["EHLO"] = "250-relay.invalid\r\n250 STARTTLS"

        await sender(runtime, server, ca_file=str(chain)).send(outgoing())
        with pytest.raises(DeliveryError) as distrusted:
            await sender(runtime, server).send(outgoing())
        await sender(runtime, server, starttls="never").send(outgoing())

    assert "STARTTLS" in server.said
    assert distrusted.value.reason is Reason.UNREACHABLE
    assert len(server.contents) == 2


async def test_tls_from_the_start(
    runtime: Runtime, certificate: tuple[ssl.SSLContext, Path]
) -> None:
    context, chain = certificate
    async with relay(tls=context, implicit=True) as server:
        url = f"smtps://127.0.0.1:{server.port}"

        await sender(runtime, server, url=url, ca_file=str(chain)).send(outgoing())

    assert len(server.contents) == 1


async def test_without_starttls_nothing_is_sent_where_it_is_demanded(
    runtime: Runtime, server: Server
) -> None:
    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server, starttls="always").send(outgoing())

    assert failed.value.reason is Reason.MISCONFIGURED
    assert server.contents == []


async def test_an_address_beyond_ascii_needs_a_relay_that_takes_it(
    runtime: Runtime, server: Server
) -> None:
    notice = outgoing(recipient="bùdi@rs-contoh.example.org")

    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server).send(notice)
    server.answers["EHLO"] = "250-relay.invalid\r\n250 SMTPUTF8"
    await sender(runtime, server).send(notice)

    assert failed.value.reason is Reason.REFUSED
    assert "RCPT TO:<bùdi@rs-contoh.example.org>" in server.said


HOSTILE = [
    "satu\r\nBcc: x@example.org",
    "satu\nBcc: x@example.org",
    "=?utf-8?q?satu=0D=0ABcc:_x@example.org?=",
    "=?utf-8?b?c2F0dQ0KQmNjOiB4QGV4YW1wbGUub3Jn?=",
    "satu\u2028Bcc: x@example.org",
    "satu\x85Bcc: x@example.org",
    "satu\x0bBcc: x@example.org\x0c",
    "satu, dua <x@example.org>",
    '"satu" <x@example.org>, "dua',
    "satu\udcffdua \0",
    "x" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_word_can_add_a_header_or_a_recipient(
    runtime: Runtime, server: Server, text: str
) -> None:
    notice = outgoing(subject=text, text="isi", html=None)

    await sender(runtime, server, from_name=text).send(notice)

    head = server.contents[0].partition(b"\r\n\r\n")[0]
    message = read(server.contents[0])
    assert b"\nBcc" not in head
    assert set(message.keys()) <= HEADERS
    assert [a.addr_spec for a in message["From"].addresses] == [FROM]
    assert [a.addr_spec for a in message["To"].addresses] == ["ibu@example.org"]
    assert [line for line in server.said if line.startswith("RCPT")] == [
        "RCPT TO:<ibu@example.org>"
    ]


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "no-at-sign",
        "@example.org",
        "ibu@",
        "ibu@example.org\r\nRCPT TO:<x@example.org>",
        "ibu@example.org,x@example.org",
        "<ibu@example.org>",
        "a b@example.org",
        "ibu@exa mple.org",
        "ibu@[127.0.0.1]",
        "i\x00bu@example.org",
        "ibu@" + "x" * 70 + ".example.org",
        "x" * 300 + "@example.org",
    ],
)
async def test_what_is_no_address_is_an_unknown_recipient(
    runtime: Runtime, server: Server, recipient: str
) -> None:
    with pytest.raises(DeliveryError) as failed:
        await sender(runtime, server).send(outgoing(recipient=recipient))

    assert failed.value.reason is Reason.UNKNOWN_RECIPIENT
    assert server.said == []


async def test_the_channel_is_off_without_its_setting(
    runtime: Runtime, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KISS_MAIL_URL", raising=False)
    assert open_channel(runtime) is None

    monkeypatch.setenv("KISS_MAIL_URL", f"smtp://127.0.0.1:{server.port}")
    monkeypatch.setenv("KISS_MAIL_FROM_ADDRESS", FROM)
    channel = open_channel(runtime)
    assert isinstance(channel, Sender)
    await channel.send(outgoing())
    assert len(server.contents) == 1
