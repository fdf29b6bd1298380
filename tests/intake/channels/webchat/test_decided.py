"""Words of the web chat that were set aside, and what a person decides about them."""

from uuid import UUID

import pytest

from core.ground.concealed import address_kept
from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs
from core.jobs.raw_messages import RawMessages
from core.reading.review import ReviewDesk
from core.review.deciding import Review
from core.runtime import Runtime
from core.tickets.submission import Receipt
from intake import raw_reading
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.settings import WebChatSettings
from tests.notifier.posting import report, rows


@pytest.fixture
async def receipt(runtime: Runtime) -> Receipt:
    """File a report to join to."""
    return await report(runtime)


async def run_once(runtime: Runtime) -> None:
    channel = WebChat(runtime, WebChatSettings())
    for row_id in await Jobs(runtime, INBOUND).hand_out(10):
        await raw_reading.process(runtime, lambda _name: channel, row_id)


async def set_aside(runtime: Runtime) -> UUID:
    words, where = b"AC di kamar 3 mati.", {"address": "chat-9"}
    inbound_id, _ = await RawMessages(runtime).store("webchat", "k1", words, where, runtime.clock())
    await run_once(runtime)
    return inbound_id


async def test_without_a_verdict_it_waits_and_shows_its_words(runtime: Runtime) -> None:
    inbound_id = await set_aside(runtime)

    [one] = await ReviewDesk(runtime).all()
    message = await ReviewDesk(runtime).look(inbound_id)

    assert (one.id, one.summary.words) == (inbound_id, "AC di kamar 3 mati.")
    assert message is not None
    assert message.content == b"AC di kamar 3 mati."


async def test_released_it_is_a_report_of_that_chat(runtime: Runtime) -> None:
    inbound_id = await set_aside(runtime)
    await Review(runtime).make_ticket(inbound_id, by=None)
    await run_once(runtime)

    [ticket] = await rows(runtime, "SELECT id, description, source FROM tickets")
    assert (ticket["description"], ticket["source"]) == ("AC di kamar 3 mati.", "webchat")
    [address] = await rows(runtime, "SELECT channel, address FROM ticket_addresses")
    hidden = address_kept(runtime.secret, "chat-9", conceals=True)
    assert dict(address) == {"channel": "webchat", "address": hidden}
    assert await rows(runtime, "SELECT id FROM ticket_attachments") == []
    [kept] = await rows(runtime, "SELECT status, ticket_id FROM inbound")
    assert (kept["status"], kept["ticket_id"]) == ("done", ticket["id"])


async def test_joined_it_stands_on_that_report(runtime: Runtime, receipt: Receipt) -> None:
    inbound_id = await set_aside(runtime)
    await Review(runtime).join(inbound_id, receipt.number, by=None)
    await run_once(runtime)

    said = await rows(
        runtime,
        "SELECT body, remarks->>'third_person' AS who FROM messages"
        " WHERE ticket_id = :id AND channel = 'webchat'",
        id=receipt.ticket_id,
    )
    assert [row["body"] for row in said] == ["AC di kamar 3 mati."]
    assert str(said[0]["who"]).startswith("Obrolan lain, "), "nobody's words stand under the name"
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 1
