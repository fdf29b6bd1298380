"""An address of the internet as it is compared, kept and counted. Pure.

A socket that listens on IPv6 tells a peer of IPv4 as `::ffff:192.0.2.7` (RFC 4291 §2.5.5.2), and
what translates or tunnels carries the address of IPv4 inside one of IPv6. It is the same peer:
wherever an address comes in, it is read here first.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

UNKNOWN: Final = "unknown"
"""The network of whoever has no address: a local socket, or what a proxy made up."""
_PREFIX: Final = {4: 32, 6: 64}
_WIDE_PREFIX: Final = {4: 24, 6: 48}
_REMEMBERED: Final = 10_000
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052 §2.1): the last 32 bits are the address of IPv4."""
_WITH_PORT: Final = re.compile(r"\[(?P<six>[^\]]+)\](?::\d{1,5})?|(?P<four>[\d.]+):\d{1,5}")
"""As some proxies write a peer: `192.0.2.7:4711`, `[2001:db8::7]:4711` (RFC 7239 §6)."""


def plain(address: str | None) -> str | None:
    """Return an address in its one written form; None for any other text."""
    known = _read(address or "")
    return str(known) if known else None


@lru_cache(maxsize=_REMEMBERED)
def network_of(address: str | None) -> str:
    """Return the network that one subscriber has: an address of IPv4, or a /64 of IPv6."""
    known = _read(address or "")
    return str(ip_network((known, _PREFIX[known.version]), strict=False)) if known else UNKNOWN


@lru_cache(maxsize=_REMEMBERED)
def wide_network_of(address: str | None) -> str:
    """Return the network that one customer of a provider may have: a /24 of IPv4, a /48 of IPv6."""
    known = _read(address or "")
    if known is None:
        return UNKNOWN
    return str(ip_network((known, _WIDE_PREFIX[known.version]), strict=False))


def _read(text: str) -> IPv4Address | IPv6Address | None:
    written = _WITH_PORT.fullmatch(text.strip())
    try:
        address = ip_address((written["six"] or written["four"]) if written else text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    bare = IPv6Address(int(address))  # less the interface: `fe80::1%eth0`
    if bare in _TRANSLATED:
        return IPv4Address(int(bare) & 0xFFFFFFFF)
    return bare.ipv4_mapped or bare.sixtofour or bare
