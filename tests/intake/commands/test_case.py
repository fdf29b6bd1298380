"""Working on a ticket from the command line."""

import pytest
from sqlalchemy import update

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.lifecycle import Status
from core.tickets.submission import Receipt, Submitter
from core.tickets.ticket import Ticket
from intake.commands.case import case
from tests.builders import submission
from tests.intake.commands.conftest import Kiss


async def test_a_case_from_the_first_look_to_its_end(kiss: Kiss, receipt: Receipt) -> None:
    number = receipt.number
    added = await kiss(
        *("user", "add", "rina", "--name", "Rina Contoh", "--email", "rina@rs.example.org"),
        *("--role", "officer", "--unit", "MELATI", "--generate"),
    )
    steps = (
        ("assign", "rina", "--as", "rina"),
        ("reply", "Teknisi datang pukul 14.00.", "--as", "rina"),
        ("ask", "Kamar nomor berapa?", "--as", "rina"),
        ("note", "Freon habis.", "--as", "rina"),
        ("move", "FARMASI", "--reason", "Salah alamat."),
        ("escalate", "--reason", "Sudah lama."),
        ("resolve", "AC sudah diganti."),
        ("reopen",),
        ("start",),
        ("status", "resolved", "Kini benar-benar dingin."),
        ("close",),
    )

    statuses = []
    for step in steps:
        told = await kiss("case", number, *step, "--json")
        assert told.code == 0, told.err
        statuses.append((told.json["event"], told.json["status"]))
    shown = await kiss("case", number.removeprefix("TKT-").lower(), "show")

    assert added.code == 0, added.err
    assert statuses == [
        ("assigned", "in_progress"),
        ("replied", "in_progress"),
        ("asked", "in_progress"),
        ("noted", "in_progress"),
        ("moved", "open"),
        ("escalated", "escalated"),
        ("resolved", "resolved"),
        ("reopened", "open"),
        ("started", "in_progress"),
        ("resolved", "resolved"),
        ("closed", "closed"),
    ]
    for words in ("Teknisi datang", "Freon habis.", "(note)", "Rina Contoh", "Farmasi"):
        assert words in shown.out


async def test_an_answer_read_from_standard_input_names_the_notice_it_sends(
    kiss: Kiss, receipt: Receipt
) -> None:
    told = await kiss("case", receipt.number, "reply", "-", stdin="Baris satu\nBaris dua\n")
    shown = await kiss("case", receipt.number, "show", "--json")

    assert "replied goes to the submitter by email" in told.out
    assert shown.json["messages"][-1]["words"] == "Baris satu\nBaris dua"
    assert {notice["status"] for notice in shown.json["deliveries"]} == {"pending"}


async def test_what_was_cut_from_a_mail_is_shown_with_its_words(
    kiss: Kiss, runtime: Runtime
) -> None:
    came = {"mail": {"elided": "-- \nSari, RM 123456", "text": "AC mati.\n-- \nSari, RM 123456"}}
    receipt = await Desk(runtime).submit(
        submission(words="AC mati.", facts=came, submitter=Submitter(name="Sari"))
    )

    shown = await kiss("case", receipt.number, "show")
    whole = await kiss("case", receipt.number, "show", "--json")

    assert "  AC mati.\n  trimmed:\n  | -- \n  | Sari, RM 123456\n" in shown.out
    assert whole.json["messages"][0]["as_it_came"] == came["mail"]["text"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("reopen",), "not possible while the ticket is open"),
        (("assign", "siapa"), "nobody called siapa"),
        (("reply", "  "), "no words"),
        (("resolve", "  "), "no words"),
        (("close",), "no words"),
        (("status", "resolved"), "no words"),
        (("status", "in_progress", "Kami mulai."), "Nothing is said with it"),
        (("move", "NOWHERE"), "no unit NOWHERE"),
        (("note", "x", "--as", "siapa"), "nobody called siapa"),
    ],
)
async def test_what_is_not_possible_is_refused_with_a_sentence(
    kiss: Kiss, receipt: Receipt, words: tuple[str, ...], sentence: str
) -> None:
    told = await kiss("case", receipt.number, *words)

    assert told.code == 1
    assert sentence in told.err
    assert "Traceback" not in told.err


async def test_a_number_nobody_was_given_is_said_so(kiss: Kiss) -> None:
    told = await kiss("case", "TKT-20200101-0001", "show")

    assert (told.code, "no ticket TKT-20200101-0001" in told.err) == (1, True)


async def test_where_a_case_stands_names_what_staff_can_do(kiss: Kiss, receipt: Receipt) -> None:
    told = await kiss("case", receipt.number, "status")

    assert f"{receipt.number} is open. Possible: assign, move, start" in told.out
    assert "withdraw" not in told.out


@pytest.mark.parametrize("status", list(Status))
async def test_every_verb_that_is_named_is_one_of_the_command(
    kiss: Kiss, receipt: Receipt, runtime: Runtime, status: Status
) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(update(Ticket).values(status=status))

    told = await kiss("case", receipt.number, "show", "--json")

    assert told.json["possible"]
    assert set(told.json["possible"]) <= set(case.commands)
