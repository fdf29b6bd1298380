"""The second factor: six digits from an authenticator app (TOTP, RFC 6238).

The shared secret is not stored. It is derived from the installation's secret and a random salt in
the row, so that a copy of the database alone makes no codes. A code is good once.
"""

import base64
import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.ground.seals import SECOND_FACTOR, sign
from core.ground.secret import Secret

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""Clocks of telephones are off; RFC 6238 §5.2 allows one step either way."""


class SecondFactor(Base):
    """An account's authenticator. Not enrolled until a first code was shown."""

    __tablename__ = "second_factors"
    __table_args__ = {"schema": "auth"}  # noqa: RUF012 - SQLAlchemy's own spelling

    admin_id: Mapped[UUID] = mapped_column(
        ForeignKey("admins.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The account it protects.",
    )
    salt: Mapped[bytes] = mapped_column(
        LargeBinary, comment="Random; with the installation's secret it makes the shared secret."
    )
    enrolled_at: Mapped[datetime | None] = mapped_column(
        comment="When a first code was shown; NULL: not in use yet."
    )
    last_step: Mapped[int] = mapped_column(
        BigInteger,
        server_default="0",
        default=0,
        comment="The newest step whose code was used; that one and older ones are refused (§5.2).",
    )
    """One that no code of now can belong to was written by a clock that was ahead."""


async def enrolled(session: AsyncSession, admin_id: UUID) -> bool:
    """Whether an account has an authenticator in use."""
    query = select(SecondFactor.enrolled_at).where(SecondFactor.admin_id == admin_id)
    return await session.scalar(query) is not None


async def offer(session: AsyncSession, secret: Secret, admin_id: UUID) -> str:
    """Return the secret to enrol, in base32; the same one until it is enrolled or removed."""
    row = await session.get(SecondFactor, admin_id)
    if row is None:
        row = SecondFactor(admin_id=admin_id, salt=secrets.token_bytes(16))
        session.add(row)
        await session.flush()
    return _shared(secret, row)


def enrolment_uri(shared: str, *, username: str, hospital: str) -> str:
    """Return what the QR code for an authenticator app holds."""
    return pyotp.TOTP(shared).provisioning_uri(name=username, issuer_name=hospital or "KISS")


async def accept(
    session: AsyncSession, secret: Secret, admin_id: UUID, code: str, at: datetime
) -> bool:
    """Take a code, once. The first one enrols. Of two equal codes at one moment one is refused.

    An app goes on with the key under which it was enrolled, as long as the ring has it.
    """
    row = await session.get(SecondFactor, admin_id)
    apps = [_shared(one, row) for one in secret.each] if row else []
    steps = [_step_of(shared, code, at) for shared in apps]
    step = next((step for step in steps if step is not None), None)
    if step is None:
        return False
    taken = await session.scalar(
        update(SecondFactor)
        .where(
            SecondFactor.admin_id == admin_id,
            or_(SecondFactor.last_step < step, SecondFactor.last_step > step + 2 * DRIFT_STEPS),
        )
        .values(last_step=step, enrolled_at=_first(at))
        .returning(SecondFactor.admin_id)
    )
    return taken is not None


async def remove(session: AsyncSession, admin_id: UUID) -> None:
    """Forget an authenticator that was lost; the next sign-in enrols another."""
    await session.execute(delete(SecondFactor).where(SecondFactor.admin_id == admin_id))


def _first(at: datetime) -> ColumnElement[datetime]:
    return func.coalesce(SecondFactor.enrolled_at, at)


def _shared(secret: Secret, row: SecondFactor) -> str:
    return base64.b32encode(sign(secret, SECOND_FACTOR, row.admin_id.bytes + row.salt)).decode()


def _step_of(shared: str, code: str, at: datetime) -> int | None:
    """Return the step a code belongs to; None if to none near this moment."""
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    now, generator = int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(shared)
    steps = range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
    fits = [secrets.compare_digest(generator.at(step * STEP_SECONDS), digits) for step in steps]
    return next((step for step, fit in zip(steps, fits, strict=True) if fit), None)
