"""An anonymous person's file, by every door: nobody finds in it who, where or with what."""

from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from tests.builders import TOKEN, Hands
from tests.intake.channels.email.door import PERSON
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.channels.web.forms import filled, get, post
from tests.intake.channels.web.forms import serve as serve_web
from tests.intake.channels.web.tickets import filed
from tests.intake.channels.webchat.visiting import served as serve_chat
from tests.intake.channels.webchat.visiting import visitor as guest_of
from tests.intake.console.staff import hire
from tests.intake.console.staff import serve as serve_console
from tests.intake.uploads.cleaning import canaries
from tests.intake.uploads.cleaning.canaries import CANARY, everything_in
from tests.intake.uploads.cleaning.working import clean_all, in_storage, in_tables

WORDS = "AC di kamar 3 mati sejak kemarin."
NAME = f"rumah {CANARY}.jpg"


async def web_report(runtime: Runtime, hands: Hands) -> None:
    async with serve_web(runtime) as visitor:
        fields = await filled(visitor, hands, story=WORDS)
        await post(visitor, "/", fields, {NAME: canaries.jpeg()})


async def kiosk(runtime: Runtime, hands: Hands) -> None:
    async with serve_web(runtime) as visitor:
        form = f"/k/{TOKEN}/report"
        fields = (await get(visitor, form)).fields() | {"story": WORDS}
        hands.move(seconds=40)
        await post(visitor, form, fields, {NAME: canaries.jpeg()})


async def web_addition(runtime: Runtime, _hands: Hands) -> None:
    receipt = await filed(runtime, anonymous=True)
    async with serve_web(runtime) as visitor:
        page = await get(visitor, f"/t/{receipt.tracking_code}")
        fields = page.fields() | {"story": WORDS}
        await post(visitor, "/tracking/message", fields, {NAME: canaries.jpeg()})


async def web_chat(runtime: Runtime, _hands: Hands) -> None:
    async with serve_chat(runtime) as url, guest_of(url) as guest:
        await guest.open(f"/chat?u={TOKEN}")
        await guest.send(files={NAME: canaries.jpeg()}, say=WORDS)
        await guest.press("Kirim")


async def mail(runtime: Runtime, _hands: Hands) -> None:
    receipt = await filed(runtime, anonymous=True)
    post_office = PostOffice(runtime)
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = PERSON, "Foto", "<2@example.org>"
    letter["To"] = post_office.tokens.reply_address(receipt.ticket_id)
    letter.set_content(WORDS)
    letter.add_attachment(canaries.jpeg(), maintype="image", subtype="jpeg", filename=NAME)
    content = letter.as_bytes().replace(b"\n", b"\r\n")
    await post_office.take(content, to=(letter["To"],))


Door = Callable[[Runtime, Hands], Awaitable[None]]
DOORS: tuple[Door, ...] = (web_report, kiosk, web_addition, web_chat, mail)


@pytest.mark.parametrize("door", DOORS)
async def test_whichever_door_it_came_by_nobody_finds_the_person_in_it(
    runtime: Runtime, hands: Hands, door: Door
) -> None:
    await door(runtime, hands)
    async with transaction(runtime.database) as session:
        query = (
            "SELECT a.id FROM ticket_attachments a JOIN messages m ON m.id = a.message_id"
            " JOIN tickets t ON t.id = a.ticket_id WHERE t.is_anonymous"
        )
        assert len((await session.scalars(text(query))).all()) == 1
    sri = await hire(runtime, "sri", "supervisor")

    async with serve_console(runtime) as served, served.signed_in(sri) as browser:
        number = await _number(runtime)
        waiting = await browser.get(f"/console/tickets/{number}")
        await clean_all(runtime)
        page = await browser.get(f"/console/tickets/{number}")
        [link] = page.links(".files .name a")
        async with browser.session.get(link) as answer:
            copy = await answer.read()
        inbox = await browser.get("/console/inbox")

    assert "foto-1.jpg" in page.text
    assert CANARY not in waiting.text + page.text + inbox.text
    assert CANARY.encode() not in everything_in(copy)
    # the mail as it came is hidden by its own rule, where it is kept
    assert CANARY not in await in_tables(runtime, "inbound")
    kept = in_storage(runtime)
    assert not [path for path, one in kept.items() if CANARY.encode() in everything_in(one)]


async def _number(runtime: Runtime) -> str:
    async with transaction(runtime.database) as session:
        return str(await session.scalar(text("SELECT ticket_number FROM tickets")))
