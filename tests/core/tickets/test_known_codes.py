"""A code of a ticket is covered wherever words are kept; what opens nothing stays."""

from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.surveys.answer import keep_answers
from core.tickets.desk import Desk
from core.tickets.known_codes import covered_alone
from core.tickets.submission import StoredFile
from tests.builders import submission

LOOKS_LIKE = "4X7K-29PQ-ABCD-1234"


async def code_of(runtime: Runtime) -> str:
    return (await Desk(runtime).submit(submission())).tracking_code


async def test_only_what_opens_a_ticket_is_covered(runtime: Runtime) -> None:
    code = await code_of(runtime)

    covered = await covered_alone(runtime.database, [f"{code.lower()} {LOOKS_LIKE}", "AC mati."])

    assert covered == (f"•••• {LOOKS_LIKE}", "AC mati.")


async def test_a_file_that_is_called_so_is_covered_too(runtime: Runtime) -> None:
    code, desk = await code_of(runtime), Desk(runtime)
    files = (StoredFile(name=f"{code}.pdf", path="ab/cd"), StoredFile(name="foto.jpg", path="ef"))

    receipt = await desk.submit(submission(key="2", words="Lihat berkas.", files=files))
    again = await desk.submit(submission(key="2", words="Lihat berkas.", files=files))

    async with transaction(runtime.database) as session:
        names = await session.scalars(text("SELECT file_name FROM ticket_attachments ORDER BY 1"))
        assert sorted(names) == ["foto.jpg", "••••.pdf"]
    assert (again.number, again.is_same) == (receipt.number, True)


async def test_remarks_of_a_survey_hold_no_code(runtime: Runtime) -> None:
    code = await code_of(runtime)

    async with transaction(runtime.database) as session:
        await keep_answers(
            session,
            key="s1",
            channel="web",
            unit_id=None,
            qr_code_id=None,
            answers={},
            remarks=f"Puas, laporan {code}",
            is_complete=True,
            answered_at=runtime.clock(),
        )

    async with transaction(runtime.database) as session:
        remarks = await session.scalar(text("SELECT remarks FROM survey_answers"))
    assert remarks == "Puas, laporan ••••"
