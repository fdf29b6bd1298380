"""`kiss secret`: keys are made, changed in two steps, shown without the key, and dropped."""

import asyncio
from pathlib import Path

from core.ground import key_file
from core.ground.presence import RunningProcess, present, present_now
from core.ground.secret import weakness
from core.runtime import Runtime
from tests.intake.commands.conftest import Kiss


async def test_a_key_of_the_environment_is_made_and_one_that_can_be_guessed_opens_nothing(
    kiss: Kiss,
) -> None:
    fresh = (await kiss("secret", "new")).out.strip()
    refused = await kiss("tickets", KISS_SECRET_KEY="x")
    rotated = await kiss("tickets", KISS_SECRET_KEY=fresh, KISS_FORMER_SECRET_KEYS='["x"]')
    shown = await kiss("secret", "show", KISS_SECRET_KEY=fresh, KISS_FORMER_SECRET_KEYS='["x"]')
    by_hand = await kiss("secret", "rotate")

    assert weakness(fresh.encode()) is None
    assert (refused.code, "KISS_SECRET_KEY can be guessed" in refused.err) == (78, True)
    assert rotated.code == 0
    assert "can be guessed" in shown.out
    assert fresh not in shown.out
    assert (by_hand.code, "KISS_FORMER_SECRET_KEYS" in by_hand.err) == (78, True)


async def test_a_new_key_is_known_before_it_is_used_and_refused_while_a_process_does_not_know_it(
    kiss: Kiss, runtime: Runtime, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    first = key_file.read_or_made(data).current
    presence = RunningProcess(
        parts=frozenset({"web"}), doors=frozenset(), keys=frozenset({first.id})
    )
    known = await kiss("secret", "rotate", KISS_SECRET_KEY="")
    async with present(runtime.database, presence), asyncio.timeout(20):
        while not await present_now(runtime.database, presence):  # noqa: ASYNC110 - told by no bell
            await asyncio.sleep(0.05)
        early = await kiss("secret", "rotate", KISS_SECRET_KEY="")
    kept = key_file.read(data)
    used = await kiss("secret", "rotate", KISS_SECRET_KEY="", DATABASE_URL="")

    assert "not used yet" in known.out
    assert (early.code, "kiss web" in early.err) == (1, True), early.err
    assert kept.current == first
    assert "is the current key" in used.out
    assert key_file.read(data).current == kept.coming


async def test_a_former_key_is_dropped_by_its_id_and_the_current_one_never(
    kiss: Kiss, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret").write_bytes(b"changeme")
    refused = await kiss("tickets", KISS_SECRET_KEY="")
    await kiss("secret", "rotate", KISS_SECRET_KEY="")
    up_again = await kiss("tickets", KISS_SECRET_KEY="")
    kept = key_file.read(data)
    [former] = kept.of_use("former")

    current = await kiss("secret", "drop", kept.current.id, KISS_SECRET_KEY="")
    kept_all = await kiss("secret", "drop", former.id, KISS_SECRET_KEY="", stdin="n\n")
    dropped = await kiss("secret", "drop", former.id, "--yes", KISS_SECRET_KEY="")

    assert (refused.code, "kiss secret rotate" in refused.err) == (78, True)
    assert up_again.code == 0
    assert (current.code, kept_all.code, dropped.code) == (1, 1, 0)
    assert "authenticator apps" in kept_all.out
    assert key_file.read(data).secret(kept.current.made_at).ids == (kept.current.id,)  # type: ignore[arg-type]  # it has one
