"""Every answer finds its ticket; nobody gets into one by a number."""

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice

STRANGER = "orang.lain@example.net"


async def first(office: PostOffice, **headers: str) -> dict[str, object]:
    await office.take(mail("AC mati.", Message_ID="<first@example.org>", **headers))
    [ticket] = await office.tickets()
    return ticket


async def followed(office: PostOffice) -> list[dict[str, object]]:
    return [row for row in await office.messages() if not row["is_internal"]][1:]


async def test_an_answer_to_the_reply_address_is_added(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)
    address = office.tokens.reply_address(ticket["id"])  # type: ignore[arg-type]  # a UUID

    row = await office.take(mail("Masih mati.", subject="Re: laporan"), to=(address,))

    assert row["ticket_id"] == ticket["id"]
    [added] = await followed(office)
    assert (added["body"], added["author"], added["remarks"].get("remarks")) == (  # type: ignore[attr-defined]  # JSON
        "Masih mati.",
        "submitter",
        ["Surat tidak memiliki Message-ID; pengenal dibuat dari isinya."],
    )


async def test_an_answer_to_our_signed_message_id_is_added(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)
    ours = await office.notice_id()

    await office.take(mail("Dua.", In_Reply_To=ours, Message_ID="<2@example.org>"))
    await office.take(mail("Tiga.", References=f"<x@y> {ours} <z@y>", Message_ID="<3@e.org>"))

    assert [row["body"] for row in await followed(office)] == ["Dua.", "Tiga."]
    assert len(await office.tickets()) == 1
    assert ticket["id"]


async def test_a_second_mail_before_our_answer_follows_the_persons_own_first(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await first(office)

    await office.take(mail("Tambahan.", In_Reply_To="<first@example.org>", Message_ID="<2@e.org>"))

    assert [row["body"] for row in await followed(office)] == ["Tambahan."]


async def test_the_number_counts_from_the_persons_own_address(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)

    await office.take(mail("Bagaimana?", subject=f"Bls: {ticket['ticket_number']}"))

    assert len(await office.tickets()) == 1
    assert [row["body"] for row in await followed(office)] == ["Bagaimana?"]


async def test_the_number_from_a_stranger_is_a_linked_new_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)

    await office.take(
        mail("Apa isinya?", subject=f"Re: {ticket['ticket_number']}", sender=STRANGER),
        sender=STRANGER,
    )

    old, new = await office.tickets()
    assert [row["body"] for row in await followed(office)] == ["Apa isinya?"]
    assert [row["ticket_id"] for row in await office.messages()] == [old["id"], new["id"]]
    [link] = await office.rows("SELECT * FROM ticket_links")
    assert (link["ticket_id"], link["other_id"], link["kind"]) == (new["id"], old["id"], "related")
    recipients = [notice["recipient_ref"] for notice in await office.notices()]
    assert recipients == [PERSON, STRANGER]


@pytest.mark.parametrize("spoil", ["signature", "ticket", "domain"])
async def test_a_bent_signature_opens_nothing(runtime: Runtime, spoil: str) -> None:
    office = PostOffice(runtime)
    await first(office)
    ours = await office.notice_id()
    bent = {
        "signature": ours.replace(ours.split(".")[1][:3], "aaa", 1),
        "ticket": "<" + "0" * 32 + ours[33:],
        "domain": ours.replace("rs.example.org", "evil.example.org"),
    }[spoil]

    await office.take(mail("Masuk?", In_Reply_To=bent, sender=STRANGER), sender=STRANGER)

    assert len(await office.tickets()) == 2


async def test_a_third_person_with_the_reply_address_is_marked(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)
    address = office.tokens.reply_address(ticket["id"])  # type: ignore[arg-type]  # a UUID

    await office.take(mail("Saya anaknya.", sender=STRANGER), sender=STRANGER, to=(address,))

    [added] = await followed(office)
    assert added["remarks"]["third_person"] == STRANGER  # type: ignore[index]  # JSON
    assert "Dari orang ketiga" in str(added["remarks"])
    addresses = await office.rows("SELECT address FROM ticket_addresses")
    assert [row["address"] for row in addresses] == [PERSON]


async def test_an_answer_reopens_and_long_after_is_a_linked_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)
    ours = await office.notice_id()
    await Casework(runtime).resolve(ticket["id"], "Sudah.", by=OFFICER)  # type: ignore[arg-type]  # a UUID

    await office.take(mail("Belum!", In_Reply_To=ours, Message_ID="<2@example.org>"))
    assert [row["status"] for row in await office.tickets()] == ["open"]

    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)  # type: ignore[arg-type]  # a UUID
    runtime.clock.move(days=40)  # type: ignore[attr-defined]  # the tests' clock
    await office.take(mail("Rusak lagi.", In_Reply_To=ours, Message_ID="<3@example.org>"))

    assert [row["status"] for row in await office.tickets()] == ["closed", "open"]
    assert len(await office.rows("SELECT * FROM ticket_links")) == 1


async def test_the_quoted_number_of_somebody_else_means_nothing(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)

    await office.take(
        mail(f"Di koran tertulis {ticket['ticket_number']}.", sender=STRANGER), sender=STRANGER
    )

    assert len(await office.tickets()) == 2
    assert await office.rows("SELECT * FROM ticket_links") == []


async def test_an_erased_tickets_reply_address_files_a_new_report(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await first(office)
    address = office.tokens.reply_address(ticket["id"])  # type: ignore[arg-type]  # a UUID
    await office.rows("DELETE FROM tickets")

    row = await office.take(mail("Halo lagi."), to=(address, OURS))

    assert row["status"] == "done"
    assert len(await office.tickets()) == 1
