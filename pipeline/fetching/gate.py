"""The gate between a name and a connection: names are resolved here, once, and sockets go only where it led.

A check that resolves a name, followed by a client that resolves it again, can be told two different addresses (DNS
rebinding). So the client's own resolver is this one, and the socket factory judges the very address that is about to
be connected to, whatever way it came.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from pipeline.fetching.addresses import Gatekeeper

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Host and port in, IP addresses out."""

OpenSocket = Callable[[int, int, int], socket.socket]
"""Family, type and protocol in, a new socket out."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Ask the system's resolver for the addresses of a host, without repeats, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Gate(AbstractResolver):
    """Resolves names for the client and opens its sockets.

    Args:
        keeper: judges each address.
        lookup: asked once for each new connection.
        open_socket: makes the sockets.
    """

    def __init__(self, keeper: Gatekeeper, lookup: Lookup, open_socket: OpenSocket) -> None:
        self._keeper = keeper
        self._lookup = lookup
        self._open_socket = open_socket
        self._granted: dict[str, str] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host.

        A single address that is not public condemns the host: a name with both kinds serves no news.

        Raises:
            AddressRefused: one of the addresses is not public.
            OSError: the name is not known.
        """
        addresses = await self._lookup(host, port)
        for address in addresses:
            self._keeper.refuse_address(host, address)
        if self._keeper.knows(host):
            self._granted |= dict.fromkeys(addresses, host)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
            if family in {socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET}
        ]

    async def close(self) -> None:
        """Nothing is held."""

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Open a socket for an address, given as getaddrinfo's tuple.

        Raises:
            AddressRefused: nothing may be sent there.
        """
        family, kind, protocol, _, target = info
        address = str(target[0])
        self._keeper.refuse_address(self._granted.get(address, address), address)
        opened = self._open_socket(family, kind, protocol)
        opened.setblocking(False)
        return opened


def refuse_literal(keeper: Gatekeeper, host: str) -> None:
    """Judge a host that is an IP address already: no resolver is ever asked about it.

    Raises:
        AddressRefused: it is not public.
    """
    if ":" in host or host.rpartition(".")[2].isdigit():
        keeper.refuse_address(host, host)
