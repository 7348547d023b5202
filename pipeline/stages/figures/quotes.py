"""Quotation marks: which stretches of a text are quoted."""

from __future__ import annotations

import re
from bisect import bisect_right

_MARK = re.compile(r"[“”\"«»]|\n\s*\n")


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return the quoted stretches in order; a quote that is never closed ends with its paragraph."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in _MARK.finditer(text):
        mark = match.group()
        if opened is None:
            if mark in ("“", '"', "«"):
                opened = match.start()
        elif mark not in ("“", "«"):
            spans.append((opened, match.start()))
            opened = None
    if opened is not None:
        spans.append((opened, len(text)))
    return spans


def is_quoted(spans: list[tuple[int, int]], offset: int) -> bool:
    """Tell whether an offset lies in one of the sorted spans."""
    n = bisect_right(spans, (offset, len(spans) and spans[-1][1])) - 1
    return n >= 0 and spans[n][0] < offset < spans[n][1]
