"""Takes the pictures in docs/images: `make screenshots`, or `python docs/pictures.py`.

It starts a hospital of its own in a temporary folder, on a Monday at ten, files a report with a
real Chromium as a patient would, lets staff answer, and photographs every public page.
"""

# ruff: noqa: INP001 - a script beside the pages that show its pictures

import asyncio
import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import pypdfium2
from aiohttp import web
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.ground.database import alchemy_url, transaction
from core.ground.settings import Settings
from core.hospital.channel import Channel
from core.hospital.contact import EMAIL
from core.opening import open_runtime
from core.people.staff import User
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from intake import embedded
from intake.app import create_app
from intake.channels.web import open_channel
from intake.hospital.check import check_file
from intake.hospital.load import load
from intake.registry import Registry, write_channels
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests import browsing
from tests.builders import Hands

IMAGES: Final = Path(__file__).parent / "images"
HOSPITAL: Final = Path(__file__).parent.parent / "demo" / "hospital.yaml"
POSTER: Final = "demoMelatiPintuMasuk000001"
PHONE: Final = {"width": 360, "height": 740}
SHOWN_EVERYWHERE: Final = {"landing", "form", "thanks", "tracking-solved"}
DESK: Final = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Words:
    """What the patient and the staff write, in one language."""

    story: str
    more: str
    reply: str
    solved: str


WORDS: Final = {
    "id": Words(
        story="AC di kamar 3 mati sejak semalam. Ibu saya baru selesai operasi dan kepanasan,"
        " kipas dari rumah pun tidak cukup.",
        more="Sekarang lampu di atas tempat tidur juga mati.",
        reply="Mohon maaf atas malam yang tidak nyaman. Teknisi datang hari ini pukul 14.00."
        " Sementara itu Ibu kami pindahkan ke kamar 5.",
        solved="AC dan lampu kamar 3 sudah diganti. Ibu boleh kembali kapan saja.",
    ),
    "en": Words(
        story="The air conditioning in room 3 has been off since last night. My mother has just"
        " had surgery and suffers from the heat; a fan from home is not enough.",
        more="Now the lamp above her bed is dead too.",
        reply="We are sorry for an uncomfortable night. A technician comes today at 14:00."
        " Until then we are moving your mother to room 5.",
        solved="Air conditioning and lamp in room 3 are replaced. She may come back any time.",
    ),
}


@dataclass(frozen=True)
class Stage:
    """A served hospital, its clock and a browser."""

    runtime: Runtime
    hands: Hands
    home: str
    chromium: Browser
    officer: UUID


