"""The keys with which codes, cookies and addresses are made."""

from datetime import timedelta
from typing import NamedTuple

import click

from core.ground import key_file, seals
from core.ground.clock import system_clock
from core.ground.key_file import KeyFile
from core.ground.secret import MOST, Key, Secret, drawn, weakness, written
from core.ground.settings import Settings
from core.runtime import Runtime
from intake.commands.failures import MISCONFIGURED, Failed
from intake.commands.opening import is_there, work
from intake.commands.printing import as_json, print_json, print_table
from intake.commands.running import running_now


class ShownKey(NamedTuple):
    """A key without the key."""

    id: str
    use: str
    made: str | None
    ends: str | None
    guessable: str | None


@click.group(short_help="Make, change and look at the keys.")
def secret() -> None:
    """Make, change and look at the keys with which codes, cookies and addresses are made.

    \b
    kiss secret show      ids and dates, never a key
    kiss secret rotate    a new key; what the old one made goes on
    kiss secret new       a key for KISS_SECRET_KEY
    """  # noqa: D301 - \b keeps click from joining the lines


@secret.command()
def new() -> None:
    """Print a key of 32 random bytes, for KISS_SECRET_KEY. Nothing is kept or changed."""
    click.echo(written(drawn()))


@secret.command()
@as_json
def show(*, as_json: bool) -> None:
    """Show ids and dates of the keys, never a key."""
    shown = _shown(Settings())
    if as_json:
        print_json([key._asdict() for key in shown])
        return
    print_table(("ID", "USE", "MADE", "ENDS", "REMARK"), shown, "There is no key yet.")


@secret.command()
@click.option("--at-once", is_flag=True, help="Use it now: for an installation of one process.")
@click.option(
    "--former-ends", type=click.IntRange(3, 3650), help="Days after which the old one ends."
)
def rotate(*, at_once: bool, former_ends: int | None) -> None:
    """Put a new key into the data folder, in two steps, so that nothing is misunderstood between.

    The first time a new key is only made known: restart every process. The second time it is
    used, and every process is restarted once more. What the old key made goes on until that is
    dropped, or ends. A process that does not know the new key yet makes the second step refuse.

    \b
    kiss secret rotate               first step, then second step
    kiss secret rotate --at-once     both: with one process, which is restarted afterwards
    """  # noqa: D301 - \b keeps click from joining the lines
    settings = Settings()
    _demand_file(settings)
    now, kept = settings.shifted(system_clock)(), key_file.read_or_made(settings.data)
    ends_at = now + timedelta(days=former_ends) if former_ends is not None else None
    hurry = at_once or weakness(kept.current.content) is not None
    if kept.coming is None:
        kept = _with_next(kept, settings)
        if not hurry:
            key_file.write(settings.data, kept)
            click.echo(f"{_id(kept.coming)} is known from the next start on, and not used yet.")
            click.echo("Restart every process; then `kiss secret rotate` takes it into use.")
            return
    elif not hurry:
        _demand_known(settings, _id(kept.coming))
    fresh = _id(kept.coming)
    key_file.write(settings.data, kept.with_next_in_use(ends_at))
    click.echo(f"{fresh} is the current key from the next start on; the one before is former.")
    click.echo("Restart every process. Back up the file: codes depend on every key in it.")


@secret.command()
@click.argument("key_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(key_id: str, *, yes: bool) -> None:
    """Forget a former key for good; say before what ends with it."""
    settings = Settings()
    _demand_file(settings)
    kept = key_file.read(settings.data)
    found = next((each for each in kept.kept if each.key.id == key_id), None)
    if found is None:
        raise Failed(f"There is no key {key_id}: `kiss secret show` lists them.")
    if found.use == "current":
        raise Failed(f"{key_id} is the current key: `kiss secret rotate` first.")
    if not yes:
        click.echo("With it ends what it made:")
        for purpose in seals.PURPOSES:
            if purpose.needs_former == "till dropped":
                click.echo(f"  {purpose.name}: {purpose.dropped}")
        click.confirm("Drop it for good?", abort=True)
    key_file.write(settings.data, kept.without(found.key))
    click.echo(f"{key_id} is dropped, from the next start of each process on.")


def _with_next(kept: KeyFile, settings: Settings) -> KeyFile:
    if len(kept.kept) >= MOST:
        raise Failed(f"There are {MOST} keys already: drop a former one, `kiss secret drop ID`.")
    return kept.with_next(settings.shifted(system_clock)())


def _demand_known(settings: Settings, key_id: str) -> None:
    """Refuse while a process runs that would not understand what the next key makes."""
    if not is_there(settings):
        return  # no database, no process

    async def job(runtime: Runtime) -> list[str]:
        there = await running_now(runtime, runtime.secret)
        return [part for each in there if key_id not in each.keys for part in each.parts]

    if ignorant := work(job):
        parts = ", ".join(f"kiss {part}" for part in sorted(set(ignorant)))
        raise Failed(
            f"{len(ignorant)} running processes do not know {key_id} yet ({parts}): restart them, "
            "then try again. Nothing was changed."
        )


def _demand_file(settings: Settings) -> None:
    if settings.secret_key is None:
        return
    raise Failed(
        "The keys are in KISS_SECRET_KEY and KISS_FORMER_SECRET_KEYS, which only you can change. "
        "Make a key with `kiss secret new`. First add it to KISS_FORMER_SECRET_KEYS everywhere and "
        "restart every process. Then exchange the two, and restart every process once more.",
        MISCONFIGURED,
    )


def _shown(settings: Settings) -> list[ShownKey]:
    if settings.secret_key is not None:
        ring: Secret = settings.keys()
        uses = ["current", *("known" for _ in ring.keys[1:])]
        return [_one(key, use) for key, use in zip(ring.keys, uses, strict=True)]
    if not (settings.data / key_file.NAME).exists():
        return []
    return [_one(each.key, each.use) for each in key_file.read(settings.data).kept]


def _one(key: Key, use: str) -> ShownKey:
    made, ends = (f"{at:%Y-%m-%d}" if at else None for at in (key.made_at, key.ends_at))
    why = weakness(key.content)
    return ShownKey(key.id, use, made, ends, "can be guessed" if why else None)


def _id(key: Key | None) -> str:
    assert key is not None  # noqa: S101 - there is one, by what was just done
    return key.id
