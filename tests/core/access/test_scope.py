"""Who sees which ticket, asked of every read there is."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import delete, select, update

from core.access.lookup import attachment_for, ticket_for
from core.access.scope import Reader, findable, listed
from core.audit.trail import note_change, note_read
from core.ground.database import plain_url, transaction
from core.hospital.unit import Unit
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.involved_unit import Involving
from core.tickets.message import TicketAttachment
from core.tickets.subject import TicketSubject, name_subject, subjects_of
from core.tickets.submission import StoredFile
from core.tickets.ticket import Ticket
from tests.builders import FARMASI, MELATI, OFFICER, submission
from tests.intake.console.staff import Person, hire

BED = UUID("00000000-0000-7000-8000-0000000000b1")
"""A unit below Ruang Melati."""


@dataclass
class House:
    """Three units with a ticket each, one of them logged by an agent on the telephone."""

    runtime: Runtime
    people: dict[str, Person]
    tickets: dict[str, UUID]

    async def reader(self, username: str, *roles: str) -> Reader:
        person = self.people[username]
        directory = await self.runtime.directory.fresh()
        units = {"ayu": MELATI, "tuti": MELATI, "budi": FARMASI, "bed": BED}
        return Reader.of(person.user_id, frozenset(roles), units.get(username), directory)

    async def sees(self, reader: Reader) -> set[str]:
        """Name the tickets a reader sees in lists."""
        names = {ticket_id: name for name, ticket_id in self.tickets.items()}
        async with transaction(self.runtime.database) as session:
            seen = await session.scalars(select(Ticket.id).where(listed(reader)))
            return {names[ticket_id] for ticket_id in seen}

    async def finds(self, reader: Reader) -> set[str]:
        """Name the tickets a reader finds by their numbers, and whose files they may open."""
        found, opened = set(), set()
        async with transaction(self.runtime.database) as session:
            for name, ticket_id in self.tickets.items():
                ticket = await session.get_one(Ticket, ticket_id)
                if await ticket_for(session, reader, f" {ticket.ticket_number.lower()} "):
                    found.add(name)
                files = select(TicketAttachment.id).where(TicketAttachment.ticket_id == ticket_id)
                now, file_id = self.runtime.clock(), (await session.scalars(files)).one()
                if await attachment_for(session, reader, file_id, now):
                    opened.add(name)
        assert opened == (await self.sees(reader) if "agent" in reader.roles else found)
        return found


@pytest.fixture
async def house(runtime: Runtime) -> House:
    people = {
        "ayu": await hire(runtime, "ayu", "officer", unit_id=MELATI),
        "tuti": await hire(runtime, "tuti", "head", unit_id=MELATI),
        "budi": await hire(runtime, "budi", "officer", unit_id=FARMASI),
        "rina": await hire(runtime, "rina", "agent", unit_id=None),
        "dewi": await hire(runtime, "dewi", "supervisor", unit_id=None),
        "aud": await hire(runtime, "aud", "auditor", unit_id=None),
        "boss": await hire(runtime, "boss", "administrator", unit_id=MELATI),
    }
    async with transaction(runtime.database) as session:
        session.add(Unit(id=BED, name="Kamar 3", code="KAMAR-3", parent_unit_id=MELATI))
    await runtime.directory.reload()
    desk, tickets = Desk(runtime), {}
    for name, facts in {
        "melati": {},
        "bed": {"qr_token": None, "unit_id": BED},
        "farmasi": {"qr_token": None, "unit_id": FARMASI},
    }.items():
        file = StoredFile(name="foto.jpg", path=f"key-{name}", size=3, mime_type="image/jpeg")
        tickets[name] = (await desk.submit(submission(files=(file,), **facts))).ticket_id
    async with transaction(runtime.database) as session:
        await session.execute(
            update(Ticket)
            .where(Ticket.id == tickets["farmasi"])
            .values(created_by=people["rina"].user_id)
        )
    return House(runtime, people, tickets)


ALL = {"melati", "bed", "farmasi"}
SCOPES = [
    # who, roles, lists, finds by exact number
    ("ayu", ("officer",), {"melati", "bed"}, {"melati", "bed"}),
    ("tuti", ("head",), {"melati", "bed"}, {"melati", "bed"}),
    ("budi", ("officer",), {"farmasi"}, {"farmasi"}),
    ("rina", ("agent",), {"farmasi"}, ALL),
    ("dewi", ("supervisor",), ALL, ALL),
    ("aud", ("auditor",), ALL, ALL),
    ("boss", ("administrator",), set(), set()),
    ("ayu", (), set(), set()),
    ("budi", ("officer", "agent"), {"farmasi"}, ALL),
    ("boss", ("administrator", "supervisor"), ALL, ALL),
]


@pytest.mark.parametrize(("who", "roles", "lists", "finds"), SCOPES)
async def test_a_role_sees_what_its_row_says(
    house: House, who: str, roles: tuple[str, ...], lists: set[str], finds: set[str]
) -> None:
    reader = await house.reader(who, *roles)

    assert await house.sees(reader) == lists
    assert await house.finds(reader) == finds


@pytest.mark.parametrize("role", ["officer", "head", "agent", "supervisor", "auditor"])
async def test_a_complaint_about_a_member_of_staff_does_not_exist_for_them(
    house: House, role: str
) -> None:
    reader = await house.reader("ayu", role)
    before = await house.finds(reader)
    async with transaction(house.runtime.database) as session:
        dewi = house.people["dewi"].user_id
        now = house.runtime.clock()
        await name_subject(session, house.tickets["melati"], reader.user_id, by=dewi, at=now)
        await name_subject(session, house.tickets["melati"], reader.user_id, by=dewi, at=now)

    assert "melati" in before
    assert "melati" not in await house.sees(reader)
    assert "melati" not in await house.finds(reader)
    assert "melati" in await house.sees(await house.reader("tuti", "head"))


async def test_whom_a_ticket_is_about_is_kept_with_who_said_so_first_and_when(
    house: House,
) -> None:
    ticket_id, other_id = house.tickets["melati"], house.tickets["bed"]
    ayu, dewi = house.people["ayu"].user_id, house.people["dewi"].user_id
    now = house.runtime.clock()

    async with transaction(house.runtime.database) as session:
        await name_subject(session, ticket_id, ayu, by=dewi, at=now)
        await name_subject(session, ticket_id, ayu, by=None, at=now + timedelta(hours=1))

    async with transaction(house.runtime.database) as session:
        kept = await session.get_one(TicketSubject, (ticket_id, ayu))
        assert (kept.named_by, kept.named_at) == (dewi, now)
        assert await subjects_of(session, ticket_id) == {ayu}
        assert await subjects_of(session, other_id) == frozenset()


async def test_what_is_assigned_to_somebody_is_theirs_wherever_it_lies(house: House) -> None:
    budi = await house.reader("budi", "officer")
    async with transaction(house.runtime.database) as session:
        await session.execute(
            update(Ticket)
            .where(Ticket.id == house.tickets["melati"])
            .values(assigned_to=budi.user_id)
        )

    assert await house.sees(budi) == {"melati", "farmasi"}


async def test_what_was_also_sent_to_a_unit_is_seen_there_and_above(house: House) -> None:
    await Involving(house.runtime).involve(house.tickets["farmasi"], [BED])

    for who, roles in (("ayu", "officer"), ("tuti", "head")):
        reader = await house.reader(who, roles)
        assert "farmasi" in await house.sees(reader)
        assert "farmasi" in await house.finds(reader)
    budi = await house.reader("budi", "officer")
    assert await house.sees(budi) == {"farmasi"}
    assert await house.sees(await house.reader("boss", "administrator")) == set()


async def test_a_unit_below_sees_nothing_above_it(house: House) -> None:
    reader = Reader.of(OFFICER, frozenset({"officer"}), BED, await house.runtime.directory.fresh())

    assert await house.sees(reader) == {"bed"}


async def test_a_retired_unit_is_still_somebodys(house: House) -> None:
    async with transaction(house.runtime.database) as session:
        (await session.get_one(Unit, BED)).is_active = False
    await house.runtime.directory.reload()

    assert await house.sees(await house.reader("ayu", "officer")) == {"melati", "bed"}


async def test_only_some_roles_change_what_they_see(house: House) -> None:
    may = {role: (await house.reader("ayu", role)).may_change for role in ("officer", "auditor")}

    assert may == {"officer": True, "auditor": False}


async def test_the_filter_stands_in_any_query(house: House) -> None:
    ayu = await house.reader("ayu", "officer")
    async with transaction(house.runtime.database) as session:
        joined = (
            select(TicketAttachment.file_path)
            .join(Ticket, Ticket.id == TicketAttachment.ticket_id)
            .where(listed(ayu), findable(ayu))
        )
        paths = set(await session.scalars(joined))

    assert paths == {"key-melati", "key-bed"}


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (None, ["assigned to ayu@rs.example.org", "unit_escalated to melati@rs.example.org"]),
        ("dewi", ["assigned to ayu@rs.example.org", "unit_escalated to melati@rs.example.org"]),
        ("ayu", []),
        ("tuti", ["assigned to ayu@rs.example.org"]),
    ],
)
async def test_nobody_is_told_of_a_complaint_about_themselves(
    house: House, subject: str | None, told: list[str]
) -> None:
    ticket_id, now = house.tickets["melati"], house.runtime.clock()
    async with transaction(house.runtime.database) as session:
        await session.execute(
            update(Ticket)
            .where(Ticket.id == ticket_id)
            .values(assigned_to=house.people["ayu"].user_id)
        )
        await session.execute(delete(Delivery))
        if subject:
            person = house.people[subject].user_id
            await name_subject(session, ticket_id, person, by=None, at=now)

    casework = Casework(house.runtime)
    await casework.assign(ticket_id, house.people["ayu"].user_id, by=None)
    await casework.escalate(ticket_id, by=None)

    async with transaction(house.runtime.database) as session:
        notices = await session.scalars(select(Delivery).order_by(Delivery.seq))
        assert [f"{notice.template} to {notice.recipient_ref}" for notice in notices] == told


async def test_the_audit_is_only_ever_added_to(house: House, owner_url: str) -> None:
    ayu, now = house.people["ayu"].user_id, house.runtime.clock()
    async with transaction(house.runtime.database) as session:
        note_read(session, ayu, "ticket", now, ticket_id=house.tickets["melati"])
        note_change(session, ayu, "unit.changed", now, code="MELATI")

    for statement in (
        "UPDATE audit.reads SET what = 'print'",
        "DELETE FROM audit.reads",
        "UPDATE audit.changes SET verb = 'x'",
        "DELETE FROM audit.changes",
    ):
        async with house.runtime.database.pool.acquire() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        owner = await asyncpg.connect(plain_url(owner_url))
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)
        await owner.close()
