"""What a notice tells is read from its ticket, and from what was said with its event."""

from dataclasses import replace
from uuid import UUID

from core.ground.secret import Secret
from core.reading.notice import COVERED, NoticeFacts, foretell, read_facts
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.submission import Submitter
from tests.builders import OFFICER
from tests.notifier.posting import report, rows


async def told_of(runtime: Runtime, ticket_id: UUID) -> NoticeFacts:
    [row] = await rows(runtime, "SELECT id FROM events WHERE kind = 'received'")
    return await read_facts(runtime, ticket_id, UUID(str(row["id"])))


async def test_a_link_is_given_only_where_its_code_is_right(runtime: Runtime) -> None:
    receipt = await report(runtime)
    other = replace(runtime, secret=Secret.of(b"another secret, as after a loss of keys"))

    told = await told_of(runtime, receipt.ticket_id)
    after_change = await told_of(other, receipt.ticket_id)
    foretold = await foretell(runtime, receipt.ticket_id, "Ya.")
    foretold_after_change = await foretell(other, receipt.ticket_id, "Ya.")

    assert told.track_url == f"http://127.0.0.1:8080/t/{receipt.tracking_code}"
    assert after_change.track_url is None
    assert foretold.track_url == f"http://127.0.0.1:8080/t/{COVERED}"
    assert foretold_after_change.track_url is None


async def test_an_anonymous_submitter_has_no_name_for_staff(runtime: Runtime) -> None:
    receipt = await report(runtime, anonymous=True, submitter=Submitter(name="Bapak Contoh"))

    assert (await told_of(runtime, receipt.ticket_id)).who is None


async def test_an_answer_is_told_and_what_staff_note_is_not(runtime: Runtime) -> None:
    receipt = await report(runtime)
    replied = await Casework(runtime).reply(receipt.ticket_id, "Sudah.", by=OFFICER)
    noted = await Casework(runtime).note(receipt.ticket_id, "Rahasia.", by=OFFICER)

    told = await read_facts(runtime, receipt.ticket_id, replied.id)
    kept = await read_facts(runtime, receipt.ticket_id, noted.id)
    foretold = await foretell(runtime, receipt.ticket_id, " Sudah. ", files=2)

    assert (told.answer, kept.answer) == ("Sudah.", "")
    assert (foretold.answer, foretold.files) == ("Sudah.", 2)
