"""Peers that answer every mail, and a second installation of ours."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, plain_url
from core.ground.rate_limits import MAIL_REPORTS
from core.ground.settings import Settings
from core.opening import open_runtime
from core.review.alarm import DeskAlarm
from core.review.deciding import Review
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submitter
from intake import embedded
from intake.channels.email.raw_mail import RawMail
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests.builders import OFFICER, Hands, seed, submission
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.outside import Sent, channel_to, outside, send_notices
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.console.staff import hire

OTHER = "halo@lain.example.net"
"""The mailbox of the other installation."""

_TELLTALE = re.compile(
    rb"^(?:X-KISS-Intake|Auto-Submitted|X-Auto-Response-Suppress|Precedence|List-[A-Za-z]+)"
    rb":.*\r?\n(?:[ \t].*\r?\n)*",
    re.IGNORECASE | re.MULTILINE,
)


def reply_to(notice: Sent, words: str, *, to: str, headers: dict[str, str], key: int) -> bytes:
    sender = notice.recipient
    fields = {"Message_ID": f"<auto{key}@{sender.rpartition('@')[2]}>", **headers}
    return mail(words, sender=sender, subject="Re: laporan", To=to, **fields)


def to_return_path(notice: Sent) -> tuple[str, dict[str, str]]:
    return notice.sender, {"In_Reply_To": str(notice.message["Message-ID"])}


def to_reply_to(notice: Sent) -> tuple[str, dict[str, str]]:
    return str(notice.message["Reply-To"] or notice.message["From"]), {}


def to_from(notice: Sent) -> tuple[str, dict[str, str]]:
    return str(notice.message["From"]), {}


def with_the_subject(notice: Sent) -> tuple[str, dict[str, str]]:
    return str(notice.message["From"]), {"Subject": f"Auto: {notice.message['Subject']}"}


@pytest.mark.parametrize("answer", [to_return_path, to_reply_to, to_from, with_the_subject])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<x.example.org>"},
    ],
    ids=["none", "auto", "bulk", "suppress", "list"],
)
async def test_a_peer_that_answers_every_mail_hears_at_most_three(
    runtime: Runtime,
    answer: Callable[[Sent], tuple[str, dict[str, str]]],
    headers: dict[str, str],
) -> None:
    office = PostOffice(runtime)
    async with outside() as world:
        channel = channel_to(runtime, world.port)
        await office.take(mail("AC mati.", Message_ID="<0@example.org>"))
        answered = 0
        while answered < 12:
            await send_notices(runtime, channel)
            unanswered = world.to(PERSON)[answered:]
            if not unanswered:
                break
            for notice in unanswered:
                answered += 1
                to, further = answer(notice)
                address = re.search(r"[^\s<>]+@[^\s<>]+", to)
                assert address is not None
                content = reply_to(
                    notice, "Diterima.", to=to, headers=further | headers, key=answered
                )
                await office.take(content, to=(address[0].lower(),))

    # a new mail that names nothing of ours and calls itself no machine's looks like a person's
    fresh, admitted = answer is to_from, headers.keys() - {"X_Auto_Response_Suppress"}
    assert answered == (3 if fresh and not headers else 1)
    tickets = 1 if "Auto_Submitted" in admitted or not fresh else 2 if headers else 4
    assert len(await office.tickets()) == tickets


@pytest.fixture
async def other(postgres_server: embedded.Server, tmp_path: Path) -> AsyncIterator[Runtime]:
    """A second installation with a database, a secret and a mailbox of its own."""
    name = f"other_{uuid4().hex}"
    postgres_server.create_database(name)
    url = postgres_server.dsn(name)
    engine = create_async_engine(alchemy_url(postgres_server.owner_dsn(name)))
    await upgrade(engine, application_of(url))
    await engine.dispose()
    await seed(plain_url(url))
    settings = Settings(data=tmp_path / "other", secret_key="another secret for tests, long enough")
    async with open_runtime(settings, url, clock=Hands()) as opened:
        office = PostOffice(opened)
        await office.rows("UPDATE hospital SET email = :mailbox", mailbox=OTHER)
        await office.rows("UPDATE units SET contact_email = NULL")
        yield opened


@pytest.mark.parametrize("stripped", [False, True], ids=["as sent", "telltale headers removed"])
async def test_two_installations_that_write_to_each_other_stop_after_two_mails(
    runtime: Runtime, other: Runtime, stripped: bool
) -> None:
    ours, theirs = PostOffice(runtime), PostOffice(other)
    await ours.rows("UPDATE units SET contact_email = NULL")
    async with outside() as world:
        here, there = channel_to(runtime, world.port), channel_to(other, world.port, OTHER)
        address = Address(channel="email", address=OTHER, confirmed=True)
        await Desk(runtime).submit(
            submission(submitter=Submitter(email=OTHER), addresses=(address,))
        )
        carried = 0
        while carried < 12:
            await send_notices(runtime, here)
            await send_notices(other, there)
            if carried == len(world.mails):
                break
            for sent in world.mails[carried:]:
                carried += 1
                content = _TELLTALE.sub(b"", sent.content) if stripped else sent.content
                target, channel = (theirs, there) if sent.recipient == OTHER else (ours, here)
                letter = RawMail(
                    sender=sent.sender,
                    recipients=(sent.recipient.lower(),),
                    content=content,
                    peer="198.51.100.9",
                    helo="mx.example.net",
                    protocol="smtp",
                    tls=True,
                )
                await channel.accept(letter)
                await target.work_off(channel)

    assert carried == (2 if stripped else 1)
    assert len(await ours.tickets()) == 1
    assert len(await theirs.tickets()) == (1 if stripped else 0)


STAFF_SERVER = "melati@staf.rs.example.org"
"""The ward's mailbox at the hospital's own mail server, which forwards to us what it gets."""


def redirected(notice: Sent) -> bytes:
    """As it was, with what the server adds."""
    return b"Received: by mail.rs.example.org\r\nX-Loop: yes\r\n" + notice.content


def renamed(notice: Sent) -> bytes:
    """Under a Message-ID and From of the server's own."""
    content = re.sub(rb"(?m)^Message-ID:.*\r\n", b"", notice.content, count=1)
    content = re.sub(rb"(?m)^From:.*\r\n", f"From: {STAFF_SERVER}\r\n".encode(), content, count=1)
    return f"Message-ID: <{uuid4().hex}@staf>\r\nReferences: {ours(notice)}\r\n".encode() + content


