"""From the poster to the ticket and back, over real sockets."""

from core.casework import Casework
from tests.builders import MELATI, OFFICER, TOKEN
from tests.channels.telegram.fake import Person
from tests.channels.telegram.house import House


async def test_a_poster_leads_to_a_ticket_and_its_answer_back_to_the_chat(
    polling: House, sari: Person
) -> None:
    await polling.say(sari, f"/start u_{TOKEN}")
    menu = polling.telegram.texts(sari.id)[-1]
    await polling.say(sari, "Perawat malam tidak menjawab bel, saya menunggu satu jam.")
    done = await polling.say(sari, "Kirim")

    [(number, ticket_id, unit, source, code)] = await polling.rows(
        "SELECT t.ticket_number, t.id, t.unit_id, t.source, t.qr_code_id FROM tickets t"
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
