"""How much memory a run may take: each test process tells its peak, and too much is a failure."""

import contextlib
import ctypes
import gc
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web_app

AIM_MIB = 300
"""Of one test process; a machine of two cores runs three beside a browser and a database."""
LIMIT_MIB = 640
"""What fails a run: a leak. A process that runs a third of all tests was seen at 510."""

TRIMMED_EVERY = 10
"""Tests; glibc keeps what was freed, up to 40 MiB of it, until it is asked."""

_ALLOCATOR = {
    "MALLOC_ARENA_MAX": "2",  # glibc would keep an arena for each of many threads
    "MALLOC_MMAP_THRESHOLD_": str(1 << 18),  # and what was large once, for ever
}
_TELL = "kiss_peak_mib"
_WARM = "from hypothesis import given, strategies as st; given(st.text())(lambda text: None)()"


class Memory:
    """Collects what the processes of a run took at most, in MiB."""

    def __init__(self) -> None:
        self.peaks: dict[str, int] = {}
        self._tests = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Before the workers start: how they shall keep memory, and what they all need once."""
        os.environ.update(_ALLOCATOR)
        if not (Path(config.rootpath) / ".hypothesis" / "unicode_data").exists():
            # Hypothesis makes its table of characters once per checkout, in 200 MiB.
            subprocess.run([sys.executable, "-c", _WARM], cwd=config.rootpath, check=False)

    def pytest_collection_finish(self) -> None:
        """Give back what only reading and rewriting the test files took."""
        gc.collect()
        _trim()

    def pytest_runtest_teardown(self) -> None:
        """Let go of the applications that were served: aiohttp remembers the last thousand."""
        web_app._cached_build_middleware.cache_clear()
        self._tests += 1
        if self._tests % TRIMMED_EVERY == 0:
            _trim()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - xdist's
        """Hear of a worker's end."""
        told = getattr(node, "workeroutput", {}).get(_TELL)
        if told is not None:
            self.peaks[node.gateway.id] = told

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the peak of this process; of several, the one that only gives out work is small."""
        worker = getattr(session.config, "workeroutput", None)
        if worker is not None:
            worker[_TELL] = peak_mib()
        elif not self.peaks:
            self.peaks["main"] = peak_mib()
        if session.exitstatus == 0 and self._too_much():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it, whether or not it is too much."""
        told = ", ".join(f"{name} {peak}" for name, peak in sorted(self.peaks.items()))
        terminalreporter.write_line(
            f"Memory at most, MiB (aim {AIM_MIB}, limit {LIMIT_MIB}): {told}"
        )
        if over := self._too_much():
            terminalreporter.write_line(f"Too much memory: {', '.join(over)}", red=True)

    def _too_much(self) -> list[str]:
        return sorted(name for name, peak in self.peaks.items() if peak > LIMIT_MIB)


def _trim() -> None:
    with contextlib.suppress(OSError, AttributeError):  # a C library that is not glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def peak_mib() -> int:
    """Return the most this process ever held, in MiB.

    Linux's own count where there is one: `ru_maxrss` begins with what the parent held, and is told
    in other units elsewhere.
    """
    with contextlib.suppress(OSError):
        told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        if found := re.search(r"^VmHWM:\s+(\d+) kB", told, re.MULTILINE):
            return int(found[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> (20 if sys.platform == "darwin" else 10)
