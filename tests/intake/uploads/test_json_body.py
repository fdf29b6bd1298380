"""JSON comes in as plain, clean values or is refused, quickly and in one way."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ground.storage import Storage
from core.ground.text import clean
from intake.uploads.json_body import parse_json
from intake.uploads.limits import DEFAULT_LIMITS
from intake.uploads.refusals import Malformed
from tests.intake.uploads.door import Door, open_door


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(Storage.open(tmp_path, reserve=0), DEFAULT_LIMITS) as opened:
        yield opened


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"isi": "Halo"}', {"isi": "Halo"}),
        (b'["a\\u0000b", "\\ud800", "e\\u0301"]', ["a\ufffdb", "\ufffd", "é"]),
        (b'{"a\\u0000": {"b": [1, 2.5, true, null]}}', {"a\ufffd": {"b": [1, 2.5, True, None]}}),
        (b"  7 ", 7),
    ],
)
def test_json_becomes_clean_values(body: bytes, value: object) -> None:
    assert parse_json(body, 5) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a\\u0000": 1, "a\\ufffd": 2}',
        b"NaN",
        b"[Infinity]",
        b"1e400",
        b"9" * 5000,
        b'"\xff"',
        b"[" * 7 + b"]" * 7,
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_ambiguous_or_hostile_json_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_json(body, 5)


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_no_bytes_make_it_fail_otherwise(body: bytes) -> None:
    with suppress(Malformed):
        parse_json(body, 5)


@given(st.text(st.characters(exclude_categories=[])))
@settings(max_examples=50)
def test_any_text_comes_back_clean(text: str) -> None:
    body = json.dumps([text, {text: text}]).encode()

    assert parse_json(body, 5) == [clean(text), {clean(text): clean(text)}]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"isi": "x"}', "application/json", 200),
        (b'{"isi": "x"}', "application/json; charset=utf-8", 200),
        (b'{"isi": "x"}', "text/plain", 415),
        (b'{"isi": "x"', "application/json", 400),
        (b'{"isi": "' + b"x" * 600_000 + b'"}', "application/json", 413),
    ],
)
async def test_json_over_the_line(door: Door, body: bytes, content_type: str, status: int) -> None:
    assert await door.post(body, content_type=content_type, path="/json") == status
