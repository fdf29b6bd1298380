"""What is no request of a browser: hostile headers, other protocols, too many connections."""

import asyncio
import contextlib
import itertools
import logging
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from core.ground.limit import Cap
from core.ground.rate_limits import (
    WEB_CONNECTIONS,
    WEB_CONNECTIONS_OF_NETWORK,
    WEB_CONNECTIONS_OF_WIDE_NETWORK,
)
from core.runtime import Runtime
from intake.app import create_app
from intake.channel import Channel
from intake.channels.phone.channel import PhoneChannel
from intake.channels.phone.settings import PhoneSettings
from intake.channels.phone.signing import SIGNATURE, TIMESTAMP
from intake.channels.web import open_channel
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.settings import WebChatSettings
from intake.commands.logs import AccessLog
from intake.edge import EdgeRunner
from intake.pages import SECURITY_HEADERS
from intake.registry import Registry, write_channels
from tests.intake.channels.web.tickets import filed

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]

NOT_ASCII = b"\xff\xfe\xc3\x28 \xe2\x98\x83"
HOSTILE = (
    b"Origin: http://[",
    b"Origin: http://[::1",
    b"Origin: http://a:99999999",
    b"Origin: https://xn--\xff.example.org",
    b"Origin: http://rs\xe2\x84\x80.example.org",
    b"Origin: null",
    b"Origin: http://127.0.0.1\r\nOrigin: http://elsewhere.example.org",
    b"Sec-Fetch-Site: " + NOT_ASCII,
    b"Cookie: kiss-language=\xff; kiss-session=%ff; ;=;a\xfe=b",
    b"Cookie: " + b"a=b; " * 2000,
    b"Accept-Language: " + NOT_ASCII + b";q=nan, id;q=1e999, *;q=-1,,;;q",
    b"X-Forwarded-For: " + NOT_ASCII + b", 999.1.1.1, ::ffff:zz, fe80::1%\xff",
    b"X-Forwarded-Proto: \xff",
    b"Range: bytes=99999999999999999999999-\xff",
    b'If-None-Match: "\xff',
    b"If-Modified-Since: never",
    b"If-Range: \xff",
    b"Content-Encoding: gzip",
    b"Content-Encoding: deflate",
    b"Content-Encoding: br, \xff",
    b"Content-Type: text/plain; charset=\xff",
    b"Content-Type: application/x-www-form-urlencoded; charset=no-such",
    b"Content-Type: multipart/form-data; boundary=\xff\xff",
    b'Content-Type: multipart/form-data; boundary="',
    b"Content-Type: ;;;",
    b"Last-Event-ID: " + NOT_ASCII,
    b"User-Agent: " + NOT_ASCII,
    b"Accept: " + NOT_ASCII,
    b"Accept-Encoding: " + NOT_ASCII,
    b"Referer: http://[\xff",
    b"Authorization: Bearer " + NOT_ASCII,
    b"Expect: " + NOT_ASCII,
    SIGNATURE.encode() + b": sha256=" + NOT_ASCII + b"\r\n" + TIMESTAMP.encode() + b": 1763866800",
    TIMESTAMP.encode() + b": \xd9\xa1\xff",
    b"X-Kiss-Script: \xff",
    b"Upgrade: \xff\r\nConnection: upgrade",
)
HOSTS = (b"Host: ", b"Host: [", b"Host: a:b:c", b"Host: \xff", b"Host: a\r\nHost: b")
UNREADABLE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\r\n\r\n\0\0\0\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
    b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: x\r\n" * 500 + b"\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"EHLO example.org\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n",
)


