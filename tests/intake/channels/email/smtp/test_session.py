"""The mail door as a peer sees it: every case of the measured traps, through a real socket."""

import asyncio
import contextlib
import smtplib
import socket
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from core.ground.database import DatabaseAwayError
from core.ground.limit import Pace
from core.ground.rate_limits import MAIL_BYTES_ARRIVING, MAIL_CONNECTIONS_OF_PEER, MAIL_PACE, MAILS
from core.ground.storage import StorageFull, StorageUnavailable
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.listener import Door, House, ListenerState
from intake.channels.email.smtp.session import IntakeSession
from tests.intake.channels.email.door import OURS, PERSON, Postbox, mail, opened, peer


async def test_a_mail_is_handed_over_byte_for_byte_before_250() -> None:
    postbox = Postbox()
    content = mail("Selamat pagi,", ".satu titik", "..dua titik", "AC kamar 3 mati.")

    async with opened(postbox) as port:
        await asyncio.to_thread(_sent, port, PERSON, [OURS], content)

    [letter] = postbox.letters
    assert letter.content == content
    assert (letter.sender, letter.recipients, letter.peer) == (PERSON, (OURS,), "127.0.0.1")


def _sent(port: int, sender: str, recipients: list[str], content: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        assert client.sendmail(sender, recipients, content) == {}


async def test_ehlo_offers_what_we_can_and_nothing_more() -> None:
    async with opened(Postbox()) as port, peer(port, greet=None) as one:
        await one.answer()
        one.send(b"EHLO client.example.org\r\n")
        offered: list[str] = []
        while not offered or offered[-1][3:4] == "-":
            offered.append((await one.line()).strip())

        assert {line[4:].split(" ")[0] for line in offered} == {
            "localhost",
            "SIZE",
            "8BITMIME",
            "SMTPUTF8",
            "HELP",
        }
        assert (await one.say("AUTH PLAIN AGEAYg==")).startswith("502")


@pytest.mark.parametrize(
    "ending",
    [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r\n\0.\r\n", b"\r\n\n.\r\n"],
)
async def test_only_crlf_dot_crlf_ends_a_mail(ending: bytes) -> None:
    postbox = Postbox()

    async with opened(postbox) as port, peer(port) as one:
        assert (await one.begin()).startswith("354")
        one.send(b"Subject: satu\r\n\r\nisi" + ending)
        one.send(b"MAIL FROM:<x@example.org>\r\nRCPT TO:<halo@rs.example.org>\r\nDATA\r\n")
        one.send(b"Subject: dua\r\n.\r\n")
        assert (await one.answer()).startswith("250")
        assert (await one.say("NOOP")).startswith("250")

    [letter] = postbox.letters
    assert b"Subject: dua" in letter.content


async def test_dot_stuffing_is_undone_once_wherever_blocks_are_cut() -> None:
    postbox = Postbox()
    wanted = b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\nend\r\n"
    stuffed = b"Subject: x\r\n\r\n..\r\n...\r\n..a\r\nend\r\n.\r\n"

    async with opened(postbox) as port, peer(port) as one:
        for cut in range(1, len(stuffed)):
            await one.begin()
            one.send(stuffed[:cut])
            await one.writer.drain()
            await asyncio.sleep(0.001)
            one.send(stuffed[cut:])
            assert (await one.answer()).startswith("250")

    assert {letter.content for letter in postbox.letters} == {wanted}


async def test_an_empty_mail_and_commands_sent_ahead_are_taken() -> None:
    postbox = Postbox()

    async with opened(postbox) as port, peer(port) as one:
        await one.begin()
        one.send(b".\r\nNOOP\r\nQUIT\r\n")
        answers = [await one.answer() for _ in range(3)]

    assert [answer[:3] for answer in answers] == ["250", "250", "221"]
    assert [letter.content for letter in postbox.letters] == [b""]


async def test_a_line_of_any_length_is_content() -> None:
    postbox = Postbox()
    content = mail("x" * 200_000)

    async with opened(postbox) as port, peer(port) as one:
        await one.begin()
        one.send(content + b".\r\n")
        assert (await one.answer()).startswith("250")

    assert postbox.letters[0].content == content


async def test_a_mail_too_large_is_told_so_and_the_session_goes_on() -> None:
    postbox = Postbox()
    limits = {"mail_bytes": 100_000, "drain_bytes": 500_000}

    async with opened(postbox, limits) as port, peer(port) as one:
        assert (await one.say(f"MAIL FROM:<{PERSON}> SIZE=100001")).startswith("552")
        await one.begin()
        one.send(mail("y" * 300_000) + b".\r\n")
        assert (await one.answer()).startswith("552")
        await one.begin()
        one.send(mail("kecil") + b".\r\n")
        assert (await one.answer()).startswith("250")
        await one.begin()
        one.send(mail("z" * 900_000))
        assert (await one.answer()).startswith("421")
        assert await one.is_closed()

    assert len(postbox.letters) == 1


def pace(least_bytes: int, seconds: float) -> Pace:
    return replace(MAIL_PACE, least_bytes=least_bytes, within=timedelta(seconds=seconds))


async def test_all_mails_together_have_a_limit() -> None:
    postbox = Postbox()
    limits = {"bytes_arriving": replace(MAIL_BYTES_ARRIVING, most=200_000)}

    async with opened(postbox, limits) as port, peer(port) as one, peer(port) as other:
        await one.begin()
        one.send(mail("a" * 100_000))
        await asyncio.sleep(0.2)
        await other.begin()
        other.send(mail("b" * 100_000) + b".\r\n")
        assert (await other.answer()).startswith("452")
        one.send(b".\r\n")
        assert (await one.answer()).startswith("250")
        await other.begin()
        other.send(mail("b" * 100_000) + b".\r\n")
        assert (await other.answer()).startswith("250")


async def test_a_slow_but_steady_line_is_heard_to_the_end() -> None:
    postbox = Postbox()
    limits = {"pace": pace(20, 0.6), "command_seconds": 1.0}

    async with opened(postbox, limits) as port, peer(port) as one:
        await one.begin()
        for _ in range(30):  # 3 s, three times the limit of a command
            one.send(b"sepuluh..\r\n")
            await asyncio.sleep(0.1)
        one.send(b".\r\n")
        assert (await one.answer()).startswith("250")

    assert len(postbox.letters) == 1


async def test_a_stalled_line_is_cut_with_421() -> None:
    async with opened(Postbox(), {"pace": pace(1024, 0.5)}) as port, peer(port) as one:
        await one.begin()
        one.send(b"Subject: se")
        assert (await one.answer()).startswith("421")
        assert await one.is_closed()


async def test_a_transaction_that_never_ends_is_cut() -> None:
    limits = {"transaction_seconds": 0.5, "pace": pace(1, 1.0)}

    async with opened(Postbox(), limits) as port, peer(port) as one:
        await one.begin()
        for _ in range(4):
            one.send(b"x\r\n")
            await asyncio.sleep(0.1)
        assert (await one.answer()).startswith("421")


async def test_half_a_greeting_is_cut_soon() -> None:
    async with opened(Postbox(), {"greeting_seconds": 0.3}) as port, peer(port, greet=None) as one:
        one.send(b"EH")

        assert await one.is_closed()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (DatabaseAwayError(), "451"),
        (StorageUnavailable("EIO"), "451"),
        (StorageFull("full"), "452"),
        (RuntimeError("secret words"), "451"),
        (TimeoutError(), "451"),
    ],
)
async def test_every_fault_of_ours_is_temporary_and_says_nothing(
    fault: Exception, status: str
) -> None:
    async with opened(Postbox(fault=fault)) as port, peer(port) as one:
        await one.begin()
        one.send(mail("x") + b".\r\n")
        answer = await one.answer()
        assert (await one.say("NOOP")).startswith("250")

    assert answer.startswith(status)
    assert "secret" not in answer
    assert "Error" not in answer


