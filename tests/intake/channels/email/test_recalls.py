"""A mail program that takes a mail back withdraws no complaint and makes none."""

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.channels.email.recalls import recalled_subject
from intake.channels.email.understanding.understand import understand
from tests.builders import OFFICER
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice

TITLE = "Tagihan kamar salah"
SENTENCE = f'Sari would like to recall the message, "{TITLE}".'
MARKED = {"Content_Class": "urn:content-classes:recallmessage"}


def recall(*words: str, subject: str = f"Recall: {TITLE}", **headers: str) -> bytes:
    head = {"Message_ID": "<tarik@example.org>"} | headers
    return mail(*(words or (SENTENCE,)), subject=subject, **head)


async def first(office: PostOffice, **headers: str) -> dict[str, object]:
    await office.take(
        mail("Kamar VIP ditagih dua kali.", subject=TITLE, Message_ID="<1@example.org>", **headers)
    )
    [ticket] = await office.tickets()
    return ticket


@pytest.mark.parametrize(
    "content",
    [
        recall(),
        recall(subject=f"Penarikan: {TITLE}"),
        recall("", subject=f"Penarikan kembali: Re: {TITLE}"),
        recall("Apa saja yang ditulis program.", subject=f"Recall: {TITLE}", **MARKED),
        recall(subject=f"RECALL: {TITLE.upper()}"),
        recall("", subject="Recall: apa pun", In_Reply_To="<1@example.org>"),
    ],
)
async def test_a_recall_stands_on_the_ticket_of_the_mail(runtime: Runtime, content: bytes) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)

    row = await office.take(content)

    [after] = await office.tickets()
    assert row["ticket_id"] == ticket["id"]
    assert (after["status"], after["sla_deadline"]) == ("open", ticket["sla_deadline"])
    [_, kept] = await office.messages()
    assert kept["remarks"]["mail"]["recall"] is True
    assert "ditarik kembali" in str(kept["remarks"]["remarks"])
    assert len(await office.notices()) == 1


async def test_a_recall_reopens_nothing(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)
    await Casework(runtime).resolve(ticket["id"], "Sudah.", by=OFFICER)  # type: ignore[arg-type]  # a UUID

    await office.take(recall())

    assert [row["status"] for row in await office.tickets()] == ["resolved"]


@pytest.mark.parametrize(
    ("content", "sender"),
    [
        (recall("Obat itu ditarik BPOM, ibu saya meminumnya.", subject="Recall: obat"), PERSON),
        (recall("Obat itu sudah ditarik BPOM.", subject=f"Recall: {TITLE}"), PERSON),
        (recall(subject="Recall: hal lain"), PERSON),
        (recall(f'Saya menarik "{TITLE}". ' + "Ceritanya panjang. " * 20), PERSON),
        (recall(sender="lain@example.org"), "lain@example.org"),
    ],
)
async def test_what_a_person_writes_under_such_words_is_a_report(
    runtime: Runtime, content: bytes, sender: str
) -> None:
    office = PostOffice(runtime)
    await first(office)

    row = await office.take(content, sender=sender)

    assert row["status"] == "done"
    assert len(await office.tickets()) == 2


async def test_a_recall_weeks_later_takes_nothing_back(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await first(office)
    runtime.clock.move(days=15)  # type: ignore[attr-defined]  # the tests' clock

    await office.take(recall())

    assert len(await office.tickets()) == 2


async def test_a_recall_of_a_mail_that_is_not_here_waits_without_a_clock(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    row = await office.take(recall(**MARKED))

    assert row["status"] == "quarantined"
    assert await office.tickets() == []


@pytest.mark.parametrize(
    ("content", "subject"),
    [
        (recall(), TITLE),
        (recall("“Tagihan kamar salah” ditarik."), TITLE),
        (recall("Dengan berkas", subject="Recall:"), None),
        (mail("Biasa."), None),
    ],
)
def test_a_recall_says_what_it_takes_back(content: bytes, subject: str | None) -> None:
    assert recalled_subject(understand(content)) == subject
