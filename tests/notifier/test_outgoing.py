from uuid import uuid4

import pytest

from core.deliveries.held_notice import HeldNotice
from core.hospital.directory import HospitalEntry
from core.jobs.leasing import Held
from core.reading.notice import NoticeFacts
from core.runtime import Runtime
from core.tickets.submission import StoredFile, Submitter
from notifier.deliver import _rendered, outgoing_of
from tests.builders import MONDAY
from tests.notifier.posting import Provider, reply, report, run_once

TOLD = NoticeFacts(
    hospital=HospitalEntry(name="RS Contoh Sehat", short_name="RS Contoh"),
    number="TKT-20261123-0001",
    kind="complaint",
    unit="Farmasi",
    due_at=MONDAY,
    received_at=MONDAY,
    closed_at=None,
    answer="Obat sudah siap.",
    report="Obat untuk ayah saya belum datang.",
    who=None,
    source="web",
    files=0,
    track_url=None,
)


def claimed(template: str = "replied", **changes: object) -> HeldNotice:
    facts: dict[str, object] = {
        "held": Held(
            id=uuid4(),
            claim=uuid4(),
            attempts=1,
            losses=0,
            since=MONDAY,
            patience="hours",
            row={},
        ),
        "ticket_id": uuid4(),
        "event_id": uuid4(),
        "channel": "email",
        "recipient_ref": "ibu@example.org",
        "audience": "submitter",
        "template": template,
        "language": "id",
        "payload": {},
        "is_again": False,
        "happened_at": MONDAY,
    }
    return HeldNotice(**(facts | changes))  # type: ignore[arg-type]  # a builder for any field


@pytest.mark.parametrize("template", ["chat", "../notices/replied", "nowhere", "_layout"])
def test_what_is_no_notice_goes_to_its_channel_as_it_is(template: str) -> None:
    payload = {"screen": "menu"}

    notice = outgoing_of(claimed(template, payload=payload, ticket_id=None), None)
    with_ticket = outgoing_of(claimed(template, payload=payload), TOLD)

    for outgoing in (notice, with_ticket):
        assert (outgoing.subject, outgoing.text, outgoing.html) == ("", "", None)
        assert outgoing.payload == payload


async def test_the_story_is_read_when_the_notice_is_sent(runtime: Runtime) -> None:
    receipt = await report(
        runtime,
        submitter=Submitter(name="Bapak Contoh"),
        files=(StoredFile(name="foto.jpg", path="aa/x"),),
    )
    provider = Provider()
    await run_once(runtime, provider)
    await reply(runtime, receipt.ticket_id, "Kata-kata petugas.")
    await run_once(runtime, provider)

    first, second = provider.accepted
    assert f"/t/{receipt.tracking_code}" in first.text
    assert "Farmasi" in first.text
    assert "Kata-kata petugas." in second.text
    assert "Bapak Contoh" not in first.text + second.text


async def test_without_a_ticket_there_is_nothing_to_tell(runtime: Runtime) -> None:
    outgoing = await _rendered(runtime, claimed(ticket_id=None, event_id=None))

    assert (outgoing.text, outgoing.ticket_number) == ("", None)
