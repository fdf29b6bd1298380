"""Where a request comes from."""

from collections.abc import Collection

from aiohttp import web


def caller(request: web.Request, trusted_proxies: Collection[str]) -> str | None:
    """Give the address a request came from, through the proxies we trust and no others."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    address = request.remote
    while address in trusted_proxies and hops and hops[-1]:
        address = hops.pop()
    return address
