"""One thing the doctor found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "off", "warn", "down", "fail"]
"""off: not configured, which is fine. warn: works, but look at it. down: set up, and not running.
fail: does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and a sentence that says what to do."""

    what: str
    state: State
    sentence: str


def ok(what: str, sentence: str) -> Finding:
    """Say that all is well."""
    return Finding(what=what, state="ok", sentence=sentence)


def off(what: str, sentence: str) -> Finding:
    """Say what is not configured, which is fine."""
    return Finding(what=what, state="off", sentence=sentence)


def warn(what: str, sentence: str) -> Finding:
    """Let somebody look at what works all the same."""
    return Finding(what=what, state="warn", sentence=sentence)


def down(what: str, sentence: str) -> Finding:
    """Say what is set up rightly, and does not run."""
    return Finding(what=what, state="down", sentence=sentence)


def fail(what: str, sentence: str) -> Finding:
    """Say what does not work."""
    return Finding(what=what, state="fail", sentence=sentence)
