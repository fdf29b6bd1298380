"""Whole walks over real sockets: from the poster to the ticket, and back to the chat."""

from core.tickets.casework import Casework
from tests.builders import FARMASI, MELATI, OFFICER, TOKEN
from tests.intake.channels.telegram.fake import Person
from tests.intake.channels.telegram.house import House

STORY = "Perawat malam tidak menjawab bel, saya menunggu satu jam."


async def test_a_poster_leads_to_a_ticket_and_its_answer_back_to_the_chat(
    polling: House, sari: Person
) -> None:
    await polling.say(sari, f"/start u_{TOKEN}")
    menu = polling.telegram.texts(sari.id)[-1]
    await polling.say(sari, STORY)
    done = await polling.say(sari, "Kirim")

    [(number, ticket_id, unit, source, code)] = await polling.rows(
        "SELECT ticket_number, id, unit_id, source, qr_code_id FROM tickets"
    )
    assert "Ruang Melati" in menu
    assert (unit, source) == (MELATI, "telegram")
    assert code is not None
    assert number in done

    await Casework(polling.runtime).reply(
        ticket_id, "Mohon maaf, kepala ruang sudah menegur.", by=OFFICER
    )
    await polling.until(lambda: "kepala ruang" in polling.telegram.texts(sari.id)[-1])
    assert number in polling.telegram.texts(sari.id)[-1]


async def test_the_same_by_webhook_in_english(webhook: House, sari: Person) -> None:
    sari.language = "en"
    menu = await webhook.say(sari, "/start u_" + TOKEN)
    await webhook.say(sari, "The night nurse did not answer the bell for an hour.")
    done = await webhook.say(sari, "Send")

    [(number, language)] = await webhook.rows("SELECT ticket_number, language FROM tickets")
    assert "You are at" in menu
    assert number in done
    assert language == "en"


async def test_staff_ask_the_person_replies_and_the_answer_reaches_the_ticket(
    polling: House, sari: Person
) -> None:
    await polling.report(sari)
    [(ticket_id,)] = await polling.rows("SELECT id FROM tickets")
    await Casework(polling.runtime).ask(ticket_id, "Kamar nomor berapa?", by=OFFICER)
    await polling.until(lambda: "nomor berapa" in polling.telegram.texts(sari.id)[-1])

    await polling.do(sari, sari.text("Kamar 3, dekat jendela.", reply_to_message=answered(polling)))

    bodies = await polling.rows("SELECT body FROM messages WHERE author = 'submitter' ORDER BY id")
    assert bodies[-1] == ("Kamar 3, dekat jendela.",)


def answered(house: House) -> dict[str, object]:
    """Return the last message the bot sent, as a client quotes it."""
    return {
        "message_id": house.telegram.next_id - 1,
        "date": 1,
        "chat": {"id": 5001, "type": "private"},
        "text": "-",
    }


async def test_resolved_not_solved_reopened_then_solved_with_stars(
    polling: House, sari: Person
) -> None:
    number = await polling.report(sari)
    [(ticket_id,)] = await polling.rows("SELECT id FROM tickets")
    casework = Casework(polling.runtime)
    await casework.resolve(ticket_id, "AC sudah diganti.", by=OFFICER)
    await polling.until(lambda: "sudah diganti" in polling.telegram.texts(sari.id)[-1])

    await polling.do(sari, sari.press("Belum"))
    await polling.say(sari, "Masih panas, tidak ada bedanya.")
    assert await polling.rows("SELECT status FROM tickets") == [("open",)]

    await casework.resolve(ticket_id, "AC diganti yang baru.", by=OFFICER)
    await polling.until(lambda: "yang baru" in polling.telegram.texts(sari.id)[-1])
    await polling.do(sari, sari.press("Sudah"))
    star = polling.telegram.labels(sari.id)[1]
    await polling.do(sari, sari.press(star))
    await polling.say(sari, "Lebih cepat lain kali.")

    rows = await polling.rows("SELECT ticket_number, status, rating, rating_comment FROM tickets")
    assert rows == [(number, "closed", 2, "Lebih cepat lain kali.")]
    bodies = [body for (body,) in await polling.rows("SELECT body FROM messages")]
    assert "Masih panas, tidak ada bedanya." in bodies


async def test_an_edit_on_a_ticket_is_kept_as_a_note_and_overwrites_nothing(
    polling: House, sari: Person
) -> None:
    first = sari.text("AC di kamar 3 mati.")
    await polling.say(sari, f"/start u_{TOKEN}")
    await polling.do(sari, first)
    await polling.do(sari, sari.edit(first, "AC di kamar 4 mati."))
    await polling.say(sari, "Kirim")
    await polling.do(sari, sari.edit(first, "AC di kamar 5 mati."))

    bodies = await polling.rows("SELECT body FROM messages ORDER BY received_at, id")
    assert bodies == [("AC di kamar 4 mati.",), ("[diedit] AC di kamar 5 mati.",)]
    assert await polling.rows("SELECT description FROM tickets") == [("AC di kamar 4 mati.",)]