@contextlib.asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start everything on a fresh folder, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="kiss-pictures-"))
    folder.chmod(0o755)
    server = embedded.start(folder / "data", state=folder / "state")
    try:
        server.create_database()
        engine = create_async_engine(alchemy_url(server.owner_dsn()))
        await upgrade(engine, application_of(server.dsn()))
        await engine.dispose()
        hands = Hands()
        settings = Settings(
            data=folder,
            public_url="https://lapor.rs.example.org",
        )
        async with (
            open_runtime(settings, server.dsn(), clock=hands) as runtime,
            serving(runtime) as home,
            async_playwright() as playwright,
        ):
            chromium = await playwright.chromium.launch(
                executable_path=browsing.CHROMIUM, args=browsing.ARGUMENTS
            )
            yield Stage(runtime, hands, home, chromium, await somebody_at_work(runtime))
            await chromium.close()
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextlib.asynccontextmanager
async def serving(runtime: Runtime) -> AsyncIterator[str]:
    """Serve the public pages on a loopback port."""
    house, source = check_file(HOSPITAL)
    registry = Registry({"web": open_channel(runtime)})
    await write_channels(runtime, registry)
    await load(runtime.database, house, source)
    async with transaction(runtime.database) as session:  # as if mail were configured
        session.add(Channel(name="email", takes=EMAIL, tells_staff=True, can_send=True))
    runner = web.AppRunner(create_app(runtime, registry), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def somebody_at_work(runtime: Runtime) -> UUID:
    """Find somebody who may answer."""
    async with transaction(runtime.database) as session:
        return (await session.scalars(select(User.id))).first() or sys.exit("nobody works here")


async def picture(page: Page, name: str) -> None:
    """Photograph a whole page, in few colours so that the repository stays small."""
    raw = await page.screenshot(full_page=True, animations="disabled")
    image = Image.open(io.BytesIO(raw)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    image.save(IMAGES / f"{name}.png", optimize=True)


async def printed(page: Page, name: str) -> None:
    """Print a page to paper of A5 and photograph the paper."""
    sheet = pypdfium2.PdfDocument(await page.pdf(format="A5", print_background=False))[0]
    image = sheet.render(scale=1.5).to_pil().convert("L")
    image.save(IMAGES / f"{name}.png", optimize=True)


def photo(folder: Path) -> Path:
    """Draw a photo of a broken air conditioner."""
    image = Image.new("RGB", (640, 480), "#c9d6d3")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((120, 90, 520, 210), 24, fill="#f6f6f2", outline="#8a9a98", width=6)
    draw.rectangle((150, 172, 490, 186), fill="#5d6d6b")
    draw.ellipse((470, 112, 486, 128), fill="#b3261e")
    path = folder / "ac-kamar-3.jpg"
    image.save(path)
    return path


async def walk(at: Stage, language: str, look: str, **options: object) -> None:
    """Go the whole way once and photograph each stop."""
    words, casework = WORDS[language], Casework(at.runtime)
    context = await at.chromium.new_context(locale=language, **options)  # type: ignore[arg-type]
    page = await context.new_page()

    async def snap(name: str, path: str | None = None) -> None:
        if path:
            await page.goto(at.home + path)
        if look == "phone" or name in SHOWN_EVERYWHERE:
            await picture(page, f"{name}-{language}-{look}")

    await snap("landing", f"/q/{POSTER}?lang={language}")
    await page.goto(f"{at.home}/q/{POSTER}/report?type=complaint")
    await page.locator("#story").fill(words.story)
    with tempfile.TemporaryDirectory() as folder:
        await page.locator("#files").set_input_files(photo(Path(folder)))
        await snap("form")
        await page.locator("#email").fill("sari@")
        at.hands.move(seconds=40)
        await page.locator("[data-send] button").click()
        await page.locator("#summary").wait_for()
    await snap("error")
    await page.locator("#email").fill("sari@example.org")
    await page.locator("[data-send] button").click()
    await page.wait_for_url("**/thanks/*")
    await snap("thanks")
    code = await page.locator("#code").inner_text()
    await snap("slip", "/slip")
    if look == "desk":
        await printed(page, f"slip-printed-{language}")
    await snap("general", "/")
    await snap("sign-in", "/tracking")
    await snap("tracking-received", f"/t/{code}")
    ticket = await Desk(at.runtime).find(code)
    at.hands.move(hours=1)
    await casework.start(ticket, by=at.officer)
    at.hands.move(hours=1)
    await casework.reply(ticket, words.reply, by=at.officer)
    at.hands.move(hours=2)
    await page.goto(at.home + "/tracking")
    await page.locator("#story").fill(words.more)
    await page.locator("[data-send] button").click()
    await page.wait_for_url("**/tracking?done=added")
    at.hands.move(hours=3)
    await casework.resolve(ticket, words.solved, by=at.officer)
    await snap("tracking-solved", "/tracking")
    await snap("privacy", "/privacy")
    await snap("not-found", "/nowhere")
    await context.close()


async def alarm(at: Stage) -> None:
    """Photograph the thanks after words of danger."""
    context = await at.chromium.new_context(locale="id", viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"{at.home}/q/{POSTER}/report")
    await page.locator("#story").fill("Tolong, ayah saya sesak napas sekarang, tidak ada perawat.")
    at.hands.move(seconds=40)
    await page.locator("[data-send] button").click()
    await page.wait_for_url("**/thanks/*")
    await picture(page, "danger-id-phone")
    await context.close()


async def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(exist_ok=True)
    async with stage() as at:
        for language in WORDS:
            await walk(at, language, "phone", viewport=PHONE, device_scale_factor=1)
            at.hands.now = Hands().now
        await walk(at, "id", "phone-dark", viewport=PHONE, color_scheme="dark")
        at.hands.now = Hands().now
        await walk(at, "id", "desk", viewport=DESK)
        await alarm(at)
        for theme in ("light", "dark"):
            context = await at.chromium.new_context(viewport=DESK, color_scheme=theme)
            page = await context.new_page()
            await page.goto(at.home + "/styleguide")
            await picture(page, f"styleguide-{theme}")
            await context.close()


if __name__ == "__main__":
    asyncio.run(main())
