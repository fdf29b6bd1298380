"""What every driver of `tests/chats` against the running system shares: staff, clock, database."""

from datetime import timedelta
from typing import Any, Protocol
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
from intake.dialogue.state import State, load
from tests.builders import OFFICER, Hands
from tests.intake.dialogue.player import Outcome, SurveyOutcome, TicketOutcome
from tests.intake.dialogue.script import Given, Staff
from tests.intake.dialogue.world import UNITS

OTHERS = "phone"
"""The channel of reports that are none of the script's."""
UNSAID = wording.spoken("SAID_unsaid", "id")


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


class Ours(Protocol):
    """Our side, served."""

    async def quiet(self) -> None:
        """Wait until everything that was heard is answered."""

    async def until(self, holds: Any) -> None:  # noqa: ANN401 - a condition, or a coroutine of one
        """Wait until something holds; fail after a while."""

    async def rows(self, query: str, **facts: object) -> list[tuple[Any, ...]]:
        """Ask the database."""


class Standing:
    """Where a script stands: its staff, its clock, and what has come of it."""

    runtime: Runtime
    hands: Hands

    @property
    def side(self) -> Ours:
        """Our side, as it is served now."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """The chat in the channel's own form."""
        raise NotImplementedError

    @property
    def left(self) -> int:
        """How many groups were left."""
        return 0

    async def given(self, ticket: Given) -> None:
        await Desk(self.runtime).submit(
            Submission(
                channel="web",
                key=f"given-{ticket.unit}-{ticket.words}",
                words=ticket.words,
                unit_code=ticket.unit,
            )
        )

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
        await self.side.quiet()

    async def wait(self, span: timedelta) -> None:
        """Move the clock an hour at a time, so that every timer rings at its own hour."""
        while span > timedelta(0):
            part = min(span, timedelta(minutes=20))
            self.hands.now += part
            span -= part
            await self._rung()
        await self.side.quiet()

    async def outcome(self) -> Outcome:
        state = await self._state()
        surveys = await self.side.rows(
            "SELECT answers, u.code, remarks FROM survey_answers s"
            " LEFT JOIN units u ON u.id = s.unit_id ORDER BY s.answered_at"
        )
        alarms = await self.side.rows("SELECT count(*) FROM alarms")
        return Outcome(
            tickets=tuple([await self._ticket(*row) for row in await self._tickets()]),
            surveys=tuple(
                SurveyOutcome(answered=len(answers), unit=unit, remarks=remarks)
                for answers, unit, remarks in surveys
            ),
            alarms=alarms[0][0],
            draft=state.draft.words if state.draft and state.draft.begun else None,
            groups_left=self.left,
            notices=state.blocked_at is None,
        )

    async def _rung(self) -> None:
        async def none_due() -> bool:
            query = "SELECT count(*) FROM chat_timers WHERE at <= :now"
            return await self.side.rows(query, now=self.hands()) == [(0,)]

        await self.side.until(none_due)

    async def _state(self) -> State:
        rows = await self.side.rows(
            "SELECT state FROM chat_sessions WHERE address = :chat", chat=self.address
        )
        return load(rows[0][0] if rows else {}, frozenset(SCREENS))

    async def _tickets(self) -> list[tuple[Any, ...]]:
        return await self.side.rows(
            "SELECT ticket_number, id, unit_id FROM tickets WHERE source <> :others"
            " ORDER BY ticket_number",
            others=OTHERS,
        )

    async def _ticket(self, number: str, ticket_id: UUID, unit_id: UUID) -> TicketOutcome:
        ours, facts = self.side, {"id": ticket_id}
        [row] = await ours.rows(
            "SELECT type, description, status, submitter_name, submitter_phone, is_anonymous,"
            " urgency_level, rating, rating_comment FROM tickets WHERE id = :id",
            **facts,
        )
        messages = await ours.rows(
            "SELECT body, idempotency_key, remarks->>'retracted', remarks->>'remarks'"
            " FROM messages"
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
        later = [body for body, *_ in messages[1:]]
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
            unsaid=sum(UNSAID in (remarks or "") for *_, remarks in messages),
            retracted=sum(mark == "true" for _, _, mark, _ in messages),
            stars=row[7],
            opinions=(row[8],) if row[8] else (),
            confirmed=confirmed[0][0] > 0,
        )
