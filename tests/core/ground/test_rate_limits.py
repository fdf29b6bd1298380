"""The table of limits is whole, and each is applied where it says."""

import ast
from datetime import timedelta
from pathlib import Path

from core.ground import rate_limits
from core.ground.rate_limits import BucketLimit, Cap, Limit, WindowLimit
from tests.root import ROOT

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


def how_many(limit: Limit) -> int:
    if isinstance(limit, BucketLimit):
        return limit.burst
    assert isinstance(limit, (WindowLimit, Cap))
    return limit.most


def in_how_long(limit: Limit) -> timedelta:
    if isinstance(limit, BucketLimit):
        return limit.refill
    return limit.within if isinstance(limit, WindowLimit) else timedelta.resolution


def taken(file: Path) -> set[str]:
    """Name what a file takes from the table, by either kind of import."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "core.ground.rate_limits":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id == "rate_limits" else set()
    return found
