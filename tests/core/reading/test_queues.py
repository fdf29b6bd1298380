"""Which tickets stand in which queue, in which order, for whom."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import update

from core.access.scope import Reader
from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.reading import queues
from core.reading.filters import Wanted
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.grading import Grading
from core.tickets.subject import name_subject
from core.tickets.submission import Address, Receipt, Submitter
from tests.builders import MELATI, OFFICER, Hands, submission


@dataclass(frozen=True)
class House:
    """A runtime, and what somebody sees in it."""

    runtime: Runtime

    async def desk(self, *roles: str, units: frozenset[UUID] = frozenset()) -> queues.QueueReader:
        reader = Reader(user_id=OFFICER, roles=frozenset(roles), units=units)
        directory = await self.runtime.directory.fresh()
        return queues.QueueReader(reader=reader, directory=directory, now=self.runtime.clock())

    async def numbers(self, desk: queues.QueueReader, **wanted: str) -> list[str]:
        async with transaction(self.runtime.database) as session:
            page = await queues.page(session, desk, Wanted(**wanted))
        return [row.number for row in page.rows]

    async def counts(self, desk: queues.QueueReader) -> dict[str, int]:
        async with transaction(self.runtime.database) as session:
            return await queues.counts(session, desk)

    async def file(self, **changes: object) -> Receipt:
        return await Desk(self.runtime).submit(submission(**changes))


@pytest.fixture
def house(runtime: Runtime) -> House:
    return House(runtime)


async def test_a_queue_is_sorted_by_deadline_the_nearest_first(house: House, hands: Hands) -> None:
    first = await house.file()
    hands.move(hours=1)
    pharmacy = await house.file(qr_token=None, unit_code="FARMASI")  # 12 hours there, 72 elsewhere
    last = await house.file()

    numbers = await house.numbers(await house.desk("supervisor"), queue="overdue")
    hands.move(hours=100)
    late = await house.numbers(await house.desk("supervisor"), queue="overdue")

    assert numbers == []
    assert late == [pharmacy.number, first.number, last.number]


async def test_due_soon_is_what_falls_due_within_a_shift(house: House, hands: Hands) -> None:
    ward, pharmacy = await house.file(), await house.file(qr_token=None, unit_code="FARMASI")
    hands.move(hours=5)

    desk = await house.desk("supervisor")

    assert await house.numbers(desk, queue="soon") == [pharmacy.number]
    assert ward.number in await house.numbers(desk, queue="all")


async def test_an_officer_sees_their_units_and_what_is_theirs_and_counts_agree(
    house: House, runtime: Runtime
) -> None:
    ward, pharmacy = await house.file(), await house.file(qr_token=None, unit_code="FARMASI")
    given = await house.file(qr_token=None, unit_code="FARMASI")
    await Casework(runtime).assign(given.ticket_id, OFFICER, by=None)

    desk = await house.desk("officer", units=frozenset({MELATI}))

    assert await house.numbers(desk, queue="unit") == [ward.number]
    assert await house.numbers(desk, queue="mine") == [given.number]
    assert sorted(await house.numbers(desk, queue="all")) == sorted([ward.number, given.number])
    assert pharmacy.number not in await house.numbers(desk, queue="all", unit="FARMASI")
    counts = await house.counts(desk)
    assert (counts["unit"], counts["mine"], counts["overdue"]) == (1, 1, 0)
    assert "triage" not in counts


async def test_what_is_about_somebody_is_in_no_queue_and_no_count_of_theirs(
    house: House, runtime: Runtime
) -> None:
    ward = await house.file(words="Petugas itu membentak ibu saya.")
    async with transaction(runtime.database) as session:
        await name_subject(session, ward.ticket_id, OFFICER, by=None, at=runtime.clock())

    desk = await house.desk("officer", "supervisor", units=frozenset({MELATI}))

    assert await house.numbers(desk, queue="unit") == []
    assert await house.numbers(desk, words="membentak") == []
    assert set((await house.counts(desk)).values()) == {0}


async def test_a_question_waits_until_the_person_answers(house: House, runtime: Runtime) -> None:
    ward = await house.file()
    desk = await house.desk("supervisor")
    await Casework(runtime).ask(ward.ticket_id, "Di kamar mana?", by=OFFICER)
    asked = await house.numbers(desk, queue="waiting")

    await Desk(runtime).follow_up(
        ward.ticket_id, FollowUp(channel="web", key="f1", words="Kamar 3.")
    )

    assert asked == [ward.number]
    assert await house.numbers(desk, queue="waiting") == []


async def test_a_failed_notice_stays_in_sight_until_it_is_sent_or_let_be(
    house: House, runtime: Runtime
) -> None:
    address = Address(channel="email", address="dewi@example.org", confirmed=True)
    ward = await house.file(addresses=(address,))
    desk = await house.desk("supervisor")
    before = await house.numbers(desk, queue="undelivered")
    async with transaction(runtime.database) as session:
        await session.execute(update(Delivery).values(status="dead"))

    after = await house.numbers(desk, queue="undelivered")

    assert (before, after) == ([], [ward.number])
    assert (await house.counts(desk))["undelivered"] == 1


async def test_pages_follow_each_other_without_gap_or_repeat(
    house: House, runtime: Runtime
) -> None:
    filed = {(await house.file()).number for _ in range(7)}
    desk = await house.desk("supervisor")
    seen: list[str] = []

    async with transaction(runtime.database) as session:
        after = None
        while True:
            page = await queues.page(session, desk, Wanted(queue="all"), after, size=3)
            seen += [row.number for row in page.rows]
            after = page.following
            if after is None:
                break

    assert len(seen) == 7
    assert set(seen) == filed


@pytest.mark.parametrize(
    "words",
    ["obat", "OBAT", "menunggu", "dipanggil", "lama obat", "apot", "mémanggil", "2 jam", "Dewi"],
)
async def test_indonesian_is_found_by_word_beginning_stem_and_name(
    house: House, words: str
) -> None:
    there = await house.file(
        words="Menunggu obatnya di apotek lama sekali, 2 jam, tidak ada yang memanggil.",
        submitter=Submitter(name="Dewi Contoh"),
    )
    await house.file(words="Lift pengunjung macet.")

    assert await house.numbers(await house.desk("supervisor"), words=words) == [there.number]


@pytest.mark.parametrize("words", ["leaking", "leaked", "toilet", "wards"])
async def test_english_is_found_by_its_stem(house: House, words: str) -> None:
    there = await house.file(words="The toilet of the ward leaks since Monday.", language="en")

    assert await house.numbers(await house.desk("supervisor"), words=words) == [there.number]


@pytest.mark.parametrize(
    ("words", "shows_all"),  # signs alone are no words
    [
        ("'", True),
        ("& | !", True),
        ("a:* <-> b", False),
        ("\\", True),
        ("obat'); --", False),
        ("((", True),
        ("tidak-ada", False),
        ("%", True),
    ],
)
async def test_hostile_words_find_nothing_and_break_nothing(
    house: House, words: str, shows_all: bool
) -> None:
    there = await house.file(words="Lift pengunjung macet.")

    found = await house.numbers(await house.desk("supervisor"), words=words)

    assert found == ([there.number] if shows_all else [])


async def test_a_story_as_long_as_a_book_is_filed_and_found(house: House) -> None:
    there = await house.file(words="bocor " + " ".join(f"kata{n}" for n in range(60_000)))

    assert await house.numbers(await house.desk("supervisor"), words="bocor") == [there.number]


async def test_filters_narrow_a_queue(house: House, runtime: Runtime) -> None:
    ward = await house.file(kind="suggestion")
    pharmacy = await house.file(qr_token=None, unit_code="FARMASI", channel="email")
    await Grading(runtime).grade(pharmacy.ticket_id, "red", by=OFFICER)
    desk = await house.desk("supervisor")

    assert await house.numbers(desk, queue="all", grade="red") == [pharmacy.number]
    assert await house.numbers(desk, queue="all", grade="none") == [ward.number]
    assert await house.numbers(desk, queue="all", kind="suggestion") == [ward.number]
    assert await house.numbers(desk, queue="all", source="email") == [pharmacy.number]
    assert await house.numbers(desk, queue="all", unit="FARMASI") == [pharmacy.number]
    assert await house.numbers(desk, queue="all", unit="NOWHERE") == []
