"""The house at a glance, as administrators see it: what was changed lately, people, channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from core.audit.trail import AuditChange
from core.ground.base import Json
from core.ground.database import transaction
from core.hospital.channel import Channel
from core.people.staff import Admin, User
from core.runtime import Runtime

LATELY: Final = 25
"""Changes shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change of the house. `who` None: from the command line, or not signed in."""

    who: str | None
    verb: str
    data: Json
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """The latest changes, the newest first, and how many open accounts there are."""

    changes: tuple[ChangeLine, ...]
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    """A channel as this installation has it; `reporting` as the KWTK form counts it."""

    name: str
    reporting: str
    can_send: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Every question raises DatabaseAwayError."""

    runtime: Runtime

    async def lately(self) -> Lately:
        """Read what was changed lately, and count the accounts."""
        query = (
            select(AuditChange, User.full_name)
            .outerjoin(User, User.id == AuditChange.user_id)
            .order_by(AuditChange.seq.desc())
            .limit(LATELY)
        )
        counted = select(func.count()).select_from(Admin).where(Admin.is_active)
        async with transaction(self.runtime.database) as session:
            changes = tuple(
                ChangeLine(who=who, verb=row.verb, data=row.data, at=row.at)
                for row, who in await session.execute(query)
            )
            return Lately(changes=changes, accounts=await session.scalar(counted) or 0)

    async def channels(self) -> tuple[ChannelLine, ...]:
        """List the channels there are or ever were, by name."""
        query = select(Channel).order_by(Channel.name)
        async with transaction(self.runtime.database) as session:
            return tuple(
                ChannelLine(name=row.name, reporting=row.reporting, can_send=row.can_send)
                for row in await session.scalars(query)
            )
