"""The receipt between sending and thanking: it travels sealed, and lives a quarter of an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from aiohttp import web

from core.tickets.submission import Receipt
from core.tickets.tracking_code import code_for
from intake.channels.web.report_form import CHANNEL
from intake.channels.web.seals import Seals
from intake.pages import ShownHospital, set_cookie

COOKIE: Final = "receipt"
LIFETIME: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReceipt:
    """What the thanks page and the slip show."""

    number: str
    code: str
    unit: str
    due: datetime
    told_by_mail: bool
    danger: bool
    again: str

    @classmethod
    def unsealed(cls, seals: Seals, text: str, secret: bytes, now: datetime) -> Self | None:
        """Open what ``sealed`` made, while it lives; the code is computed anew from the key."""
        opened = seals.open(text, now, LIFETIME)
        if opened is None:
            return None
        facts = opened.facts
        return cls(
            number=facts["number"],
            code=code_for(secret, f"{CHANNEL}:{facts['key']}"),
            unit=facts["unit"],
            due=datetime.fromisoformat(facts["due"]),
            told_by_mail=facts["mail"] == "yes",
            danger=facts["danger"] == "yes",
            again=facts["again"],
        )


def sealed(
    receipt: Receipt,
    seals: Seals,
    now: datetime,
    *,
    key: str,
    mail: bool,
    danger: bool = False,
    again: str = "/",
) -> str:
    """Seal a receipt for the browser that sent the report. The tracking code is not in it."""
    return seals.seal(
        now,
        key=key,
        number=receipt.number,
        unit=receipt.unit_name,
        due=receipt.due_at.isoformat(),
        mail="yes" if mail else "no",
        danger="yes" if danger else "no",
        again=again,
    )


def hand_over(response: web.Response, house: ShownHospital, text: str) -> None:
    """Give the browser its sealed receipt."""
    set_cookie(response, house, COOKIE, text, max_age_seconds=int(LIFETIME.total_seconds()))
