"""What PostgreSQL can hold of a value, whatever it is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground import storable, text
from core.ground.storable import EARLIEST, LATEST, LONGEST_NAME

anything = st.text(st.characters(), max_size=50)
JAKARTA, AZORES = timezone(timedelta(hours=7)), timezone(timedelta(hours=-1))


@given(st.text(max_size=LONGEST_NAME).filter(text.is_storable))
def test_a_name_that_can_be_stored_stays_to_the_letter(given_name: str) -> None:
    assert storable.name(given_name) == given_name


@given(st.text(st.characters()) | st.just("k" * 100_000))
def test_any_name_fits_an_index(given_name: str) -> None:
    fit = storable.name(given_name)

    assert text.is_storable(fit)
    assert len(fit) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("k\0", "k\ufffd"),
        ("k\ud800", "k\udfff"),
        ("k" * 501, "k" * 502),
        ("k" * 600 + "a", "k" * 600 + "b"),
    ],
)
def test_names_that_differ_by_what_cannot_be_stored_stay_apart(one: str, other: str) -> None:
    assert storable.name(one) != storable.name(other)


@given(
    st.datetimes(timezones=st.none() | st.just(UTC) | st.just(JAKARTA) | st.timezones())
    | st.sampled_from((datetime.min, datetime.max)).flatmap(  # noqa: DTZ901 - the very ends
        lambda at: st.sampled_from((at, at.replace(tzinfo=JAKARTA), at.replace(tzinfo=AZORES)))
    )
)
def test_any_moment_is_kept_in_utc_or_is_none(at: datetime) -> None:
    kept = storable.moment(at)

    if kept is not None:
        assert EARLIEST <= kept < LATEST
        assert kept.tzinfo is UTC
        meant = at if at.utcoffset() is not None else at.replace(tzinfo=UTC)
        assert kept.timestamp() == meant.timestamp()  # == is never true of an hour that was skipped


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_a_moment_that_cannot_be_meant_is_none(year: int) -> None:
    assert storable.moment(datetime(year, 6, 1, tzinfo=UTC)) is None


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from((10**4000, 2**63, -(2**63)))
    | st.floats()
    | anything
    | st.binary(max_size=20)
    | st.datetimes()
    | st.uuids(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(anything, inner, max_size=4)
        | st.sets(anything, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(anything, odd, max_size=5))
def test_whatever_it_is_json_holds_it_and_postgresql_takes_that(facts: dict[str, object]) -> None:
    held = storable.mapping(facts)

    assert json.loads(json.dumps(held, allow_nan=False)) == held
    assert len(held) == len(facts)
    assert storable.mapping(held) == held
    assert all(map(text.is_storable, texts(held)))


def texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for pair in value.items() for part in pair for text in texts(part))
        case list():
            yield from (text for part in value for text in texts(part))


def test_what_json_knows_stays_as_it_is() -> None:
    facts = {
        "spf": "pass",
        "score": 0.5,
        "hops": 3,
        "tls": True,
        "by": None,
        "all": ["a", {"b": 1}],
    }

    assert storable.mapping(facts) == facts


def test_a_number_too_long_to_be_written_out_is_told_in_hexadecimal() -> None:
    assert storable.mapping({"n": 10**5000}) == {"n": hex(10**5000)}


def test_what_goes_deeper_than_anybody_reads_ends_somewhere() -> None:
    deep: dict[str, object] = {}
    deep["self"] = deep

    assert json.dumps(storable.mapping(deep)).count("self") == 20


def test_facts_whose_keys_differ_by_what_cannot_be_held_are_both_kept() -> None:
    assert storable.mapping({"a\0": 1, "a\ufffd": 2}) == {"a\ufffd": 1, "a\ufffd′": 2}
