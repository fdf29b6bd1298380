"""Browsers are shown a picture that we drew ourselves, without a word about who took it where."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from core.ground.storage import Storage
from intake.uploads.arrival import ReceivedFile, keep
from intake.uploads.limits import DEFAULT_LIMITS, Limits
from intake.uploads.reasons import Reason
from tests.intake.uploads import samples


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(tmp_path / "files", reserve=0)


async def kept(
    storage: Storage, content: bytes, name: str = "foto.jpg", limits: Limits = DEFAULT_LIMITS
) -> ReceivedFile:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await keep(chunks(), storage, name=name, limits=limits)


async def shown(storage: Storage, file: ReceivedFile) -> bytes:
    assert file.display_key is not None
    return b"".join([chunk async for chunk in storage.read(file.display_key)])


async def test_the_display_copy_is_upright_and_says_nothing(storage: Storage) -> None:
    photo = samples.photo_with_place(orientation=6)
    assert b"Kamera-Contoh" in photo

    file = await kept(storage, photo)

    copy = await shown(storage, file)
    image = Image.open(io.BytesIO(copy))
    assert (image.format, image.size) == ("JPEG", (200, 300))
    assert (file.display.mime, file.display.width, file.display.height) == ("image/jpeg", 200, 300)
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    for secret in (b"Kamera", b"rahasia", b"EXIF", b"XMP "):
        assert secret not in copy
    left = image.convert("RGB").getpixel((100, 20))
    assert isinstance(left, tuple)
    red, green, _ = left
    assert (red > 200, green < 100) == (True, True)  # the red half is on top after turning


async def test_a_heic_is_shown_without_its_place(storage: Storage) -> None:
    photo = samples.iphone_photo()
    assert b"Kamera-Contoh" in photo

    copy = await shown(storage, await kept(storage, photo, "IMG_1.HEIC"))

    assert b"Kamera" not in copy
    assert dict(Image.open(io.BytesIO(copy)).getexif()) == {}


async def test_the_original_is_kept_as_it_came(storage: Storage) -> None:
    photo = samples.photo_with_place()

    file = await kept(storage, photo)

    assert b"".join([chunk async for chunk in storage.read(file.key)]) == photo


# fmt: off - a table
PICTURES = (
    ("besar.jpg", samples.picture("JPEG", (4000, 3000)), "JPEG", (2000, 1500)),
    ("besar.png", samples.picture("PNG", (4000, 3000), mode="L"), "JPEG", (2048, 1536)),
    ("tinggi.png", samples.picture("PNG", (100, 4096)), "JPEG", (50, 2048)),
    ("cmyk.jpg", samples.picture("JPEG", mode="CMYK"), "JPEG", (64, 48)),
    ("abu.png", samples.picture("PNG", mode="L"), "JPEG", (64, 48)),
    ("enambelas.png", samples.picture("PNG", mode="I;16"), "JPEG", (64, 48)),
    ("satu.png", samples.picture("PNG", mode="1"), "JPEG", (64, 48)),
    ("tembus.png", samples.picture("PNG", mode="RGBA"), "WEBP", (64, 48)),
    ("palet.png", samples.picture("PNG", mode="P", transparency=0), "WEBP", (64, 48)),
    ("palet2.png", samples.picture("PNG", mode="P", transparency=b"\0\x80"), "WEBP", (64, 48)),
    ("gerak.gif", samples.moving_picture(3), "JPEG", (8, 8)),
    ("wa.webp", samples.picture("WEBP"), "JPEG", (64, 48)),
)
# fmt: on


@pytest.mark.parametrize(
    ("name", "content", "form", "size"), PICTURES, ids=[name for name, *_ in PICTURES]
)
async def test_every_kind_of_picture_is_drawn(
    storage: Storage, name: str, content: bytes, form: str, size: tuple[int, int]
) -> None:
    file = await kept(storage, content, name)

    image = Image.open(io.BytesIO(await shown(storage, file)))
    assert (image.format, image.size, getattr(image, "n_frames", 1)) == (form, size, 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (samples.png_claiming(9000, 9000), Reason.IMAGE_TOO_LARGE),
        (samples.png_claiming(60_000, 60_000), Reason.IMAGE_TOO_LARGE),
        (samples.picture("PNG")[:60], Reason.IMAGE_UNREADABLE),
        (samples.png_claiming(300, 300), Reason.IMAGE_UNREADABLE),
    ],
    ids=["81 MP", "3600 MP", "cut off", "too few rows"],
)
async def test_a_hostile_picture_has_no_copy_but_is_kept(
    storage: Storage, content: bytes, reason: Reason
) -> None:

    file = await kept(storage, content, "bom.png")

    assert (file.display_key, file.display.reason) == (None, reason)
    assert file.verdict.accepted
    assert await storage.exists(file.key)


async def test_the_first_of_very_many_frames_is_drawn_at_once(storage: Storage) -> None:
    content = samples.moving_picture(5000)

    file = await kept(storage, content, "film.gif")

    assert (file.display.width, file.display.height) == (8, 8)


async def test_a_picture_beyond_memory_or_time_is_given_up(storage: Storage) -> None:
    large = samples.black_png(6000)
    little_memory = replace(DEFAULT_LIMITS, display_memory=160 << 20)
    no_time = replace(DEFAULT_LIMITS, display_seconds=0.01)

    poor = await kept(storage, large, "besar.png", little_memory)
    late = await kept(storage, large, "besar.png", no_time)

    assert (poor.display_key, late.display_key) == (None, None)
    assert poor.display.reason in (Reason.IMAGE_TOO_LARGE, Reason.IMAGE_UNREADABLE)
    assert late.display.reason is Reason.IMAGE_TOO_SLOW


async def test_broken_exif_costs_the_turning_not_the_picture(storage: Storage) -> None:
    photo = samples.photo_with_place()
    at = photo.index(b"Exif\0\0") + 6
    broken = photo[:at] + b"MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40 + photo[at + 50 :]

    file = await kept(storage, broken)

    assert file.display.width == 300


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("surat.pdf", samples.pdf(b"<< >>")),
        ("foto.png", samples.picture("JPEG")),
        ("x.jpg", samples.picture("JPEG") + b"<script >"),
    ],
    ids=["pdf", "named png", "disguised"],
)
async def test_what_is_no_plain_picture_is_not_drawn(
    storage: Storage, name: str, content: bytes
) -> None:
    file = await kept(storage, content, name)

    assert (file.display_key, file.display.reason) == (None, None)


async def test_a_cancelled_drawing_leaves_no_process(storage: Storage) -> None:
    task = asyncio.create_task(kept(storage, samples.black_png(6000), "besar.png"))
    async with asyncio.timeout(10):
        while not (children := _children()):  # noqa: ASYNC110 - another process tells no event
            await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not children & _children()


def _children() -> set[str]:
    """Drawing processes of this one."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {pid for pid in listed if b"redraw" in _command(pid)}


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
