"""A DNS server that knows only the simulated exchange."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, Literal, override

from dns import flags, message, rcode, rdatatype, rrset

HOST: Final = "127.0.0.1"
EXCHANGE: Final = "exchange.example"
"""The host name of the exchange, which no other DNS server resolves."""
USE_DNS_STUB: Final = """\
from functools import partial
from homeassistant.helpers import aiohttp_client
aiohttp_client.HassAsyncDNSResolver = partial(
    aiohttp_client.HassAsyncDNSResolver, servers=["127.0.0.1"], udp_port={port}, tcp_port={port}
)
"""
"""Code for ``Home.prelude`` that makes Home Assistant's resolver ask this server only."""

type Mode = Literal["resolving", "unknown", "silent"]


class DnsStub(asyncio.DatagramProtocol):
    """A DNS server.

    Attributes:
        mode: Resolve the exchange, answer that the name does not exist, or do not respond.
        queried: The names that it has been asked for.
    """

    def __init__(self) -> None:
        self.mode: Mode = "resolving"
        self.queried: set[str] = set()
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        """The UDP port."""
        assert self._transport
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.mode == "silent":
            return
        query = message.from_wire(data)
        response = message.make_response(query, recursion_available=True)
        response.flags |= flags.AA
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.queried.add(name)
        if self.mode == "unknown" or name != EXCHANGE:
            response.set_rcode(rcode.NXDOMAIN)
        elif question.rdtype == rdatatype.A:
            response.answer.append(rrset.from_text(question.name, 1, "IN", "A", HOST))
        assert self._transport
        self._transport.sendto(response.to_wire(), addr)


@asynccontextmanager
async def dns_stub() -> AsyncGenerator[DnsStub]:
    """Run a DNS server."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(DnsStub, local_addr=(HOST, 0))
    try:
        yield server
    finally:
        transport.close()
