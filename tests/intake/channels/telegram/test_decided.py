"""Updates that were set aside, and what a person decides about them."""

from uuid import UUID

import pytest

from core.ground.sealed_files import SealedFiles
from core.jobs.set_aside import FAULT, UNREADABLE
from core.reading.review import ReviewDesk
from core.review.deciding import Review
from core.tickets.desk import Desk
from core.tickets.file_names import revealed
from intake.channels.telegram.looked_at import LookedAt, looked_at
from tests.builders import TOKEN as POSTER
from tests.builders import submission
from tests.intake.channels.telegram.fake import Person
from tests.intake.channels.telegram.house import House
from tests.intake.chat.breaking import break_messages, mend_messages

STORY = "Toilet di lorong depan kotor sejak kemarin."
ODD = "Tolong, ibu saya sesak napas sekarang."


async def set_aside(house: House, person: Person) -> UUID:
    """Post an update that has words and not Telegram's form."""
    message = {"chat": {"id": person.id}, "text": ODD, "from": {"first_name": "Rahasia"}}
    assert await house.post({"update_id": 7, "message": message}) == 200
    [one] = await ReviewDesk(house.runtime).all()
    return one.id


async def done(house: House) -> bool:
    return await house.rows("SELECT status FROM inbound WHERE verdict IS NOT NULL") == [("done",)]


async def sealed(house: House) -> bool:
    """Whether what came without a name is sealed; until then its key changes."""
    return await house.rows("SELECT status FROM cleanings") == [("done",)]


async def test_its_words_are_screened_and_shown_without_a_name(
    webhook: House, sari: Person
) -> None:
    await set_aside(webhook, sari)

    [one] = await ReviewDesk(webhook.runtime).all()

    assert (one.channel, one.reason) == ("telegram", UNREADABLE)
    assert (one.summary.who, one.summary.words) == ("", ODD)
    assert one.summary.danger != ()


async def test_released_it_is_a_ticket_whose_chat_hears_of_it(webhook: House, sari: Person) -> None:
    inbound_id = await set_aside(webhook, sari)
    assert webhook.telegram.texts(sari.id) == []

    await Review(webhook.runtime).make_ticket(inbound_id, by=None)
    await webhook.until(lambda: done(webhook))
    await webhook.until(lambda: sealed(webhook))
    await webhook.quiet()

    assert await webhook.rows("SELECT description, source FROM tickets") == [(ODD, "telegram")]
    [(name,)] = await webhook.rows("SELECT file_name FROM ticket_attachments")
    assert revealed(webhook.runtime.secret, str(name)) == "original.txt"
    assert "TKT-" in webhook.telegram.texts(sari.id)[-1]


async def test_joined_it_stands_on_that_ticket_once(webhook: House, sari: Person) -> None:
    await webhook.say(sari, f"/start u_{POSTER}", STORY, "Kirim")
    await webhook.quiet()
    [(number,)] = await webhook.rows("SELECT ticket_number FROM tickets")
    inbound_id = await set_aside(webhook, sari)

    await Review(webhook.runtime).join(inbound_id, number, by=None)
    await webhook.until(lambda: done(webhook))

    said = await webhook.rows(
        "SELECT body FROM messages WHERE author = 'submitter' ORDER BY created_at, id"
    )
    assert [body for (body,) in said] == [STORY, ODD]
    assert await webhook.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_joined_to_somebody_elses_ticket_it_is_for_staff_alone(
    webhook: House, sari: Person
) -> None:
    inbound_id = await set_aside(webhook, sari)
    receipt = await Desk(webhook.runtime).submit(submission(key="another"))

    await Review(webhook.runtime).join(inbound_id, receipt.number, by=None)
    await webhook.until(lambda: done(webhook))

    [(author, internal)] = await webhook.rows(
        "SELECT author, is_internal FROM messages WHERE body = '" + ODD + "'"
    )
    assert (author, internal) == ("system", True)


async def test_a_step_that_failed_waits_with_its_words(
    webhook: House, sari: Person, owner_url: str
) -> None:
    await webhook.say(sari, f"/start u_{POSTER}", STORY)
    await break_messages(owner_url, "Toilet")
    try:
        await webhook.say(sari, "Kirim")
    finally:
        await mend_messages(owner_url)

    [one] = await ReviewDesk(webhook.runtime).all()
    assert (one.reason, one.summary.words) == (FAULT, "Kirim")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000, b'{"message": 1}', b'{"message": {}}']
)
def test_what_holds_nothing_shows_nothing(content: bytes) -> None:
    assert looked_at(content) == LookedAt()


async def test_no_tracking_code_is_told_or_filed_with_it(webhook: House, sari: Person) -> None:
    code = (await Desk(webhook.runtime).submit(submission())).tracking_code
    words = f"{'ya ' * 95}kode saya {code}"  # where the desk's line is cut
    message = {"chat": {"id": sari.id}, "text": words}
    assert await webhook.post({"update_id": 8, "message": message}) == 200
    [one] = await ReviewDesk(webhook.runtime).all()

    await Review(webhook.runtime).make_ticket(one.id, by=None)
    await webhook.until(lambda: done(webhook))
    await webhook.until(lambda: sealed(webhook))

    assert code[:9] not in one.summary.words
    [(path,)] = await webhook.rows("SELECT file_path FROM ticket_attachments")
    runtime = webhook.runtime
    parts = [part async for part in SealedFiles(runtime.storage, runtime.secret).read(str(path))]
    assert code not in b"".join(parts).decode()
    assert [(code in body) for (body,) in await webhook.rows("SELECT body FROM messages")] == [
        False,
        False,
    ]
