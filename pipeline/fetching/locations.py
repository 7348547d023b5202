"""How an address may be written. What two readers could understand differently is refused, never interpreted. Pure.

Every trick that hides an address from a check lives on a second reading: `0x7f.1`, `2130706433`, `127。0。0。1` and
`user@host` mean one thing to the check and another to the socket. Here a host is a name, or an address in its one
canonical form.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urljoin

from yarl import URL

from pipeline.errors import AddressRefused
from pipeline.limits import MAX_URL_CHARS

_SPOILED = re.compile(r"[\x00-\x20\x7f\\]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOCAL_SUFFIXES = ("localhost", "localdomain", "local", "internal", "intranet", "home.arpa", "lan")
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class Location:
    """An address that was understood in one way only."""

    url: URL
    host: str

    @property
    def text(self) -> str:
        """The address without its fragment."""
        return str(self.url)

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """Scheme, host and port: what headers and bodies must not leave."""
        return self.url.scheme, self.host, self.url.port

    def trusts(self, other: Location) -> bool:
        """Return whether what was meant for this location may be sent to the other one."""
        upgraded = self.url.scheme == "http" and other.url.scheme == "https" and self.url.is_default_port()
        return self.origin == other.origin or (upgraded and other.url.is_default_port() and self.host == other.host)


def read_location(text: str, *, named: frozenset[str] = frozenset()) -> Location:
    """Read an address.

    Args:
        text: http or https, complete.
        named: entries that a policy allows; a local name among them is a name like any other.

    Raises:
        AddressRefused: it is no such address, or is written in a way that could be read differently.
    """
    if len(text) > MAX_URL_CHARS:
        raise AddressRefused(f"the address has {len(text)} characters; the limit is {MAX_URL_CHARS}")
    if _SPOILED.search(text) or not text.isprintable():
        raise AddressRefused(f"{_shown(text)} holds a space, a backslash or a control character; write them as %20")
    try:
        url = URL(text, encoded=text.isascii()).with_fragment(None)
        host = url.raw_host or ""
        port = url.port
    except (ValueError, UnicodeError) as error:
        raise AddressRefused(f"{_shown(text)} is no address: {error}") from error
    if url.scheme not in {"http", "https"}:
        raise AddressRefused(f"{_shown(text)} is no http or https address, and only those are fetched")
    if url.raw_user is not None or url.raw_password is not None or "@" in url.raw_authority:
        raise AddressRefused("a user name or password in an address is refused; send a header instead")
    if port is None or not 0 < port < 65536:
        raise AddressRefused(f"{_shown(text)} has no valid port")
    _refuse_spelling(_written_host(text), text)
    _refuse_host(host.lower(), text, named)
    return Location(url, host.lower())


def follow(location: Location, target: str, *, named: frozenset[str] = frozenset()) -> Location:
    """Read where a redirect leads; a relative target is completed.

    Raises:
        AddressRefused: see `read_location`; and a way from https back to http.
    """
    # A header has bytes, not characters: what is not ASCII is percent-encoded, as browsers do.
    plain = "".join(chr(byte) if 0x21 <= byte < 0x7F else f"%{byte:02X}" for byte in _bytes(target.strip()))
    try:
        joined = urljoin(location.text, plain)
    except ValueError as error:
        raise AddressRefused(f"{_shown(plain)} is no address to redirect to: {error}") from error
    following = read_location(joined, named=named)
    if location.url.scheme == "https" and following.url.scheme == "http":
        raise AddressRefused(f"{location.host} redirects from https to http, which is not followed")
    return following


def _bytes(header: str) -> bytes:
    return header.encode("utf-8", "surrogateescape")


def _written_host(text: str) -> str:
    authority = text.partition("://")[2]
    return re.split(r"[/?#]", authority, maxsplit=1)[0]


def _refuse_spelling(host: str, text: str) -> None:
    """Refuse letters that fold to others: digits and dots of other scripts, percent signs."""
    if "%" in host:
        raise AddressRefused(f"{_shown(text)} has a percent sign in its host")
    for char in host:
        folds = unicodedata.normalize("NFKC", char) != char
        if not char.isascii() and (folds or char.isdigit() or unicodedata.category(char)[0] not in "LM"):
            raise AddressRefused(f"{_shown(text)} has {char!r} in its host; write it in plain letters")


def _refuse_host(host: str, text: str, named: frozenset[str]) -> None:
    if ":" in host:
        _refuse_ipv6(host, text)
        return
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise AddressRefused(
                f"{_shown(text)} has an IP address in an odd form; write four decimal numbers"
            ) from None
        return
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        raise AddressRefused(f"{_shown(text)} has no valid host name")
    local = any(host == suffix or host.endswith("." + suffix) for suffix in _LOCAL_SUFFIXES)
    if local and host not in named:
        raise AddressRefused(f"{host} is a local name; name it in fetch_allow if you trust it")


def _refuse_ipv6(host: str, text: str) -> None:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        raise AddressRefused(f"{_shown(text)} has no valid IPv6 address") from None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")
