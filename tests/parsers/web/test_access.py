"""A page that holds back its story is never passed off as the whole of it."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest

from pipeline.parsers import Draft
from tests.parsers.web.conftest import STORY

Read = Callable[..., Draft]


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{orjson.dumps({"@type": "NewsArticle", **fields}).decode()}</script>'


@pytest.mark.parametrize(
    "head",
    [
        ld(isAccessibleForFree=False),
        ld(isAccessibleForFree="False"),
        ld(isAccessibleForFree="http://schema.org/False"),
        ld(hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".rest"}),
        ld(isAccessibleForFree=True, hasPart=[{"isAccessibleForFree": "false"}]),
        ld(isAccessibleForFree=False, wordCount=900),
        '<meta property="article:content_tier" content="locked">',
    ],
)
def test_stated(head: str, read: Read) -> None:
    """What the page's data say makes it an excerpt, with a warning that tells why."""
    draft = read(head)
    assert draft.extent == "excerpt"
    assert any(line.startswith("text: the page says") for line in draft.warnings)


@pytest.mark.parametrize(
    "notice",
    [
        '<div class="regwall"><p>Register to read on. Already a subscriber? Log in.</p></div>',
        "<p>Subscribe to continue reading.</p>",
        "<p>This article is for subscribers only.</p>",
        "<p>Cet article est réservé aux abonnés.</p>",
        "<p>Jetzt weiterlesen mit Plus</p>",
    ],
)
def test_shown(notice: str, read: Read) -> None:
    """What the reader is told makes it an excerpt too, and is no part of the text."""
    draft = read(body=f"<article><h1>Bridge shut</h1>{STORY}{notice}</article>")
    assert draft.extent == "excerpt"
    assert len(draft.paragraphs) == 2


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", ""),
        (ld(isAccessibleForFree=True), ""),
        (ld(isAccessibleForFree=None), ""),
        (ld(isAccessibleForFree=False, wordCount=29), ""),
        ("", '<div class="regwall" style="display:none"><p>Subscribe to continue reading.</p></div>'),
        ("", "<header><p>Already a subscriber? Log in</p></header>"),
        (
            "",
            f"<p>The paper, which asks readers to subscribe to read more, lost 3 percent{' of it' * 20}.</p>",
        ),
    ],
)
def test_free(head: str, body: str, read: Read) -> None:
    """A page is whole where nothing says otherwise: notices that nobody sees, log-in links and stories say nothing."""
    assert read(head, body=f"{body}<article><h1>Bridge shut</h1>{STORY}</article>").extent == "full"
