"""Others are served within a second, whatever one does: each way of shutting people out, measured.

Run `python -m bench.shut_out [--of FOLDER] [WORD …]`: a real `kiss run --demo` of this source, or
of another FOLDER, is attacked from other addresses of this machine, while a person does what people
do. Words choose the attacks that have one of them in their names.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from bench.shut_out.house import House, open_house
from bench.shut_out.people import CODE, Action, Kept, Person, somebody, timed
from tests.root import ROOT

TIMES = 12
LIMIT_MS = 1000
ONLY = {"wrong passwords": 4}
"""Fewer times than others: a new browser may sign in to one account so often at once."""


@dataclass
class Row:
    """How a person fared in one thing."""

    attack: str
    did: str
    seconds: list[float] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    heard: str = ""

    async def add(self, action: Action) -> None:
        """Do it once more."""
        try:
            self.seconds.append(await action())
        except Kept as reason:
            self.kept.append(str(reason))
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            self.kept.append(type(error).__name__)

    @property
    def holds(self) -> bool:
        """Whether nobody was kept out, and nobody waited longer than the limit."""
        return not self.kept and max(self.seconds) * 1000 <= LIMIT_MS

    def __str__(self) -> str:
        """Write it as a line of the table."""
        middle, most = "–", "–"
        if self.seconds:
            middle = f"{statistics.median(self.seconds) * 1000:.0f}"
            most = f"{max(self.seconds) * 1000:.0f}"
        done = f"{len(self.seconds)} of {len(self.seconds) + len(self.kept)}"
        why = f" ({self.kept[0]})" if self.kept else ""
        mark = "" if self.holds else " **beyond**"
        return (
            f"| {self.attack} | {self.did} | {done}{why} | {middle} | {most}{mark} | {self.heard} |"
        )


@contextlib.asynccontextmanager
async def under_attack(name: str, house: House, code: str) -> AsyncIterator[dict[str, str]]:
    """Let somebody attack while the block lasts; what they heard is known after it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.shut_out.attacks", name, str(house.web), str(house.smtp), code),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    heard: dict[str, str] = {}
    try:
        async with asyncio.timeout(120):
            await process.stdout.readline()
        yield heard
        process.stdin.close()
        async with asyncio.timeout(20):
            told = json.loads(await process.stdout.readline() or "{}")
        heard["all"] = ", ".join(f"{count} {what}" for what, count in sorted(told.items()))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def actions(
    person: Person, code: str, known: aiohttp.ClientSession
) -> dict[str, dict[str, Action]]:
    """Name what a person does under which attack."""
    mail: dict[str, Action] = {"a mail": person.mails}
    report: dict[str, Action] = {"a report": person.reports}
    ready: dict[str, Action] = {"is it ready?": person.is_ready}
    tracking: dict[str, Action] = {
        "own report by its code": lambda: person.looks_up(code),
        "a live line": lambda: person.listens(code),
    }
    news: dict[str, Action] = {"news on the line": lambda: person.hears_news(code)}
    return {
        "nobody": {
            **tracking,
            "sign in, known browser": lambda: person.signs_in("rina", known),
            **mail,
            **report,
            "a report with a photo": person.reports_with_photo,
            "a chat": person.chats,
        },
        "wrong codes": {**tracking, "a rating": lambda: person.rates(code)},
        "wrong passwords": {
            "sign in, known browser": lambda: person.signs_in("rina", known),
            "sign in, new browser": lambda: person.signs_in("andi"),
        },
        "7 mails of 39 MB": {**mail, **report},
        "20 mails of 39 MB": {**mail, "a mail of 1 MB": lambda: person.mails(1 << 20)},
        "299 idle sessions": mail,
        "400 idle sessions": mail,
        "500 tracking lines": {**tracking, **news},
        "600 tracking lines": {**tracking, **news},
        "500 chat lines": {"a live line of a chat": person.chat_listens, "a chat": person.chats},
        "500 idle sockets": {**report, **ready},
        "300 half heads": {**report, **ready},
        "500 slow forms": {**report, **ready},
        "2200 slow forms": {**report, **ready},
        "uploads": {"a report with a photo": person.reports_with_photo},
        "chat flood": {"a chat": person.chats, **report},
    }


