"""The names of the network, as long as somebody knows them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, override

from dns import flags, message, rcode, rdatatype, rrset

HOST: Final = "127.0.0.1"
EXCHANGE: Final = "exchange.example"
"""What the exchange is called. No name server of the world knows it."""
ASK_HERE: Final = """\
from functools import partial
from homeassistant.helpers import aiohttp_client
aiohttp_client.HassAsyncDNSResolver = partial(
    aiohttp_client.HassAsyncDNSResolver, servers=["127.0.0.1"], udp_port={port}, tcp_port={port}
)
"""
"""Lets Home Assistant's own resolver ask at this port, and nobody of the world."""


class Names(asyncio.DatagramProtocol):
    """A name server that knows the exchange, and may forget it.

    Attributes:
        mood: ``knows`` it, has ``forgotten`` it, or is ``silent``.
        asked: The names that it has been asked for.
    """

    def __init__(self) -> None:
        """Know it."""
        self.mood = "knows"
        self.asked: set[str] = set()
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._transport
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.mood == "silent":
            return
        asked = message.from_wire(data)
        answer = message.make_response(asked, recursion_available=True)
        answer.flags |= flags.AA
        question = asked.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.asked.add(name)
        if self.mood == "forgotten" or name != EXCHANGE:
            answer.set_rcode(rcode.NXDOMAIN)
        elif question.rdtype == rdatatype.A:
            answer.answer.append(rrset.from_text(question.name, 1, "IN", "A", HOST))
        assert self._transport
        self._transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def names() -> AsyncGenerator[Names]:
    """Run a name server."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(Names, local_addr=(HOST, 0))
    try:
        yield server
    finally:
        transport.close()
