"""trafilatura, asked which paragraphs of a page are its story. Imported when the first page comes.

Its own records of what it saw before are off (`deduplicate`), so are its metadata, which guess dates by today's, and
it gets a tree, never an address: the same page gives the same answer in any order, and nothing is fetched.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Final

from lxml import etree

from pipeline.parsers.markup import Element

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

MAX_ELEMENTS: Final = 8_000
"""Most elements of a page that trafilatura is asked about; a day's live blog has 5,000 without its furniture."""

MAX_COST: Final = 120_000
"""Most steps from the root to each of its elements. trafilatura looks at all descendants of each div and list several
times, so nesting costs as much as length; a page of 2,000 elements stays under 30,000."""

MAX_CHARS: Final = 1_000_000
"""Most characters of text and attributes that it is asked about."""


def story_lines(root: Element) -> list[str] | None:
    """Return the lines that trafilatura takes for the story, unfolded; None for a page too large to ask about.

    The tree is left as it is.
    """
    if root.tag != "html" or not _is_within_reason(root):
        return None
    # The import costs a tenth of a second, which a wire without web pages never pays.
    from trafilatura import bare_extraction  # noqa: PLC0415

    try:
        document = bare_extraction(root, options=_options())
    except Exception:  # noqa: BLE001 - whatever a strange tree does to it, the page is still read without it
        return None
    return [] if document is None or isinstance(document, dict) else (document.text or "").splitlines()


def _is_within_reason(root: Element) -> bool:
    depth = count = cost = chars = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        cost += depth
        chars += len(element.text or "") + len(element.tail or "") + sum(map(len, element.values()))
        if count > MAX_ELEMENTS or cost > MAX_COST or chars > MAX_CHARS:
            return False
    return True


@cache
def _options() -> Extractor:
    from trafilatura.settings import Extractor  # noqa: PLC0415

    logger = logging.getLogger("trafilatura")
    if logger.level == logging.NOTSET:
        # It warns of each page without a story; the record of the page says so already.
        logger.setLevel(logging.CRITICAL)
    return Extractor(
        output_format="python",
        # Its second opinions, readability and jusText, cost twice the time and add nothing to the witness of our walk.
        fast=True,
        precision=True,
        comments=False,
        tables=True,
        dedup=False,
        with_metadata=False,
        date_params={"max_date": "2200-12-31"},  # unused without metadata; its default would be read off the clock
    )
