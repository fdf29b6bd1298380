"""A small invented hospital and what people send it; plain functions with keyword overrides."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from core.runtime import Runtime
from core.tickets.submission import Submission
from intake.channel_folders import all_facts, facts_of

TOKEN = "melati0000000000000000000000"
"""The token of the poster in Ruang Melati."""

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 WIB."""

SEEDED = f"'{MONDAY}', '{MONDAY}'"
"""When the invented hospital was written down: `created_at, updated_at` in SQL."""

CHANNEL = (
    "INSERT INTO channels (name, label, sign, reporting, is_spoken, tells_staff, takes, patience,"
    " can_send) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
)
SENDING = ("email", "skeleton")
"""The channels that can send; the sample stands for any chat."""

SEED = (
    "UPDATE hospital SET name = 'RS Contoh Sehat', short_name = 'RS Contoh',"
    " phone = '0800-0000-0001', emergency_phone = '0800-0000-0119', email = 'halo@rs.example.org'",
    "INSERT INTO units (id, name, code, contact_email, sla_hours, created_at, updated_at) VALUES"
    " ('00000000-0000-7000-8000-000000000001', 'Ruang Melati', 'MELATI', 'melati@rs.example.org', "
    f"NULL, {SEEDED}),"
    f" ('00000000-0000-7000-8000-000000000002', 'Farmasi', 'FARMASI', NULL, 12, {SEEDED})",
    "INSERT INTO unit_aliases (unit_id, alias, created_at, updated_at) VALUES"
    f" ('00000000-0000-7000-8000-000000000002', 'farmasi', {SEEDED}),"
    f" ('00000000-0000-7000-8000-000000000002', 'apotek', {SEEDED})",
    "UPDATE service_categories SET unit_id = '00000000-0000-7000-8000-000000000002'"
    " WHERE code = 'PHR'",
    "INSERT INTO qr_codes (id, unit_id, code, token, name, created_at, updated_at) VALUES"
    " ('00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-000000000001',"
    f" 'MELATI-1', '{TOKEN}', 'Pintu Ruang Melati', {SEEDED})",
    "INSERT INTO users (id, full_name, email, unit_id, created_at, updated_at) VALUES"
    " ('00000000-0000-7000-8000-0000000000bb', 'Petugas Contoh', 'petugas@rs.example.org',"
    f" '00000000-0000-7000-8000-000000000001', {SEEDED})",
)

MELATI = UUID("00000000-0000-7000-8000-000000000001")
FARMASI = UUID("00000000-0000-7000-8000-000000000002")
OFFICER = UUID("00000000-0000-7000-8000-0000000000bb")


async def seed(url: str) -> None:
    """Put the invented hospital into a migrated database."""
    connection = await asyncpg.connect(url)
    for name, facts in (all_facts() | {"skeleton": facts_of("_skeleton")}).items():
        await connection.execute(
            CHANNEL,
            name,
            json.dumps(facts.label),
            facts.sign,
            facts.reporting,
            facts.is_spoken,
            facts.tells_staff,
            facts.takes,
            facts.patience,
            name in SENDING,
        )
    for statement in SEED:
        await connection.execute(statement)
    await connection.close()


@dataclass
class Hands:
    """A clock moved by hand."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def move(self, **delta: float) -> None:
        """Move forward, e.g. `hours=3`."""
        self.now += timedelta(**delta)


def submission(**changes: object) -> Submission:
    """Make a complaint from the poster of Ruang Melati."""
    facts: dict[str, object] = {
        "channel": "web",
        "key": uuid4().hex,
        "words": "AC di kamar 3 mati sejak kemarin malam dan ibu saya kepanasan.",
        "qr_token": TOKEN,
    }
    return Submission(**(facts | changes))  # type: ignore[arg-type]  # a builder for any field


def set_to(runtime: Runtime, **settings: object) -> Runtime:
    """Return the runtime of an installation with other settings."""
    return replace(runtime, settings=runtime.settings.model_copy(update=settings))