async def test_a_name_and_ones_own_number_but_nobody_elses(polling: House, sari: Person) -> None:
    await polling.say(sari, f"/start u_{TOKEN}", STORY, "Pakai nama & HP", "Sari")
    labels = polling.telegram.labels(sari.id)
    shown = polling.telegram.keyboards(sari.id)[-1]["keyboard"]
    await polling.do(sari, sari.contact("+6281200000009", own=False))
    await polling.do(sari, sari.contact("+6281200000001", own=True))
    await polling.say(sari, "Kirim")

    [row] = await polling.rows("SELECT submitter_name, submitter_phone, is_anonymous FROM tickets")
    assert row == ("Sari", "+6281200000001", False)
    assert any(button.get("request_contact") for line in shown for button in line), labels


async def test_anonymous_keeps_neither_name_nor_number(polling: House, sari: Person) -> None:
    await polling.report(sari, STORY)

    [row] = await polling.rows(
        "SELECT submitter_name, submitter_phone, submitter_email, is_anonymous FROM tickets"
    )
    everything = str(await polling.rows("SELECT * FROM tickets")) + str(
        await polling.rows("SELECT raw, envelope FROM inbound")
    )
    assert row == (None, None, None, True)
    assert "Sari" not in everything
    assert STORY not in str(await polling.rows("SELECT raw FROM inbound"))


async def test_a_survey_changes_one_message_in_place(polling: House, sari: Person) -> None:
    await polling.say(sari, f"/start u_{TOKEN}", "Survei kepuasan")
    first = polling.telegram.sent[-1][0]
    for _ in range(9):
        await polling.do(sari, sari.press(polling.telegram.labels(sari.id)[3]))
    await polling.say(sari, "Lewati")

    edits = [method for method, _ in polling.telegram.sent if method == "editMessageText"]
    [(answers, complete, unit)] = await polling.rows(
        "SELECT answers, is_complete, unit_id FROM survey_answers"
    )
    assert first == "sendMessage"
    assert len(edits) == 8
    assert set(answers.values()) == {4}
    assert (complete, unit) == (True, MELATI)


async def test_a_group_is_declined_once_and_left(polling: House, sari: Person) -> None:
    group = sari.text("halo") | {}
    group["message"]["chat"] = {"id": -77, "type": "group", "title": "Keluarga"}
    again = sari.text("halo lagi")
    again["message"]["chat"] = group["message"]["chat"]

    await polling.update(group, again)
    await polling.until(lambda: len(polling.telegram.left) == 2)

    [declined] = polling.telegram.texts(-77)
    assert "@rs_contoh_bot" in declined
    assert await polling.rows("SELECT count(*) FROM tickets") == [(0,)]


async def test_blocked_and_allowed_again(polling: House, sari: Person) -> None:
    await polling.report(sari, STORY)

    await polling.update(sari.blocks())
    await polling.until(
        lambda: has(polling, "SELECT 1 FROM ticket_addresses WHERE blocked_at IS NOT NULL")
    )
    await polling.update(sari.blocks(blocked=False))
    await polling.until(
        lambda: has(polling, "SELECT 1 FROM ticket_addresses WHERE blocked_at IS NULL")
    )

    assert await polling.rows("SELECT count(*) FROM ticket_addresses") == [(1,)]


async def has(house: House, query: str) -> bool:
    return bool(await house.rows(query))


async def test_a_poster_code_typed_anywhere_names_its_unit(polling: House, sari: Person) -> None:
    await polling.say(sari, "/start", "Keluhan", "farmasi")
    await polling.say(sari, "Antrean obat sangat lama sekali hari ini.")
    await polling.say(sari, "Lanjut", "Kirim")

    assert await polling.rows("SELECT unit_id FROM tickets") == [(FARMASI,)]

    menu = await polling.say(sari, "melati 1")
    assert "Ruang Melati" in menu


async def test_words_of_danger_ring_the_alarm(polling: House, sari: Person) -> None:
    await polling.say(sari, f"/start u_{TOKEN}")
    await polling.do(sari, sari.text("Tolong, ayah saya tidak sadar dan tidak ada perawat!"))
    texts = "\n".join(polling.telegram.texts(sari.id)[1:])
    await polling.say(sari, "Kirim")

    [(unit, ticket, words, matched)] = await polling.rows(
        "SELECT unit_id, ticket_id, words, matched FROM alarms"
    )
    [(ticket_id, urgency)] = await polling.rows("SELECT id, urgency_level FROM tickets")
    assert "0800-0000-0119" in texts
    assert (unit, ticket) == (MELATI, ticket_id)
    assert words == "Tolong, ayah saya tidak sadar dan tidak ada perawat!"
    assert matched == ["tidak sadar"]
    assert urgency == 5


async def test_a_tracking_link_brings_a_web_report_into_the_chat(
    polling: House, sari: Person
) -> None:
    from core.tickets.desk import Desk
    from tests.builders import submission

    receipt = await Desk(polling.runtime).submit(submission())
    code = receipt.tracking_code.replace("-", "")

    card = await polling.say(sari, f"/start t_{code}")
    await polling.do(sari, sari.press("Kabari saya di sini"))
    await Casework(polling.runtime).reply(receipt.ticket_id, "Sudah dicek.", by=OFFICER)
    await polling.until(lambda: "Sudah dicek." in polling.telegram.texts(sari.id)[-1])

    assert receipt.number in card
