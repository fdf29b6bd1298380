"""The driver of `tests/chats` against the running system: webhook, PostgreSQL, worker, Bot API."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Submission
from core.tickets.tracking_code import code_for
from intake.dialogue import wording
from intake.dialogue.machine import SCREENS
from intake.dialogue.replies import Choice
from intake.dialogue.state import State, load
from tests.builders import OFFICER, Hands
from tests.intake.channels.telegram.fake import FakeTelegram, Json, Person
from tests.intake.channels.telegram.house import House, house
from tests.intake.dialogue.player import Outcome, SurveyOutcome, TicketOutcome
from tests.intake.dialogue.script import (
    Deed,
    Does,
    Edits,
    Follows,
    Given,
    Presses,
    Says,
    Scans,
    Sends,
    Shares,
    Staff,
)
from tests.intake.dialogue.world import UNITS

GROUP = {"id": -77, "type": "group", "title": "Keluarga"}
STICKER = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False,
           "is_video": False, "type": "regular"}  # fmt: skip
KINDS = {"file": "document"}
"""What Telegram calls a kind of file, where it is another word."""
OTHERS = "phone"
"""The channel of reports that are none of the script's."""
DESK = "UPDATE units SET code = :code, name = :name WHERE is_triage_desk"


def token_of(code: str) -> str:
    """Return the token on the poster of a unit."""
    return f"poster-{code}".ljust(30, "0")


async def furnish(runtime: Runtime) -> None:
    """Put the hospital of `world.UNITS` into the database."""
    async with transaction(runtime.database) as session:
        for statement in (
            "UPDATE users SET unit_id = NULL",
            "UPDATE service_categories SET unit_id = NULL",
            "DELETE FROM qr_codes",
            "DELETE FROM unit_aliases",
            "DELETE FROM units WHERE NOT is_triage_desk",
        ):
            await session.execute(text(statement))
        for unit in UNITS.all:
            facts = {
                "code": unit.code,
                "name": unit.name,
                "token": token_of(unit.code),
                "now": runtime.clock(),
            }
            if unit.id == UNITS.desk:
                await session.execute(
                    text("UPDATE units SET code = :code, name = :name WHERE is_triage_desk"), facts
                )
                continue
            await session.execute(
                text(
                    "INSERT INTO units (code, name, created_at, updated_at)"
                    " VALUES (:code, :name, :now, :now)"
                ),
                facts,
            )
            await session.execute(
                text(
                    "INSERT INTO qr_codes (unit_id, code, token, name, created_at, updated_at)"
                    " SELECT id, 'POSTER-' || code, :token, name, created_at, updated_at"
                    " FROM units WHERE code = :code"
                ),
                facts,
            )
        await session.execute(
            text(
                "INSERT INTO unit_aliases (unit_id, alias, created_at, updated_at)"
                " SELECT u.id, :alias, u.created_at, u.updated_at FROM units u WHERE u.code = :code"
            ),
            [{"code": u.code, "alias": alias} for u in UNITS.all for alias in u.aliases],
        )
    await runtime.directory.reload()
    await make_busy(runtime)


async def make_busy(runtime: Runtime) -> None:
    """Let the first two units be the busiest ones, by reports that no script counts."""
    for number, unit in enumerate(("igd", "igd", "gigi")):
        found = UNITS.get(unit)
        assert found
        words = "Laporan lain dari hari lain."
        report = Submission(channel=OTHERS, key=str(number), words=words, unit_code=found.code)
        await Desk(runtime).submit(report)


