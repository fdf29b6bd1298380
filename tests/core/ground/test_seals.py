"""What the one secret is good for: each purpose for itself, and nobody else takes the secret."""

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground import seals
from core.ground.seals import LONGEST, Purpose, Seals, is_signed, sign
from core.ground.secret import Secret
from core.runtime import Runtime
from intake.channels.web.robot_check import RobotCheck
from intake.uploads.handles import Handles
from tests.root import ROOT

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
SECRET = Secret.of(b"a secret for tests, and long enough")
NAMED = {name: each for name, each in vars(seals).items() if isinstance(each, Purpose)}
PURPOSES = list(NAMED.values())
SEALS = [Seals(SECRET, purpose) for purpose in PURPOSES if purpose.lasts_seconds]
SOURCES = sorted(
    file for package in ("core", "intake", "notifier") for file in (ROOT / package).rglob("*.py")
)

ALLOWED = {
    "core/ground/seals.py": "the one place that makes something of the secret",
    "core/ground/secret.py": "of a key its name and a purpose's key are made",
    "core/ground/same_secret.py": "it compares what somebody gave with what was right",
    "core/tickets/tracking_code.py": "the code is taken from the table; its hash is what is stored",
    "intake/channels/phone/signing.py": "the exchange's own rules, with the exchange's secret",
}
"""Files that hash with a key, or hash and know a secret, and why they may."""


@given(st.binary(max_size=300), st.text(max_size=20), st.sampled_from(SEALS))
def test_what_was_sealed_comes_back_in_its_time(content: bytes, about: str, ours: Seals) -> None:
    text = ours.seal(content, NOW, about=about)

    opened = ours.open(text, NOW + ours.purpose.lasts, about=about)

    assert opened is not None
    assert (opened.content, opened.made_at) == (content, NOW)
    assert (
        ours.open(text, NOW + ours.purpose.lasts + timedelta(milliseconds=1), about=about) is None
    )
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.binary(max_size=60), st.sampled_from(SEALS))
def test_a_seal_from_further_ahead_than_its_time_is_over(content: bytes, ours: Seals) -> None:
    lasts = ours.purpose.lasts

    soon = ours.seal(content, NOW + lasts)
    later = ours.seal(content, NOW + lasts + timedelta(milliseconds=1))

    assert ours.open(soon, NOW) is not None
    assert ours.open(later, NOW) is None


@given(st.binary(max_size=60), st.text(max_size=20))
def test_what_was_sealed_for_one_purpose_opens_for_no_other(content: bytes, about: str) -> None:
    for ours, other in permutations(SEALS, 2):
        text = ours.seal(content, NOW, about=about)

        assert other.open(text, NOW, about=about) is None


@given(st.binary(max_size=60))
def test_what_was_signed_for_one_purpose_is_signed_for_no_other(content: bytes) -> None:
    for ours, other in permutations(PURPOSES, 2):
        signature = sign(SECRET, ours, content)

        assert is_signed(SECRET, ours, content, signature)
        assert not is_signed(SECRET, other, content, signature)
        shorter = min(ours.size_bytes, other.size_bytes)
        assert signature[:shorter] != sign(SECRET, other, content)[:shorter]


@given(st.binary(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_a_seal_belongs_to_its_secret_and_to_what_it_is_about(
    content: bytes, about: str, other: str
) -> None:
    ours = SEALS[0]
    text = ours.seal(content, NOW, about=about)

    assert Seals(Secret.of(b"another"), ours.purpose).open(text, NOW, about=about) is None
    assert (ours.open(text, NOW, about=other) is None) is (about != other)


@given(st.binary(max_size=60), st.integers(min_value=0), st.sampled_from("Aa0-_"))
def test_one_changed_letter_opens_nothing(content: bytes, place: int, letter: str) -> None:
    ours = SEALS[0]
    text = ours.seal(content, NOW)
    place %= len(text)
    forged = text[:place] + letter + text[place + 1 :]

    assert (ours.open(forged, NOW) is None) is (forged != text)


@given(st.text(max_size=300) | st.text("Aa0-_=", max_size=300))
def test_no_text_is_a_seal_by_chance(text: str) -> None:
    assert SEALS[0].open(text, NOW) is None


def test_a_text_too_long_to_be_ours_is_not_read() -> None:
    ours = SEALS[0]

    assert ours.open(ours.seal(b"x" * LONGEST, NOW), NOW) is None


@given(st.binary(max_size=60), st.binary(max_size=40))
def test_less_or_more_than_the_whole_signature_is_none(content: bytes, more: bytes) -> None:
    purpose = seals.REPLY_ADDRESS
    signature = sign(SECRET, purpose, content)

    assert len(signature) == purpose.size_bytes
    for wrong in (b"", signature[:-1], signature + b"\0", more):
        assert is_signed(SECRET, purpose, content, wrong) is (wrong == signature)


def test_a_purpose_is_sealed_if_it_has_an_end_and_signed_if_not() -> None:
    endless = [purpose for purpose in PURPOSES if purpose.lasts_seconds is None]

    assert len(endless) + len(SEALS) == len(PURPOSES)
    for purpose in endless:
        with pytest.raises(TypeError, match=purpose.name):
            Seals(SECRET, purpose)


def test_no_two_purposes_share_a_key_and_no_signature_is_short() -> None:
    assert len({purpose.name for purpose in PURPOSES}) == len(PURPOSES)
    assert min(purpose.size_bytes for purpose in PURPOSES) * 8 >= 80
    assert all(purpose.protects for purpose in PURPOSES)


def test_each_key_is_taken_by_the_file_that_the_table_names() -> None:
    found = {
        (name, _path(file))
        for file in SOURCES
        if file != ROOT / "core/ground/seals.py"
        for name in NAMED.keys() & _names_from_seals(file)
    }

    assert found == {(name, purpose.used_in) for name, purpose in NAMED.items()}


def test_nobody_else_makes_anything_of_the_secret() -> None:
    """A digest of a content alone is no key: whoever has the content may make it."""
    keyed = {_path(file) for file in SOURCES if _imports(file) & {"hmac", "itsdangerous"}}
    both = {_path(file) for file in SOURCES if "hashlib" in _imports(file) and _knows_secret(file)}

    assert keyed | both == set(ALLOWED)


def _path(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _knows_secret(file: Path) -> bool:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    names = (
        node.arg
        if isinstance(node, ast.arg)
        else node.attr
        if isinstance(node, ast.Attribute)
        else ""
        for node in nodes
    )
    return any(name in {"secret", "secret_key"} for name in names)


def _names_from_seals(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "core.ground.seals":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id == "seals" else set()
    return found


def test_what_holds_the_secret_does_not_show_it(runtime: Runtime) -> None:
    secret = Secret.of(b"never to be shown")
    holders = (
        replace(runtime, secret=secret),
        Seals(secret, seals.RECEIPT),
        Handles(secret=secret),
        RobotCheck(secret),
    )

    assert [type(one).__name__ for one in holders if "never to be shown" in repr(one)] == []
