import asyncio
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text

from core.ground.concealed import address_kept
from core.ground.database import transaction
from core.ground.rate_limits import WEB_REPORTS
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from tests.builders import FARMASI, TOKEN, Hands
from tests.intake.channels.web.forms import filled, get, post, serve
from tests.intake.channels.web.tickets import PNG, rows
from tests.intake.channels.web.wire import Wire


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
    assert (thanks.status, thanks.path) == (200, "/thanks/TKT-20261123-0001")
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
    hidden = address_kept(runtime.secret, "sari@example.org", conceals=True)
    assert told == [{"address": hidden}]


async def test_sending_the_same_form_again_files_nothing_new(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    fields = await filled(visitor, hands)

    pages = await asyncio.gather(*[post(visitor, "/", fields) for _ in range(5)])

    assert len({page.one(".code") for page in pages}) == 1
    assert await rows(runtime, "SELECT count(*) FROM messages") == [{"count": 1}]


async def test_an_error_stands_above_and_beside_and_keeps_everything(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    fields = await filled(visitor, hands, email="sari@", identity="named", name="Sari <b>")

    page = await post(visitor, "/", fields, {"antrean.png": PNG})

    assert page.status == 422
    sentence = "Alamat surel ini belum lengkap. Contohnya: nama@example.org"
    assert page.all("#summary li") == [sentence]
    assert page.attribute("#summary a", "href") == "#email"
    assert page.one("#email-problem") == sentence
    assert "email-problem" in (page.attribute("#email", "aria-describedby"))
    assert page.one("head title").startswith("Belum terkirim:")
    kept = page.fields()
    assert {name: kept[name] for name in ("story", "email", "identity", "name", "key")} == {
        name: fields[name] for name in ("story", "email", "identity", "name", "key")
    }


async def test_files_outlive_an_error(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    fields = await filled(visitor, hands, email="sari@")
    page = await post(visitor, "/", fields, {"antrean.png": PNG})

    thanks = await post(visitor, "/", page.fields() | {"email": ""})

    assert thanks.path.startswith("/thanks/")
    files = await rows(runtime, "SELECT file_name, file_size FROM ticket_attachments")
    assert files == [{"file_name": "antrean.png", "file_size": len(PNG)}]


async def test_a_file_unticked_after_an_error_is_not_sent(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    page = await post(visitor, "/", await filled(visitor, hands, email="@"), {"a.png": PNG})
    fields = page.fields() | {"email": ""}
    del fields["keep"]

    await post(visitor, "/", fields)

    assert await rows(runtime, "SELECT count(*) FROM ticket_attachments") == [{"count": 0}]


async def test_another_forms_file_does_not_come_along(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    page = await post(visitor, "/", await filled(visitor, hands, email="@"), {"a.png": PNG})
    stolen = page.fields()["keep"]

    await post(visitor, "/", await filled(visitor, hands, keep=stolen))

    assert await rows(runtime, "SELECT count(*) FROM ticket_attachments") == [{"count": 0}]


async def test_a_dangerous_file_goes_along_locked(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    page = await post(visitor, "/", await filled(visitor, hands), {"foto.jpg": b"MZ\x90\x00" * 9})

    assert page.path.startswith("/thanks/")
    [file] = await rows(runtime, "SELECT status, reason FROM ticket_attachments")
    assert file == {"status": "quarantined", "reason": "forbidden_type"}


async def test_a_photo_alone_is_a_report(visitor: aiohttp.ClientSession, hands: Hands) -> None:
    page = await post(visitor, "/", await filled(visitor, hands, story=""), {"a.png": PNG})

    assert page.path.startswith("/thanks/")


async def test_nothing_at_all_is_asked_for_words(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    page = await post(visitor, "/", await filled(visitor, hands, story=" \n "))

    assert page.status == 422
    assert page.one("#story-problem") == "Tulis dulu apa yang terjadi; beberapa kata pun cukup."


async def test_a_place_chosen_by_hand_counts_more_than_the_poster(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    form = await get(visitor, f"/q/{TOKEN}/report")
    hands.move(seconds=40)

    await post(visitor, f"/q/{TOKEN}/report", form.fields() | {"story": "x", "unit": str(FARMASI)})

    [ticket] = await rows(runtime, "SELECT unit_id FROM tickets")
    assert ticket["unit_id"] == FARMASI


async def test_the_name_counts_only_where_it_is_meant(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    who = {"name": "Sari", "phone": "0800-0000-0007"}
    await post(visitor, "/", await filled(visitor, hands, **who))
    await post(visitor, "/", await filled(visitor, hands, identity="named", **who))

    tickets = await rows(
        runtime,
        "SELECT is_anonymous, submitter_name, submitter_phone, ip_address FROM tickets"
        " ORDER BY ticket_number",
    )
    assert tickets[0] == {
        "is_anonymous": True,
        "submitter_name": None,
        "submitter_phone": None,
        "ip_address": None,
    }
    assert (tickets[1]["is_anonymous"], tickets[1]["submitter_name"]) == (False, "Sari")
    assert tickets[1]["submitter_phone"] == "0800-0000-0007"


@pytest.mark.parametrize("haste", [{"seconds": 0}, {"seconds": 40, "website": "http://spam"}])
async def test_who_looks_like_a_machine_presses_twice(
    runtime: Runtime,
    visitor: aiohttp.ClientSession,
    hands: Hands,
    haste: dict[str, int | str],
) -> None:
    fields = (await get(visitor, "/")).fields() | {"story": "Cepat sekali."}
    hands.move(seconds=float(haste["seconds"]))
    fields["website"] = str(haste.get("website", ""))

    doubted = await post(visitor, "/", fields)
    at_once = await post(visitor, "/", doubted.fields() | {"website": fields["website"]})
    hands.move(seconds=5)
    patient = await post(visitor, "/", doubted.fields() | {"website": fields["website"]})

    assert (doubted.status, at_once.status) == (429, 429)
    assert doubted.one("[role=alert] h2") == "Tekan Kirim sekali lagi"
    assert doubted.fields()["story"] == "Cepat sekali."
    assert patient.path.startswith("/thanks/")
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 1}]


async def test_a_crowd_behind_one_address_is_slowed_and_never_refused(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    flood = await filled(visitor, hands)
    await asyncio.gather(*[post(visitor, "/", flood) for _ in range(WEB_REPORTS.burst)])
    patient = (await get(visitor, "/")).fields() | {"story": "Saya juga menunggu."}
    hands.move(seconds=1)

    slowed = await post(visitor, "/", patient)
    hands.move(seconds=3)
    taken = await post(visitor, "/", slowed.fields())

    assert (slowed.status, taken.path[:12]) == (429, "/thanks/TKT-")
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 2}]


async def test_the_language_is_switched_in_the_middle_and_nothing_is_lost(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    fields = await filled(visitor, hands, lang="en", story="Halfway thr")

    page = await post(visitor, "/", fields, {"a.png": PNG})
    thanks = await post(visitor, "/", page.fields())

    assert (page.status, page.one("h1")) == (200, "What would you like to tell us?")
    assert page.fields()["story"] == "Halfway thr"
    assert thanks.one("h1") == "Thank you. Your report has arrived."
    assert "at 10:00 WIB at the latest" in thanks.text
    assert await rows(runtime, "SELECT language FROM tickets") == [{"language": "en"}]
    assert await rows(runtime, "SELECT count(*) FROM ticket_attachments") == [{"count": 1}]


async def test_a_script_is_told_where_to_go(visitor: aiohttp.ClientSession, hands: Hands) -> None:
    fields = await filled(visitor, hands)

    page = await post(visitor, "/", fields, headers={"X-Kiss-Script": "1"})

    assert (page.status, page.path, page.headers["X-Kiss-Next"]) == (
        200,
        "/",
        "/thanks/TKT-20261123-0001",
    )
    assert (await get(visitor, "/thanks")).status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}, {"Origin": "null"}],
)
async def test_a_form_on_another_site_cannot_send_here(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands, headers: dict[str, str]
) -> None:
    page = await post(visitor, "/", await filled(visitor, hands), headers=headers)

    assert page.status == 403
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 0}]


async def test_where_no_mail_is_sent_no_address_is_asked_for(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(text("DELETE FROM channels WHERE name = 'email'"))
    await runtime.directory.reload()

    form = await get(visitor, "/")
    thanks = await post(visitor, "/", await filled(visitor, hands, email="sari@example.org"))

    assert form.tree.css("#email") == []
    assert thanks.path.startswith("/thanks/")
    assert "kami menulis kepada Anda" not in thanks.text


async def test_words_of_danger_bring_the_numbers_at_once_and_the_report_is_kept(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    story = "Tolong, ayah saya sesak napas sekarang dan tidak ada perawat."

    alarmed = await post(visitor, "/", await filled(visitor, hands, story=story))
    calm = await post(visitor, "/", await filled(visitor, hands))

    assert alarmed.one("[role=alert] h2") == "Ada yang dalam bahaya sekarang?"
    assert alarmed.attribute("[role=alert] a", "href") == "tel:080000000119"
    assert calm.all("[role=alert]") == []
    tickets = await rows(runtime, "SELECT priority FROM tickets ORDER BY ticket_number")
    assert tickets == [{"priority": "critical"}, {"priority": "medium"}]


async def test_a_database_away_keeps_the_form_and_takes_it_afterwards(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    settings = Settings(
        data=tmp_path, secret_key="a secret for tests, and long enough", database_timeout=2
    )
    wire, url = Wire.to(database_url, tmp_path)
    async with wire, open_runtime(settings, url, clock=hands) as runtime, serve(runtime) as visitor:
        fields = await filled(visitor, hands)

        wire.cut()
        away = await post(visitor, "/", fields, {"a.png": PNG})
        still_there = await get(visitor, "/")
        wire.mend()
        thanks = await post(visitor, "/", away.fields())

        assert (away.status, away.headers["Retry-After"]) == (503, "15")
        assert away.one("[role=alert] h2") == "Saat ini laporan belum dapat kami simpan"
        assert away.fields()["story"] == fields["story"]
        assert still_there.status == 200
        assert thanks.path.startswith("/thanks/")
        assert await rows(runtime, "SELECT count(*) FROM ticket_attachments") == [{"count": 1}]


async def test_hostile_words_are_shown_as_they_were_typed(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    hostile = "\"><script>alert(1)</script>{{7*7}}{% raw %}' onfocus=alert(1) \u202e"
    fields = await filled(
        visitor, hands, story=hostile, name=hostile, email=hostile, phone=hostile, identity="named"
    )

    page = await post(visitor, "/", fields)

    assert page.status == 422
    kept = page.fields()
    assert {kept[name] for name in ("story", "name", "email", "phone")} == {hostile}
    assert page.tree.css("main script, [onfocus]") == []
