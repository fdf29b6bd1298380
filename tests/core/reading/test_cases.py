"""The questions that a ticket's pages ask, each answered from one transaction."""

from uuid import UUID, uuid4

from sqlalchemy import select

from core.access.scope import Reader
from core.audit.trail import AuditRead
from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.people.roles import SUPERVISOR
from core.reading.as_it_came import AsItCame
from core.reading.cases import Cases
from core.reading.queues import QueueReader
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.message import Message, TicketAttachment
from core.tickets.presence import Attendance
from core.tickets.submission import Address, Receipt, StoredFile, Submitter
from tests.builders import FARMASI, OFFICER, submission
from tests.intake.console.staff import hire

DEWI = Reader(user_id=OFFICER, roles=SUPERVISOR)
STRANGER = Reader(user_id=OFFICER, roles=frozenset({"officer"}), units=frozenset({FARMASI}))
MAIL = Address(channel="email", address="dewi@example.org", confirmed=True)
SARI = Submitter(name="Sari Contoh")


async def filed(runtime: Runtime, **changes: object) -> Receipt:
    return await Desk(runtime).submit(submission(**changes))


async def desk_of(runtime: Runtime, reader: Reader = DEWI) -> QueueReader:
    directory = await runtime.directory.fresh()
    return QueueReader(reader=reader, directory=directory, now=runtime.clock())


async def reads(runtime: Runtime) -> list[tuple[str, UUID | None]]:
    async with transaction(runtime.database) as session:
        query = select(AuditRead.what, AuditRead.ticket_id).order_by(AuditRead.seq)
        return [(what, ticket_id) for what, ticket_id in await session.execute(query)]


async def test_an_opened_case_is_audited_and_shows_who_is_beside(runtime: Runtime) -> None:
    receipt, cases = await filed(runtime, addresses=(MAIL,), submitter=SARI), Cases(runtime)
    ayu = await hire(runtime, "ayu", "officer")
    await Attendance(runtime).write(receipt.ticket_id, ayu.user_id)

    opened = await cases.open(await desk_of(runtime), receipt.number)

    assert opened is not None
    assert opened.case.ticket.ticket_number == receipt.number
    assert opened.case.address == Address(channel="email", address="dewi@example.org")
    assert [(one.name, one.writing) for one in opened.beside] == [("Ayu Contoh", True)]
    assert ayu.user_id in {one.id for one in opened.able}
    assert await reads(runtime) == [("ticket", receipt.ticket_id)]
    seen = await Attendance(runtime).look(receipt.ticket_id, ayu.user_id)
    assert [one.name for one in seen.others] == ["Petugas Contoh"]


async def test_a_case_out_of_scope_is_none_whatever_is_asked(runtime: Runtime) -> None:
    receipt, cases = await filed(runtime), Cases(runtime)
    desk = await desk_of(runtime, STRANGER)

    found = [
        await cases.find(STRANGER, receipt.number),
        await cases.open(desk, receipt.number),
        await cases.view(STRANGER, desk.directory, receipt.number),
        await cases.since(STRANGER, desk.directory, receipt.number, 0),
        await cases.mail(STRANGER, receipt.number, uuid4()),
        await cases.text(STRANGER, receipt.number, uuid4()),
        await cases.original(STRANGER, receipt.number, uuid4()),
        await cases.find(DEWI, "TKT-20200101-0001"),
    ]

    assert found == [None] * 8
    assert await reads(runtime) == []


async def test_what_happened_since_a_look_is_told_apart(runtime: Runtime) -> None:
    receipt, cases = await filed(runtime), Cases(runtime)
    desk = await desk_of(runtime)
    before = await cases.view(DEWI, desk.directory, receipt.number)
    await Casework(runtime).note(receipt.ticket_id, "Sudah dicek.", by=OFFICER)

    assert before is not None
    news = await cases.since(DEWI, desk.directory, receipt.number, before.seen)

    assert news is not None
    assert [event.kind for event in news.happened] == ["noted"]
    assert [words.words for words in news.said] == ["Sudah dicek."]
    assert news.case.seen > before.seen


