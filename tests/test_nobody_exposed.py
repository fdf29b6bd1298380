"""Who reports without a name is searched for in rows and in what staff and operators read."""

from dataclasses import asdict, replace

from sqlalchemy import text

from core.access.scope import Reader
from core.calls.filed import mark_of
from core.ground.base import Base
from core.ground.concealed import spellings
from core.ground.database import transaction
from core.ground.rate_limits import MAIL_FOLLOW_UPS
from core.jobs.raw_messages import RawMessages
from core.people.roles import SUPERVISOR
from core.reading.cases import Cases
from core.reading.command_line.case import case_file
from core.reading.command_line.inbound import raw_message
from core.reading.command_line.notices import deliveries
from core.runtime import Runtime
from core.tickets.concealing import Concealing
from core.tickets.desk import Desk
from core.tickets.preparation import content_hash, prepare
from core.tickets.submission import Address, Receipt
from intake.console.ticket.destination import destination_of
from tests.builders import OFFICER, submission
from tests.intake.channels.email.door import OURS, mail
from tests.intake.channels.email.outside import channel_to, outside, send_notices
from tests.intake.channels.email.postoffice import PostOffice

WHO = "Kenari.Rahasia@example.org"
CANARIES = ("kenari.rahasia", "kenari rahasia", "0812-5550-1234", "laptop-kenari")
READER = Reader(user_id=OFFICER, roles=SUPERVISOR)


async def left_an_address(runtime: Runtime) -> Receipt:
    address = Address(channel="email", address=WHO)
    return await Desk(runtime).submit(submission(anonymous=True, addresses=(address,)))


async def added_by_mail(office: PostOffice, receipt: Receipt) -> dict[str, object]:
    return await office.take(
        mail(
            "AC mati lagi.",
            "",
            "-- ",
            "Kenari Rahasia, 0812-5550-1234",
            sender=f"Kenari Rahasia <{WHO}>",
            Message_ID="<1@laptop-kenari.example.org>",
        ),
        sender=WHO,
        to=(office.tokens.reply_address(receipt.ticket_id),),
    )


async def everything_kept(runtime: Runtime) -> str:
    """Return every row of every table as text, bytes too."""
    said = []
    async with transaction(runtime.database) as session:
        for table in Base.metadata.sorted_tables:
            rows = await session.execute(text(f"SELECT * FROM {table.fullname}"))
            for row in rows.mappings():
                said += [
                    f"{table.name}.{name}: {value!r}".replace("\\x00", "")
                    for name, value in row.items()
                ]
    return "\n".join(said).lower()


def found_in(said: str) -> list[str]:
    return [line for line in said.splitlines() if any(each in line for each in CANARIES)]


async def test_no_row_names_who_left_an_address_and_added_words_by_mail(runtime: Runtime) -> None:
    receipt, office = await left_an_address(runtime), PostOffice(runtime)

    row = await added_by_mail(office, receipt)

    assert row["ticket_id"] == receipt.ticket_id
    assert "AC mati lagi." in [one["body"] for one in await office.messages()]
    assert found_in(await everything_kept(runtime)) == []


async def test_news_still_goes_to_whoever_is_hidden(runtime: Runtime) -> None:
    receipt = await left_an_address(runtime)

    async with outside() as world:
        await send_notices(runtime, channel_to(runtime, world.port))

    assert len(world.to(WHO.lower())) == 1
    assert receipt.number in str(world.to(WHO.lower())[0].message)


async def test_staff_and_operators_see_the_way_back_and_not_the_address(runtime: Runtime) -> None:
    receipt, office = await left_an_address(runtime), PostOffice(runtime)
    row = await added_by_mail(office, receipt)
    directory = await runtime.directory.fresh()

    case = await Cases(runtime).view(READER, directory, receipt.number)
    whole = await case_file(runtime, receipt.number)
    raw = await raw_message(runtime.database, row["id"])  # type: ignore[arg-type]  # a row's id

    assert case is not None
    assert whole is not None
    assert raw is not None
    where = destination_of(case, directory, "en")
    assert where.sentence == "Goes by Mail to the person, in Indonesian"
    listed = await deliveries(runtime.database)
    told = [one.recipient for one in listed if one.audience == "submitter"]
    assert set(told) == {""}
    assert raw.content is None
    read = "\n".join(map(str, (asdict(replace(case, links=())), whole, raw, listed))).lower()
    assert found_in(read) == []


