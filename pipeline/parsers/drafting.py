"""Loose values of a wire's fields into a draft: status, times, embargo, urgency, by one rule for every dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.dates import Moment, read_instant
from pipeline.parsers.reading import Draft, Reading
from schemas.article import Status

_STATUSES: Final[Mapping[str, Status]] = {
    "usable": "usable",
    "published": "usable",
    "publish": "usable",
    "active": "usable",
    "final": "usable",
    "ok": "usable",
    "live": "usable",
    "corrected": "usable",
    "updated": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "draft": "withheld",
    "pending": "withheld",
    "private": "withheld",
    "future": "withheld",
    "hold": "withheld",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "killed": "cancelled",
    "kill": "cancelled",
    "withdrawn": "cancelled",
    "retracted": "cancelled",
    "deleted": "cancelled",
}
LAST_ZONE: Final = timedelta(hours=12)
"""UTC-12 is where a day begins last."""


def set_status(draft: Draft, given: str | None) -> None:
    """Set the status; `stat:canceled` and `Cancelled` are one, an unknown one counts as usable, with a warning."""
    if given is None:
        return
    status = _STATUSES.get(_plain(given))
    if status is None:
        draft.warnings.append(f"status: {given[:40]!r} is unknown; read as usable")
    else:
        draft.status = status


def first_moment(draft: Draft, named: Iterable[tuple[str, object]]) -> Moment:
    """Return the first value that is a moment; what is none is a warning under the name of its field."""
    for name, value in named:
        if value in (None, ""):
            continue
        moment = read_instant(value)
        if moment.warning and (line := f"{name}: {moment.warning}") not in draft.warnings:
            draft.warnings.append(line)
        if moment.at is not None:
            return moment
    return Moment(None)


def set_times(
    draft: Draft, published: Iterable[tuple[str, object]], updated: Iterable[tuple[str, object]] = ()
) -> None:
    """Set publication and update from named values in their order of trust; an update at publication is none."""
    first = first_moment(draft, published)
    draft.published_at = first.at
    if first.accuracy:
        draft.published_accuracy = first.accuracy
    later = first_moment(draft, updated).at
    draft.updated_at = later if later != first.at else None


def set_embargo(draft: Draft, value: object) -> None:
    """Set the embargo. It must hold: an unreadable one withholds the article, one without a zone ends in the last."""
    moment = read_instant(value)
    draft.embargoed_until = moment.at
    if moment.at is None and draft.status == "usable":
        draft.status = "withheld"
        draft.warnings.append(f"embargo: {str(value)[:40]!r} is no time; withheld until a version says more")
    elif moment.at is not None and (moment.warning or moment.accuracy):
        draft.embargoed_until = moment.at + LAST_ZONE
        draft.warnings.append(f"embargo: {str(value)[:40]!r} has no zone; held until it has come everywhere")


def set_release(draft: Draft, status: str | None, until: object) -> None:
    """Set status and embargo together: an item embargoed until a time is usable from then on.

    Args:
        draft: where to set them.
        status: as the wire writes it, None where it does not.
        until: when the embargo ends; "" where it is in force without an end, None where there is none.
    """
    if status is not None and _plain(status) == "embargoed":
        status, until = None, until or ""
    set_status(draft, status)
    if until == "":
        if draft.status == "usable":
            draft.status = "withheld"
            draft.warnings.append("embargo: no time ends it; withheld until a version says more")
    elif until is not None:
        set_embargo(draft, until)


def _plain(status: str) -> str:
    return status.rpartition(":")[2].strip().casefold()


def set_urgency(draft: Draft, value: object) -> None:
    """Set the urgency, 1 to 9; anything else is a warning."""
    if value is None or isinstance(value, bool):
        return
    text = str(value).strip()
    if text in set("123456789"):
        draft.urgency = int(text)
    else:
        draft.warnings.append(f"urgency: {text[:20]!r} is not 1 to 9; left out")


def sole_id(parse: Callable[[Reading], list[Draft]], reading: Reading) -> str | None:
    """Return the id of the one article that an item gives; None where it gives several, or none.

    It costs a whole parse: for items whose structure alone does not tell how many articles are in them.

    Raises:
        InputError: the item cannot be read at all.
    """
    try:
        drafts = parse(reading)
    except NoArticle:
        return None
    return drafts[0].wire_id if len(drafts) == 1 else None
