"""Trusted sources: read, kept once, carried by the directory, noted."""

import pytest

from core.ground.errors import NotFoundError
from core.ground.ids import uuid7
from core.hospital.directory import TrustedSource
from core.review.trusting import TrustedSources, read_source
from core.runtime import Runtime
from tests.builders import OFFICER
from tests.notifier.posting import rows


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("portal", " Lapor@Example.GO.id ", "lapor@example.go.id"),
        ("form", "<form@rs.example.org>", "form@rs.example.org"),
        ("redirect", "@rs.example.org", "@rs.example.org"),
        ("list", "<warta.rs.example.org>", "warta.rs.example.org"),
        ("list", "warta@rs.example.org", "warta@rs.example.org"),
    ],
)
def test_an_address_is_kept_in_one_form(kind: str, typed: str, kept: str) -> None:
    assert read_source(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("portal", ""),
        ("portal", "@"),
        ("portal", "*"),
        ("portal", "warta.example.org"),  # a List-Id is a list's alone
        ("portal", "a@b"),
        ("portal", "a@example.org, b@example.org"),
        ("portal", "a@" + "b" * 300 + ".org"),
        ("friend", "a@example.org"),
        ("list", "warta"),
        ("redirect", "@.org"),
        ("form", "@gmail.com"),  # anybody can have a mailbox there
        ("list", "@Yahoo.co.id"),
    ],
)
def test_what_is_no_address_trusts_nobody(kind: str, typed: str) -> None:
    with pytest.raises(ValueError, match=kind):
        read_source(kind, typed)


async def test_it_is_known_to_the_directory_at_once_and_kept_once(runtime: Runtime) -> None:
    sources = TrustedSources(runtime)
    before = (await runtime.directory.fresh()).version
    for _ in range(2):
        await sources.add("portal", "Lapor@example.go.id", by=OFFICER)

    directory = await runtime.directory.get()
    assert directory.trusted == (TrustedSource("portal", "lapor@example.go.id"),)
    assert directory.version > before
    [row] = await sources.all()
    assert (row.kind, row.address, row.added_by) == (
        "portal",
        "lapor@example.go.id",
        "Petugas Contoh",
    )

    await sources.remove(row.id, by=None)

    assert (await runtime.directory.get()).trusted == ()
    noted = await rows(runtime, "SELECT verb, data FROM audit.changes ORDER BY seq")
    assert [row["verb"] for row in noted] == ["trusted_source.added", "trusted_source.removed"]
    source = {"kind": "portal", "address": "lapor@example.go.id"}
    assert [row["data"] for row in noted] == [source, source]
    with pytest.raises(NotFoundError):
        await sources.remove(uuid7(), by=None)
