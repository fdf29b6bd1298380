"""The table of limits is whole, and each is applied where it says."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from core.ground import rate_limits
from core.ground.limit import BucketLimit, Cap, Limit, Pace, WindowLimit
from tests.root import ROOT
from tools.limits import PAGE, table

OF_THE_TABLE = ROOT / "core/ground/rate_limits.py"
NAMED = {name: each for name, each in vars(rate_limits).items() if isinstance(each, Limit)}
LIMITS = list(NAMED.values())


def test_no_two_limits_share_a_bucket() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


def test_every_limit_says_what_it_is() -> None:
    for limit in LIMITS:
        assert limit.per
        assert limit.beyond
        assert how_many(limit) > 0
        assert in_how_long(limit) > timedelta()


def test_each_limit_is_applied_where_the_table_says() -> None:
    found = {
        (name, str(file.relative_to(ROOT)))
        for package in ("core", "intake", "notifier")
        for file in (ROOT / package).rglob("*.py")
        if file != OF_THE_TABLE
        for name in NAMED.keys() & taken(file)
    }

    assert found == {(name, limit.applied_in) for name, limit in NAMED.items()}


NOTED_FOR = {
    # a table or an edge that hands its limits on, and who counts what they refuse
    "intake/channels/email/smtp/limits.py": "intake/channels/email/smtp/session.py",
    "intake/dialogue/facts.py": "core/chats/step.py",
    "intake/channels/web/event_stream.py": "intake/pages/event_streams.py",
    "intake/channels/webchat/event_stream.py": "intake/pages/event_streams.py",
    "intake/console/event_streams.py": "intake/pages/event_streams.py",
}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_what_a_limit_refuses_is_counted_for_the_operator(limit: Limit) -> None:
    file = ROOT / NOTED_FOR.get(limit.applied_in, limit.applied_in)
    calls = [
        node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "note"
    ]

    assert calls, f"{file.name} says nothing to runtime.refusals"


def test_the_operators_page_has_the_table_of_the_code() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "python -m tools.limits writes it anew"


def how_many(limit: Limit) -> int:
    if isinstance(limit, BucketLimit):
        return limit.burst
    if isinstance(limit, Pace):
        return limit.least_bytes
    assert isinstance(limit, (WindowLimit, Cap))
    return limit.most


def in_how_long(limit: Limit) -> timedelta:
    if isinstance(limit, BucketLimit):
        return limit.refill
    return limit.within if isinstance(limit, (Pace, WindowLimit)) else timedelta.resolution


def taken(file: Path) -> set[str]:
    """Name what a file takes from the table, by either kind of import."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "core.ground.rate_limits":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id == "rate_limits" else set()
    return found