@dataclass
class SystemDriver:
    """One person at Telegram, their staff, and a clock that is moved."""

    runtime: Runtime
    telegram: FakeTelegram
    api: str
    hands: Hands
    person: Person = field(init=False)
    ours: House = field(init=False)
    updates: int = 0
    sent: dict[str, Json] = field(default_factory=dict)
    _stack: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def begin(self) -> None:
        """Start our side."""
        self.person = Person(self.telegram)
        await self._start()

    async def end(self) -> None:
        """Stop our side."""
        await self._stack.aclose()

    async def given(self, ticket: Given) -> None:
        await Desk(self.runtime).submit(
            Submission(
                channel="web",
                key=f"given-{ticket.unit}-{ticket.words}",
                words=ticket.words,
                unit_code=ticket.unit,
            )
        )

    async def deed(self, deed: Deed) -> None:
        await self._post(await self.update(deed))
        await self.ours.quiet()

    async def at_once(self, deeds: tuple[Deed, ...]) -> None:
        updates = [await self.update(deed) for deed in deeds]
        await asyncio.gather(*[self._post(update) for update in updates])
        await self.ours.quiet()

    async def staff(self, act: Staff) -> None:
        ticket_id, unit_id = (await self._tickets())[act.ticket - 1][1:3]
        casework = Casework(self.runtime)
        match act.staff:
            case "question":
                await casework.ask(ticket_id, act.words, by=OFFICER)
            case "answer":
                await casework.reply(ticket_id, act.words, by=OFFICER)
            case "passed_on":
                await casework.move(ticket_id, unit_id, by=OFFICER, reason="Lebih tepat di sana.")
            case "resolved":
                await casework.resolve(ticket_id, act.words, by=OFFICER)
            case "closed":
                await casework.close(ticket_id, act.words or "Ditutup.", by=OFFICER)
        await self.ours.quiet()

    async def wait(self, span: timedelta) -> None:
        """Move the clock an hour at a time, so that every timer rings at its own hour."""
        while span > timedelta(0):
            part = min(span, timedelta(minutes=20))
            self.hands.now += part
            span -= part
            await self._rung()
        await self.ours.quiet()

    async def restart(self) -> None:
        await self._stack.aclose()
        self._stack = contextlib.AsyncExitStack()
        await self._start()

    async def outcome(self) -> Outcome:
        state = await self._state()
        surveys = await self.ours.rows(
            "SELECT answers, u.code, remarks FROM survey_answers s"
            " LEFT JOIN units u ON u.id = s.unit_id ORDER BY s.answered_at"
        )
        alarms = await self.ours.rows("SELECT count(*) FROM alarms")
        return Outcome(
            tickets=tuple([await self._ticket(*row) for row in await self._tickets()]),
            surveys=tuple(
                SurveyOutcome(answered=len(answers), unit=unit, remarks=remarks)
                for answers, unit, remarks in surveys
            ),
            alarms=alarms[0][0],
            draft=state.draft.words if state.draft and state.draft.begun else None,
            groups_left=len(self.telegram.left),
            notices=state.blocked_at is None,
        )

    async def update(self, deed: Deed) -> Json:  # noqa: PLR0911 - one row per kind of deed
        """Make the update that Telegram would send."""
        match deed:
            case Says():
                said = self.person.text(deed.say, **await self._quoting(deed.reply_to))
                return self._named(deed.id, said)
            case Presses():
                return await self._pressed(deed)
            case Sends():
                return self._named(deed.id, await self._file(deed))
            case Edits():
                return self.person.edit(self.sent[deed.edit], deed.text)
            case Scans():
                return self.person.text(f"/start u_{token_of(deed.scan)}")
            case Follows():
                code = (await self.outcome()).tickets[deed.follow - 1].code
                return self.person.text(f"/start t_{code.replace('-', '')}")
            case Shares():
                return self._shared(deed.share)
            case Does():
                return self._odd(deed.do)

    def _named(self, name: str | None, update: Json) -> Json:
        if name:
            self.sent[name] = update
        return update

    async def _quoting(self, place: int | None) -> Json:
        """Quote the last message of ours about a ticket."""
        if place is None:
            return {}
        ticket_id = (await self._tickets())[place - 1][1]
        [(message,)] = await self.ours.rows(
            "SELECT max(message::int) FROM chat_messages"
            " WHERE ticket_id = :id AND message::int < 100000",
            id=ticket_id,
        )
        return {
            "reply_to_message": {
                "message_id": message, "date": 1, "chat": self.person.chat, "text": "-"
            }
        }  # fmt: skip

    async def _pressed(self, deed: Presses) -> Json:
        """Press the button where it was shown last: on a message, or in place of the keys."""
        about = deed.about
        if isinstance(about, int):
            about = (await self.outcome()).tickets[about - 1].number
        for shown in reversed(self.telegram.keyboards(self.person.id)):
            for row in shown.get("inline_keyboard", ()):
                for button in row:
                    name, _, subject = button["callback_data"].split(":", 2)
                    if name == deed.press and about in (None, subject):
                        return self.person.pressed(button["callback_data"])
            for row in shown.get("keyboard", ()):
                for button in row:
                    if self._means(button["text"], deed.press, about):
                        return self.person.text(button["text"])
        raise AssertionError(f"no button {deed.press} was shown")

    def _means(self, label: str, wanted: str, about: str | None) -> bool:
        unit = UNITS.by_code(about or "")
        if wanted == "unit":
            return label == unit.name if unit else any(label == u.name for u in UNITS.all)
        if wanted == "pick":
            return label.startswith(about or "TKT-")
        if wanted == "my-name":
            return label == self.person.first_name
        key = Choice(id=wanted).label
        return label in {words.get(key) for words in wording.catalogues().values()}

    async def _file(self, deed: Sends) -> Json:
        self.updates += 1
        ref, size = f"file-{self.updates}", int(deed.megabytes * 1_000_000)
        found: Json = {"file_id": ref, "file_unique_id": ref, "file_size": size, "width": 9,
                       "height": 9, "duration": deed.seconds, "length": 9}  # fmt: skip
        parts: Json = {KINDS.get(deed.send, deed.send): found}
        if deed.send == "photo":
            parts = {"photo": [found]}
        if deed.caption:
            parts["caption"] = deed.caption
        if deed.album:
            parts["media_group_id"] = deed.album
        parts |= await self._quoting(deed.reply_to)
        self.telegram.assets[ref] = {"filename": ref, "data": b"x", "size": 1}
        return {"message": self.person.message(**parts)}

    def _shared(self, what: str) -> Json:
        if what == "place":
            place = {"latitude": -6.2, "longitude": 106.8}
            return {"message": self.person.message(location=place)}
        own = what == "own number"
        return self.person.contact("+6281200000001" if own else "+6281200000002", own=own)

    def _odd(self, what: str) -> Json:
        match what:
            case "sticker":
                return {"message": self.person.message(sticker=STICKER)}
            case "group":
                return {"message": self.person.message(text="halo") | {"chat": GROUP}}
            case "block" | "unblock":
                return self.person.blocks(blocked=what == "block")
            case _:
                return self.person.text("/start")

    async def _post(self, update: Json) -> None:
        self.updates += 1
        assert await self.ours.post({"update_id": self.updates, **update}) == 200

    async def _start(self) -> None:
        served = house(self.runtime, self.telegram, self.api, mode="webhook")
        self.ours = await self._stack.enter_async_context(served)
        await self.ours.until(lambda: self.telegram.commands.keys() >= {"", "en"})

    async def _rung(self) -> None:
        async def none_due() -> bool:
            query = "SELECT count(*) FROM chat_timers WHERE at <= :now"
            return await self.ours.rows(query, now=self.hands()) == [(0,)]

        await self.ours.until(none_due)

    async def _state(self) -> State:
        rows = await self.ours.rows(
            "SELECT state FROM chat_sessions WHERE address = :chat", chat=str(self.person.id)
        )
        return load(rows[0][0] if rows else {}, frozenset(SCREENS))

    async def _tickets(self) -> list[tuple[Any, ...]]:
        return await self.ours.rows(
            "SELECT ticket_number, id, unit_id FROM tickets WHERE source <> :others"
            " ORDER BY ticket_number",
            others=OTHERS,
        )

    async def _ticket(self, number: str, ticket_id: UUID, unit_id: UUID) -> TicketOutcome:
        ours, facts = self.ours, {"id": ticket_id}
        [row] = await ours.rows(
            "SELECT type, description, status, submitter_name, submitter_phone, is_anonymous,"
            " urgency_level, rating, rating_comment FROM tickets WHERE id = :id",
            **facts,
        )
        messages = await ours.rows(
            "SELECT body, idempotency_key, remarks->>'retracted' FROM messages"
            " WHERE ticket_id = :id AND author = 'submitter' ORDER BY received_at, id",
            **facts,
        )
        files = await ours.rows(
            "SELECT count(*) FROM ticket_attachments WHERE ticket_id = :id", **facts
        )
        confirmed = await ours.rows(
            "SELECT count(*) FROM events WHERE ticket_id = :id AND kind = 'confirmed'", **facts
        )
        unit = await ours.rows("SELECT code FROM units WHERE id = :id", id=unit_id)
        later = [body for body, _, _ in messages[1:]]
        edits = [body for body in later if body.startswith(("[diedit]", "[edited]"))]
        return TicketOutcome(
            number=number,
            code=code_for(self.runtime.secret, messages[0][1]),
            unit=unit[0][0],
            kind=row[0],
            words=row[1],
            status=row[2],
            files=files[0][0],
            name=row[3],
            phone=row[4],
            anonymous=row[5],
            urgent=row[6] == 5,
            comments=tuple(body for body in later if body not in edits),
            edits=tuple(edits),
            retracted=sum(mark == "true" for _, _, mark in messages),
            stars=row[7],
            opinions=(row[8],) if row[8] else (),
            confirmed=confirmed[0][0] > 0,
        )