@dataclass(frozen=True)
class Edge:
    """The application behind its edge."""

    app: web.Application
    runtime: Runtime
    host: str
    port: int

    async def tell(self, request: bytes, *, to_its_end: bool = False) -> bytes:
        """Write bytes and return the whole answer, or its head and what came with that."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(request)
        try:
            async with asyncio.timeout(20):
                if to_its_end:
                    return await reader.read()
                return await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def edged(
    runtime: Runtime, limits: tuple[Cap, Cap, Cap] | None = None
) -> AsyncIterator[Edge]:
    channels: dict[str, Channel] = {
        "web": open_channel(runtime),
        "webchat": WebChat(runtime, WebChatSettings(look_seconds=0.05)),
        "phone": PhoneChannel(
            runtime, PhoneSettings(calls_secret=SecretStr("the secret of an exchange, long enough"))
        ),
    }
    registry = Registry(channels)
    await write_channels(runtime, registry)
    app = create_app(runtime, registry)
    runner = EdgeRunner(
        app, runtime.refusals, limits=limits, shutdown_timeout=1, access_log_class=AccessLog
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield Edge(app, runtime, host, port)
    finally:
        await runner.cleanup()


@pytest.fixture
async def edge(runtime: Runtime) -> AsyncIterator[Edge]:
    async with edged(runtime) as one:
        yield one


def addresses(app: web.Application) -> list[tuple[str, str]]:
    """Name every method and path of the router once, with something in each place of a path."""
    return sorted(
        {
            (route.method, re.sub(r"\{[^}]*\}", "x", route.resource.canonical))
            for route in app.router.routes()
            if route.resource is not None and route.method not in ("HEAD", "*")
        }
    )


def unwell(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.exc_info or record.levelno >= logging.ERROR
    ]


async def test_no_header_is_a_fault_of_ours(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    faults = []
    for (method, path), hostile in itertools.product(addresses(edge.app), HOSTILE):
        if path.endswith(("/events", "/news")):
            continue  # they stay open
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        kind = b"" if b"Content-Type" in hostile else b"Content-Type: application/json\r\n"
        rest = kind + b"Content-Length: 2\r\n" + hostile + b"\r\n\r\n{}"
        status = (await edge.tell(head.encode() + rest)).split(b" ", 2)[1:2]
        if not status or status[0] >= b"500":
            faults.append((method, path, hostile, status))

    assert faults == []
    assert unwell(caplog) == []


async def test_no_header_is_a_fault_of_ours_where_lines_stay_open(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = await filed(edge.runtime)
    holds = f"Cookie: kiss-ticket={receipt.tracking_code}\r\n".encode()
    lines = [path for method, path in addresses(edge.app) if path.endswith(("/events", "/news"))]
    statuses = {path: set[bytes]() for path in lines}
    for path, hostile in itertools.product(lines, HOSTILE):
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
        cookie = b"" if hostile.startswith(b"Cookie") else holds
        statuses[path].add((await edge.tell(head + cookie + hostile + b"\r\n\r\n"))[9:12])

    assert b"200" in statuses["/tracking/events"]
    assert all(b"200" <= status < b"500" for told in statuses.values() for status in told)
    assert unwell(caplog) == []


@pytest.mark.parametrize("host", HOSTS)
async def test_no_host_is_a_fault_of_ours(
    edge: Edge, caplog: pytest.LogCaptureFixture, host: bytes
) -> None:
    for path in ("/", "/t/x", "/console", "/chat", "/livez", "/nowhere"):
        head = f"GET {path} HTTP/1.1\r\nConnection: close\r\n".encode()
        answer = await edge.tell(head + host + b"\r\n\r\n")
        assert b"200" <= answer.split(b" ", 2)[1] < b"500"

    assert unwell(caplog) == []


@pytest.mark.parametrize(
    "query", ["lang=%ff", "code=%00", "type=%ed%a0%80", "a=1&" * 500, "%", "="]
)
async def test_no_query_is_a_fault_of_ours(
    edge: Edge, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    faults = []
    for method, path in addresses(edge.app):
        if method == "GET" and not path.endswith(("/events", "/news")):
            head = f"GET {path}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            status = (await edge.tell(head.encode())).split(b" ", 2)[1]
            faults += [(path, status)] if status >= b"500" else []

    assert faults == []
    assert unwell(caplog) == []


@pytest.mark.parametrize("request_", UNREADABLE)
async def test_what_is_no_request_gets_a_sentence_and_learns_nothing_of_us(
    edge: Edge, caplog: pytest.LogCaptureFixture, request_: bytes
) -> None:
    caplog.set_level(logging.INFO)

    answer = await edge.tell(request_, to_its_end=True)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert 400 <= int(head.split(b" ", 2)[1]) < 500
    fields = {line.split(b":")[0].decode().lower() for line in head.split(b"\r\n")[1:]}
    assert {name.lower() for name in SECURITY_HEADERS} <= fields
    assert "server" not in fields
    assert not re.search(rb"aiohttp|python|x{9}", answer.lower())
    assert "We could" in body.decode() or "Permintaan" in body.decode()
    assert unwell(caplog) == []


async def test_no_answer_names_the_program(edge: Edge) -> None:
    for method, path in [("GET", "/"), ("GET", "/no"), ("PUT", "/"), ("GET", "/livez")]:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        answer = await edge.tell(head.encode(), to_its_end=True)
        assert not re.search(rb"aiohttp|Python/", answer)


async def test_a_form_of_another_page_is_refused_however_its_origin_is_written(edge: Edge) -> None:
    ours = f"http://{edge.host}:{edge.port}".encode()
    tries = {
        b"http://[": b"403",
        b"null": b"403",
        b"": b"403",
        ours + b"\r\nOrigin: http://elsewhere.example.org": b"403",
        b"http://elsewhere.example.org\r\nOrigin: " + ours: b"403",
        ours: b"400",  # the form itself is then looked at
    }
    for origin, wanted in tries.items():
        host = f"Host: {edge.host}:{edge.port}\r\n".encode()
        head = b"POST /chat HTTP/1.1\r\n" + host + b"Origin: " + origin + b"\r\n"
        rest = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 0\r\n\r\n"
        answer = await edge.tell(head + rest)
        assert answer.split(b" ", 2)[1] == wanted, origin
    nowhere = b"POST /chat HTTP/1.1\r\nHost: \r\nOrigin: null\r\nContent-Length: 0\r\n\r\n"
    assert (await edge.tell(nowhere)).split(b" ", 2)[1] == b"403"


def few(whole: int, of_network: int, of_wide: int) -> tuple[Cap, Cap, Cap]:
    return (
        replace(WEB_CONNECTIONS, most=whole),
        replace(WEB_CONNECTIONS_OF_NETWORK, most=of_network),
        replace(WEB_CONNECTIONS_OF_WIDE_NETWORK, most=of_wide),
    )


async def held(stack: contextlib.AsyncExitStack, edge: Edge, peer: str, begun: bytes = b"") -> Line:
    """Open a connection from an address of this machine, and say nothing more on it."""
    reader, writer = await asyncio.open_connection(edge.host, edge.port, local_addr=(peer, 0))
    stack.callback(writer.close)
    writer.write(begun)
    return reader, writer


async def seconds_of_a_page(edge: Edge, peer: str = "127.0.0.9") -> float:
    began = time.monotonic()
    connector = aiohttp.TCPConnector(local_addr=(peer, 0))
    async with (
        aiohttp.ClientSession(f"http://{edge.host}:{edge.port}", connector=connector) as visitor,
        visitor.get("/") as answer,
    ):
        assert answer.status == 200
    return time.monotonic() - began


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "])
async def test_five_hundred_idle_sockets_of_a_peer_keep_nobody_out(
    runtime: Runtime, begun: bytes
) -> None:
    async with edged(runtime) as edge, contextlib.AsyncExitStack() as stack:
        for _ in range(500):
            await held(stack, edge, "127.0.0.2", begun)

        assert await seconds_of_a_page(edge) < 5
        assert runtime.refusals.take() == {WEB_CONNECTIONS_OF_NETWORK.name: 100}


async def test_a_full_house_closes_the_idlest_of_the_greediest_network(runtime: Runtime) -> None:
    async with edged(runtime, few(6, 4, 5)) as edge, contextlib.AsyncExitStack() as stack:
        first = await held(stack, edge, "127.0.1.2")
        lines = [await held(stack, edge, "127.0.2.2") for _ in range(4)]
        await held(stack, edge, "127.0.3.2")

        assert await seconds_of_a_page(edge, "127.0.4.2") < 5

        async with asyncio.timeout(5):
            assert await lines[0][0].read() == b""
        assert not first[0].at_eof()
        assert runtime.refusals.take() == {WEB_CONNECTIONS.name: 1}


async def test_neighbours_in_a_wide_network_share_what_it_may_hold(runtime: Runtime) -> None:
    async with edged(runtime, few(20, 4, 5)) as edge, contextlib.AsyncExitStack() as stack:
        for host in range(2, 9):
            await held(stack, edge, f"127.0.1.{host}")

        assert await seconds_of_a_page(edge, "127.0.1.99") < 5
        assert runtime.refusals.take() == {WEB_CONNECTIONS_OF_WIDE_NETWORK.name: 3}


SLOW_FORM = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\n'
)


@pytest.mark.slow
async def test_a_full_house_of_slow_forms_makes_room_for_others(runtime: Runtime) -> None:
    """Each brings a few bytes again and again: enough not to be cut, too few ever to end."""
    async with edged(runtime, few(6, 4, 5)) as edge, contextlib.AsyncExitStack() as stack:
        lines = [await held(stack, edge, f"127.0.{n % 3}.2", SLOW_FORM) for n in range(6)]
        for _ in range(8):
            for _reader, writer in lines:
                writer.write(b"x" * 100)
            await asyncio.sleep(1)

        assert await seconds_of_a_page(edge, "127.0.4.2") < 5
        assert runtime.refusals.take() == {WEB_CONNECTIONS.name: 1}
