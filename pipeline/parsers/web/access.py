"""Whether a page shows its whole story, or what it shows to readers who have not paid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.parsers.reading import Draft
from pipeline.parsers.web.linked_data import line
from pipeline.parsers.web.metadata import Metadata

MAX_NOTICE_CHARS: Final = 160
"""Longest notice of a paywall; a longer block that speaks of subscribing is a story about it."""

FULL_SHARE: Final = 0.9
"""A text with this share of the words that the page counts is whole: counts differ by captions and headings."""

_WORD = re.compile(r"[\w-]+")
_LOCKED: Final = frozenset({"locked", "subscriber", "subscribers", "premium", "paid", "subscription"})
_TIERS: Final = ("article:content_tier", "article:access", "access", "content-tier")


@cache
def _triggers() -> frozenset[str]:
    """Return the longest word of each phrase: a line without any of them needs no closer look."""
    return frozenset(max(phrase.split(), key=len) for phrase in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    path = Path(__file__).parent / "data" / "paywall.txt"
    return tuple(entry for entry in path.read_text("utf-8").splitlines() if entry and not entry.startswith("#"))


def is_notice(text: str) -> bool:
    """Tell whether a block tells the reader to subscribe before reading on."""
    if len(text) > MAX_NOTICE_CHARS:
        return False
    folded = text.casefold()
    if _triggers().isdisjoint(_WORD.findall(folded)):
        return False
    return any(phrase in folded for phrase in _phrases())


def mark_extent(draft: Draft, meta: Metadata, shown: Iterable[str]) -> None:
    """Mark the draft as an excerpt, with a warning that says why, where the page is not free to read.

    Only the page's own word count, when the text reaches it, proves that such a page shows everything.

    Args:
        draft: with its paragraphs.
        meta: what the page says about itself.
        shown: the blocks of the page that a reader sees beside the story.
    """
    reason = _reason(meta, shown)
    if reason is None:
        return
    count = line(str(meta.ld.article.get("wordCount") or ""))
    words = sum(len(paragraph.split()) for paragraph in draft.paragraphs)
    if count and count.isdecimal() and 0 < int(count[:9]) * FULL_SHARE <= words:
        return
    draft.extent = "excerpt"
    draft.warnings.append(f"text: {reason}; it may be only the beginning of the story")


def _reason(meta: Metadata, shown: Iterable[str]) -> str | None:
    article = meta.ld.article
    parts = article.get("hasPart")
    stated = [article, *(part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict))]
    if any(_is_no(item.get("isAccessibleForFree")) for item in stated):
        return "the page says that it is not free to read"
    if any(value.casefold() in _LOCKED for name in _TIERS for value in meta.named.get(name, ())):
        return "the page says that it is for subscribers"
    if any(map(is_notice, shown)):
        return "the page asks the reader to subscribe"
    return None


def _is_no(value: object) -> bool:
    """Tell whether a value means false: as a word too, and by its schema.org address."""
    return value is False or (
        isinstance(value, str) and value.strip().casefold().rpartition("/")[2] in {"false", "no", "0"}
    )
