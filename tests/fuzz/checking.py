"""What must hold for any bytes: an InputError in one sentence, or articles that keep the promises of the contract."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from unicodedata import is_normalized

from pipeline.errors import InputError
from pipeline.intake import Placed, raw_item, read_placed
from pipeline.stages.normalize import normalize
from schemas import Article, RawItem

RECEIVED = datetime(2025, 1, 1, tzinfo=UTC)
WIRE = "test-wire"

Check = Callable[[bytes], str]
"""Reads some bytes, raises where a promise is broken, and returns what became of them in a word."""


def check_item(body: bytes, media_type: str | None = None, *, thorough: bool = True) -> str:
    """Read bytes as one item; return "read", or the code under which they are refused.

    Thorough is to survive JSON and to be the same when it is read again; it costs twice as much as the reading.
    """
    try:
        raw = raw_item(body, source=WIRE, received_at=RECEIVED, uri="file:x", media_type=media_type)
        articles = normalize(raw)
    except InputError as error:
        one_sentence(str(error))
        return error.code
    keeps_the_contract(raw, articles)
    if thorough:
        assert all(Article.from_json(article.to_json()) == article for article in articles)
        assert [article.to_json() for article in normalize(raw)] == [article.to_json() for article in articles]
    return "read"


def check_input(data: bytes) -> str:
    """Read bytes as an input of many items; return "read" where one came out, else the last code."""
    code = "nothing"
    for found in read_placed(io.BytesIO(data), source=WIRE, received_at=RECEIVED):
        if isinstance(found, Placed):
            assert found.where
            code = "read"
        else:
            one_sentence(str(found.error))
            code = code if code == "read" else found.error.code
    return code


def one_sentence(message: str) -> None:
    """Whatever is wrong is said in one sentence."""
    assert "\n" not in message, message
    assert message.endswith("."), message
    assert len(message) < 600, message


def keeps_the_contract(raw: RawItem, articles: list[Article]) -> None:
    """Canonical text, and the id that was promised before it was read."""
    assert articles
    for article in articles:
        assert is_normalized("NFC", article.text)
        assert article.text or article.status == "cancelled"
        assert all(line == " ".join(line.split()) != "" for line in article.text.split("\n\n") if article.text)
        assert not any(ord(letter) < 32 and letter != "\n" for letter in article.text)
    if len(articles) == 1 and raw.source == WIRE:
        assert articles[0].article_id == raw.item_id
