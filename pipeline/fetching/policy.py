"""What a fetch may do: where it may go beyond the public internet, how long it may take, how much it may bring."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.limits import (
    CONNECT_SECONDS,
    FETCH_SECONDS,
    MAX_ANSWER_BYTES,
    MAX_REDIRECTS,
    READ_SECONDS,
)

USER_AGENT = "copytaster/0.1"


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of a fetch. Times are seconds.

    Args:
        allow: networks ("10.0.0.0/8"), addresses ("127.0.0.1") and host names that may be fetched although they are
            not public. Odd spellings stay refused: an address is written as it is listed.
        total: longest time for one fetch, all redirects included.
        connect: longest time until a connection stands, TLS included.
        read: longest silence of a server.
        max_bytes: largest body, decoded.
        max_redirects: most hops after the first.
        user_agent: how we introduce ourselves.
        cafile: certificates to trust instead of the system's.
    """

    allow: frozenset[str] = frozenset()
    total: float = FETCH_SECONDS
    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    max_bytes: int = MAX_ANSWER_BYTES
    max_redirects: int = MAX_REDIRECTS
    user_agent: str = USER_AGENT
    cafile: Path | None = None
