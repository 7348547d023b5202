"""The same page gives the same record: twice, in any order, in any process."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipeline.errors import InputError
from pipeline.stages.normalize import normalize
from schemas import RawItem
from tests.parsers.web.corpus import Page, pages

RECEIVED = datetime(2025, 1, 1, tzinfo=UTC)
PAGES = pages()


def record(one: Page) -> bytes:
    raw = RawItem(item_id="item", source="test-wire", received_at=RECEIVED, body=one.body, media_type="text/html")
    try:
        return b"\n".join(article.to_json() for article in normalize(raw))
    except InputError as error:
        return str(error).encode()


def digest() -> str:
    """One digest over the records of all pages."""
    return hashlib.sha256(b"\n".join(map(record, PAGES))).hexdigest()


def test_any_order() -> None:
    """No page leaves a trace in the next one, however often and in whatever order they come."""
    first = {one.name: record(one) for one in PAGES}
    for seed in range(3):
        again = list(PAGES) * 2
        random.Random(seed).shuffle(again)
        assert {one.name: record(one) for one in again} == first


def test_repeats_are_not_dropped() -> None:
    """The tenth copy of a page still has all its paragraphs: nothing counts repeated segments."""
    one = next(one for one in PAGES if one.name == "wordpress_news")
    assert len({record(one) for _ in range(10)}) == 1


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_any_process(seed: str) -> None:
    """Hash seeds differ between processes, records do not."""
    code = "from tests.parsers.web.test_same_bytes import digest; print(digest())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": seed, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == digest()


def test_only_pages_pay_for_the_judge() -> None:
    """The judge is imported when a web page comes, not by the command line and not by other dialects."""
    code = (
        "import sys; import pipeline.cli; from pipeline import enrich_text; enrich_text('Five people were hurt.');"
        "assert 'trafilatura' not in sys.modules;"
        "from pipeline.parsers import Reading, detect;"
        "page = Reading(b'<html><body><p>Five people were hurt.</p></body></html>');"
        "detect(page).parse(page); assert 'trafilatura' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], env={"PATH": ""}, timeout=60, check=True)
