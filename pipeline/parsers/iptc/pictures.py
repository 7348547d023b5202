"""Pictures: what fields state of them, and what only the caption says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from pipeline.parsers.canonical import fold
from pipeline.parsers.caption import read_caption
from pipeline.parsers.reading import Draft
from schemas.article import Media

MAX_PICTURES: Final = 1_000
"""Most pictures of one article: galleries have a hundred, and each caption costs some 50 microseconds."""

_Found = TypeVar("_Found")


def first_pictures(found: Sequence[_Found], draft: Draft) -> Sequence[_Found]:
    """Return at most `MAX_PICTURES` of what was found, with a warning where that leaves some out."""
    if len(found) > MAX_PICTURES:
        draft.warnings.append(f"media: {len(found)} pictures; the first {MAX_PICTURES} were read")
    return found[:MAX_PICTURES]


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
