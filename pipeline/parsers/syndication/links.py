"""Addresses in feeds: relative ones made whole, and the one form of a link behind the disguises that feeds give it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from pipeline.parsers.syndication.names import XML
from pipeline.parsers.xml import Element

MAX_LINK_CHARS: Final = 4_000
"""Longest address: browsers and caches stop near 2,000 and 8,000."""

_SPACES = re.compile(r"\s+")
_RELATIVE = re.compile(
    rb"""(?:href|src|url|about|resource|base)\s*=\s*\\?(?:["']|&quot;|&\#3[49];)\s*(?!https?:|mailto:|tel:|data:|\#|["'&\\])"""
    rb"""|<(?:\w{1,20}:)?link(?:\s[^<>]{0,2000})?>\s*(?!https?:|<)|"(?:\w{0,20}url|\w{0,20}image)"\s*:\s*"(?!https?:|")""",
    re.IGNORECASE,
)
_PORTS: Final = {"http": "80", "https": "443"}


def whole(link: str | None, base: str | None = None) -> str | None:
    """Return an absolute http(s) address, None where there is none: an empty, relative or foreign one."""
    text = _SPACES.sub("", link or "")
    if not text or len(text) > MAX_LINK_CHARS:
        return None
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme.lower() in _PORTS and parts.netloc else None


def base_of(element: Element, around: str | None) -> str | None:
    """Return what the relative addresses in an element are relative to: its `xml:base`, else that around it."""
    return whole(element.get(f"{{{XML}}}base"), around) or around


def has_relative(body: bytes) -> bool:
    """Tell whether an entry, in XML or JSON, may hold an address that needs a base."""
    return _RELATIVE.search(body) is not None


def canonical_link(link: str) -> str:
    """Return the form that a link shares with its disguises.

    The scheme is https, the host lower case; default port, closing slash and the parameters and fragments that only
    count readers go; the other parameters are sorted. It is for comparing: nobody promises that it can be fetched.
    """
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
        port = f":{parts.port}" if parts.port and str(parts.port) != _PORTS.get(parts.scheme.lower()) else ""
    except ValueError:
        return link
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _counts(*pair)))
    fragment = "" if _counts(*parts.fragment.partition("=")[::2]) else parts.fragment
    return urlunsplit(("https", host + port, parts.path.rstrip("/") or "/", query, fragment))


def _counts(name: str, value: str) -> bool:
    """Tell a parameter that only counts readers."""
    exact, starts = _tracking()
    name = name.lower()
    return name in exact or f"{name}={value.lower()}" in exact or name.startswith(starts)


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    path = Path(__file__).parent / "data" / "tracking_parameters.txt"
    entries = [line for line in path.read_text("utf-8").split("\n") if line and not line.startswith("#")]
    starts = tuple(entry[:-1] for entry in entries if entry.endswith("*"))
    return frozenset(entry for entry in entries if not entry.endswith("*")), starts
