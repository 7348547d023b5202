"""JSON articles: one object, or a list of them, with the names that are common for one (see `json_fields`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import orjson

from pipeline.errors import MalformedItem, NoArticle
from pipeline.parsers import json_fields as fields
from pipeline.parsers.canonical import fold, is_boilerplate, paragraphs_of, unescape
from pipeline.parsers.caption import read_caption
from pipeline.parsers.dates import find_date
from pipeline.parsers.json_fields import Object, first_words, identity, words
from pipeline.parsers.language import language_tag
from pipeline.parsers.markup import has_markup, paragraphs_of_markup
from pipeline.parsers.placing import settle_dateline, state_dateline
from pipeline.parsers.reading import Draft, Reading
from schemas.article import Correction, Media, Subject

NAME: Final = "json-article"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/json", "application/ld+json", "text/json"})
SUFFIXES: Final = (".json", ".jsonl", ".ndjson")

MAX_ARTICLES: Final = 10_000
"""Most articles in one item; more is an archive, which JSON Lines carries better."""

_OPENS_JSON = re.compile(rb'\{\s*(?:"|\})|\[\s*(?:\{|\])')
_BY = re.compile(r"by\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|urn|tag):")
_KINDS: Final = {"correction": "correction", "kill": "kill", "withdrawal": "withdrawal", "advisory": "advisory"}


def recognizes(reading: Reading) -> bool:
    """Tell by the first characters: an object with a key, or a list of objects."""
    opening = reading.opening
    if opening[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        opening = reading.text[:512].lstrip().encode("utf-8", "replace")
    return _OPENS_JSON.match(opening) is not None


def wire_id(reading: Reading) -> str | None:
    """Return the id that the one object carries; None for a list of several."""
    value = reading.json
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return identity(value, fields.WIRE_ID) if isinstance(value, dict) else None


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each object.

    Raises:
        MalformedItem: no JSON, or JSON that is neither an object nor a list of objects.
        NoArticle: none of the keys of a text is there.
    """
    return each_object(reading, _draft)


def each_object(reading: Reading, read: Callable[[Object], Draft]) -> list[Draft]:
    """Return what `read` makes of the one object, or of each in a list.

    Raises:
        MalformedItem: no JSON, JSON that is neither an object nor a list of objects, or too many of them.
        NoArticle: the list is empty.
    """
    value = reading.json
    if isinstance(value, dict):
        return [read(value)]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MalformedItem("this JSON is neither an object nor a list of objects.")
    if not value:
        raise NoArticle("this JSON list is empty.")
    if len(value) > MAX_ARTICLES:
        raise MalformedItem(
            f"this JSON list holds {len(value)} objects; more than {MAX_ARTICLES} belong into JSON Lines."
        )
    drafts = [read(item) for item in value]
    if len(drafts) > 1:
        for draft, item in zip(drafts, value, strict=True):
            draft.content = orjson.dumps(item)
    return drafts


def _draft(item: Object) -> Draft:
    draft = Draft(
        wire_id=identity(item, fields.WIRE_ID),
        version=identity(item, fields.VERSION),
        headline=line_of(first_words(item, fields.HEADLINE)),
        byline=_byline(item),
        slug=first_words(item, fields.SLUG),
        language=language_tag(first_words(item, fields.LANGUAGE)),
        genre=first_words(item, fields.GENRE),
        keywords=fields.list_of_words(item, fields.KEYWORDS),
        subjects=_subjects(item),
        media=_media(item),
        uri=next((value for key in fields.ADDRESS if (value := words(item.get(key))) and _ADDRESS.match(value)), None),
    )
    fields.read_status(item, draft)
    fields.read_times(item, draft)
    fields.read_urgency(item, draft)
    _read_correction(item, draft)
    draft.paragraphs = _body(item)
    if not draft.paragraphs and draft.status != "cancelled":
        raise NoArticle(f"this JSON object has no article text; looked for the keys {', '.join(fields.BODY)}.")
    state_dateline(draft, line_of(first_words(item, fields.PLACE)))
    settle_dateline(draft)
    return draft


def _body(item: Object) -> list[str]:
    for key in fields.BODY:
        if not (text := words(item.get(key))):
            continue
        marked_up = key.endswith("html") or has_markup(text)
        found = paragraphs_of_markup(text) if marked_up else paragraphs_of(text)
        if paragraphs := [paragraph for paragraph in found if not is_boilerplate(paragraph)]:
            return paragraphs
    return []


def _byline(item: Object) -> str | None:
    for key in fields.BYLINE:
        value = item.get(key)
        names = [text for part in value if (text := words(part))] if isinstance(value, list) else [words(value) or ""]
        if joined := ", ".join(filter(None, (_BY.sub("", line_of(name) or "", count=1) for name in names))):
            return joined
    return None


def _subjects(item: Object) -> list[Subject]:
    found: list[Subject] = []
    for key in fields.SUBJECTS:
        value = item.get(key)
        for part in value if isinstance(value, list) else [value]:
            code = identity(part, ("code", "qcode", "uri", "id")) if isinstance(part, dict) else None
            name = line_of(words(part))
            if code or name:
                found.append(Subject(code=line_of(code), name=name))
    return found


def _media(item: Object) -> list[Media]:
    found: list[Media] = []
    for key in fields.PICTURES:
        value = item.get(key)
        parts: list[Any] = value if isinstance(value, list) else [value]
        if key == "associations" and isinstance(value, dict):
            parts = list(value.values())
        found += [media for part in parts if isinstance(part, dict) and (media := _picture(part))]
    return found


def _picture(part: Object) -> Media | None:
    caption = line_of(first_words(part, ("caption", "description_text", "body_text", "description", "headline")))
    read = read_caption(caption) if caption else Media()
    taken = first_words(part, ("taken_on", "contentcreated", "date_taken"))
    day = find_date(taken) if taken else None
    media = Media(
        id=identity(part, ("id", "uri", "url", "href", "src")),
        caption=read.caption,
        credit=line_of(first_words(part, ("credit", "creditline", "byline", "copyrightholder"))) or read.credit,
        taken_on=(day.iso if day else None) or read.taken_on,
        place=line_of(first_words(part, ("place", "located"))) or read.place,
    )
    return None if media == Media() else media


def _read_correction(item: Object, draft: Draft) -> None:
    """Set the notice from the keys that say so explicitly."""
    note = line_of(first_words(item, fields.NOTE))
    draft.notes = list(filter(None, [note]))
    given = item.get("correction")
    if isinstance(given, dict) and (kind := _KINDS.get(str(given.get("kind", "correction")).casefold())):
        draft.correction = Correction.model_validate({"kind": kind, "note": line_of(words(given.get("note"))) or note})
    elif isinstance(given, str) and given.strip():
        draft.correction = Correction(kind="correction", note=line_of(given))
    elif given is True or first_words(item, ("signal", "signals")) in {"sig:correction", "correction"}:
        draft.correction = Correction(kind="correction", note=note)
    if draft.status == "cancelled" and (draft.correction is None or draft.correction.kind == "correction"):
        withdrawn = (first_words(item, fields.STATUS) or "").casefold().endswith(("withdrawn", "retracted"))
        draft.correction = Correction(kind="withdrawal" if withdrawn else "kill", note=note)


def line_of(value: str | None) -> str | None:
    """Return a field that is one line, folded, without markup and with its entities decoded."""
    if not value:
        return None
    return fold(" ".join(paragraphs_of_markup(value)) if has_markup(value) else unescape(value)) or None