async def test_a_full_database_disk_is_452() -> None:
    fault = DatabaseAwayError()
    fault.__cause__ = asyncpg.DiskFullError("no space")

    async with opened(Postbox(fault=fault)) as port, peer(port) as one:
        await one.begin()
        one.send(mail("x") + b".\r\n")
        assert (await one.answer()).startswith("452")


async def test_a_commit_that_hangs_becomes_451() -> None:
    postbox = Postbox(delay=30)

    async with opened(postbox, {"store_seconds": 0.3}) as port, peer(port) as one:
        await one.begin()
        one.send(mail("x") + b".\r\n")
        assert (await one.answer()).startswith("451")


async def test_strangers_are_refused_at_rcpt_and_nothing_is_relayed() -> None:
    async with opened(Postbox()) as port, peer(port) as one:
        await one.say(f"MAIL FROM:<{PERSON}>")
        answers = {
            address: await one.say(f"RCPT TO:<{address}>")
            for address in (
                "nobody@rs.example.org",
                "someone@elsewhere.example.com",
                "someone%elsewhere.example.com@rs.example.org",
                "@rs.example.org:someone@elsewhere.example.com",
                "petugas@rs.example.org",
            )
        }

        assert set(answers.values()) == {"550 5.1.1 No such mailbox here"}
        assert (await one.say("DATA")).startswith("503")


async def test_questions_for_mailboxes_have_one_answer() -> None:
    async with opened(Postbox()) as port, peer(port) as one:
        asked = [await one.say(f"VRFY {name}") for name in ("halo", OURS, "no\x07body", "")]

        assert len(set(asked)) == 1
        assert asked[0].startswith("252")
        assert (await one.say("EXPN staff")).startswith("502")


