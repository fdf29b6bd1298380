"""What the channels of this installation declare, written into `channels` at its start."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from core.ground.database import Database, transaction
from core.hospital.channel import Channel
from core.hospital.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A channel that is open here, as it says of itself; the fields are columns of its row."""

    name: str
    label: Mapping[str, str]
    sign: str
    reporting: str
    is_spoken: bool
    tells_staff: bool
    takes: Contact | None
    patience: str
    can_send: bool


async def declare(database: Database, declared: Collection[Declaration]) -> None:
    """Let the table say which channels are open; one that left stays, and sends no more.

    Raises DatabaseAwayError.
    """
    rows = [asdict(each) | {"is_active": True} for each in declared]
    async with transaction(database) as session:
        left = Channel.name.not_in([each.name for each in declared])
        await session.execute(update(Channel).where(left).values(can_send=False))
        if rows:
            statement = insert(Channel).values(rows)
            told = {name: statement.excluded[name] for name in rows[0] if name != "name"}
            await session.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=told)
            )


async def introduce(database: Database, names: Collection[str]) -> None:
    """Let reports come by channels that no start has declared yet. Raises DatabaseAwayError."""
    if not names:
        return
    statement = insert(Channel).values([{"name": name} for name in sorted(names)])
    async with transaction(database) as session:
        await session.execute(statement.on_conflict_do_nothing())
