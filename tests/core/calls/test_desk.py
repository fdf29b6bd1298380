"""What the telephone desk keeps, files and looks up, each in a transaction of its own."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from core.access.scope import Reader
from core.audit.trail import AuditRead
from core.calls.call import Call
from core.calls.caller import Callers
from core.calls.draft import KEPT, CallDrafts
from core.calls.ringing import ring
from core.calls.taking import TakenCall, Taking
from core.ground.database import transaction
from core.people.roles import AGENT
from core.reading.call_desk import Begun, CallDesk
from core.runtime import Runtime
from core.tickets.submission import Submission, Submitter
from core.tickets.ticket import Ticket
from core.triage.alarm import Alarm
from tests.builders import OFFICER, Hands, submission
from tests.intake.console.staff import hire

NUMBER = "+6281234567890"
AGENT_ON_DUTY = Reader(user_id=OFFICER, roles=AGENT)


def call(draft_id: UUID, **changes: object) -> Submission:
    caller = Submitter(name="Sari Contoh", phone=NUMBER)
    facts: dict[str, object] = {
        "channel": "phone",
        "key": str(draft_id),
        "submitter": caller,
        "call_back": True,
        "entered_by": OFFICER,
    }
    return submission(**(facts | changes))


async def reads(runtime: Runtime) -> list[tuple[str, object]]:
    async with transaction(runtime.database) as session:
        query = select(AuditRead.what, AuditRead.data).order_by(AuditRead.seq)
        return [(what, data.get("by")) for what, data in await session.execute(query)]


async def test_a_filed_call_ends_its_draft_and_is_one_however_often(
    runtime: Runtime, hands: Hands
) -> None:
    draft_id, drafts, taking = uuid4(), CallDrafts(runtime), Taking(runtime)
    assert await drafts.keep(draft_id, {"story": "AC mati"}, by=OFFICER)
    begun = hands.now
    hands.move(minutes=4)
    taken = TakenCall(draft_id=draft_id, way="phone", consents=True, danger="Ayah tidak sadar!")

    receipts = [await taking.file(call(draft_id), taken, by=OFFICER) for _ in range(2)]

    assert [receipt.repeated for receipt in receipts] == [False, True]
    async with transaction(runtime.database) as session:
        kept = (await session.scalars(select(Call))).one()
        alarm = (await session.scalars(select(Alarm))).one()
    assert (kept.begun_at, kept.taken_at, kept.consent_at) == (begun, hands.now, hands.now)
    assert (alarm.key, alarm.channel) == (f"phone:{draft_id}", "phone")
    assert alarm.matched == ["tidak sadar"]
    assert not await drafts.keep(draft_id, {"story": "AC mati"}, by=OFFICER)
    assert (await CallDesk(runtime).work(AGENT_ON_DUTY)).drafts == ()


async def test_what_is_read_out_is_for_whoever_took_the_call(runtime: Runtime) -> None:
    draft_id, desk = uuid4(), CallDesk(runtime)
    taken = TakenCall(draft_id=draft_id, way="phone")
    receipt = await Taking(runtime).file(call(draft_id), taken, by=OFFICER)
    rina = await hire(runtime, "rina", "agent", unit_id=None)

    told = await desk.read_out(OFFICER, f"phone:{draft_id}")

    assert told is not None
    assert (told.number, told.code) == (receipt.number, receipt.tracking_code)
    assert (told.unit, told.due_at) == (receipt.unit_name, receipt.due_at)
    assert await desk.read_out(rina.user_id, f"phone:{draft_id}") is None
    async with transaction(runtime.database) as session:
        await session.execute(update(Ticket).values(tracking_hash=b"another"))
    changed = await desk.read_out(OFFICER, f"phone:{draft_id}")
    assert changed is not None
    assert changed.code is None


async def test_a_call_begins_with_ones_own_draft_or_what_rings(
    runtime: Runtime, hands: Hands
) -> None:
    draft_id, desk = uuid4(), CallDesk(runtime)
    rina = await hire(runtime, "rina", "agent", unit_id=None)
    await CallDrafts(runtime).keep(draft_id, {"story": "AC mati"}, by=OFFICER)
    async with transaction(runtime.database) as session:
        await ring(session, "call-1", NUMBER, hands.now)
    [ringing] = (await desk.news(AGENT_ON_DUTY)).rings

    mine = await desk.begun(OFFICER, draft_id, ringing.id)

    assert mine.draft is not None
    assert mine.draft.fields == {"story": "AC mati"}
    assert await desk.begun(rina.user_id, draft_id, ringing.id) == Begun(number=NUMBER)
    assert await desk.begun(OFFICER, uuid4(), None) == Begun()


async def test_a_draft_of_somebody_else_is_neither_changed_nor_dropped(
    runtime: Runtime, hands: Hands
) -> None:
    draft_id, drafts, desk = uuid4(), CallDrafts(runtime), CallDesk(runtime)
    rina = await hire(runtime, "rina", "agent", unit_id=None)
    await drafts.keep(draft_id, {"story": "AC mati"}, by=OFFICER)

    await drafts.keep(draft_id, {"story": "bukan saya"}, by=rina.user_id)
    await drafts.drop(draft_id, by=rina.user_id)

    [kept] = (await desk.work(AGENT_ON_DUTY)).drafts
    assert kept.fields == {"story": "AC mati"}
    hands.now += KEPT + timedelta(seconds=1)
    assert (await desk.work(AGENT_ON_DUTY)).drafts == ()


async def test_a_caller_is_told_after_code_or_two_facts_and_every_look_is_audited(
    runtime: Runtime,
) -> None:
    draft_id, callers = uuid4(), Callers(runtime)
    taken = TakenCall(draft_id=draft_id, way="phone")
    receipt = await Taking(runtime).file(call(draft_id), taken, by=OFFICER)

    [earlier] = await callers.earlier(AGENT_ON_DUTY, NUMBER)
    by_code = await callers.by_code(AGENT_ON_DUTY, receipt.tracking_code.lower())
    facts = await callers.by_facts(AGENT_ON_DUTY, receipt.number, NUMBER, "Ibu Sari Contoh")

    assert earlier.number == receipt.number
    assert by_code == facts == receipt.ticket_id
    refused = [
        await callers.by_code(AGENT_ON_DUTY, "0000-0000-0000-0000"),
        await callers.by_code(AGENT_ON_DUTY, "?"),
        await callers.by_facts(AGENT_ON_DUTY, receipt.number, NUMBER, "Budi"),
        await callers.by_facts(AGENT_ON_DUTY, receipt.number, None, "Sari Contoh"),
        await callers.by_facts(AGENT_ON_DUTY, "TKT-20200101-0001", NUMBER, "Sari Contoh"),
        await callers.by_code(Reader(user_id=OFFICER, roles=frozenset()), receipt.tracking_code),
    ]
    assert refused == [None] * 6
    assert await reads(runtime) == [
        ("person", "number"),
        ("ticket", "code"),
        ("ticket", "two_facts"),
    ]
