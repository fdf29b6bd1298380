"""The directory as one value."""

from uuid import uuid4

from core.hospital.directory import ChannelEntry, Directory, UnitEntry
from tests.core.example import DIRECTORY, directory


def test_units_below_include_the_retired_and_end_in_a_circle() -> None:
    top, middle, leaf = (uuid4() for _ in range(3))
    units = {
        top: UnitEntry(id=top, code="A", name="A", parent_id=leaf),
        middle: UnitEntry(id=middle, code="B", name="B", parent_id=top, is_active=False),
        leaf: UnitEntry(id=leaf, code="C", name="C", parent_id=middle),
    }
    tree = Directory(version=1, hospital=DIRECTORY.hospital, units=units)

    assert tree.below(middle) == {top, middle, leaf}


def test_a_typed_code_is_found_in_any_spelling() -> None:
    for typed in ("melati-1", " MELATI 1", "Melati1"):
        assert DIRECTORY.qr_by_code(typed) is not None
    assert DIRECTORY.qr_by_code("OLD-1") is None
    assert DIRECTORY.qr_by_code("") is None


def among(*channels: ChannelEntry) -> Directory:
    return directory(channels={channel.name: channel for channel in channels})


def test_channels_are_known_by_what_they_say_of_themselves() -> None:
    known = among(
        ChannelEntry(name="line", is_spoken=True, takes="phone"),
        ChannelEntry(name="post", sends=True, tells_staff=True, takes="email"),
    )

    assert (known.sending, known.spoken) == (frozenset({"post"}), frozenset({"line"}))
    assert (known.staff_channel, known.taking("email"), known.taking("phone")) == (
        "post",
        "post",
        "line",
    )
    assert (among().staff_channel, among().taking("email")) == (None, None)


def test_of_two_channels_that_would_do_the_one_that_can_send_is_taken_then_the_first() -> None:
    off = ChannelEntry(name="a", tells_staff=True, takes="email")
    later, sooner = (
        ChannelEntry(name=name, sends=True, tells_staff=True, takes="email") for name in "cb"
    )

    assert (among(off, later, sooner).staff_channel, among(off, later).staff_channel) == ("b", "c")
    assert (among(off, later, sooner).taking("email"), among(off).taking("email")) == ("b", "a")
    assert among(off).staff_channel is None
