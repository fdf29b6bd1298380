"""Which files a report passes through: those that have its words in hands, up to COMMIT."""

import asyncio
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

import aiohttp

from core.ground.faults import reach
from intake.channels.web.report_page import ReportPage
from tests.builders import Hands
from tests.intake.channels.web.forms import filled, post
from tests.root import ROOT

WORDS = "Antrean farmasi tiga jam dan kursinya kurang."

WALK = {
    "intake/channels/web/report_page.py",
    "intake/uploads/receive.py",
    "intake/uploads/multipart.py",
    "intake/channels/web/report_form.py",
    "core/triage/emergency.py",
    "core/tickets/desk.py",
    "core/tickets/filing.py",
    "core/tickets/preparation.py",
    "core/tickets/routing.py",
}
"""With `core/tickets/filing.sql`, where the walk ends, at most ten."""

OURS = tuple(f"{ROOT}/{house}/" for house in ("core", "intake", "notifier"))
TOOLS = (
    "core/ground/",
    "core/tickets/codes_in_texts.py",
    "core/tickets/known_codes.py",
    "core/triage/words.py",
    "intake/channels/web/written_code.py",
    "intake/uploads/form_parts.py",
)
"""What cleans a text or fills a statement, for everybody: nobody opens it to follow a report."""


@dataclass
class Walk:
    """What ran for one report between the first line of its handler and COMMIT."""

    files: set[str] = field(default_factory=set)
    """Files of ours in which a function had the report's words: given, made or returned."""
    committed: bool = False
    _task: asyncio.Task[object] | None = None
    _thread: int = 0
    _around: frozenset[CodeType] = frozenset()

    def note(self, frame: FrameType, event: str, value: object) -> None:
        """Be told by the interpreter of every call and return."""
        code = frame.f_code
        if event not in {"call", "return"} or not code.co_filename.startswith(OURS):
            return
        if self._task is None and code is ReportPage.send.__code__:
            self._task, self._thread = asyncio.current_task(), threading.get_ident()
            self._around = frozenset(outer.f_code for outer in outwards(frame.f_back))
        if self._task is None or self.committed or code in self._around or not self._is_here():
            return
        if code is reach.__code__ and frame.f_locals["step"] == "submit.committed":
            self.committed = True
            return
        file = Path(code.co_filename).relative_to(ROOT)
        if hold(value) or any(map(hold, frame.f_locals.values())):
            self.files.add(file.as_posix())

    def _is_here(self) -> bool:
        """Leave out what other tasks do meanwhile; a thread at work is a thread of ours."""
        return threading.get_ident() != self._thread or asyncio.current_task() is self._task


def outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def hold(value: object, depth: int = 6) -> bool:
    """Tell whether the words are in a value, in whatever value of ours or Python's it is."""
    match value:
        case str():
            return WORDS in value
        case bytes() | bytearray():
            return WORDS.encode() in value
    return depth > 0 and any(hold(part, depth - 1) for part in parts(value))


def parts(value: object) -> Iterable[object]:
    match value:
        case dict():  # of another make it may be half made at this moment
            return value.values()
        case tuple() | list():
            return value
    if not type(value).__module__.startswith(("core.", "intake.")):
        return ()
    names = (*getattr(value, "__slots__", ()), *getattr(value, "__dict__", ()))
    return [getattr(value, name, None) for name in names]


@contextmanager
def walking() -> Iterator[Walk]:
    walk = Walk()
    threading.setprofile(walk.note)
    sys.setprofile(walk.note)
    try:
        yield walk
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


async def test_whoever_follows_a_report_from_the_form_to_commit_opens_ten_files(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    fields = await filled(visitor, hands, story=WORDS, identity="named", name="Sari")

    with walking() as walk:
        thanks = await post(visitor, "/", fields)

    assert (thanks.path, walk.committed) == ("/thanks/TKT-20261123-0001", True)
    assert {file for file in walk.files if not file.startswith(TOOLS)} == WALK
    assert len(WALK) + 1 <= 10
