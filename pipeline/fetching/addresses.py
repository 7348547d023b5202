"""Which IP addresses may be talked to: public ones, and what a policy names. Pure: no look-up happens here."""

from __future__ import annotations

import ipaddress
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from pipeline.errors import AddressRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_MAPPED = IPv6Network("::ffff:0:0/96")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052): where a network speaks IPv6 only, every IPv4 host is reached through it."""


class Gatekeeper:
    """Judges addresses.

    Args:
        allow: networks, addresses and host names that are fine although they are not public.
    """

    def __init__(self, allow: frozenset[str]) -> None:
        parsed = {entry: _network(entry) for entry in allow}
        self._networks = tuple(network for network in parsed.values() if network is not None)
        self._hosts = frozenset(entry.lower() for entry, network in parsed.items() if network is None)

    def knows(self, host: str) -> bool:
        """Return whether the policy names this very host: then its addresses are not judged."""
        return host.lower() in self._hosts

    def refuse_address(self, host: str, text: str) -> None:
        """Raise unless a connection to this address is fine.

        Args:
            host: what was asked for; it is named in the sentence.
            text: an IP address.

        Raises:
            AddressRefused: the address is not public and the policy does not name it.
        """
        if self.knows(host):
            return
        address = ipaddress.ip_address(text)
        if any(address.version == network.version and address in network for network in self._networks):
            return
        if (reason := special(address)) is not None:
            raise AddressRefused(
                f"{host} is at {text}, which is not public ({reason}); name it in fetch_allow if you trust it"
            )


def special(address: Address) -> str | None:
    """Return why an address is not public, None where it is. What is embedded in an IPv6 address decides for it."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return "link-local"
        if address in _MAPPED or address in _TRANSLATED:
            return special(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL_UNICAST:
            return "private, local or reserved"
    for network, what in _special_networks():
        if address.version == network.version and address in network:
            return what
    # What Python knows beyond the table, newer registrations among it.
    return None if address.is_global and not address.is_multicast else "reserved"


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


@cache
def _special_networks() -> tuple[tuple[Network, str], ...]:
    lines = files("pipeline.fetching").joinpath("data/special_networks.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple((ipaddress.ip_network(network), what) for network, what in rows)
