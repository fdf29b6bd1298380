"""Plays Telegram for the suite that every channel passes: updates by webhook, a fake to send to."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from core.ground.errors import Reason
from core.runtime import Runtime
from intake.channel import Channel
from tests.builders import TOKEN as POSTER
from tests.intake.channels.contract import Answer, Traits, Verdict
from tests.intake.channels.telegram.fake import TOKEN, Json, Person, telegram
from tests.intake.channels.telegram.house import House, house

FAULTS: dict[Reason, tuple[int, str, Json]] = {
    Reason.THROTTLED: (429, "Too Many Requests", {"retry_after": 7}),
    Reason.UNREACHABLE: (502, "Bad Gateway", {}),
    Reason.BLOCKED: (403, "Forbidden: bot was blocked by the user", {}),
    Reason.REFUSED: (400, "Bad Request: message is too long", {}),
}


TRAITS = Traits(alarms=True, of_nothing=("accepted", ()), names_a_pause=True)


@dataclass
class TelegramDriver:
    """One person whose updates Telegram posts; an equal key is the same update told again."""

    traits = TRAITS
    house: House
    person: Person
    secrets: tuple[str, ...]
    recipient: str = "5001"
    _told: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def channel(self) -> Channel:
        return self.house.channel

    async def report(self, key: str, words: str) -> Answer:
        texts = (f"/start u_{POSTER}", words, "Kirim")
        return await self._post(key, [self.person.text(text) for text in texts])

    async def reply(self, key: str, words: str) -> Answer:
        """Press the button under the receipt, write, and be done."""
        [(number,)] = await self.house.rows("SELECT ticket_number FROM tickets")
        press = self.person.pressed(f"add:0:{number}")
        return await self._post(key, [press, self.person.text(words), self.person.text("Selesai")])

    async def settle(self) -> None:
        """Do nothing: an update that was answered is understood."""

    def provider_says(self, reason: Reason | None) -> None:
        if reason is not None:
            status, said, parameters = FAULTS[reason]
            self.house.telegram.fail("sendMessage", status, said, parameters=parameters)

    def received(self) -> list[str]:
        return self.house.telegram.texts(self.person.id)

    async def _post(self, key: str, updates: list[Json]) -> Answer:
        first = 1000 * (len(self._told) + 1)
        numbered = [{"update_id": first + n, **update} for n, update in enumerate(updates)]
        told = self._told.setdefault(key, numbered)
        statuses = [await self.house.post(update) for update in told]
        return Answer(verdict=_verdict(statuses))


def _verdict(statuses: list[int]) -> Verdict:
    if set(statuses) == {200}:
        return "accepted"
    return "later" if 503 in statuses else "refused"


@contextlib.asynccontextmanager
async def open_driver(runtime: Runtime) -> AsyncIterator[TelegramDriver]:
    async with (
        telegram() as (fake, url),
        house(runtime, fake, url, mode="webhook", works=False) as served,
    ):
        secrets = (TOKEN, served.settings.secret(runtime.secret))
        yield TelegramDriver(served, Person(fake), secrets)