async def test_a_mail_under_the_number_is_known_as_the_persons_own(runtime: Runtime) -> None:
    receipt, office = await left_an_address(runtime), PostOffice(runtime)

    await office.take(
        mail("Masih mati.", subject=f"Re: {receipt.number}", sender=f"Kenari <{WHO}>"),
        sender=WHO,
        to=(OURS,),
    )

    assert len(await office.tickets()) == 1
    [message] = [one for one in await office.messages() if one["body"] == "Masih mati."]
    assert not message["is_internal"]


async def test_what_an_older_version_kept_plainly_is_hidden_by_the_job(runtime: Runtime) -> None:
    receipt = await left_an_address(runtime)
    async with transaction(runtime.database) as session:
        values = {"who": WHO, "id": receipt.ticket_id}
        for statement in (
            "UPDATE ticket_addresses SET address = :who WHERE ticket_id = :id",
            "UPDATE deliveries SET recipient_ref = :who"
            " WHERE ticket_id = :id AND audience = 'submitter'",
        ):
            await session.execute(text(statement), values)
    assert found_in(await everything_kept(runtime)) != []

    assert not await Concealing(runtime).older()

    assert found_in(await everything_kept(runtime)) == []
    async with transaction(runtime.database) as session:
        kept = await session.scalar(text("SELECT address FROM ticket_addresses"))
    assert kept == spellings(runtime.secret, WHO)[1]


async def test_nobody_tries_numbers_and_addresses_against_a_digest(runtime: Runtime) -> None:
    directory = await runtime.directory.fresh()
    report = submission(anonymous=True, addresses=(Address(channel="email", address=WHO),))
    first = await Desk(runtime).submit(report)
    tried = content_hash(prepare(report, directory, runtime.settings.phone_region))

    async with transaction(runtime.database) as session:
        kept = await session.scalar(text("SELECT content_hash FROM messages"))
        await session.execute(text("UPDATE messages SET content_hash = :old"), {"old": tried})
    again = await Desk(runtime).submit(report)
    await Concealing(runtime).older()
    async with transaction(runtime.database) as session:
        hidden = await session.scalar(text("SELECT content_hash FROM messages"))

    assert tried not in kept
    assert hidden == kept
    assert (again.number, again.is_same) == (first.number, True)


def test_what_was_typed_of_a_caller_who_stays_unknown_is_in_no_digest() -> None:
    typed = {"story": "Obat belum datang.", "number": "0812-5550-1234", "name": "Kenari"}

    unnamed = {
        mark_of(typed | {"unnamed": "yes"}),
        mark_of({"story": typed["story"], "unnamed": "yes"}),
    }

    assert len(unnamed) == 1
    assert mark_of(typed) != mark_of(typed | {"number": "0812-5550-9999"})


async def test_one_mail_too_many_of_theirs_waits_unnamed_and_can_be_joined(
    runtime: Runtime,
) -> None:
    receipt, office = await left_an_address(runtime), PostOffice(runtime)
    to = (office.tokens.reply_address(receipt.ticket_id),)

    for number in range(MAIL_FOLLOW_UPS.burst + 1):
        words = mail(
            f"Masih mati {number}.",
            sender=f"Kenari Rahasia <{WHO}>",
            Message_ID=f"<{number}@laptop-kenari.example.org>",
        )
        row = await office.take(words, sender=WHO, to=to)

    assert (row["status"], row["reason"]) == ("quarantined", "too_many")
    assert found_in(await everything_kept(runtime)) == []
    assert await RawMessages(runtime).retry(row["id"])
    await office.work_off()
    assert found_in(await everything_kept(runtime)) == []
