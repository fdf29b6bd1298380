"""A name server on loopback that answers what the test tells it, and one that never answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], tuple[str, ...]]
"""(name, type) → records in zone-file form."""


class _Answering(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone | None) -> None:
        self._zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if self._zone is None:
            return
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        records = self._zone.get((name, kind), ())
        if records:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, records))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        answer.flags |= dns.flags.RA
        self._transport.sendto(answer.to_wire(), address)


@contextlib.asynccontextmanager
async def nameserver(zone: Zone | None) -> AsyncIterator[str]:
    """Answer from a zone (None: never); hand out `127.0.0.1:PORT`."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Answering(zone), local_addr=("127.0.0.1", 0)
    )
    try:
        yield "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


def text(value: str) -> str:
    """Write a TXT record in pieces of at most 255 characters."""
    return " ".join(f'"{value[start : start + 250]}"' for start in range(0, len(value), 250))
