"""Whoever reports without a name is searched for wherever staff, agents and operators can look.

One person goes through every door (`doors.py`), leaving a name, an address, a number, places,
devices and files that say it all; then every place is looked into (`looking.py`), for each form in
which something of theirs may be written down (`person.py`).
"""

import base64
import gzip
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from intake.commands import logs
from tests.builders import MELATI, MONDAY
from tests.exposed import looking
from tests.exposed.doors import everything
from tests.exposed.house import WholeHouse, whole_house
from tests.exposed.person import CHAT, MAIL, NAME, PHONE, found_in
from tests.exposed.remains import REMAINS, Remains
from tests.intake.channels.telegram.conftest import Running
from tests.intake.commands.conftest import Kiss, clean_environment
from tests.intake.console.staff import Person as Staff
from tests.intake.console.staff import hire
from tests.root import ROOT

ROLES = ("officer", "agent", "supervisor", "administrator")
DECISION = (ROOT / "docs/adr/0027-who-reports-without-a-name-is-hidden.md").read_text("utf-8")


HAPPENED = {"sent", "failed", "cancelled", "done"}
"""Told, refused and come back, one too many; understood."""


@pytest.fixture
def hands() -> Running:
    """Give the chat a running clock."""
    return Running(MONDAY)


@pytest.fixture
def talkative(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:  # noqa: ARG001 - where it is written
    """Let this process write its log as ours do, but every remark of it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.begin("json", logging.DEBUG)
    yield
    root.handlers[:] = before
    root.setLevel(level)


@dataclass(frozen=True)
class Staffed:
    """The house after all of it, and who works there."""

    house: WholeHouse
    staff: dict[str, Staff]

    async def happened(self) -> set[str]:
        """Return what went wrong on the way, as it was to."""
        rows = self.house.chats.rows
        notices = await rows("SELECT status FROM deliveries WHERE audience = 'submitter'")
        aside = await rows("SELECT status FROM inbound WHERE ticket_id IS NOT NULL")
        return {status for (status,) in [*notices, *aside]}

    async def none_finds(self, seen: looking.Seen) -> set[tuple[str, str]]:
        """Return where which sign was found."""
        return {(place, sign) async for place, content in seen for sign in found_in(content)}


@pytest.fixture
async def after(
    runtime: Runtime,
    hands: Running,
    talkative: None,  # noqa: ARG001 - a fixture
) -> AsyncIterator[Staffed]:
    """Let the person report by every door, and the hospital do its work."""
    async with whole_house(runtime) as house:
        desk = (await house.runtime.directory.fresh()).triage_desk
        staff = {
            role: await hire(house.runtime, role, role, unit_id=MELATI, language="en")
            for role in ROLES
        }
        staff["head"] = await hire(house.runtime, "head", "head", unit_id=desk.id)
        await everything(house, hands, staff["officer"], staff["agent"])
        yield Staffed(house, staff)


async def test_no_row_file_log_mail_or_broker_message_names_them(
    after: Staffed, capsys: pytest.CaptureFixture[str]
) -> None:
    house = after.house
    to_others = [
        each.content for each in house.world.mails if "kenari" not in each.recipient.lower()
    ]
    written = capsys.readouterr()

    async def sent() -> looking.Seen:
        for content in to_others:
            yield "mail", content
        for message in house.wire.messages:
            yield "broker", message
        yield "log", written.err + written.out

    kept = await after.none_finds(looking.rows(house.runtime))
    assert await after.none_finds(looking.files(house.runtime)) == set()
    assert await after.none_finds(sent()) == set()
    assert kept == {(one.column, one.sign) for one in REMAINS}
    assert await after.happened() == HAPPENED
    assert len(to_others) >= 6
    assert len(house.wire.messages) >= 30
    assert written.err.count('"logger"') >= 50
    assert len(house.world.to(MAIL.lower())) + len(house.world.to(MAIL)) >= 3


async def test_no_page_and_no_search_of_the_console_names_them(after: Staffed) -> None:
    found: set[tuple[str, str]] = set()
    for role in ROLES:
        found |= await after.none_finds(looking.pages(after.house, after.staff[role], role))
    review = after.house, after.staff["head"], "head"
    found |= await after.none_finds(looking.pages(*review, only="/console/review"))

    assert found == set()
    assert await _told_apart(after) == []


async def _told_apart(after: Staffed) -> list[tuple[str, str]]:
    """Search for what is theirs and for what is nobody's; return what is answered otherwise."""
    wrong = []
    for role in ("officer", "supervisor"):
        async with after.house.served.signed_in(after.staff[role]) as browser:
            for theirs, nobodys in SEARCHES.items():
                answers = []
                for typed in (theirs, nobodys):
                    page = await browser.post("/console/inbox/search", {"q": typed})
                    said = page.text.replace(typed, "").replace(quote(typed), "")
                    answers.append((page.status, re.sub(r"[0-9a-f-]{36}|\d+", "", said)))
                if answers[0] != answers[1]:
                    wrong.append((role, theirs))
    async with after.house.served.signed_in(after.staff["agent"]) as browser:
        for theirs, nobodys in ((PHONE, "0812-5550-9999"), ("+6281255501234", "+6281255509999")):
            answers = []
            for typed in (theirs, nobodys):
                page = await browser.post("/console/phone/caller", {"number": typed})
                answers.append((page.status, re.sub(r"[\d\s+().-]+", "", page.text)))
            if answers[0] != answers[1]:
                wrong.append(("agent", theirs))
    return wrong


SEARCHES = {
    MAIL: "Merpati.Rahasyi@example.org",
    NAME: "Merpati Rahasyi",
    PHONE: "0812-5550-9999",
    str(CHAT): "7104455999",
    "kenari": "merpati",
}
"""What is theirs, and what is nobody's and as long."""


async def test_no_command_of_an_operator_names_them(after: Staffed) -> None:
    house = after.house
    async with transaction(house.runtime.database) as session:
        assert await session.scalar(text("SELECT count(*) FROM inbound")) > 10
    settings = house.runtime.settings
    kiss = Kiss(
        clean_environment(
            DATABASE_URL=house.runtime.database.engine.url.render_as_string(hide_password=False),
            KISS_DATA=str(settings.data),
            KISS_SECRET_KEY="a secret for tests, and long enough",
        )
    )

    assert await after.none_finds(looking.commands(house, kiss)) == set()


@pytest.mark.parametrize("one", REMAINS, ids=lambda one: one.column)
def test_what_remains_is_what_the_decision_says(one: Remains) -> None:
    assert one.because in " ".join(DECISION.split())


def test_what_is_looked_for_is_found_in_every_form() -> None:
    plain = f"dari {MAIL} 0812 5550-1234"

    def b64(content: bytes) -> bytes:
        return base64.b64encode(content)

    forms = {
        "plain": plain.encode(),
        "capitals": plain.upper().encode(),
        "percent": "".join(f"%{byte:02X}" for byte in plain.encode()).encode(),
        "quoted": plain.encode().replace(b"nari", b"=\r\nnari").replace(b"812", b"=38=31=32"),
        "base64": b64(plain.encode()),
        "base64 in JSON": b'{"x": "' + b64(b"abc " + plain.encode()) + b'"}',
        "hexadecimal": b"\\x" + plain.encode().hex().encode(),
        "compressed": gzip.compress(plain.encode()),
        "compressed and written down": b64(gzip.compress(plain.encode())),
        "UTF-16": plain.encode("utf-16-le"),
        "entities": plain.replace("k", "&#107;").replace("K", "&#75;").encode(),
    }

    missed = {name for name, form in forms.items() if len(found_in(form)) < 2}

    assert missed == set()
    assert found_in(uuid4().hex) == found_in(b64(uuid4().bytes)) == []
