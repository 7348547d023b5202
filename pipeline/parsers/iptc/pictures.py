"""Pictures: what fields state of them, and what only the caption says."""

from __future__ import annotations

from pipeline.parsers.canonical import fold
from pipeline.parsers.caption import read_caption
from schemas.article import Media


def picture_of(
    caption: str | None,
    media_id: str | None,
    credit: str | None,
    taken_on: str | None = None,
    place: str | None = None,
) -> Media | None:
    """Return the picture that these fields state, None where they state nothing.

    What no field gives is looked for in the caption. A credit at its end leaves it only where no field gives another.
    """
    words, stated = fold(caption or ""), fold(credit or "") or None
    read = read_caption(words) if words else Media()
    if stated and read.credit and stated.casefold() in read.credit.casefold():
        # The caption names the photographer beside the agency that the field gives alone.
        stated = read.credit
    kept = read.caption if stated is None or read.credit in {None, stated} else words
    media = Media(
        id=media_id,
        caption=kept,
        credit=stated or read.credit,
        taken_on=taken_on or read.taken_on,
        place=fold(place or "") or read.place,
    )
    return None if media == Media() else media
