"""Where a request comes from: the same address, however the socket or a proxy writes it."""

import socket
from collections.abc import Collection

import aiohttp
import pytest
from aiohttp import web

from intake.pages.caller import caller

HOME = "192.0.2.7"
US = ("127.0.0.1", "198.51.100.1")


async def told(trusted: Collection[str], forwarded: str | None, *, mapped: bool = False) -> str:
    """Ask over a real socket; a mapped one listens on IPv6 and hears IPv4 too."""
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.remote)
        return web.json_response(caller(request, trusted))

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    at = socket.create_server(
        ("::" if mapped else "127.0.0.1", 0),
        family=socket.AF_INET6 if mapped else socket.AF_INET,
        dualstack_ipv6=mapped,
    )
    await web.SockSite(runner, at).start()
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{at.getsockname()[1]}/", headers=headers) as response,
        ):
            address: str = await response.json()
    finally:
        await runner.cleanup()
    assert seen == ["::ffff:127.0.0.1" if mapped else "127.0.0.1"]
    return address


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ((), None, "127.0.0.1"),
        ((), HOME, "127.0.0.1"),
        (US, HOME, HOME),
        (US, f"::ffff:{HOME}", HOME),
        (US, f"203.0.113.9, {HOME}", HOME),
        (US, f"203.0.113.9, {HOME}, 198.51.100.1", HOME),
        (US, f"203.0.113.9, {HOME}, ::ffff:198.51.100.1", HOME),
        (("::ffff:127.0.0.1",), HOME, HOME),
        (US, "2001:0DB8::0001", "2001:db8::1"),
        (US, "unknown", None),
        (US, "", "127.0.0.1"),
        (("a proxy by name",), HOME, "127.0.0.1"),
        (("a proxy by name", *US), f"{HOME}, unknown", None),
    ],
)
async def test_an_address_is_believed_as_far_as_our_proxies_reach(
    trusted: tuple[str, ...], forwarded: str | None, address: str | None
) -> None:
    assert await told(trusted, forwarded) == address


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no socket here takes both")
async def test_a_socket_that_hears_both_tells_the_same_address() -> None:
    assert await told((), HOME, mapped=True) == "127.0.0.1"
    assert await told(US, HOME, mapped=True) == HOME
