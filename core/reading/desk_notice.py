"""What an alarm to those who oversee tells: how many, and since when; no word of any report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.hospital.directory import HospitalEntry
from core.review import alarm, series
from core.runtime import Runtime

_PAGES: Final = {alarm.TEMPLATE: "/console/review", series.TEMPLATE: "/console/series"}
"""The alarms there are, and where each leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts:
    """The facts of one alarm."""

    hospital: HospitalEntry
    template: str
    count: int
    danger: int
    since: datetime
    url: str
    """The page that shows what it is about."""


async def desk_facts(
    runtime: Runtime, template: str, payload: Mapping[str, object]
) -> DeskFacts | None:
    """Read what an alarm tells, as it stood when it was raised; None for every other notice.

    Raises DatabaseAwayError.
    """
    page = _PAGES.get(template)
    if page is None:
        return None
    hospital = (await runtime.directory.fresh()).hospital
    return DeskFacts(
        hospital=hospital,
        template=template,
        count=int(str(payload["count"])),
        danger=int(str(payload["danger"])),
        since=datetime.fromisoformat(str(payload["since"])),
        url=f"{runtime.settings.public_url.rstrip('/')}{page}",
    )
