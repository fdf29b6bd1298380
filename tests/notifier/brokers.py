"""Real brokers for the tests: each test its own queues, and a wire that can be cut."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pika
import pytest
import redis

URLS = {
    "in-process": None,
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0"),
    "rabbitmq": os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f"),
}


def demand(name: str) -> str | None:
    """Return a broker's URL; skip where it is not there, but fail under CI."""
    url = URLS[name]
    if url is None:
        return None
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=2).close()
    except OSError:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is required when CI=true, and nothing answers at {parts.port}")
        pytest.skip(f"no {name} at {parts.hostname}:{parts.port}")
    return url


@contextlib.contextmanager
def tidied(name: str, namespace: str) -> Iterator[None]:
    """Remove a namespace's queues at the end."""
    try:
        yield
    finally:
        if name == "redis":
            with redis.Redis.from_url(str(URLS[name])) as client:
                for key in client.scan_iter(f"dramatiq-{namespace}*"):
                    client.delete(key)
        if name == "rabbitmq":
            with _channel() as channel:
                for queue in _queues(namespace):
                    channel.queue_delete(queue)


def empty(name: str, namespace: str) -> None:
    """Let a broker lose every message of a namespace."""
    if name == "redis":
        with redis.Redis.from_url(str(URLS[name])) as client:
            for key in client.scan_iter(f"dramatiq-{namespace}*"):
                client.delete(key)
    if name == "rabbitmq":
        with _channel() as channel:
            for queue in _queues(namespace):
                channel.queue_delete(queue)


def waiting(name: str, namespace: str) -> int:
    """Count the messages for deliveries that wait in a broker."""
    if name == "redis":
        with redis.Redis.from_url(str(URLS[name])) as client:
            return int(client.llen(f"dramatiq-{namespace}:{namespace}-deliveries"))
    with _channel() as channel:
        try:
            found = channel.queue_declare(f"{namespace}-deliveries", passive=True)
        except pika.exceptions.ChannelClosedByBroker:
            return 0  # nobody declared it yet
        return int(found.method.message_count)


def _queues(namespace: str) -> list[str]:
    names = [f"{namespace}-{name}" for name in ("deliveries", "inbound", "chat-files")]
    return [name + suffix for name in names for suffix in ("", ".DQ", ".XQ")]


@contextlib.contextmanager
def _channel() -> Iterator[pika.adapters.blocking_connection.BlockingChannel]:
    connection = pika.BlockingConnection(pika.URLParameters(str(URLS["rabbitmq"])))
    try:
        yield connection.channel()
    finally:
        connection.close()


class Wire:
    """A relay of bytes to a broker that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._to)
        self._writers |= {writer, there_writer}
        try:
            await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
        finally:
            self._writers -= {writer, there_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.transport.abort()


@contextlib.asynccontextmanager
async def wire(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """Put a wire before a broker; yield it and the URL through it."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    made = Wire(parts.hostname, parts.port)
    await made.mend()
    through = parts.netloc.replace(f":{parts.port}", f":{made.port}")
    try:
        yield made, parts._replace(netloc=through).geturl()
    finally:
        await made.cut()
