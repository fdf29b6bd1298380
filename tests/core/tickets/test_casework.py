"""What staff say: once under its key, in words where it must, about what is still there."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from core.ground.errors import NotFoundError
from core.reading.reporter import tracked
from core.runtime import Runtime
from core.tickets.casework import Casework, EmptyAnswerError, SaidBeforeError, VanishedError
from core.tickets.desk import Desk
from core.tickets.submission import StoredFile
from tests.builders import OFFICER, submission


async def test_what_is_said_again_under_its_key_is_refused_and_adds_nothing(
    runtime: Runtime,
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id
    casework = Casework(runtime)

    said = await asyncio.gather(
        casework.note(ticket_id, "Satu.", by=OFFICER, key="k"),
        casework.note(ticket_id, "Satu.", by=OFFICER, key="k"),
        return_exceptions=True,
    )
    with pytest.raises(SaidBeforeError):
        await casework.reply(ticket_id, "Satu.", by=OFFICER, key="k")

    assert [isinstance(each, SaidBeforeError) for each in said].count(True) == 1


VANISHED = UUID("00000000-0000-7000-8000-00000000dead")
LETTER = StoredFile(name="surat.pdf", path="ab/abc", size=3, mime_type="application/pdf")


@pytest.mark.parametrize("words", ["", "  \n", "\u00a0", "\u200b\u200d"])
async def test_solved_is_said_in_words_even_where_a_file_comes_along(
    runtime: Runtime, words: str
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id
    casework = Casework(runtime)

    with pytest.raises(EmptyAnswerError):
        await casework.resolve(ticket_id, words, by=OFFICER, files=(LETTER,))
    with pytest.raises(EmptyAnswerError):
        await casework.close(ticket_id, words, by=OFFICER)
    seen = await tracked(runtime, ticket_id)
    await casework.resolve(ticket_id, "Sudah diganti.", by=OFFICER, files=(LETTER,))
    answered = await tracked(runtime, ticket_id)

    assert seen is not None
    assert answered is not None
    assert (seen.status, len(seen.messages)) == ("open", 1)
    assert [file.name for file in answered.messages[-1].files] == ["surat.pdf"]


@pytest.mark.parametrize(
    "verb",
    [
        lambda work, ticket: work.assign(ticket, VANISHED, by=OFFICER),
        lambda work, ticket: work.move(ticket, VANISHED, by=OFFICER, reason="Salah alamat."),
        lambda work, ticket: work.keep_from(ticket, VANISHED, by=OFFICER),
        lambda work, ticket: work.reply(ticket, "Sudah.", by=VANISHED),
    ],
    ids=["assign", "move", "keep from", "whoever says it"],
)
async def test_what_is_named_and_not_there_any_more_is_not_found(
    runtime: Runtime, verb: Callable[[Casework, UUID], Awaitable[object]]
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id

    with pytest.raises(VanishedError) as refused:
        await verb(Casework(runtime), ticket_id)

    assert isinstance(refused.value, NotFoundError)
    seen = await tracked(runtime, ticket_id)
    assert seen is not None
    assert (seen.status, len(seen.messages)) == ("open", 1)
