"""The installed command as a process: exit codes, streams, and what it says when nothing works."""

from pathlib import Path

import pytest

from core.tickets.submission import Receipt
from tests.intake.commands.conftest import Kiss


async def test_a_script_reads_json_on_one_stream_and_sentences_on_the_other(
    kiss: Kiss, receipt: Receipt
) -> None:
    replied = await kiss.process("case", receipt.number, "reply", "-", "--json", stdin="Halo.\n")
    refused = await kiss.process("case", receipt.number, "reopen", "--json")

    assert (replied.code, replied.json["event"], replied.err) == (0, "replied", "")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("Error: Reopen is not possible while")


@pytest.mark.parametrize(
    ("changes", "code", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/kiss"}, 75, "cannot be reached"),
        ({"KISS_PORT": "many"}, 78, "KISS_PORT: Input should be a valid integer"),
        ({"KISS_CLOCK_FILE": "/tmp/clock"}, 78, "KISS_CLOCK_FILE is for tests"),
        ({"FAULT_AT": "submit.committed"}, 1, "FAULT_AT is for tests and needs KISS_TEST=1"),
        ({"FAULT_AT": "nowhere", "KISS_TEST": "1"}, 1, "FAULT_AT names no step of ours"),
    ],
)
async def test_a_wrong_surrounding_ends_with_a_sentence_and_its_exit_code(
    kiss: Kiss, changes: dict[str, str], code: int, sentence: str
) -> None:
    told = await kiss.process("tickets", **changes)

    assert (told.code, told.out) == (code, ""), told.err
    assert sentence in told.err


async def test_no_database_in_the_data_folder_is_said_and_none_is_made(
    kiss: Kiss, tmp_path: Path
) -> None:
    folder = tmp_path / "empty"

    told = await kiss("tickets", DATABASE_URL="", KISS_DATA=str(folder))

    assert (told.code, "There is no database" in told.err) == (78, True)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("worker",), "Without BROKER_URL"), (("smtp",), "set KISS_MAIL_URL")],
)
async def test_a_process_that_would_have_nothing_to_do_says_what_is_missing(
    kiss: Kiss, words: tuple[str, ...], sentence: str
) -> None:
    told = await kiss.process(*words)

    assert (told.code, sentence in told.err) == (78, True), told.err
