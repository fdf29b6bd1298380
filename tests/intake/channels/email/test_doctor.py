"""The doctor says when nothing proves who sends us mail, and which setting changes that."""

import asyncio

import pytest

from intake.channels.email.doctor import look


async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 relay.example.org\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "ok"),  # mail only leaves
        ({"KISS_MAIL_SMTP_LISTEN": "127.0.0.1:2525"}, "warn"),
        ({"KISS_MAIL_LMTP_LISTEN": "127.0.0.1:2424"}, "warn"),
        ({"KISS_MAIL_SMTP_LISTEN": "127.0.0.1:2525", "KISS_MAIL_AUTHSERV_ID": "mx.rs"}, "ok"),
        ({"KISS_MAIL_SMTP_LISTEN": "127.0.0.1:2525", "KISS_MAIL_RESOLVER": "127.0.0.1:53"}, "ok"),
    ],
)
async def test_unchecked_senders_deserve_a_look(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], state: str
) -> None:
    relay = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = relay.sockets[0].getsockname()[1]
    monkeypatch.setenv("KISS_MAIL_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("KISS_MAIL_FROM_ADDRESS", "halo@rs.example.org")
    for name, value in changes.items():
        monkeypatch.setenv(name, value)

    async with relay:
        found = await look()

    assert found.state == state
    assert ("KISS_MAIL_RESOLVER" in found.sentence) is (state == "warn")
