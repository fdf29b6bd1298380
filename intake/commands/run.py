"""`kiss run`: everything in one process, on any machine."""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake import embedded
from intake.app import create_app
from intake.commands import logs
from intake.commands.demanded_settings import demanded
from intake.commands.failures import FULL, Failed
from intake.commands.former import set_aside
from intake.commands.migrate import migrated
from intake.commands.opening import DATABASE, Urls, urls_of
from intake.commands.processes import opened
from intake.commands.running import doors_of, seen_running
from intake.commands.serving import is_free, reserve, site, told_to_stop, until_stopped
from intake.commands.welcome import welcome
from intake.hospital.check import check_file
from intake.hospital.load import load
from intake.hospital.shapes import HouseShape
from intake.hospital.yaml_lines import HospitalFileError, YamlSource
from intake.mail_sink import Sink, sink
from intake.registry import Registry
from notifier.worker import background

T = TypeVar("T")

DEMO = Path(__file__).resolve().parent.parent.parent / "demo" / "hospital.yaml"
ROOM_SECONDS = 2.0
"""Between two looks whether the disk has room."""
DEMO_MAIL = ("127.0.0.1", 2525)
"""Where a demo takes mail in, if nobody else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """How this start was asked for."""

    settings: Settings
    house: tuple[HouseShape, YamlSource] | None
    demo: bool
    began: float


@click.command(short_help="Run everything in this process, until Ctrl-C.")
@click.option("--demo", is_flag=True, help="Load an invented hospital; mail goes to a folder.")
@click.option("--host", help="Address to listen on; else KISS_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; else KISS_PORT.")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder; else KISS_DATA.")
def run(*, demo: bool, host: str | None, port: int | None, data: Path | None) -> None:
    """Run everything in this process until Ctrl-C: database, pages, channels and notices.

    Without DATABASE_URL a PostgreSQL is started beside the data and ends with this process. Its
    tables are made or brought up to date, KISS_HOSPITAL_FILE is loaded, and news goes out from
    here unless BROKER_URL names a broker.

    \b
    kiss run --demo                an invented hospital, to try everything
    KISS_HOSPITAL_FILE=rs.yaml KISS_PUBLIC_URL=https://lapor.rs.example.org kiss run
    """  # noqa: D301 - \b keeps click from joining the lines
    began = time.monotonic()
    settings = _settings(host, port, data)
    logs.begin(settings.log, logging.WARNING if settings.log == "plain" else logging.INFO)
    house = _house(settings.hospital_file or (DEMO if demo else None))
    start = RunStart(settings=settings, house=house, demo=demo, began=began)
    taken = reserve(settings)
    # a key that can be guessed ends it here, before anything is started
    _once_there_is_room(settings.data, settings.secret)
    if settings.database_url is not None:
        at = Urls(application=settings.database_url, owner=settings.database_owner_url)
        asyncio.run(_run(start, at, taken, None))
        return
    with step("Starting the database"):
        server = _once_there_is_room(settings.data, lambda: embedded.start(settings.data))
    try:
        server.create_database(DATABASE)
        if demo and house is not None and settings.hospital_file is None:
            _made_anew(server, house[0])
        asyncio.run(_run(start, urls_of(server), taken, server))
    finally:
        server.stop()
        click.echo("Everything is stopped; the data stays.")


def _once_there_is_room(folder: Path, do: Callable[[], T]) -> T:
    """Do what a full disk refuses; say so once and wait for room."""
    is_told = False
    while True:
        try:
            return do()
        except embedded.NoRoomError as error:
            said = str(error)
        except OSError as error:
            if error.errno not in FULL:
                raise
            said = (
                f"The disk of {folder.resolve()} is full: free some space; nothing has been lost."
            )
        if not is_told:
            click.echo(f"\n  {said}\n  It starts as soon as there is room.")
        is_told = True
        time.sleep(ROOM_SECONDS)


def _made_anew(server: embedded.Server, house: HouseShape) -> None:
    """Begin the demo anew where a build before the first release began it."""
    kept = asyncio.run(set_aside(server, house))
    if kept is not None:
        click.echo(
            "  A build before the first release made the demo's database: it is made anew, and the "
            f"old one is kept as {kept}."
        )


async def _run(
    start: RunStart, at: Urls, taken: socket.socket, server: embedded.Server | None
) -> None:
    url = at.application
    last_resort = server.stop if server else lambda: None
    with told_to_stop(last_resort) as stop:
        with step("Looking after its tables"):
            await migrated(at)
        if start.house is not None:
            with step(f"Loading {start.house[0].hospital.name}"):
                await _load(start.settings, url, *start.house)
        async with contextlib.AsyncExitStack() as stack:
            outbox = await stack.enter_async_context(_outbox(start))
            runtime = await stack.enter_async_context(open_runtime(start.settings, url))
            registry = await opened(runtime)
            doors = doors_of("run", registry)
            await stack.enter_async_context(site(create_app(runtime, doors), taken))
            # ended before the site, whose end closes what channels send with
            await stack.enter_async_context(background(runtime, registry))
            await stack.enter_async_context(seen_running(runtime, "run", doors))
            click.echo(await _welcome(start, runtime, registry, outbox))
            logs.begin(start.settings.log)
            await until_stopped(stop, server)
            click.echo("\nStopping …")


def _house(file: Path | None) -> tuple[HouseShape, YamlSource] | None:
    """Read the hospital's file, before anything slow begins."""
    if file is None:
        return None
    try:
        return check_file(file)
    except HospitalFileError as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}.") from error


async def _load(settings: Settings, url: str, house: HouseShape, source: YamlSource) -> None:
    try:
        async with open_runtime(settings, url) as runtime:
            await load(runtime.database, house, source)
    except HospitalFileError as error:
        raise Failed(str(error)) from error


@contextlib.asynccontextmanager
async def _outbox(start: RunStart) -> AsyncIterator[Sink | None]:
    """Keep a demo's outgoing mail in a folder, unless a real mail server is named."""
    if not start.demo or os.environ.get("KISS_MAIL_URL"):
        yield None
        return
    async with sink(start.settings.data / "outbox") as opened_sink:
        os.environ["KISS_MAIL_URL"] = f"smtp://{opened_sink.host}:{opened_sink.port}"
        os.environ.setdefault("KISS_MAIL_FROM_ADDRESS", "halo@rs.example.org")
        if is_free(DEMO_MAIL):
            os.environ.setdefault("KISS_MAIL_SMTP_LISTEN", "{}:{}".format(*DEMO_MAIL))
        yield opened_sink


async def _welcome(
    start: RunStart, runtime: Runtime, registry: Registry, outbox: Sink | None
) -> str:
    directory = await runtime.directory.fresh()
    return welcome(
        settings=start.settings,
        directory=directory,
        channels=tuple(registry.channels),
        staff=start.house[0].staff if start.demo and start.house else (),
        outbox=outbox,
        seconds=time.monotonic() - start.began,
    )


def _settings(host: str | None, port: int | None, data: Path | None) -> Settings:
    given = {"host": host, "port": port, "data": data}
    settings = demanded(**{name: value for name, value in given.items() if value is not None})
    if "public_url" in settings.model_fields_set or settings.host in ("0.0.0.0", "::"):  # noqa: S104 - read, not bound
        return settings
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.model_copy(update={"public_url": f"http://{shown}:{settings.port}"})


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say that something begins, and how long it took."""
    click.echo(f"  {what} … ", nl=False)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        click.echo("failed")
        raise
    click.echo(click.style(f"{time.monotonic() - began:.1f} s", dim=True))
