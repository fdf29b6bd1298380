"""News for people who can only be called: on the list in their hours, told, tried, given up."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from core.access.scope import Reader
from core.calls.call import Call
from core.calls.callback import LEASE, TRIES, Callback
from core.calls.calling import Calling, ClaimedError
from core.calls.hours import WINDOWS, next_call
from core.ground.database import transaction
from core.ground.errors import DeliveryError, NotFoundError, Reason
from core.hospital.channel import Channel
from core.people.staff import User
from core.reading.call_list import CallList, Task
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.subject import name_subject
from core.tickets.submission import Address, Receipt, Submitter
from intake.channel import Outgoing
from intake.channels.phone import open_channel
from notifier.deliver import deliver
from tests.builders import MELATI, MONDAY, OFFICER, Hands, submission

NUMBER = "+6281200000001"
COLLEAGUE = UUID("00000000-0000-7000-8000-0000000000cc")


class Refusing:
    """A mail server that knows nobody."""

    async def send(self, outgoing: Outgoing) -> str:
        raise DeliveryError(Reason.BLOCKED, f"550 {outgoing.template}")


@pytest.fixture
async def house(runtime: Runtime) -> Runtime:
    """A house with a telephone desk and two agents."""
    async with transaction(runtime.database) as session:
        await session.execute(update(Channel).where(Channel.name == "phone").values(can_send=True))
        session.add(User(id=COLLEAGUE, full_name="Rekan Contoh", unit_id=MELATI))
    await runtime.directory.reload()
    return runtime


async def filed(house: Runtime, **changes: object) -> Receipt:
    facts: dict[str, object] = {"submitter": Submitter(name="Sari Contoh", phone="0812 0000 0001")}
    return await Desk(house).submit(submission(**(facts | changes)))


async def carried_out(house: Runtime) -> None:
    """Deliver everything that waits, as the worker would."""
    channel = open_channel(house)
    async with transaction(house.database) as session:
        waiting = list(
            await session.scalars(
                text(
                    "UPDATE deliveries SET status = 'queued' WHERE status = 'pending' AND"
                    " channel = 'phone' RETURNING id"
                )
            )
        )
    for delivery_id in waiting:
        await deliver(house, lambda _: channel, delivery_id)


async def answered(house: Runtime, receipt: Receipt, words: str = "Sudah diganti.") -> UUID:
    """Let staff answer, and return the call-back."""
    await Casework(house).reply(receipt.ticket_id, words, by=OFFICER)
    await carried_out(house)
    async with transaction(house.database) as session:
        query = select(Callback.id).order_by(Callback.created_at.desc(), Callback.id.desc())
        return (await session.scalars(query.limit(1))).one()


async def row(house: Runtime, callback_id: UUID) -> Callback:
    async with transaction(house.database) as session:
        return await session.get_one(Callback, callback_id)


async def events(house: Runtime, receipt: Receipt) -> list[str]:
    async with transaction(house.database) as session:
        return list(
            await session.scalars(
                text("SELECT kind FROM events WHERE ticket_id = :id ORDER BY seq"),
                {"id": receipt.ticket_id},
            )
        )


async def listed(house: Runtime, *, by: UUID = OFFICER) -> list[Task]:
    reader = Reader(user_id=by, roles=frozenset({"agent"}))
    return list(await CallList(house).all(reader, await house.directory.get()))


async def test_a_telephone_is_the_last_address_whatever_else_is_known(house: Runtime) -> None:
    receipt = await filed(house, addresses=(Address(channel="email", address="a@example.org"),))

    async with transaction(house.database) as session:
        rows = await session.execute(
            text("SELECT channel, address FROM ticket_addresses ORDER BY rank")
        )
        assert [tuple(r) for r in rows] == [("email", "a@example.org"), ("phone", NUMBER)]
    assert receipt.number


@pytest.mark.parametrize(
    "changes",
    [{"anonymous": True}, {"call_back": False}, {"submitter": Submitter(phone="tiga empat")}],
    ids=["unnamed", "does not want it", "no number"],
)
async def test_nobody_is_called_who_did_not_leave_a_number(
    house: Runtime, changes: dict[str, object]
) -> None:
    await filed(house, **changes)

    async with transaction(house.database) as session:
        assert await session.scalar(text("SELECT count(*) FROM ticket_addresses")) == 0


async def test_an_address_of_a_channel_nobody_knows_stops_no_report(house: Runtime) -> None:
    strange = Address(channel="pigeon", address="roof 3")

    receipt = await filed(house, addresses=(strange,))

    assert receipt.number
    async with transaction(house.database) as session:
        known = await session.scalars(text("SELECT channel FROM ticket_addresses"))
        assert known.all() == ["phone"]


async def test_only_news_worth_a_call_is_called(house: Runtime) -> None:
    receipt = await filed(house)
    case = Casework(house)
    await case.start(receipt.ticket_id, by=OFFICER)
    quiet = await listed(house)

    await case.reply(receipt.ticket_id, "Sudah diganti.", by=OFFICER)
    await carried_out(house)
    [task] = await listed(house)

    assert quiet == []
    assert (task.number, task.name, task.ticket) == (NUMBER, "Sari Contoh", receipt.number)
    assert [(item.template, item.said) for item in task.news] == [("replied", "Sudah diganti.")]


async def test_a_mail_that_comes_back_becomes_a_call(house: Runtime) -> None:
    mail = Address(channel="email", address="a@example.org")
    receipt = await filed(house, addresses=(mail,), acknowledged=True)
    await Casework(house).reply(receipt.ticket_id, "Sudah diganti.", by=OFFICER)

    async with transaction(house.database) as session:
        [mail_id] = await session.scalars(
            text(
                "UPDATE deliveries SET status = 'queued' WHERE channel = 'email' AND"
                " audience = 'submitter' RETURNING id"
            )
        )
    await deliver(house, lambda _: Refusing(), mail_id)
    await carried_out(house)

    [task] = await listed(house)
    assert [item.said for item in task.news] == ["Sudah diganti."]
    assert "call_needed" not in await events(house, receipt)


async def test_a_receipt_that_comes_back_calls_nobody(house: Runtime) -> None:
    mail = Address(channel="email", address="a@example.org")
    await filed(house, addresses=(mail,))

    async with transaction(house.database) as session:
        [mail_id] = await session.scalars(
            text("UPDATE deliveries SET status = 'queued' WHERE template = 'received' RETURNING id")
        )
    await deliver(house, lambda _: Refusing(), mail_id)

    async with transaction(house.database) as session:
        query = text(
            "SELECT channel, template, status FROM deliveries WHERE audience = 'submitter'"
        )
        assert [tuple(row) for row in await session.execute(query)] == [
            ("email", "received", "failed")
        ]


async def test_told_it_is_in_the_history_and_off_the_list(house: Runtime) -> None:
    receipt = await filed(house)
    callback_id = await answered(house, receipt)
    await Calling(house).claim(callback_id, by=OFFICER)

    await Calling(house).note(callback_id, "reached", by=OFFICER)

    assert (await events(house, receipt))[-1] == "called"
    assert await listed(house) == []
    done = await row(house, callback_id)
    assert (done.status, done.attempts, done.ended_at) == ("told", 1, house.clock())


async def test_everything_for_one_person_is_one_call(house: Runtime) -> None:
    receipt = await filed(house)
    first = await answered(house, receipt, "Teknisi datang.")
    await Casework(house).resolve(receipt.ticket_id, "Sudah selesai.", by=OFFICER)
    await carried_out(house)
    [task] = await listed(house)

    await Calling(house).note(first, "reached", by=OFFICER)

    assert [item.said for item in task.news] == ["Teknisi datang.", "Sudah selesai."]
    assert await listed(house) == []
    assert (await events(house, receipt)).count("called") == 1


async def test_no_answer_three_times_and_staff_see_it(house: Runtime, hands: Hands) -> None:
    receipt = await filed(house)
    callback_id = await answered(house, receipt)

    for _ in range(TRIES):
        await Calling(house).note(callback_id, "no_answer", by=OFFICER)
        hands.move(hours=3)

    assert (await row(house, callback_id)).status == "given_up"
    kinds = await events(house, receipt)
    assert kinds[-4:] == ["call_tried", "call_tried", "call_given_up", "delivery_failed"]
    async with transaction(house.database) as session:
        query = text("SELECT status FROM deliveries WHERE channel = 'phone'")
        assert (await session.scalars(query)).all() == ["failed"]


async def test_sent_again_by_staff_it_is_on_the_list_again(house: Runtime) -> None:
    receipt = await filed(house)
    callback_id = await answered(house, receipt)
    for _ in range(TRIES):
        await Calling(house).note(callback_id, "busy", by=OFFICER)

    async with transaction(house.database) as session:
        await session.execute(
            text("UPDATE deliveries SET status = 'pending', attempts = 0 WHERE channel = 'phone'")
        )
    await carried_out(house)

    assert [task.id for task in await listed(house)] == [callback_id]


async def test_a_wrong_number_is_never_called_again(house: Runtime) -> None:
    receipt = await filed(house)
    callback_id = await answered(house, receipt)

    await Calling(house).note(callback_id, "wrong_number", by=OFFICER)
    await Casework(house).reply(receipt.ticket_id, "Sekali lagi.", by=OFFICER)
    await carried_out(house)

    assert await listed(house) == []
    async with transaction(house.database) as session:
        query = text("SELECT blocked_reason FROM ticket_addresses WHERE channel = 'phone'")
        assert (await session.scalars(query)).all() == ["unknown_recipient"]


async def test_asked_to_call_later_it_comes_back_then_and_uses_up_no_attempt(
    house: Runtime, hands: Hands
) -> None:
    callback_id = await answered(house, await filed(house))
    agreed = hands.now + timedelta(hours=5)

    await Calling(house).note(callback_id, "later", by=OFFICER, again_at=agreed)

    found = await row(house, callback_id)
    assert (found.next_at, found.attempts, found.status) == (agreed, 0, "open")


async def test_further_news_waits_for_the_call_that_was_agreed_on(
    house: Runtime, hands: Hands
) -> None:
    receipt = await filed(house)
    first = await answered(house, receipt)
    agreed = hands.now + timedelta(hours=5)
    await Calling(house).note(first, "later", by=OFFICER, again_at=agreed)

    second = await answered(house, receipt, "Kabar kedua.")

    assert (await row(house, second)).next_at == agreed


async def test_a_call_comes_in_the_hours_the_person_chose(house: Runtime, hands: Hands) -> None:
    receipt = await filed(house)
    async with transaction(house.database) as session:
        session.add(
            Call(
                ticket_id=receipt.ticket_id,
                way="phone",
                begun_at=hands.now,
                taken_at=hands.now,
                read_back=True,
                call_window="evening",
            )
        )

    callback_id = await answered(house, receipt)  # Monday 10:00 in Jakarta

    assert (await row(house, callback_id)).next_at == datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_one_agent_calls_and_the_claim_runs_out(house: Runtime, hands: Hands) -> None:
    callback_id = await answered(house, await filed(house))
    calling = Calling(house)
    await calling.claim(callback_id, by=OFFICER)

    for verb in (
        calling.claim(callback_id, by=COLLEAGUE),
        calling.release(callback_id, by=COLLEAGUE),
        calling.note(callback_id, "reached", by=COLLEAGUE),
    ):
        with pytest.raises(ClaimedError):
            await verb
    hands.move(seconds=LEASE.total_seconds() + 1)
    await calling.claim(callback_id, by=COLLEAGUE)

    assert (await row(house, callback_id)).claimed_by == COLLEAGUE


async def test_a_claim_of_a_clock_that_was_ahead_keeps_nobody_away(
    house: Runtime, hands: Hands
) -> None:
    callback_id = await answered(house, await filed(house))
    hands.move(days=1)
    await Calling(house).claim(callback_id, by=OFFICER)
    hands.move(days=-1)

    await Calling(house).claim(callback_id, by=COLLEAGUE)

    assert (await row(house, callback_id)).claimed_by == COLLEAGUE


async def test_ten_agents_at_once_and_one_has_it(house: Runtime) -> None:
    callback_id = await answered(house, await filed(house))
    agents = [OFFICER, COLLEAGUE] * 5

    won = await asyncio.gather(
        *(Calling(house).claim(callback_id, by=agent) for agent in agents), return_exceptions=True
    )

    holder = (await row(house, callback_id)).claimed_by
    assert [agent for agent, out in zip(agents, won, strict=True) if out is None] == [holder] * 5
    assert sum(isinstance(out, ClaimedError) for out in won) == 5


async def test_what_is_done_or_never_was_cannot_be_noted(house: Runtime) -> None:
    callback_id = await answered(house, await filed(house))
    await Calling(house).note(callback_id, "reached", by=OFFICER)

    with pytest.raises(ClaimedError):
        await Calling(house).note(callback_id, "reached", by=COLLEAGUE)
    with pytest.raises(NotFoundError):
        await Calling(house).claim(uuid4(), by=OFFICER)


async def test_handed_over_twice_it_is_one_call(house: Runtime) -> None:
    receipt = await filed(house)
    outgoing = Outgoing(
        delivery_id=uuid4(),
        recipient=NUMBER,
        language="id",
        template="replied",
        subject="",
        text="",
        ticket_id=receipt.ticket_id,
    )
    channel = open_channel(house)

    ids = await asyncio.gather(*(channel.send(outgoing) for _ in range(5)))

    assert len(set(ids)) == 1
    assert len(await listed(house)) == 1


async def test_news_without_a_ticket_keeps_its_own_words(house: Runtime) -> None:
    outgoing = Outgoing(
        delivery_id=uuid4(),
        recipient=NUMBER,
        language="id",
        template="other",
        subject="",
        text="Kabar baik.",
    )

    callback_id = UUID(await open_channel(house).send(outgoing))
    [task] = await listed(house)
    await Calling(house).note(callback_id, "reached", by=OFFICER)

    assert [item.said for item in task.news] == ["Kabar baik."]
    assert await listed(house) == []


async def test_what_is_no_number_cannot_be_called(house: Runtime) -> None:
    outgoing = Outgoing(
        delivery_id=uuid4(), recipient="Sari", language="id", template="x", subject="", text=""
    )

    with pytest.raises(DeliveryError) as failed:
        await open_channel(house).send(outgoing)

    assert failed.value.reason is Reason.UNKNOWN_RECIPIENT


async def test_nobody_calls_about_themselves(house: Runtime, hands: Hands) -> None:
    receipt = await filed(house)
    await answered(house, receipt)
    async with transaction(house.database) as session:
        await name_subject(session, receipt.ticket_id, OFFICER, by=None, at=hands.now)

    assert await listed(house, by=OFFICER) == []
    assert len(await listed(house, by=COLLEAGUE)) == 1


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds without a zone are what hypothesis asks for
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])


@given(MOMENTS, st.sampled_from([*WINDOWS, "nonsense"]), ZONES)
def test_the_next_call_is_within_the_hours_soon_and_never_before(
    moment: datetime, window: str, zone: str
) -> None:
    found = next_call(moment, window, zone)

    hours = WINDOWS.get(window, WINDOWS["any"])
    assert hours.first <= found.astimezone(ZoneInfo(zone)).hour < hours.last
    assert moment <= found <= moment + timedelta(hours=24)
    assert next_call(found, window, zone) == found


def test_monday_at_ten_is_within_the_morning() -> None:
    assert next_call(MONDAY, "morning", "Asia/Jakarta") == MONDAY
