"""Each kind of unreadable input has its own error, in one sentence."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from pipeline.errors import (
    BinaryItem,
    EmptyItem,
    InputError,
    InvalidEncoding,
    ItemTooLarge,
    MalformedItem,
    NoArticle,
)
from pipeline.limits import MAX_ITEM_BYTES, MAX_TEXT_CHARS
from pipeline.stages.normalize import normalize
from schemas import RawItem

REFUSALS: list[tuple[str, bytes, str | None, type[InputError], str]] = [
    ("nothing", b"", None, EmptyItem, "empty"),
    ("white space", b" \r\n\t ", None, EmptyItem, "empty"),
    ("png", b"\x89PNG\r\n\x1a\n1234", "text/plain", BinaryItem, "PNG"),
    ("pdf", b"%PDF-1.7 text", None, BinaryItem, "PDF"),
    ("gzip", gzip.compress(b"words"), None, BinaryItem, "gzip"),
    ("nul", b"some words\0and more", None, BinaryItem, "NUL"),
    ("controls", b"\x01\x02\x03\x04 words \x05\x06\x07\x08", None, BinaryItem, "control characters"),
    ("rtf", b"{\\rtf1 words}", None, BinaryItem, "RTF"),
    ("noise", b"ab\xff\xfe\xfdcd\x81\x8d\x8f\x90", None, InvalidEncoding, "not UTF-8"),
    ("cut utf-8", "Der Föhn in Zürich kostete".encode()[:13] + b"\xc3 und", None, InvalidEncoding, "byte 13"),
    ("odd utf-16", b"\xff\xfea\0b\0c", None, InvalidEncoding, "utf-16"),
    ("too large", b"a" * (MAX_ITEM_BYTES + 1), None, ItemTooLarge, str(MAX_ITEM_BYTES)),
    ("long text", b"word. " * (MAX_TEXT_CHARS // 6 + 10), None, ItemTooLarge, str(MAX_TEXT_CHARS)),
    ("broken json", b'{"headline": "x", ', None, MalformedItem, "line 1"),
    ("json by label", b"so to speak", "application/json", MalformedItem, "JSON"),
    ("json number", b"42", "application/json", MalformedItem, "neither an object"),
    ("mixed list", b'[{"text": "x"}, 3]', None, MalformedItem, "neither an object"),
    ("unknown keys", b'{"temperature": 3}', None, NoArticle, "body_text, bodytext"),
    ("empty list", b"[]", "application/json", NoArticle, "empty"),
    ("empty text", b'{"headline": "x", "text": " \\u0007 "}', None, NoArticle, "body_text"),
    ("page without words", b"<html><body><nav>Home</nav></body></html>", None, NoArticle, "article, main or body"),
    ("header only", b"Word | THE SITE\nMedia ID: 7\n\n", None, NoArticle, "no story"),
    ("no letters", b"1 2 3\n", None, NoArticle, "no article text"),
    (
        "broken record",
        b'{"item_id": "", "source": "s", "body": "x", "received_at": "2020-01-01T00:00:00Z"}',
        None,
        MalformedItem,
        "item_id",
    ),
]


@pytest.mark.parametrize(
    ("body", "media_type", "error", "words"), [row[1:] for row in REFUSALS], ids=[r[0] for r in REFUSALS]
)
def test_refusal(
    body: bytes, media_type: str | None, error: type[InputError], words: str, raw: Callable[..., RawItem]
) -> None:
    """Bad input is named by a bounded code and one sentence that says what is wrong."""
    with pytest.raises(InputError) as caught:
        normalize(raw(body, media_type=media_type))
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 300


def test_record_within_record_within_record(raw: Callable[..., RawItem]) -> None:
    """A raw item may hold one raw item, not a chain of them."""
    inner = raw(b"The words of the innermost item.")
    once = raw(inner.to_json())
    assert normalize(once)[0].text == "The words of the innermost item."
    with pytest.raises(MalformedItem, match="unwrap"):
        normalize(raw(once.to_json()))
