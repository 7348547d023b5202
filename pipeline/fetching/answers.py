"""What comes back from a fetch, and the headers that mean something to us. Pure: `now` comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.limits import MAX_RETRY_AFTER_SECONDS

_LONGEST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a fetch, of whatever status.

    Attributes:
        status: of the last hop.
        url: address of the last hop.
        permanent_url: where permanent redirects alone lead, None where the first hop is not one: the address to
            remember. A temporary redirect on the way ends the chain.
        headers: names in lower case; values that came several times are joined by a comma.
        body: decoded, in whatever charset it is; empty for 304.
        not_modified: the server says that what etag and last_modified name is still what it has.
        retry_after: seconds the server asks to be left alone, from the moment of the answer.
    """

    status: int
    url: str
    permanent_url: str | None
    headers: Mapping[str, str]
    body: bytes
    not_modified: bool
    retry_after: float | None


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for: a number, or a date (RFC 9110, 10.2.3); None for anything else.

    A date is measured against the server's own Date where it has one, so that a wrong clock on either side does not
    matter. Never negative, never more than `MAX_RETRY_AFTER_SECONDS`.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:_LONGEST_DIGITS]), MAX_RETRY_AFTER_SECONDS)
    due = _date(text)
    if due is None:
        return None
    left = (due - (_date(headers.get("date", "")) or now)).total_seconds()
    return min(max(left, 0.0), MAX_RETRY_AFTER_SECONDS)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
