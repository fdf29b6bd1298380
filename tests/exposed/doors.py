"""The person reports by every door without a name, and the hospital works on each report."""

import asyncio
from collections.abc import Mapping
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import text

from core.calls.ringing import Switchboard
from core.ground.database import transaction
from core.tickets.concealing import Concealing
from core.tickets.desk import Desk
from core.tickets.submission import Address
from intake.channels.email.channel import EmailChannel
from intake.channels.email.raw_mail import RawMail
from tests.builders import TOKEN, Hands, submission
from tests.exposed.house import WholeHouse, settled
from tests.exposed.person import AGENT, CHAT, HANDLE, HOST, MAIL, NAME, PHONE, PLACE
from tests.intake.channels.email.door import OURS
from tests.intake.channels.email.test_bounces import UNKNOWN
from tests.intake.channels.email.test_bounces import report as bounced
from tests.intake.channels.telegram.fake import Json, Person
from tests.intake.channels.web.forms import filled, get, post
from tests.intake.channels.webchat.visiting import Visitor
from tests.intake.console.phone.agents import call
from tests.intake.console.staff import Person as Staff
from tests.intake.console.ticket.working import AtTicket
from tests.intake.uploads.cleaning import canaries

HEADERS = {"User-Agent": AGENT, "X-Forwarded-For": HOST}
FILES = {
    PLACE: canaries.jpeg(),
    "kenari cv.pdf": canaries.pdf(),
    "surat Kenari.docx": canaries.docx(),
}
PICTURE = {PLACE: canaries.jpeg()}
ASIDE = {
    "List_Id": "<kenari.example.org>",
    "Auto_Submitted": "auto-generated",
    "X_Autoreply": "yes",
}
"""Signs of machines: on a mail with a number they keep it on the review desk."""
DANGER = "Ibu saya sesak napas sekarang, tolong. Bel di kamar 3 mati."
REFUSED = "kenari.gagal@example.org"
"""Another mailbox of theirs: its server refuses, and says to whom."""
REPORTS = 6
"""By each door one, and one whose notices are refused."""
TOO_MANY = 6
"""Reports with one address: more than are confirmed to it."""


async def web(house: WholeHouse, hands: Hands) -> str:
    """Send the form with an address, after a name was typed and taken back; return the code."""
    async with house.visitor(**HEADERS) as visitor:
        fields = await filled(visitor, hands, story=DANGER, email=MAIL, name=NAME, phone=PHONE)
        page = await post(visitor, "/", fields | {"identity": "anonymous"}, FILES)
        return page.one(".code").replace(" ", "")


async def kiosk(house: WholeHouse, hands: Hands) -> None:
    async with house.visitor(**HEADERS) as visitor:
        form = f"/k/{TOKEN}/report"
        typed = {"story": "Toilet kotor.", "name": NAME, "phone": PHONE, "email": MAIL}
        fields = (await get(visitor, form)).fields() | typed
        hands.move(seconds=40)
        page = await post(visitor, form, fields, PICTURE)
        assert page.status == 200, page.text


async def tracking(house: WholeHouse, code: str) -> None:
    async with house.visitor(**HEADERS) as visitor:
        page = await get(visitor, f"/t/{code}")
        fields = page.fields() | {"story": "Masih mati, tolong."}
        assert (await post(visitor, "/tracking/message", fields, PICTURE)).status == 200