async def test_the_styled_side_of_a_mail_belongs_to_its_ticket(runtime: Runtime) -> None:
    receipt, other = await filed(runtime, html="<p>Halo</p>", submitter=SARI), await filed(runtime)
    async with transaction(runtime.database) as session:
        query = select(Message.id).where(Message.ticket_id == receipt.ticket_id)
        [message_id] = await session.scalars(query)

    assert await Cases(runtime).mail(DEWI, receipt.number, message_id) == "<p>Halo</p>"
    assert await Cases(runtime).mail(DEWI, other.number, message_id) is None


async def test_all_the_text_of_a_mail_belongs_to_its_ticket(runtime: Runtime) -> None:
    came = {"mail": {"elided": "-- \nSari, RM 123456", "text": "AC mati.\n-- \nSari, RM 123456"}}
    receipt, other = await filed(runtime, facts=came, submitter=SARI), await filed(runtime)
    async with transaction(runtime.database) as session:
        [mail_id] = await session.scalars(select(Message.id).filter_by(ticket_id=receipt.ticket_id))
        [form_id] = await session.scalars(select(Message.id).filter_by(ticket_id=other.ticket_id))
    cases, desk = Cases(runtime), await desk_of(runtime)

    opened = [await cases.open(desk, each.number) for each in (receipt, other)]
    texts = [
        await cases.text(DEWI, receipt.number, mail_id),
        await cases.text(DEWI, other.number, mail_id),
        await cases.text(DEWI, other.number, form_id),
    ]

    assert texts == ["AC mati.\n-- \nSari, RM 123456", None, None]
    shown = [each.case.said[0].as_it_came for each in opened if each]
    assert shown == [
        AsItCame(trimmed=came["mail"]["elided"], whole=came["mail"]["text"], has_original=False),
        None,
    ]


async def test_of_a_mail_kept_before_only_what_was_trimmed_is_known(runtime: Runtime) -> None:
    receipt = await filed(runtime, facts={"mail": {"elided": "-- \nSari"}}, submitter=SARI)

    opened = await Cases(runtime).open(await desk_of(runtime), receipt.number)

    assert opened is not None
    came = opened.case.said[0].as_it_came
    assert came == AsItCame(trimmed="-- \nSari", whole=None, has_original=False)


async def test_only_a_stored_file_is_opened_and_that_is_audited(runtime: Runtime) -> None:
    files = (
        StoredFile(name="ac.jpg", path="ab/cd", mime_type="image/jpeg", display_path="ef/gh"),
        StoredFile(name="virus.exe", path="ij/kl", status="quarantined", reason="type"),
    )
    sari, cases = Submitter(name="Sari Contoh"), Cases(runtime)
    receipt = await filed(runtime, files=files, submitter=sari)
    async with transaction(runtime.database) as session:
        query = select(TicketAttachment.id).order_by(TicketAttachment.position)
        stored, locked = await session.scalars(query)

    file = await cases.file(DEWI, stored)

    assert file is not None
    assert (file.name, file.path, file.display_path) == ("ac.jpg", "ab/cd", "ef/gh")
    assert await cases.file(DEWI, locked) is None
    assert await cases.file(STRANGER, stored) is None
    assert await reads(runtime) == [("attachment", receipt.ticket_id)]


async def test_a_notice_is_one_of_its_own_ticket(runtime: Runtime) -> None:
    receipt, other = await filed(runtime, addresses=(MAIL,)), await filed(runtime)
    async with transaction(runtime.database) as session:
        query = select(Delivery.id).where(Delivery.ticket_id == receipt.ticket_id).limit(1)
        [notice] = await session.scalars(query)

    assert await Cases(runtime).has_notice(receipt.ticket_id, notice)
    assert not await Cases(runtime).has_notice(other.ticket_id, notice)


async def test_whoever_it_is_about_neither_sees_it_nor_holds_it(runtime: Runtime) -> None:
    receipt, casework = await filed(runtime), Casework(runtime)
    ayu = await hire(runtime, "ayu", "supervisor", unit_id=None)
    await casework.assign(receipt.ticket_id, ayu.user_id, by=OFFICER)

    event = await casework.keep_from(receipt.ticket_id, ayu.user_id, by=OFFICER)

    kept = await Cases(runtime).find(DEWI, receipt.number)
    assert event.kind == "named"
    assert kept is not None
    assert kept.assigned_to is None
    hers = Reader(user_id=ayu.user_id, roles=SUPERVISOR)
    assert await Cases(runtime).find(hers, receipt.number) is None
