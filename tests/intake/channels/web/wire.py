"""A wire between us and PostgreSQL that a test can cut and mend."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, quote, urlsplit


@dataclass
class Wire:
    """Forwards bytes from a socket in `folder` to the server's own."""

    server: Path
    folder: Path
    whole: bool = True
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    def to(cls, url: str, folder: Path) -> tuple["Wire", str]:
        """Lay a wire to the server of a URL; return it with the URL that goes over it."""
        parts = urlsplit(url)
        socket = Path(parse_qs(parts.query)["host"][0])
        port = parse_qs(parts.query).get("port", ["5432"])[0]
        name = f".s.PGSQL.{port}"
        moved = url.replace(quote(str(socket), safe=""), quote(str(folder), safe=""))
        moved = moved.replace(str(socket), str(folder))
        return cls(socket / name, folder / name), moved

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_unix_server(self._serve, self.folder)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self.whole = False
        for writer in list(self._open):
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections through again."""
        self.whole = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_unix_connection(self.server)
        self._open |= {writer, up_writer}
        for one, other in ((reader, up_writer), (up_reader, writer)):
            task = asyncio.create_task(self._pump(one, other))
            self._tasks.add(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
