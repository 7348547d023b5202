"""Times in feeds: what publishers write for RFC 822 dates, put into a form that the date reader knows."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path

from pipeline.parsers.dates import MAX_FIELD_CHARS
from pipeline.parsers.drafting import set_times
from pipeline.parsers.reading import Draft

Named = list[tuple[str, object]]

_OFFSET = re.compile(r"\s*(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?$")
_ISO = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ]+(.*))?")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(:\d\d)?\s*([AaPp])\.?[Mm]\.?")
_NAME = re.compile(r"\s*\(?([A-Z]{2,5})\)?$")


def set_entry_times(draft: Draft, published: Named, updated: Named) -> None:
    """Set the times of an entry; an update before the publication cannot be, and is left out with a warning."""
    set_times(draft, [(name, plain(value)) for name, value in published], [(name, plain(at)) for name, at in updated])
    if draft.published_at is None and draft.updated_at is not None:
        # Atom demands only the update: for a reader it is when the entry came out.
        draft.published_at, draft.updated_at = draft.updated_at, None
    elif draft.updated_at is not None and draft.published_at is not None and draft.updated_at < draft.published_at:
        draft.warnings.append("updated: lies before the publication; left out")
        draft.updated_at = None


def version_of(moment: datetime | None) -> str | None:
    """Return the version that a stated update makes."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def plain(value: object) -> object:
    """Return a date as RFC 5322 or ISO 8601 have it, where it is only a little off; else as it is."""
    if not isinstance(value, str) or not 10 < len(value) <= MAX_FIELD_CHARS:
        return value
    text = _CLOCK.sub(_of_24_hours, " ".join(value.split()))
    text, zone = _zone(text)
    if (iso := _ISO.match(text)) and iso[4]:
        return f"{iso[1]}-{iso[2]}-{iso[3]}T{iso[4].strip()}{zone}"
    return f"{text} {zone}" if zone else text


def _zone(text: str) -> tuple[str, str]:
    """Split a zone from the end of a date: as an offset, or nothing where it has none or the reader knows it."""
    if (offset := _OFFSET.search(text)) and ":" in text[: offset.start()]:
        return text[: offset.start()], f"{offset[1]}{int(offset[2]):02}{offset[3] or '00'}"
    if (name := _NAME.search(text)) and (known := _zones().get(name[1])):
        return text[: name.start()], known
    return text, ""


def _of_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + (12 if found[4] in "pP" else 0)
    return f"{hour:02}:{found[2]}{found[3] or ':00'}"


@cache
def _zones() -> dict[str, str]:
    lines = (Path(__file__).parent / "data" / "zones.txt").read_text("utf-8").split("\n")
    return dict(line.split() for line in lines if line and not line.startswith("#"))
