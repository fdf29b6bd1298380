"""What the preview shows is what arrives: by mail and in both chats, in both languages."""

from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from aiohttp import FormData

from core.chats.session import ChatSession
from core.ground.database import transaction
from core.reading.notice import COVERED
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.submission import Address, Receipt, StoredFile
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.settings import WebChatSettings
from intake.dialogue.state import State, dump
from intake.mail_sink import sink
from intake.registry import Registry, write_channels
from tests.builders import OFFICER
from tests.intake.console.staff import Page, Served, hire
from tests.intake.console.ticket.working import SARI, file
from tests.notifier.posting import rows, run_once

CHAT = "0f8f5a34-4c8f-4a4c-9a27-5f3f6c1f2b11"
ANSWERS = ["reply", "ask", "resolve"]
WORDS = """  Teknisi datang pukul 14 — "pasti" & <b>segera</b>.\r\n\r\n
{{ 7 * 7 }} Terima kasih, =?utf-8?q?x?= 👋\u2028 Rina  """


FILES = ("surat.pdf", "foto.jpg")


async def say(runtime: Runtime, receipt: Receipt, mode: str) -> None:
    verb = getattr(Casework(runtime), mode)
    files = tuple(StoredFile(name=name, path=f"aa/{name}") for name in FILES)
    await verb(receipt.ticket_id, WORDS, by=OFFICER, files=files)


async def previewed(runtime: Runtime, served: Served, receipt: Receipt, mode: str) -> Page:
    """Ask for the preview as a browser does: of the files it sends the names."""
    ayu = await hire(runtime, "ayu", "officer")
    fields = [("mode", mode), ("words", WORDS), *(("files", name) for name in FILES)]
    async with served.signed_in(ayu) as browser:
        return await browser.post(
            f"/console/tickets/{receipt.number}/preview", data=FormData(fields)
        )


def mail_of(page: Page) -> tuple[str, str, str]:
    """Return subject, text and HTML as the page shows them."""
    [frame], [letter] = page.tree.css("iframe.mail"), page.tree.css("pre.letter")
    return page.one(".facts dd"), letter.text(), frame.attributes["srcdoc"] or ""


def arrived(content: bytes, code: str) -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail, its tracking code covered.

    On its way every line, the last one too, ends in CRLF (RFC 5322 §2.3).
    """
    mail = message_from_bytes(content, policy=default)
    bodies: Sequence[EmailMessage | None] = [
        cast("EmailMessage | None", mail.get_body((kind,))) for kind in ("plain", "html")
    ]
    text, html = (str(body.get_content()).replace("\r\n", "\n") if body else "" for body in bodies)
    assert code in text
    assert code in html
    return (
        mail["Subject"],
        text.replace(code, COVERED),
        html.replace(code, COVERED).removesuffix("\n"),
    )


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("mode", ANSWERS)
async def test_a_mail_arrives_as_it_was_shown(
    runtime: Runtime, served: Served, tmp_path: Path, mode: str, language: str
) -> None:
    receipt = await file(runtime, language=language, acknowledged=True)
    shown = mail_of(await previewed(runtime, served, receipt, mode))

    async with sink(tmp_path / "mail") as letters:
        channel = EmailChannel(
            runtime,
            MailSettings(
                url=f"smtp://{letters.host}:{letters.port}", from_address="halo@rs.example.org"
            ),
        )
        await say(runtime, receipt, mode)
        await run_once(runtime, channel)
    found = [path.read_bytes() for path in sorted((tmp_path / "mail").glob("*.eml"))]

    [mine] = [content for content in found if SARI.address.encode() in content]
    assert shown == arrived(mine, receipt.tracking_code)
    assert "Teknisi datang pukul 14" in shown[1]


@pytest.mark.parametrize("spoken", ["id", "en"])
@pytest.mark.parametrize("mode", ANSWERS)
async def test_a_chat_shows_what_was_shown_in_the_language_of_the_chat(
    runtime: Runtime, served: Served, mode: str, spoken: str
) -> None:
    chat = WebChat(runtime, WebChatSettings())
    await write_channels(runtime, Registry({chat.name: chat}))
    receipt = await in_chat(runtime, chat.name, spoken)

    page = await previewed(runtime, served, receipt, mode)
    kept_before = await kept(runtime)
    await say(runtime, receipt, mode)
    await run_once(runtime, chat)

    lines = await rows(
        runtime, "SELECT body, payload FROM chat_lines WHERE author = 'bot' ORDER BY seq"
    )
    shown = [bubble.text() for bubble in page.tree.css(".bubble.said")]
    buttons = page.all(".choices .badge")
    assert shown == [line["body"] for line in lines]
    assert buttons == [label for line in lines for label, _ in line["payload"]["buttons"]]  # type: ignore[index]  # JSON
    assert kept_before == []


async def in_chat(runtime: Runtime, channel: str, spoken: str) -> Receipt:
    """File a report whose news goes to a chat that speaks a language of its own."""
    other = "en" if spoken == "id" else "id"
    address = Address(channel=channel, address=CHAT, confirmed=True)
    receipt = await file(runtime, language=other, addresses=(address,), acknowledged=True)
    async with transaction(runtime.database) as session:
        state = dump(State(lang="id" if spoken == "id" else "en"))
        session.add(ChatSession(channel=channel, address=CHAT, state=state))
    return receipt


async def kept(runtime: Runtime) -> list[object]:
    """Return what a look at a preview must leave nothing of."""
    lines = await rows(runtime, "SELECT id FROM chat_lines")
    news = await rows(runtime, "SELECT id FROM deliveries WHERE template <> 'unit_received'")
    return [*lines, *news]
