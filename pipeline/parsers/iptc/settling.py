"""What every IPTC draft goes through last: status with embargo, notices, and what to do without a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.errors import MalformedItem, NoArticle
from pipeline.parsers.canonical import fold
from pipeline.parsers.placing import settle_dateline
from pipeline.parsers.plain_text import take_byline
from pipeline.parsers.reading import Draft
from schemas.article import Correction

MAX_STORIES: Final = 5_000
"""Most items or contents in one message: that many are read within a second. Messages of a wire carry a few dozen."""

_LINES: Final = 3
"""Where the byline may stand in the text: below a repeated headline and a note on what the update adds."""

_BY = re.compile(r"by:?\s+", re.IGNORECASE)


def refuse_crowd(count: int, what: str) -> None:
    """Refuse a message with more in it than any wire sends at once.

    Raises:
        MalformedItem: there are more than `MAX_STORIES`.
    """
    if count > MAX_STORIES:
        raise MalformedItem(f"this {what} holds {count} items or contents; send at most {MAX_STORIES} at once.")


def byline_of(lines: Iterable[str | None]) -> str | None:
    """Return the names of one or more bylines, without the word By."""
    names = [_BY.sub("", fold(line or ""), count=1) for line in lines]
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def set_notice(draft: Draft, *, corrected: bool, withdrawn: bool = False) -> None:
    """Set the notice of a correction or of a kill; the editor's note says more."""
    note = next(iter(draft.notes), None)
    if draft.status == "cancelled":
        draft.correction = Correction(kind="withdrawal" if withdrawn else "kill", note=note)
    elif corrected:
        draft.correction = Correction(kind="correction", note=note)


def settle(draft: Draft, what: str, summary: list[str]) -> Draft:
    """Return the draft with its text and dateline settled.

    The headline and the byline go out of the text where they open it. Without a text the summary stands in as an
    excerpt, and without a summary the headline, which is all that a flash has. A cancelled item needs no text.

    Raises:
        NoArticle: there are no words at all; `what` names the item in the sentence.
    """
    _take_out_lines(draft)
    if not draft.paragraphs and draft.status != "cancelled":
        if summary:
            draft.paragraphs, draft.extent = summary, "excerpt"
        elif headline := fold(draft.headline or ""):
            draft.paragraphs = [headline]
            draft.warnings.append("text: the headline is all the words there are")
            return draft
        else:
            raise NoArticle(f"this {what} has neither a text nor a headline.")
    settle_dateline(draft)
    return draft


def _take_out_lines(draft: Draft) -> None:
    if draft.headline and len(draft.paragraphs) > 1 and _same(draft.paragraphs[0], draft.headline):
        del draft.paragraphs[0]
    take_byline(draft)
    for number, paragraph in enumerate(draft.paragraphs[:_LINES]):
        if draft.byline and number + 1 < len(draft.paragraphs) and byline_of([paragraph]) == draft.byline:
            del draft.paragraphs[number]
            return


def _same(paragraph: str, headline: str) -> bool:
    return paragraph.casefold().rstrip(" .") == fold(headline).casefold().rstrip(" .")