def letter(
    to: str,
    subject: str,
    words: str,
    number: int,
    files: Mapping[str, bytes] = PICTURE,
    **headers: str,
) -> bytes:
    """Write a mail of theirs, with all that their device adds to it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{NAME} <{MAIL}>", to, subject
    mail["Message-ID"] = f"<{number}@laptop-kenari.example.org>"
    mail["User-Agent"], mail["X-Originating-IP"] = AGENT, HOST
    mail["Received"] = f"from laptop-kenari ([{HOST}]) by mx.example.org; Mon, 23 Nov 2026"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"{words}\n\n-- \n{NAME}\n{PHONE}\nJalan Kenari 7\n")
    mail.add_alternative(f"<p>{words}</p><p>-- <br>{NAME}<br>{PHONE}</p>", subtype="html")
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="x-any", filename=name)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def mails(house: WholeHouse, ticket_id: UUID, number: str) -> None:
    """Answer by mail, under the number, by a list, by a machine, and from another mailbox."""
    ours = house.post_office.tokens.reply_address(ticket_id)
    subject = f"Re: {number}"
    await _send(house, letter(ours, subject, "AC mati lagi.", 1, FILES), MAIL, ours)
    await _send(house, letter(OURS, subject, "Belum ada teknisi.", 2), MAIL, OURS)
    other = letter(ours, subject, "Saya lihat juga.", 3).replace(MAIL.encode(), REFUSED.encode())
    await _send(house, other, REFUSED, ours)
    for key, value in ASIDE.items():
        aside = letter(OURS, f"Kenari cuti {number}", "Di luar.", len(key), PICTURE, **{key: value})
        await _send(house, aside, MAIL, OURS)
    broken = letter(ours, "Kenari", "Rusak.", 9).replace(b"multipart/mixed", b"multipart/\xff", 1)
    await _send(house, broken, MAIL, ours)
    await settled(house)


async def bounce(house: WholeHouse, ticket_id: UUID) -> None:
    """Let a notice come back, with the address in all that the server says."""
    query = "SELECT id FROM deliveries WHERE ticket_id = :id AND audience = 'submitter'"
    [(delivery_id,), *_] = await house.chats.rows(f"{query} ORDER BY seq", id=ticket_id)
    content = bounced((*UNKNOWN[:2], f"550 5.1.1 <{MAIL}> User unknown"))
    content = content.replace(b"sari@example.org", MAIL.encode())
    await _send(house, content, "", house.post_office.tokens.bounce_address(delivery_id))


async def telegram(house: WholeHouse) -> Person:
    person = InTelegram(house.telegram, id=CHAT, first_name=NAME)
    content = canaries.pdf()
    house.telegram.assets["K1"] = {"filename": "K1", "data": content, "size": len(content)}
    document = person.document("K1", len(content))
    document["message"]["document"]["file_name"] = PLACE
    await house.chats.say(person, f"/start u_{TOKEN}", DANGER)
    await house.chats.do(person, document)
    await house.chats.say(person, "Kirim")
    await settled(house)
    return person


class InTelegram(Person):
    """A client that says all that Telegram knows of somebody."""

    @property
    def sender(self) -> Json:
        return super().sender | {"username": HANDLE, "last_name": "Kenari"}

    @property
    def chat(self) -> Json:
        return super().chat | {"username": HANDLE, "last_name": "Kenari"}


async def web_chat(house: WholeHouse) -> None:
    async with house.visitor(**HEADERS) as session:
        guest = Visitor(session)
        await guest.open(f"/chat?u={TOKEN}")
        await guest.send(files={PLACE: canaries.jpeg()}, say="Lampu lorong mati, gelap sekali.")
        await guest.press("Kirim")
        assert "TKT-" in guest.page.text, guest.page.text


async def telephone(house: WholeHouse, agent: Staff) -> None:
    """Let it ring; the agent types what they hear, and is asked to name nobody."""
    await Switchboard(house.runtime).ring("pbx-1", "+6281255501234")
    typed = call(number=PHONE, name=NAME, patient="Kenari Kecil", story="Obat belum datang.")
    async with house.served.signed_in(agent) as browser:
        await browser.post("/console/phone/drafts", typed | {"unnamed": "yes"})
        page = await browser.post("/console/phone", typed | {"unnamed": "yes"})
        assert page.all("#code"), page.text


async def too_many(house: WholeHouse) -> None:
    """Leave one address on more reports than are confirmed to it, and one that is refused."""
    for where in (REFUSED, *[MAIL] * TOO_MANY):
        address = Address(channel="email", address=where)
        await Desk(house.runtime).submit(
            submission(channel="web", anonymous=True, addresses=(address,), ip_address=HOST)
        )


async def work(house: WholeHouse, officer: Staff, person: Person) -> None:
    """Answer and close each report that came by a door of its own; fail to tell some."""
    house.telegram.fail("sendMessage", 403, f"Forbidden: bot was blocked by {HANDLE} {CHAT}")
    async with house.served.signed_in(officer) as browser:
        query = "SELECT ticket_number FROM tickets ORDER BY received_at, ticket_number"
        for (number,) in await house.chats.rows(f"{query} LIMIT {REPORTS}"):
            at = AtTicket(browser, number)
            await at.open()
            await at.send("say", mode="reply", words="Teknisi datang pukul 14.")
            await at.open()
            await at.send("say", mode="resolve", words="Sudah diganti.")
    await settled(house)
    await house.chats.update(person.blocks())
    await asyncio.sleep(0.3)


async def everything(house: WholeHouse, hands: Hands, officer: Staff, agent: Staff) -> None:
    """Take the person through every door, and the hospital through its work."""
    code = await web(house, hands)
    [(ticket_id, number)] = await house.chats.rows("SELECT id, ticket_number FROM tickets")
    await kiosk(house, hands)
    await tracking(house, code)
    await settled(house)
    await mails(house, ticket_id, number)
    await web_chat(house)
    await telephone(house, agent)
    person = await telegram(house)
    await too_many(house)
    await settled(house)
    await work(house, officer, person)
    await bounce(house, ticket_id)
    await settled(house)
    while await Concealing(house.runtime).older():
        pass
    async with transaction(house.runtime.database) as session:
        named = await session.scalar(text("SELECT count(*) FROM tickets WHERE NOT is_anonymous"))
    assert named == 0


async def _send(house: WholeHouse, content: bytes, sender: str, to: str) -> None:
    channel = house.registry.channels["email"]
    assert isinstance(channel, EmailChannel)
    await channel.accept(
        RawMail(
            sender=sender,
            recipients=(to,),
            content=content,
            peer=HOST,
            helo="laptop-kenari.example.org",
            protocol="smtp",
            tls=True,
        )
    )
