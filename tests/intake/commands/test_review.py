"""What an operator decides about messages that were set aside."""

from uuid import UUID, uuid4

from core.ground.clock import system_clock
from core.reading.review import ReviewDesk
from core.runtime import Runtime
from core.tickets.submission import Receipt
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.commands.conftest import Kiss
from tests.intake.console.review.letters import newsletter


async def take(office: PostOffice, words: str) -> UUID:
    row = await office.take(newsletter(words, subject=words))
    found: UUID = row["id"]
    return found


async def work_off(office: PostOffice) -> None:
    """Read what is due by the clock of the machine, which `kiss` goes by."""
    office.runtime.clock.now = system_clock()  # type: ignore[attr-defined]  # the tests' clock
    await office.work_off()


async def test_why_something_waits_is_said_in_words(kiss: Kiss, runtime: Runtime) -> None:
    office = PostOffice(runtime)
    inbound_id = await take(office, "Warta.")

    listed = await kiss("inbound", "list")
    shown = await kiss("inbound", "show", str(inbound_id))
    doctor = await kiss("doctor")

    assert "It looks like an automatic answer" in listed.out
    assert "It looks like an automatic answer" in shown.out
    assert "1 were set aside, the first at 2026-11-23 03:00Z: /console/review" in doctor.out


async def test_released_joined_and_dropped(kiss: Kiss, runtime: Runtime, receipt: Receipt) -> None:
    office = PostOffice(runtime)
    one, two, three = [await take(office, words) for words in ("Satu.", "Dua.", "Tiga.")]

    released = await kiss("inbound", "release", str(one))
    nowhere = await kiss("inbound", "join", str(two), "TKT-20200101-0001")
    joined = await kiss("inbound", "join", str(two), receipt.number)
    dropped = await kiss("inbound", "drop", str(three))
    late = await kiss("inbound", "drop", str(one))
    none = await kiss("inbound", "release", str(uuid4()))
    await work_off(office)

    assert [told.code for told in (released, joined, dropped)] == [0, 0, 0]
    assert (nowhere.code, late.code, none.code) == (1, 1, 1)
    assert "no such ticket" in nowhere.err
    assert "an operator said report" in late.err
    words = {row["description"] for row in await office.tickets()}
    assert "Satu." in words
    assert "Tiga." not in words
    said = await office.rows(
        "SELECT body FROM messages WHERE ticket_id = :id", id=receipt.ticket_id
    )
    assert "Dua." in {row["body"] for row in said}
    assert (await ReviewDesk(runtime).waiting()).count == 0


async def test_one_of_several_that_is_decided_already_holds_up_no_other(
    kiss: Kiss, runtime: Runtime
) -> None:
    office = PostOffice(runtime)
    one, two, three = [await take(office, words) for words in ("Satu.", "Dua.", "Tiga.")]
    await kiss("inbound", "drop", str(two))

    dropped = await kiss("inbound", "drop", str(one), str(two), str(three))
    released = await kiss("inbound", "release", str(one), str(uuid4()), str(three))
    await work_off(office)

    assert (dropped.code, released.code) == (1, 1)
    assert "2 are no reports." in dropped.out
    assert f"{two}: It does not wait any more: an operator said no_report." in dropped.err
    assert "2 become reports." in released.out
    assert "no such message" in released.err
    assert {row["description"] for row in await office.tickets()} == {"Satu.", "Tiga."}


async def test_what_was_decided_shows_its_ticket_and_waits_no_more(
    kiss: Kiss, runtime: Runtime
) -> None:
    office = PostOffice(runtime)
    inbound_id = await take(office, "Satu.")

    waiting = await kiss("inbound", "show", str(inbound_id))
    await kiss("inbound", "release", str(inbound_id))
    await work_off(office)
    done = await kiss("inbound", "show", str(inbound_id))

    [ticket] = await office.tickets()
    assert "why " in waiting.out
    assert "noted " in waiting.out
    assert "why " not in done.out
    assert ticket["ticket_number"] in done.out


async def test_what_was_no_report_is_one_after_all(kiss: Kiss, runtime: Runtime) -> None:
    office = PostOffice(runtime)
    inbound_id = await take(office, "Satu.")
    await kiss("inbound", "drop", str(inbound_id))

    again = await kiss("inbound", "release", str(inbound_id))
    await work_off(office)

    assert again.code == 0
    assert len(await office.tickets()) == 1


async def test_a_source_is_trusted_and_not_any_more(kiss: Kiss, runtime: Runtime) -> None:
    office = PostOffice(runtime)
    inbound_id = await take(office, "Satu.")

    wrong = await kiss("inbound", "trust", str(inbound_id), "portal", "lapor")
    trusted = await kiss("inbound", "trust", str(inbound_id), "list", "Warta.example.org")
    added = await kiss("inbound", "trusted", "--add", "portal", "lapor@example.go.id", "--json")
    bad = await kiss("inbound", "trusted", "--add", "friend", "lapor@example.go.id")
    removed = await kiss("inbound", "trusted", "--remove", "Warta.example.org", "--json")
    unknown = await kiss("inbound", "trusted", "--remove", "nobody@example.org")
    await work_off(office)

    assert [told.code for told in (trusted, added, removed)] == [0, 0, 0]
    assert [told.code for told in (wrong, bad, unknown)] == [1, 1, 1]
    assert [row["address"] for row in added.json] == ["warta.example.org", "lapor@example.go.id"]
    assert [row["address"] for row in removed.json] == ["lapor@example.go.id"]
    assert len(await office.tickets()) == 1
