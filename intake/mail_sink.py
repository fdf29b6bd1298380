"""A mail server that delivers nowhere: what it accepts becomes .eml files in a folder."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

SIZE_LIMIT = 25 << 20
"""Bytes of one message."""


@dataclass(frozen=True, slots=True)
class Sink:
    """Where it listens and where the messages lie."""

    host: str
    port: int
    folder: Path


@contextlib.asynccontextmanager
async def sink(folder: Path, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Sink]:
    """Accept every message on the running loop while the block lasts; port 0 takes a free one.

    Files are named in the order of arrival and appear whole. For demonstrations and tests only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keeper = _Keeper(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            keeper,
            loop=loop,
            hostname="sink.invalid",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
        ),
        host,
        port,
    )
    try:
        address = server.sockets[0].getsockname()
        yield Sink(host, address[1], folder)
    finally:
        server.close()
        await server.wait_closed()


class _Keeper:
    """Writes what comes, with its envelope in front as Return-Path and Delivered-To."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        known = [int(path.stem) for path in folder.glob("*.eml") if path.stem.isdigit()]
        self._numbers = itertools.count(max(known, default=0) + 1)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep one message."""
        name = f"{next(self._numbers):06d}"
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {recipients}\r\n"
        draft = self._folder / f".{name}"
        draft.write_bytes(head.encode() + (envelope.original_content or b""))
        draft.rename(self._folder / f"{name}.eml")
        return "250 2.0.0 kept"
