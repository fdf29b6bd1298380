import aiohttp
from sqlalchemy import text

from core.database import transaction
from core.runtime import Runtime
from tests.builders import TOKEN, Hands
from tests.channels.web.forms import get, post

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


async def rows(runtime: Runtime, query: str) -> list[dict[str, object]]:
    async with transaction(runtime.database) as session:
        return [dict(row) for row in (await session.execute(text(query))).mappings()]


async def test_a_report_from_a_poster_is_filed_and_thanked_for(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    landing = await get(visitor, f"/q/{TOKEN}")
    form = await get(visitor, f"/q/{TOKEN}/report?type=suggestion")
    hands.move(seconds=40)

    thanks = await post(
        visitor,
        f"/q/{TOKEN}/report",
        form.fields() | {"story": "Tambah kursi roda.", "email": "sari@example.org"},
        {"kursi.png": PNG, "lorong.png": PNG + b" "},
    )

    assert landing.one("h1") == "Ruang Melati"
    assert (thanks.status, thanks.path) == (200, "/thanks")
    assert thanks.one(".number") == "TKT-20261123-0001"
    assert "paling lambat Kamis, 26 November 2026 pukul 10.00 WIB" in thanks.text
    [ticket] = await rows(
        runtime, "SELECT type, is_anonymous, submitter_email, qr_code_id, language FROM tickets"
    )
    assert ticket["qr_code_id"] is not None
    assert (ticket["type"], ticket["is_anonymous"]) == ("suggestion", True)
    assert (ticket["submitter_email"], ticket["language"]) == (None, "id")
    files = await rows(runtime, "SELECT file_name, status FROM ticket_attachments")
    assert {file["file_name"] for file in files} == {"kursi.png", "lorong.png"}
    told = await rows(runtime, "SELECT address FROM ticket_addresses")
    assert told == [{"address": "sari@example.org"}]
