"""Where a request comes from."""

from collections.abc import Collection

from aiohttp import web

from core.ground.ip_address import plain


def caller(request: web.Request, trusted_proxies: Collection[str]) -> str | None:
    """Give the address a request came from, through the proxies we trust and no others.

    None where there is none, or where a proxy told something else.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = {plain(proxy) for proxy in trusted_proxies} - {None}
    address = plain(request.remote)
    while address in trusted and hops and hops[-1]:
        address = plain(hops.pop())
    return address
