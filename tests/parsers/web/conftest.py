"""Pages for the tests of their reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.parsers import Draft, Reading
from pipeline.parsers.web import page

STORY = (
    "<p>The council closed the bridge on Monday after a survey found 14 cracks in its piers.</p>"
    "<p>Repairs will take nine weeks and cost 3.2 million crowns, the mayor said.</p>"
)


@pytest.fixture
def read() -> Callable[..., Draft]:
    """The draft of a page with some head, and some body around or instead of a story."""

    def make(head: str = "", body: str = f"<article><h1>Bridge shut</h1>{STORY}</article>", name: str = "") -> Draft:
        return page.parse(Reading(f"<html><head>{head}</head><body>{body}</body></html>".encode(), name=name))[0]

    return make
