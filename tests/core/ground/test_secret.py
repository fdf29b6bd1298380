"""The ring of keys: which can be guessed, what a rotation leaves working, how it is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground import key_file, seals
from core.ground.hidden import hidden_forms, hide, reveal
from core.ground.key_file import KeyFileError
from core.ground.seals import Seals, is_signed, sign
from core.ground.secret import MOST, Secret, WeakKeyError, drawn, weakness, written
from core.ground.settings import Settings
from core.tickets.tracking_code import code_for, code_of, hash_of
from intake.channels.email.tokens import Tokens
from intake.channels.telegram.settings import TelegramSettings
from tests.root import ROOT

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
OLD, NEW = (Secret.of(key) for key in (b"the key of before", b"the key of today"))
ROTATED = Secret.of(b"the key of today", b"the key of before")


@pytest.mark.parametrize(
    "guessed",
    [
        b"x",
        b"",
        b"changeme" * 8,
        b"CHANGE-ME, this is only an example!",
        b"a" * 64,
        b"0123456789abcdef" * 4,
        b"abcdefghijklmnopqrstuvwxyz0123456789",
        bytes(range(64)),
        b"b4156298377d28c375724f10c69893e5",
        b"jpU1hh-Q3SdpRUE51oNsDT8wHgLN_PtJ",
        b"a passphrase of only 31 signs..",
    ],
)
def test_a_key_that_can_be_guessed_is_refused_with_a_sentence(guessed: bytes) -> None:
    assert weakness(guessed) is not None


def test_no_drawn_key_is_refused_however_it_is_written() -> None:
    keys = [drawn() for _ in range(300)]
    texts = [text for key in keys for text in (key, key.hex().encode(), written(key).encode())]

    assert [text for text in texts if weakness(text)] == []


def test_settings_refuse_it_and_take_it_as_a_former_key(tmp_path: Path) -> None:
    with pytest.raises(WeakKeyError, match="KISS_FORMER_SECRET_KEYS"):
        Settings(data=tmp_path, secret_key="x").secret()

    ring = Settings(data=tmp_path, secret_key=written(drawn()), former_secret_keys=("x",)).secret()

    assert ring.each[1] == Secret.of(b"x")


@given(st.binary(max_size=60), st.sampled_from(seals.PURPOSES))
def test_what_any_key_made_is_recognised_and_new_things_are_the_currents(
    content: bytes, purpose: seals.Purpose
) -> None:
    made = sign(OLD, purpose, content)

    assert is_signed(ROTATED, purpose, content, made)
    assert not is_signed(NEW, purpose, content, made)
    assert sign(ROTATED, purpose, content) == sign(NEW, purpose, content)
    if purpose.lasts_seconds:
        assert Seals(ROTATED, purpose).open(Seals(OLD, purpose).seal(content, NOW), NOW) is not None


def test_each_purpose_says_what_a_rotation_does_and_the_page_for_operators_says_the_same() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for purpose in seals.PURPOSES:
        cells = (purpose.name, purpose.rotated, purpose.needs_former, purpose.dropped or "–")
        assert f"| {' | '.join(cells)} |" in page
        assert purpose.rotated
        assert bool(purpose.dropped) is (purpose.needs_former == "till dropped")


def test_two_processes_understand_each_other_in_every_step_of_a_rotation() -> None:
    """First known, then used: whoever was not restarted yet reads what the other makes."""
    before, known = OLD, Secret.of(b"the key of before", b"the key of today")
    for one, other in ((before, known), (known, known), (known, ROTATED), (ROTATED, ROTATED)):
        for maker, reader in ((one, other), (other, one)):
            made = sign(maker, seals.REPLY_ADDRESS, b"a ticket")
            assert is_signed(reader, seals.REPLY_ADDRESS, b"a ticket", made)
            assert reveal(reader, seals.BUCKET, hide(maker, seals.BUCKET, "budi")) == "budi"


def test_codes_addresses_ids_and_ways_in_of_before_go_on() -> None:
    code = code_for(OLD, "web:1")
    old, both = Tokens((OLD,), "rs.example.org"), Tokens((ROTATED,), "rs.example.org")
    telegram = TelegramSettings(token="1:AA")

    assert code_of(ROTATED, "web:1", hash_of(code)) == code
    assert code_of(NEW, "web:1", hash_of(code)) is None
    subject = UUID(int=7)
    assert both.ticket_of(old.reply_address(subject)) == subject
    assert both.delivery_of(old.message_id(subject)) == subject
    assert old.message_id(subject) in both.message_ids(subject)
    assert both.message_ids(subject)[0] == both.message_id(subject)
    assert telegram.path(OLD) in telegram.ways_in(ROTATED)
    assert next(iter(telegram.ways_in(ROTATED))) == telegram.path(NEW)


def test_what_is_hidden_is_found_under_every_key() -> None:
    earlier, text = hide(OLD, seals.BUCKET, "budi@example.org"), "budi@example.org"

    assert reveal(ROTATED, seals.BUCKET, earlier) == text
    assert earlier in hidden_forms(ROTATED, seals.BUCKET, text)
    assert hidden_forms(ROTATED, seals.BUCKET, text)[0] == hide(NEW, seals.BUCKET, text)
    with pytest.raises(ValueError, match="another secret"):
        reveal(NEW, seals.BUCKET, earlier)


def test_a_file_of_one_key_becomes_a_ring_and_a_former_key_ends(tmp_path: Path) -> None:
    first = key_file.read_or_made(tmp_path)
    raw = (tmp_path / "secret").read_bytes()
    known = first.with_next(NOW)
    used = known.with_next_in_use(NOW + timedelta(days=3))
    key_file.write(tmp_path, used)
    again = key_file.read(tmp_path)

    assert first.current.content == raw
    assert (known.current, known.secret(NOW).ids[0]) == (first.current, first.current.id)
    assert again.current == known.coming
    assert again.secret(NOW).ids == (again.current.id, first.current.id)
    assert again.secret(NOW + timedelta(days=3)).ids == (again.current.id,)
    assert [key.id for key in again.over(NOW + timedelta(days=3))] == [first.current.id]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    key_file.write(tmp_path, key_file.read_or_made(tmp_path).with_next(NOW))
    whole = (tmp_path / "secret").read_bytes()
    for damage in (whole[:-70], whole + b"former\n", whole.replace(b"current", b"former")):
        (tmp_path / "secret").write_bytes(damage)
        with pytest.raises(KeyFileError, match="is damaged"):
            key_file.read(tmp_path)


def test_a_ring_is_never_longer_than_what_is_tried(tmp_path: Path) -> None:
    keys = key_file.read_or_made(tmp_path)
    for _ in range(MOST - 1):
        keys = keys.with_next(NOW).with_next_in_use(None)

    with pytest.raises(ValueError, match="full"):
        keys.with_next(NOW)
    with pytest.raises(ValueError, match="KISS_FORMER_SECRET_KEYS holds 3 keys at most"):
        Settings(secret_key=written(drawn()), former_secret_keys=("a", "b", "c", "d"))
