"""Files too many cost the files alone: words are taken, and what stands still gives way."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request

from core.ground.rate_limits import (
    UPLOADED_FILES,
    UPLOADED_IN_ALL,
    UPLOADED_MEGABYTES,
    UPLOADS,
)
from core.ground.refusals import Refusals
from core.ground.seals import STAGED_FILE
from core.ground.shares import Shares
from core.runtime import Runtime
from intake.app import create_app
from intake.channels.web import open_channel
from intake.registry import Registry
from intake.uploads.quota import QUOTA, UploadQuota
from notifier.retention import ORPHANS
from tests.builders import Hands
from tests.intake.channels.web.forms import filled, get, post
from tests.intake.channels.web.forms import serve as serve_web
from tests.intake.channels.web.tickets import PNG, filed, rows
from tests.serving import serve

MEGABYTE = 1 << 20


def quota(hands: Hands) -> UploadQuota:
    return UploadQuota(refusals=Refusals(), clock=hands, address_of=lambda _: "192.0.2.1")


def test_files_and_megabytes_of_a_network_run_out_and_come_back(hands: Hands) -> None:
    ours = quota(hands)

    assert all(ours.spend("one", MEGABYTE // 2) for _ in range(UPLOADED_FILES.burst))
    assert not ours.spend("one", 1)
    assert ours.spend("two", 1)
    hands.move(hours=3)
    assert ours.spend("one", MEGABYTE * UPLOADED_MEGABYTES.burst)
    assert not ours.spend("one", 1)
    assert ours.refusals.take() == {UPLOADED_FILES.name: 1, UPLOADED_MEGABYTES.name: 1}


def test_many_networks_together_leave_the_disk_some_room(hands: Hands) -> None:
    ours, each = quota(hands), UPLOADED_MEGABYTES.burst
    whole = UPLOADED_IN_ALL.burst // each

    assert all(ours.spend(f"net {number}", MEGABYTE * each) for number in range(whole))
    assert not ours.spend("one more", MEGABYTE)
    assert ours.refusals.take() == {UPLOADED_IN_ALL.name: 1}


async def test_a_report_is_taken_without_the_file_and_says_so(
    runtime: Runtime, hands: Hands
) -> None:
    """A neighbour has sent as many files as the network may; forms come from the same address."""
    app = create_app(runtime, Registry({"web": open_channel(runtime)}))
    app[QUOTA].files.spend("127.0.0.1", hands().timestamp() + 40, UPLOADED_FILES.burst)
    async with serve(app) as url, aiohttp.ClientSession(url, cookie_jar=jar()) as visitor:
        fields = await filled(visitor, hands)
        page = await post(visitor, "/", fields, {"foto.png": PNG})

    [file] = await rows(runtime, "SELECT file_name, status, reason FROM ticket_attachments")
    assert page.path.startswith("/thanks/")
    assert file == {"file_name": "foto.png", "status": "failed", "reason": "no_room_in_share"}
    assert runtime.refusals.take() == {UPLOADED_FILES.name: 1}


def jar() -> aiohttp.CookieJar:
    return aiohttp.CookieJar(unsafe=True)


async def test_what_stands_still_gives_way_and_what_moves_does_not(hands: Hands) -> None:
    ours = quota(hands)
    ours.under_way = Shares(cap=3, per_network=3)
    still, moving, other = (ours.enter(ASKED, "one") for _ in range(3))
    still.stands()
    moving.moves()

    newcomer = ours.enter(ASKED, "two")
    without_files = ours.enter(ASKED, "two")

    assert (still.is_put_out, moving.is_put_out, other.is_put_out) == (True, False, False)
    assert (newcomer.has_place, without_files.has_place) == (True, False)
    assert ours.refusals.take() == {UPLOADS.name: 2}


ASKED = make_mocked_request("POST", "/")


async def test_a_declared_gigabyte_is_refused_before_a_byte_is_read(runtime: Runtime) -> None:
    async with serve_web(runtime) as visitor:
        base = visitor._base_url
        assert base is not None
        reader, writer = await asyncio.open_connection(base.host, base.port)
        writer.write(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n"
            b"Content-Type: multipart/form-data; boundary=batas\r\n\r\n"
        )
        async with asyncio.timeout(5):
            head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(15):
            while any(  # noqa: ASYNC110 - the server tells no event
                getattr(task.get_coro(), "__name__", "") == "start" for task in asyncio.all_tasks()
            ):
                await asyncio.sleep(0.05)

    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close" in head.lower()


async def test_files_of_a_refused_form_are_gone_after_three_hours(
    runtime: Runtime, hands: Hands
) -> None:
    async with serve_web(runtime) as visitor:
        fields = await filled(visitor, hands, story="", email="tidak lengkap")
        again = await post(visitor, "/", fields, {"foto.png": PNG})
        hands.move(hours=1)
        once_more = await post(visitor, "/", again.fields())
        hands.move(minutes=61)
        mended = once_more.fields() | {"story": "Sudah lengkap.", "email": ""}
        told = await post(visitor, "/", mended)
        thanks = await post(visitor, "/", told.fields())

    assert once_more.fields()["keep"]
    assert told.status == 422
    assert "hanya disimpan dua jam" in told.one("#files-problem")
    assert told.fields()["story"] == "Sudah lengkap."
    assert thanks.path.startswith("/thanks/")
    assert STAGED_FILE.lasts < ORPHANS


async def test_nobody_waits_for_the_pictures_of_a_neighbour(runtime: Runtime, hands: Hands) -> None:
    """Pictures of one network are drawn one after the other, those of another beside them."""
    costly = b"\xff\xd8\xff\xe0" + bytes(4 * MEGABYTE)
    app = create_app(runtime, Registry({"web": open_channel(runtime)}))
    async with serve(app) as url, aiohttp.ClientSession(url, cookie_jar=jar()) as visitor:
        fields = await filled(visitor, hands)
        elsewhere = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
        async with aiohttp.ClientSession(url, connector=elsewhere) as neighbour:
            theirs = [asyncio.create_task(sent(neighbour, costly)) for _ in range(6)]
            await asyncio.wait(theirs, return_when=asyncio.FIRST_COMPLETED)
            page = await post(visitor, "/", fields, {"foto.png": PNG})
            waiting = sum(not each.done() for each in theirs)
            await asyncio.gather(*theirs)

    assert page.path.startswith("/thanks/")
    assert waiting >= 2


async def sent(visitor: aiohttp.ClientSession, content: bytes) -> None:
    """Send a form without words that carries a picture."""
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("files", BytesIO(content), filename="besar.jpg")
    async with visitor.post("/", data=form) as answer:
        await answer.read()


@pytest.mark.parametrize("path", ["/tracking/code", "/tracking/rating", "/thanks/slip"])
async def test_a_form_without_a_place_for_files_keeps_none(
    runtime: Runtime, visitor: aiohttp.ClientSession, path: str
) -> None:
    receipt = await filed(runtime)
    await get(visitor, f"/t/{receipt.tracking_code}")

    await post(visitor, path, {"code": receipt.tracking_code, "stars": "5"}, {"foto.png": PNG})

    stored = [one for one in runtime.settings.data.rglob("*") if one.is_file()]
    assert not [one for one in stored if one.read_bytes() == PNG]


@pytest.fixture
async def visitor(runtime: Runtime) -> AsyncIterator[aiohttp.ClientSession]:
    async with serve_web(runtime) as session:
        yield session
