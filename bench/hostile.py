"""How the time for hostile input grows with its size: twice the bytes, at most some twice the time.

Run `python -m bench.hostile`. Every input is read at two sizes in turn and the best of a few rounds
is taken; the ratio of the two is the figure. Beyond the limit something is read again and again.
"""

import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.triage.emergency import screen
from intake.channels.email.understanding.understand import understand
from intake.uploads.json_body import parse_json
from intake.uploads.multipart import MultipartParser
from intake.uploads.refusals import Malformed
from intake.uploads.types import judge
from tests.intake.channels.email.understanding.bombs import BOMBS, SEEDS, Bomb
from tests.intake.channels.email.understanding.patterns import PATTERNS
from tests.intake.uploads.door import BOUNDARY, body, part

ROUNDS = 3
LIMIT = 2.5
"""Twice the work, and a quarter for what a busy machine and its caches add."""
LEAST_SECONDS = 0.02
"""Below this the clock and the caches are measured, not the reading."""

Read = Callable[[], object]
Hostile = Iterator[tuple[str, Callable[[int], Read]]]
"""Names, and what makes the input at a size in percent and returns the reading of it."""


@dataclass(frozen=True)
class Growth:
    """What one input cost."""

    name: str
    seconds: float
    ratio: float


def grown(name: str, made: Callable[[int], Read]) -> Growth:
    """Time an input at its size and at twice that; smaller ones are enlarged first."""
    percent = 50
    while (seconds := best(made(percent))) < LEAST_SECONDS and percent < 1600:
        percent *= 2
    twice = best(made(2 * percent))
    seconds = min(seconds, best(made(percent)))
    return Growth(name, seconds, twice / seconds)


def best(read: Read) -> float:
    """Return the CPU seconds of the fastest round."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        read()
        spent.append(time.process_time() - began)
    return min(spent)


def mails() -> Hostile:
    """Understand whole mails."""

    def made(bomb: Bomb, percent: int) -> Read:
        return partial(understand, bomb.of(percent))

    return ((name, partial(made, bomb)) for name, bomb in BOMBS.items())


def patterns() -> Hostile:
    """Look through texts for what mail understanding knows, all seeds together."""

    def made(pattern: Callable[[str], object], percent: int) -> Read:
        size = 1000 * percent
        texts = [(seed * size)[:size] for seed in SEEDS]
        return lambda: [pattern(text) for text in texts]

    return ((name, partial(made, pattern)) for name, pattern in PATTERNS.items())


def forms() -> Hostile:
    """Parse bodies that look like their own boundary."""

    def read(content: bytes) -> None:
        parser = MultipartParser(BOUNDARY, header_bytes=8192)
        deque(parser.feed(content), maxlen=0)
        parser.finish()

    def made(unit: bytes, percent: int) -> Read:
        return partial(read, body(part("a", unit * (percent * 50_000 // len(unit)))))

    starts = {"dashes": b"\r\n--", "nearly the boundary": b"\r\n--" + BOUNDARY[:-1]}
    return ((name, partial(made, unit)) for name, unit in starts.items())


def values() -> Hostile:
    """Parse JSON that only opens."""

    def read(content: bytes) -> None:
        with suppress(Malformed):
            parse_json(content, 5)

    def made(unit: bytes, percent: int) -> Read:
        return partial(read, unit * (percent * 1000))

    return ((unit.decode(), partial(made, unit)) for unit in (b"[", b'{"a":', b"9"))


def files() -> Hostile:
    """Judge PDFs made of one thing."""
    folder = Path(tempfile.mkdtemp())

    def made(unit: bytes, percent: int) -> Read:
        path = folder / f"{percent}.pdf"
        path.write_bytes(b"%PDF-1.7\n" + unit * (percent * 50_000 // len(unit)))
        return partial(judge, path, "x.pdf", "application/pdf")

    units = (b"/", b"#41", b"/ObjStm", b"/ObjStm stream\n", b"/JS")
    yield from ((unit.decode().strip(), partial(made, unit)) for unit in units)
    shutil.rmtree(folder)


def texts() -> Hostile:
    """Screen long texts for danger."""

    def made(unit: str, percent: int) -> Read:
        return partial(screen, unit * (percent * 400))

    units = ("tidak ", "a", "darah terus ", "\u0301", ". ", "tolong napas ")
    return ((unit, partial(made, unit)) for unit in units)


SUBJECTS = {
    "mails understood": mails,
    "patterns in mail": patterns,
    "forms": forms,
    "JSON": values,
    "PDFs judged": files,
    "texts screened": texts,
}


def main() -> None:
    """Print, for each subject, the input whose time grows fastest."""
    print(f"| read | inputs | grows fastest | seconds | twice the size (limit {LIMIT}) | beyond |")
    print("|---|---|---|---|---|---|")
    for subject, inputs in SUBJECTS.items():
        growths = [grown(name, reading) for name, reading in inputs()]
        worst = max(growths, key=lambda growth: growth.ratio)
        beyond = sum(growth.ratio > LIMIT for growth in growths)
        row = f"{worst.name!r} | {worst.seconds:.3f} | **{worst.ratio:.2f}** | {beyond}"
        print(f"| {subject} | {len(growths)} | {row} |", flush=True)


if __name__ == "__main__":
    main()