def answering(notice: Sent) -> bytes:
    """A mail of its own that answers ours."""
    return forwarded("Diteruskan.", References=ours(notice))


def attached(notice: Sent) -> bytes:
    """A mail of its own, ours as a file."""
    return forwarded(
        "--f",
        "",
        "Terlampir.",
        "--f",
        "Content-Type: message/rfc822",
        "",
        notice.content.decode("ascii").replace("\r\n", "\n"),
        "--f--",
        MIME_Version="1.0",
        Content_Type='multipart/mixed; boundary="f"',
    )


def inlined(notice: Sent) -> bytes:
    """A mail of its own, our headers and text in its text."""
    return forwarded("-----Original Message-----", f"Message-ID: {ours(notice)}", text_of(notice))


def stripped(notice: Sent) -> bytes:
    """A mail of its own that has our subject and text, and nothing else of ours."""
    return forwarded(text_of(notice), Subject=f"Fwd: {notice.message['Subject']}")


def by_another(notice: Sent) -> bytes:
    """The same, from an address that nobody knows."""
    content = forwarded(text_of(notice), Subject=f"Fwd: {notice.message['Subject']}")
    return content.replace(STAFF_SERVER.encode(), b"gerbang@staf.rs.example.org")


def by_many(notice: Sent) -> bytes:
    """The same, under an address of its own each time, as list servers rewrite them."""
    content = forwarded(text_of(notice), Subject=f"Fwd: {notice.message['Subject']}")
    return content.replace(
        STAFF_SERVER.encode(), f"gerbang+{uuid4().hex}@staf.example.com".encode()
    )


def ours(notice: Sent) -> str:
    return str(notice.message["Message-ID"])


def text_of(notice: Sent) -> str:
    [part, *_] = [one for one in notice.message.walk() if one.get_content_type() == "text/plain"]
    told = part.get_payload(decode=True)
    assert isinstance(told, bytes)
    return told.decode()


def forwarded(*lines: str, **headers: str) -> bytes:
    subject = headers.pop("Subject", "Fwd: laporan baru")
    kept = {"Content_Type": "text/plain; charset=utf-8", **headers}
    return mail(
        *lines,
        subject=subject,
        sender=STAFF_SERVER,
        Message_ID=f"<{uuid4().hex}@staf>",
        **kept,
    )


