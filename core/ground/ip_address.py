"""An address of the internet as it is compared, kept and counted. Pure.

A socket that listens on IPv6 tells a peer of IPv4 as `::ffff:192.0.2.7` (RFC 4291 §2.5.5.2). It is
the same peer: wherever an address comes in, it is read here first.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

UNKNOWN: Final = "unknown"
"""The network of whoever has no address: a local socket, or what a proxy made up."""
_PREFIX: Final = {4: 32, 6: 64}
_REMEMBERED: Final = 10_000


def plain(address: str | None) -> str | None:
    """Return an address in its one written form; None for any other text."""
    known = _read(address or "")
    return str(known) if known else None


@lru_cache(maxsize=_REMEMBERED)
def network_of(address: str | None) -> str:
    """Return the network that one subscriber has: an address of IPv4, or a /64 of IPv6."""
    known = _read(address or "")
    return str(ip_network((known, _PREFIX[known.version]), strict=False)) if known else UNKNOWN


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return address.ipv4_mapped or IPv6Address(int(address))  # less the interface: `fe80::1%eth0`