async def measured(
    name: str, house: House, person: Person, does: dict[str, Action], code: str
) -> None:
    """Print how a person fares under one attack."""
    times = ONLY.get(name, TIMES)
    if any("report" in did and "own" not in did for did in does):
        await person.open_forms(times * sum("report" in did for did in does))
    rows = [Row(name, did) for did in does]
    async with under_attack(name, house, code) as heard:
        for _ in range(times):
            for row in rows:
                await row.add(does[row.did])
                await asyncio.sleep(0.1)
        memory = house.memory()
    for row in rows:
        row.heard = f"{heard['all']}; {memory:.0f} MB of memory"
        print(row, flush=True)


async def frozen(house: House, person: Person) -> None:
    """Freeze the database; print how soon that is told, and how soon all is well again."""
    row, back = Row("PostgreSQL frozen", "is it ready? no"), Row("", "is it ready? yes again")
    house.signal_database(signal.SIGSTOP)
    try:
        for _ in range(5):
            await asyncio.sleep(2.1)  # what was found out before is no answer any more
            began = time.monotonic()
            try:
                await person.is_ready()
            except (Kept, TimeoutError):
                row.seconds.append(time.monotonic() - began)
            else:
                row.kept.append("it says yes")
    finally:
        house.signal_database(signal.SIGCONT)
    back.seconds.append(await timed(until_ready(person)))
    print(str(row).replace(" **beyond**", "") + " limit 2000", flush=True)
    print(str(back).replace(" **beyond**", "") + " limit 2000", flush=True)


async def until_ready(person: Person) -> None:
    """Wait until it is ready again."""
    while True:
        with contextlib.suppress(Kept):
            await person.is_ready()
            return
        await asyncio.sleep(0.05)


async def confirmations(house: House, person: Person) -> None:
    """Report in the name of one mailbox, spelled in thirty ways; print how many letters leave."""
    row = Row("30 reports in the name of one mailbox, each spelled otherwise", "a report")
    await person.open_forms(30)
    for n in range(30):
        spelled = (f"Korban+{n}@example.org", f"KORBAN+a{n}@Example.ORG")[n % 2]
        await row.add(partial(person.reports_as, spelled))
    await asyncio.sleep(15)
    row.heard = f"{house.letters('korban')} confirmations left"
    print(row, flush=True)


async def main(source: Path, words: list[str]) -> None:
    """Measure all that was asked for."""

    def is_wanted(name: str) -> bool:
        return not words or any(word in name for word in words)

    print(f"Load {os.getloadavg()[0]:.1f} at the beginning; limit {LIMIT_MS} ms.\n")
    print("| attack | a person's | got it | median ms | most ms | what the attacker heard |")
    print("|---|---|---|---|---|---|")
    async with open_house(source) as house, somebody(house.web, house.smtp) as person:
        await person.open_forms(2)
        own, theirs = [(CODE.findall(await person.sends()) or [""])[0] for _ in range(2)]
        async with person.browser() as known:
            await person.signs_in("rina", known)
            for name, does in actions(person, own, known).items():
                if is_wanted(name):
                    await measured(name, house, person, does, theirs)
        if is_wanted("confirmations"):
            await confirmations(house, person)
        if is_wanted("frozen"):
            await frozen(house, person)
        print(f"\n{house.megabytes():.0f} MB of files lie there; load {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.shut_out")
    parser.add_argument("--of", type=Path, default=ROOT)
    parser.add_argument("words", nargs="*")
    given = parser.parse_args()
    asyncio.run(main(given.of.resolve(), given.words))
