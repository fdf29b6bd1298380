"""What the telephone desk keeps, files and looks up, each in a transaction of its own."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from core.access.scope import Reader
from core.audit.trail import AuditRead
from core.calls.call import Call
from core.calls.caller import Callers
from core.calls.draft import KEPT, CallDrafts
from core.calls.facts import ToldFacts
from core.calls.filed import mark_of
from core.calls.proving import Proving
from core.calls.ringing import ring
from core.calls.taking import TakenCall, Taking
from core.ground.database import transaction
from core.people.roles import AGENT
from core.reading.call_desk import Begun, CallDesk
from core.runtime import Runtime
from core.tickets.submission import Receipt, Submission, Submitter
from core.tickets.ticket import Ticket
from core.triage.alarm import Alarm
from tests.builders import OFFICER, Hands, submission
from tests.intake.console.staff import hire

MARKED = mark_of({"story": "AC mati"})
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


async def taken_down(runtime: Runtime, draft_id: UUID) -> Receipt:
    taken = TakenCall(draft_id=draft_id, mark=MARKED, way="phone")
    receipt = (await Taking(runtime).file(call(draft_id), taken, by=OFFICER)).receipt
    assert receipt is not None
    return receipt


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
    taken = TakenCall(
        draft_id=draft_id, mark=MARKED, way="phone", consents=True, danger="Ayah tidak sadar!"
    )

    first = await taking.file(call(draft_id), taken, by=OFFICER)
    again = await taking.file(call(draft_id), taken, by=OFFICER)

    assert first.receipt is not None
    assert (again.receipt, again.number, again.draft_id) == (None, first.number, draft_id)
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
    receipt = await taken_down(runtime, draft_id)
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
    draft_id, callers, proving = uuid4(), Callers(runtime), Proving(runtime)
    receipt = await taken_down(runtime, draft_id)
    sari = ToldFacts(telephone=NUMBER, name="Ibu Sari Contoh")

    [earlier] = await callers.earlier(AGENT_ON_DUTY, NUMBER)
    by_code = await proving.by_code(AGENT_ON_DUTY, receipt.tracking_code.lower())
    facts = await proving.by_facts(AGENT_ON_DUTY, receipt.number, sari)

    assert earlier.number == receipt.number
    assert by_code == facts == receipt.ticket_id
    refused = [
        await proving.by_code(AGENT_ON_DUTY, "0000-0000-0000-0000"),
        await proving.by_code(AGENT_ON_DUTY, "?"),
        await proving.by_facts(AGENT_ON_DUTY, receipt.number, replace(sari, name="Budi")),
        await proving.by_facts(AGENT_ON_DUTY, receipt.number, replace(sari, telephone=None)),
        await proving.by_facts(AGENT_ON_DUTY, "TKT-20200101-0001", sari),
        await proving.by_code(Reader(user_id=OFFICER, roles=frozenset()), receipt.tracking_code),
    ]
    assert refused == [None] * 6
    assert await reads(runtime) == [
        ("person", "number"),
        ("ticket", "code"),
        ("ticket", "two_facts"),
    ]
