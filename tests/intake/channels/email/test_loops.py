"""Peers that answer every mail, and a second installation of ours."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, plain_url
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submitter
from intake import embedded
from intake.channels.email.raw_mail import RawMail
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests.builders import Hands, seed, submission
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.outside import Sent, channel_to, outside, send_notices
from tests.intake.channels.email.postoffice import PostOffice

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
    tickets = 1 if admitted or not fresh else 2 if headers else 4
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
    settings = Settings(data=tmp_path / "other", secret_key="another secret")
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
