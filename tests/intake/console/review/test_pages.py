"""The review desk's pages: what is shown, what is decided, and who may."""

from uuid import UUID

import pytest

from core.reading.review import ReviewDesk
from core.review.deciding import Review
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.older_messages import tell_older_messages
from tests.builders import MELATI, Hands, submission
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.console.review.letters import newsletter, triage_desk, with_everything
from tests.intake.console.staff import Served, hire

LIST = "/console/review"


async def test_an_empty_desk_says_something_kind(runtime: Runtime, served: Served) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    async with served.signed_in(boss) as browser:
        page = await browser.get(LIST)

    assert "Tidak ada yang disisihkan" in page.one(".empty")
    assert page.all("[data-desk] .count") == []


async def test_a_newsletter_is_released_on_the_page_and_answered_then(
    runtime: Runtime, served: Served, office: PostOffice, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    await office.take(newsletter())
    hands.move(minutes=10)

    async with served.signed_in(boss) as browser:
        listed = await browser.get(LIST)
        [link] = listed.links(".review h2 a")
        shown = await browser.get(link)
        done = await browser.post(f"{link}/report")
        after = await browser.get(link)

    assert listed.one(".review h2") == "Warta bulan ini"
    assert "AC di kamar 3 mati sejak kemarin." in listed.text
    assert "menunggu 10 m" in listed.text
    assert listed.one("[data-desk] .count") == "1"
    assert shown.one(".inert") == "AC di kamar 3 mati sejak kemarin."
    assert "menjadi laporan" in done.one(".banner.good")
    assert "Boss Contoh" in after.one(".banner.good")
    assert after.all(".verbs") == []
    await office.work_off()
    assert len(await office.tickets()) == 1
    [told] = await office.notices()
    assert told["recipient_ref"] == PERSON


async def test_nothing_of_a_message_is_active(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    await office.take(with_everything())

    async with served.signed_in(boss) as browser:
        page = await browser.get((await browser.get(LIST)).links(".review h2 a")[0])
        original = await browser.get(page.links("a[download]")[0])

    assert page.one("h1") == "Tolong <script>alert(2)</script>"
    assert "sesak napas" in page.one(".inert")
    assert "kamar.jpg" in page.text
    assert "Bahaya" in page.text
    inside = page.tree.css_first(".inert")
    assert inside is not None
    assert inside.css("img, a, script, b") == []
    assert all("example/" not in link for link in page.links())
    assert original.headers["Content-Type"].startswith("text/plain")
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>alert(1)</script>" in original.text
    reads = await office.rows("SELECT what, user_id FROM audit.reads")
    assert [(row["what"], row["user_id"]) for row in reads] == [("message", boss.user_id)] * 2


async def test_what_cannot_be_read_is_offered_as_it_came(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    row = await office.take(newsletter())
    await office.rows(
        "UPDATE inbound SET channel = 'telegram', reason = 'unreadable' WHERE id = :id",
        id=row["id"],
    )

    async with served.signed_in(boss) as browser:
        page = await browser.get(f"{LIST}/{row['id']}")
        again = await browser.post(f"{LIST}/{row['id']}/read-again")

    assert "tidak dapat ditampilkan" in page.one("main .panel .banner.warn")
    assert page.links("a[download]") == [f"{LIST}/{row['id']}/original"]
    assert "dibaca ulang" in again.one(".banner.good")
    [kept] = await office.rows("SELECT status FROM inbound")
    assert kept["status"] == "pending"


async def test_it_is_joined_by_number_or_by_a_report_that_is_offered(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    one, two = await take(office, "Masih mati."), await take(office, "Tetap mati.")

    async with served.signed_in(boss) as browser:
        wrong = await browser.post(f"{LIST}/{one}/join", {"number": "TKT-20200101-0001"})
        offered = await browser.get(f"{LIST}/{one}")
        await browser.post(f"{LIST}/{one}/join", {"number": ticket["ticket_number"].lower()})
        [choice] = offered.values(".candidates button")
        await browser.post(f"{LIST}/{two}/join", {"number": choice})
    await office.work_off()

    assert wrong.status == 422
    assert "pelapor membacanya di halamannya" in offered.one(".verbs")
    assert "Tidak ada laporan" in wrong.one(".summary li")
    assert wrong.values("#number") == ["TKT-20200101-0001"]
    said = [row["body"] for row in await office.messages()]
    assert said == ["AC mati.", "Masih mati.", "Tetap mati."]
    assert len(await office.tickets()) == 1


async def take(office: PostOffice, words: str) -> UUID:
    row = await office.take(newsletter(words, subject=words))
    found: UUID = row["id"]
    return found


async def test_the_second_decider_reads_who_was_first(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    first = await hire(runtime, "dewi", "supervisor")
    second = await hire(runtime, "budi", "supervisor")
    inbound_id = await take(office, "Penawaran.")

    async with served.signed_in(first) as browser:
        await browser.post(f"{LIST}/{inbound_id}/no-report")
    async with served.signed_in(second) as browser:
        late = await browser.post(f"{LIST}/{inbound_id}/report")
        changed = await browser.get(f"{LIST}/{inbound_id}")
        fields = changed.fields(".verbs form")
        await browser.post(f"{LIST}/{inbound_id}/report", fields)
    await office.work_off()

    assert late.status == 409
    assert "Dewi Contoh menyatakan" in late.one(".summary li")
    assert fields == {"again": "yes"}
    assert len(await office.tickets()) == 1


async def test_which_kind_of_source_it_is_is_chosen_by_a_person(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    row = await office.take(mail("AC mati.", Auto_Submitted="auto-generated"))
    inbound_id = row["id"]

    async with served.signed_in(boss) as browser:
        shown = await browser.get(f"{LIST}/{inbound_id}")
        unchosen = await browser.post(
            f"{LIST}/{inbound_id}/trust", {"kind": "", "address": "portal@example.org"}
        )

    assert shown.values("#kind option[selected]") == []
    assert shown.values("#address") == [PERSON]
    assert unchosen.status == 422
    assert (await runtime.directory.fresh()).trusted == ()


async def test_what_nobody_has_read_is_not_called_wordless(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    inbound_id = await take(office, "AC mati.")
    await office.rows(
        "UPDATE inbound SET summary = NULL, reason = NULL, last_error = 'an automatic answer'"
        " WHERE id = :id RETURNING id",
        id=inbound_id,
    )

    async with served.signed_in(boss) as browser:
        listed = await browser.get(LIST)
        [link] = listed.links(".review h2 a")
        shown = await browser.get(link)

    assert listed.one(".review h2") == "Pesan yang belum terbaca"
    assert shown.one(".inert") == "AC mati."


async def test_what_waited_before_an_upgrade_is_read_once_and_screened(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    await take(office, "Warta.")
    await take(office, "Saya mau bunuh diri.")
    decided = await take(office, "Iklan.")
    await office.rows("UPDATE inbound SET summary = NULL, reason = NULL, is_danger = false")
    await Review(runtime).no_report(decided, by=None)

    for _ in range(2):
        await tell_older_messages(runtime, {"email": office.channel}.get)
    async with served.signed_in(boss) as browser:
        listed = await browser.get(LIST)

    assert listed.all(".review h2") == ["Saya mau bunuh diri.", "Warta."]
    assert len(listed.all(".badge.red")) == 1
    assert (await ReviewDesk(runtime).waiting()).danger == 1
    [other] = await office.rows("SELECT summary FROM inbound WHERE id = :id", id=decided)
    assert other["summary"] is None
    assert await office.tickets() == []


async def test_a_source_is_trusted_from_a_message_listed_and_removed(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    inbound_id = await take(office, "AC mati.")

    async with served.signed_in(boss) as browser:
        wrong = await browser.post(f"{LIST}/{inbound_id}/trust", {"kind": "list", "address": "?"})
        offered = wrong.tree.css_first("#kind")
        await browser.post(
            f"{LIST}/{inbound_id}/trust", {"kind": "list", "address": "warta.example.org"}
        )
        page = await browser.get(f"{LIST}/trusted")
        known = (await runtime.directory.fresh()).trusted
        bad = await browser.post(f"{LIST}/trusted", {"kind": "portal", "address": "lapor"})
        [source_id] = page.values("button[name=id]")
        gone = await browser.post(f"{LIST}/trusted/drop", {"id": source_id})
    await office.work_off()

    assert wrong.status == bad.status == 422
    assert offered is not None
    assert bad.values("#address") == ["lapor"]
    assert page.one(".lines .mono") == "warta.example.org"
    assert [(one.kind, one.address) for one in known] == [("list", "warta.example.org")]
    assert (await runtime.directory.fresh()).trusted == ()
    assert gone.all(".lines .mono") == []
    assert len(await office.tickets()) == 1


@pytest.mark.parametrize(
    ("role", "at_desk", "sees", "decides"),
    [
        ("supervisor", False, True, True),
        ("officer", True, True, True),
        ("head", True, True, True),
        ("officer", False, False, False),
        ("auditor", False, True, False),
        ("agent", True, False, False),
        ("administrator", True, False, False),
    ],
)
async def test_who_sees_the_desk_and_who_decides(
    runtime: Runtime, served: Served, office: PostOffice, role: str, *, at_desk: bool,
    sees: bool, decides: bool,
) -> None:  # fmt: skip
    unit = await triage_desk(runtime) if at_desk else MELATI
    person = await hire(runtime, "sari", role, unit_id=unit)
    inbound_id = await take(office, "Penawaran.")

    async with served.signed_in(person) as browser:
        listed = await browser.get(LIST)
        shown = await browser.get(f"{LIST}/{inbound_id}")
        home = await browser.get("/console/account")
        head = await browser.get(f"{LIST}/head")
        done = await browser.post(f"{LIST}/{inbound_id}/no-report")

    assert [listed.status, shown.status] == [200 if sees else 404] * 2
    assert (LIST in home.links(".places a")) is sees
    assert home.all("[data-desk] .count") == (["1"] if decides else [])
    assert (head.status == 200) is decides
    assert bool(shown.all(".verbs form")) is decides
    assert (done.status == 200) is decides
    assert (await ReviewDesk(runtime).waiting()).count == (0 if decides else 1)


async def test_the_head_of_every_page_becomes_an_alarm_after_an_hour(
    runtime: Runtime, served: Served, office: PostOffice, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    await take(office, "Penawaran.")

    async with served.signed_in(boss) as browser:
        hands.move(minutes=59)
        calm = await browser.get("/console/account")
        hands.move(minutes=1)
        late = await browser.get("/console/account")
        head = await browser.get(f"{LIST}/head")

    assert calm.one("[data-desk]") == "1menunggu"
    assert calm.all(".desk.late") == []
    assert late.one(".desk.late") == head.one(".desk.late") == "1segera"


async def test_danger_is_an_alarm_at_once(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    await take(office, "Penawaran.")
    await office.take(with_everything())

    async with served.signed_in(boss) as browser:
        page = await browser.get(LIST)

    assert page.one(".desk.late .count") == "2"
    first, _ = page.all(".review li")
    assert "Bahaya" in first


@pytest.mark.parametrize("path", ["", "/original"])
@pytest.mark.parametrize("message", ["nothing", "00000000-0000-7000-8000-000000000001"])
async def test_what_was_never_set_aside_is_not_found(
    runtime: Runtime, served: Served, message: str, path: str
) -> None:
    boss = await hire(runtime, "boss", "supervisor")
    async with served.signed_in(boss) as browser:
        assert (await browser.get(f"{LIST}/{message}{path}")).status == 404
        assert (await browser.post(f"{LIST}/{message}/report")).status == 404


async def test_no_tracking_code_can_be_read_on_the_desk(
    runtime: Runtime, served: Served, office: PostOffice
) -> None:
    boss, code = await hire(runtime, "boss", "supervisor"), await code_of_a_report(runtime)
    await office.take(newsletter(f"Warta.\r\n\r\n> kode saya {code}", sender=f"{code} <{PERSON}>"))

    async with served.signed_in(boss) as browser:
        listed = await browser.get(LIST)
        [link] = listed.links(".review h2 a")
        shown = await browser.get(link)

    kept = str(await office.rows("SELECT summary FROM inbound"))
    assert "kode saya ••••" in shown.text
    for said in (listed.text, shown.text, kept):
        assert code[:9] not in said


async def code_of_a_report(runtime: Runtime) -> str:
    return (await Desk(runtime).submit(submission())).tracking_code