@pytest.mark.parametrize(
    ("forward", "tickets"),
    [
        (redirected, 1),
        (renamed, 1),
        (answering, 1),
        (attached, 1),
        (inlined, 1),
        (stripped, 1),
        (by_another, 2),
        (by_many, 1 + MAIL_REPORTS.burst),
    ],
)
async def test_a_units_mailbox_that_forwards_to_us_ends(
    runtime: Runtime, forward: Callable[[Sent], bytes], tickets: int
) -> None:
    office = PostOffice(runtime)
    await office.rows("UPDATE units SET contact_email = :to", to=STAFF_SERVER)
    async with outside() as world:
        channel = channel_to(runtime, world.port)
        await office.take(
            mail("AC mati.", Message_ID="<0@example.org>"), to=("farmasi@rs.example.org",)
        )
        carried = 0
        while carried < 60:
            await send_notices(runtime, channel)
            told = world.to(STAFF_SERVER)
            if carried == len(told):
                break
            for notice in told[carried:]:
                carried += 1
                await office.take(forward(notice), sender=STAFF_SERVER)

    assert 1 <= carried < 60
    assert len(await office.tickets()) == tickets
    answered = {str(notice["recipient_ref"]) for notice in await office.notices()}
    assert STAFF_SERVER not in answered


async def test_a_copy_of_the_persons_own_notice_joins_and_a_strangers_is_not_answered(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<0@example.org>"))
    copied = mail("Masih mati.", "-----", f"Message-ID: {await office.notice_id()}")

    await office.take(copied)
    assert len(await office.tickets()) == 1
    await office.take(copied.replace(PERSON.encode(), b"orang@example.com"), sender="o@example.com")

    assert len(await office.tickets()) == 2
    assert [one["recipient_ref"] for one in await office.notices()] == [PERSON]
    [link] = await office.rows("SELECT * FROM ticket_links")
    assert link["kind"] == "related"


async def test_an_answer_to_a_notice_whose_ticket_is_gone_waits_for_somebody(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<0@example.org>"))
    ours = await office.notice_id()
    await office.rows("DELETE FROM tickets")

    row = await office.take(mail("Terima kasih.", In_Reply_To=ours))

    assert (row["status"], str(row["last_error"]).partition(":")[0]) == ("quarantined", "own trace")
    assert await office.tickets() == []


@pytest.mark.parametrize(
    ("headers", "sender", "status"),
    [
        ({"Auto_Submitted": "auto-replied"}, "dewi@rs.example.org", "dropped"),
        ({"subject": "Sedang cuti"}, "", "dropped"),
        ({"subject": "Di luar kantor"}, "dewi@rs.example.org", "quarantined"),  # a person's words
        ({"subject": "Re: 1 pesan"}, "dewi@rs.example.org", "quarantined"),
    ],
)
async def test_an_absence_notice_in_answer_to_the_desks_alarm_raises_no_other(
    runtime: Runtime,
    hands: Hands,
    headers: dict[str, str],
    sender: str,
    status: str,
) -> None:
    office = PostOffice(runtime)
    await hire(runtime, "dewi", "supervisor")
    first = await office.take(mail("Warta.", Auto_Submitted="auto-generated"))
    hands.move(hours=1)
    assert await DeskAlarm(runtime).send_if_due() == 1
    alarm = await office.notice_id("desk_waits")
    await Review(runtime).no_report(first["id"], by=OFFICER)

    by_id = mail("Saya kembali Senin.", In_Reply_To=alarm, **headers)
    row = await office.take(by_id, sender=sender)

    [told] = await office.notices("desk_waits")
    way_back = office.tokens.bounce_address(told["id"])
    by_address = await office.take(mail("Cuti.", **headers), sender=sender, to=[way_back])

    assert row["status"] == status
    assert by_address["status"] == {"dropped": "dropped", "quarantined": "done"}[status]
    hands.move(hours=1)
    assert await DeskAlarm(runtime).send_if_due() == (status == "quarantined")


async def test_an_absence_notice_without_words_in_answer_to_ours_reopens_nothing(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<0@example.org>"))
    [ticket] = await office.tickets()
    ours = await office.notice_id()
    await Casework(runtime).resolve(ticket["id"], "Sudah.", by=OFFICER)

    await office.take(mail("", subject="Di luar kantor", In_Reply_To=ours))
    assert [one["status"] for one in await office.tickets()] == ["resolved"]
    await office.take(mail("Masih mati!", subject="Sedang cuti terus", In_Reply_To=ours))

    assert [one["status"] for one in await office.tickets()] == ["open"]


async def test_a_notice_to_our_own_mailbox_fails_where_staff_see_it(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.rows("UPDATE units SET contact_email = 'apotek@rs.example.org'")
    async with outside() as world:
        await office.take(mail("AC mati."), to=("farmasi@rs.example.org",))

        await send_notices(runtime, channel_to(runtime, world.port))

        assert world.to("apotek@rs.example.org") == []
    [notice] = await office.notices("unit_received")
    assert notice["status"] == "failed"
    assert "mailbox of this intake" in str(notice["last_error"])