@pytest.mark.parametrize(
    "path",
    ["<a\0b@example.org>", "<a b@example.org>", "<a@example.org", "<" + "a" * 300 + "@e.org>"],
)
async def test_malformed_paths_are_refused_before_they_reach_a_table(path: str) -> None:
    async with opened(Postbox()) as port, peer(port) as one:
        assert (await one.say(f"MAIL FROM:{path}"))[:1] == "5"
        assert (await one.say(b"MAIL FROM:<a\xff@example.org>"))[:1] == "5"
        assert (await one.say("MAIL FROM:<sari@contoh.example>"))[:3] == "250"


async def test_addresses_in_other_scripts_are_taken() -> None:
    postbox = Postbox()

    async with opened(postbox) as port, peer(port) as one:
        await one.say("MAIL FROM:<siti@bücher.example> SMTPUTF8", f"RCPT TO:<{OURS}>", "DATA")
        one.send(mail("x") + b".\r\n")
        await one.answer()

    assert postbox.letters[0].sender == "siti@bücher.example"


async def test_the_null_sender_brings_a_bounce_to_one_mailbox() -> None:
    postbox = Postbox()

    async with opened(postbox) as port, peer(port) as one:
        assert (await one.say("MAIL FROM:<>", f"RCPT TO:<{OURS}>"))[:3] == "250"
        assert (await one.say("RCPT TO:<farmasi@rs.example.org>"))[:3] == "452"
        await one.say("DATA")
        one.send(b"Subject: x\r\n\r\n.\r\n")
        await one.answer()

    assert postbox.letters[0].sender == ""


async def test_recipients_connections_and_commands_have_caps() -> None:
    limits = {
        "recipients": 2,
        "connections_of_peer": replace(MAIL_CONNECTIONS_OF_PEER, most=2),
        "commands": 5,
    }

    async with opened(Postbox(), limits) as port, peer(port) as idle, peer(port) as one:
        await one.say(f"MAIL FROM:<{PERSON}>")
        answers = [await one.say(f"RCPT TO:<{OURS}>") for _ in range(3)]
        assert [answer[:3] for answer in answers] == ["250", "250", "452"]

        async with peer(port) as third:
            assert (await idle.answer()).startswith("421 4.3.2")
            assert await idle.is_closed()
            assert (await third.say("NOOP")).startswith("250")

        noops = [await one.say("NOOP") for _ in range(6)]
        assert noops[-1].startswith("421")
        assert await one.is_closed()

    trusted = frozenset({"127.0.0.1"})
    async with (
        opened(Postbox(), limits, trusted=trusted) as port,
        peer(port),
        peer(port),
        peer(port) as ours,
    ):
        assert (await ours.say("NOOP")).startswith("250")


async def test_a_peer_that_sends_too_fast_is_asked_to_wait() -> None:
    limits = {"mails": replace(MAILS, burst=3, refill=timedelta(seconds=1))}

    async with opened(Postbox(), limits) as port, peer(port) as one:
        answers = []
        for _ in range(4):
            answers.append(await one.say(f"MAIL FROM:<{PERSON}>"))
            await one.say("RSET")
        assert [answer[:3] for answer in answers] == ["250", "250", "250", "450"]
        await asyncio.sleep(1.1)
        assert (await one.say(f"MAIL FROM:<{PERSON}>")).startswith("250")


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no socket here takes both")
async def test_a_peer_on_a_socket_that_takes_both_is_who_it_is() -> None:
    postbox, limits = Postbox(), DoorLimits(mails=replace(MAILS, burst=1))
    state = ListenerState(
        hostname="mx.example.org",
        limits=limits,
        accept=postbox.accept,
        knows=postbox.knows,
        house=House.of(Door(limits=limits, trusted=frozenset({"127.0.0.1"}))),
    )
    both = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: IntakeSession(state), sock=both)

    async with server, peer(both.getsockname()[1]) as one:
        for _ in range(2):
            await one.begin()
            one.send(mail("Halo.") + b".\r\n")
            assert (await one.answer()).startswith("250")

    assert [letter.peer for letter in postbox.letters] == ["127.0.0.1"] * 2


async def test_when_we_stop_mail_under_way_is_finished_and_the_idle_hear_421() -> None:
    postbox = Postbox(delay=0.5)

    async with contextlib.AsyncExitStack() as peers:
        async with opened(postbox) as port:
            idle = await peers.enter_async_context(peer(port))
            busy = await peers.enter_async_context(peer(port))
            await busy.begin()
            busy.send(mail("x") + b".\r\n")
            await asyncio.sleep(0.1)

        assert (await busy.answer()).startswith("250")
        assert (await busy.answer()).startswith("421")
        assert (await idle.answer()).startswith("421")
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", port)

    assert len(postbox.letters) == 1
