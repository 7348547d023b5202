"""The stage `normalize`: one raw item in, its articles out, in one form whatever the wire.

What the item itself says wins over the hints of the feed, and both win over what is inferred.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from pipeline.errors import ItemTooLarge, MalformedItem, NoArticle
from pipeline.limits import MAX_ITEM_BYTES, MAX_TEXT_CHARS
from pipeline.parsers import Dialect, Draft, Reading, detect
from pipeline.parsers.canonical import fold, join
from pipeline.parsers.decoding import refuse_binary
from pipeline.parsers.language import guess_language, language_tag
from pipeline.parsers.notices import apply_notices
from pipeline.parsers.raw_record import is_raw_record, read_raw_record
from pipeline.parsers.repair import repair_draft
from schemas.article import Article, Provenance
from schemas.ids import article_id, stable_id
from schemas.raw import Hints, RawItem

VERSION_DIGITS: Final = 12
"""Hexadecimal digits of a version that is a digest: 48 bits, as an article has few versions."""

MAX_AHEAD: Final = timedelta(days=1)
"""How far publication may lie after receipt: half a day of zones and half a day of clocks that are wrong."""

_NO_HINTS: Final = Hints()
_ADDRESS = re.compile(r"(?:https?|urn|tag):\S+", re.IGNORECASE)


def normalize(raw: RawItem) -> list[Article]:
    """Return the articles of a raw item, at least one. Pure: the same item gives the same records.

    A cancelled article may be without text; every other one has some.

    Raises:
        EmptyItem: no bytes, or only white space.
        BinaryItem: a picture, an archive, a program.
        InvalidEncoding: text in a charset that is neither stated nor clear.
        ItemTooLarge: more than `limits.MAX_ITEM_BYTES`, or a text longer than `limits.MAX_TEXT_CHARS`.
        MalformedItem: against the rules of its own format.
        UnsafeItem: it brings a DTD of its own, or far more structure than any news has.
        NoArticle: well formed, but there is no article in it.
    """
    reading = _opened(raw)
    if is_raw_record(reading):
        raw = read_raw_record(reading)
        reading = _opened(raw)
        if is_raw_record(reading):
            raise MalformedItem("a raw item holds a raw item that holds a third; unwrap it before it is sent.")
    dialect = detect(reading)
    drafts = dialect.parse(reading)
    for draft in drafts:
        repair_draft(draft)
        apply_notices(draft, raw.received_at)
    return [_article(raw, draft, dialect, reading, alone=len(drafts) == 1) for draft in drafts]


def _opened(raw: RawItem) -> Reading:
    if len(raw.body) > MAX_ITEM_BYTES:
        raise ItemTooLarge(f"the item has {len(raw.body)} bytes; the limit is {MAX_ITEM_BYTES}.")
    refuse_binary(raw.body)
    return Reading.of(raw)


def _article(raw: RawItem, draft: Draft, dialect: Dialect, reading: Reading, *, alone: bool) -> Article:
    text = join(map(fold, draft.paragraphs))
    if len(text) > MAX_TEXT_CHARS:
        raise ItemTooLarge(f"the text has {len(text)} characters; the limit is {MAX_TEXT_CHARS}.")
    if not text and draft.status != "cancelled":
        raise NoArticle("the item has no article text.")
    content = draft.content or raw.body
    times = _times(raw.hints, draft)
    draft.warnings += _ahead(times, raw)
    return Article(
        article_id=_id(raw, draft, content, alone=alone),
        version=draft.version or raw.hints.version or _version(raw, content),
        source=raw.source,
        text=text,
        **_words(raw.hints, draft, text),
        **times,
        status=draft.status,
        dateline=draft.dateline,
        urgency=draft.urgency,
        subjects=tuple(draft.subjects),
        media=tuple(draft.media),
        correction=draft.correction,
        extent=draft.extent,
        uri=_uri(raw, draft),
        provenance=Provenance(
            parser=dialect.NAME,
            parser_version=dialect.VERSION,
            digest=reading.digest,
            warnings=_warnings(draft, reading),
        ),
    )


def _words(hints: Hints, draft: Draft, text: str) -> dict[str, Any]:
    return {
        "headline": _line(draft.headline) or _line(hints.headline),
        "byline": _line(draft.byline) or _line(hints.byline),
        "slug": _line(draft.slug),
        "genre": _line(draft.genre),
        "keywords": tuple(filter(None, map(fold, draft.keywords or hints.keywords))),
        "language": draft.language or language_tag(hints.language) or guess_language(text or draft.headline or ""),
    }


def _times(hints: Hints, draft: Draft) -> dict[str, Any]:
    """A feed's time of publication beats one that was inferred from the prose, and takes its warning away."""
    stated = draft.published_at if draft.published_accuracy is None else None
    published = stated or hints.published_at or draft.published_at
    if published is not draft.published_at:
        draft.published_accuracy = None
        draft.warnings = [line for line in draft.warnings if not line.startswith("published_at: inferred")]
    return {
        "published_at": published,
        "published_accuracy": draft.published_accuracy,
        "updated_at": draft.updated_at or hints.updated_at,
        "embargoed_until": draft.embargoed_until,
    }


def _ahead(times: dict[str, Any], raw: RawItem) -> list[str]:
    """Return a warning for each time that lies further ahead of the receipt than zones and wrong clocks explain."""
    return [
        f"{name}: {times[name]:%Y-%m-%d %H:%M} UTC lies more than a day after the item was received"
        for name in ("published_at", "updated_at")
        if times[name] and times[name] - raw.received_at > MAX_AHEAD
    ]


def _id(raw: RawItem, draft: Draft, content: bytes, *, alone: bool) -> str:
    """Items with several articles name each by its own id or content: their uri is the same."""
    wire_id = draft.wire_id or (raw.hints.wire_id if alone else None)
    return article_id(raw.source, wire_id=wire_id, uri=raw.uri if alone else None, body=content)


def _version(raw: RawItem, content: bytes) -> str:
    hints = b"" if raw.hints == _NO_HINTS else raw.hints.to_json()
    return stable_id("version", content, hints)[:VERSION_DIGITS]


def _uri(raw: RawItem, draft: Draft) -> str | None:
    """The address that the item gives itself beats the name of the file it came in."""
    own = fold(draft.uri or "")
    return own if _ADDRESS.fullmatch(own) else raw.uri


def _line(value: str | None) -> str | None:
    return (fold(value) or None) if value else None


def _warnings(draft: Draft, reading: Reading) -> tuple[str, ...]:
    guessed = reading.__dict__.get("decoded")
    return (*([guessed.warning] if guessed and guessed.warning else ()), *draft.warnings)
