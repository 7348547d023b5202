"""Fields of JSON articles: which keys are looked for, and how their loose values are read.

The names are those of ninjs 1.x first, then what content systems and APIs commonly write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pipeline.parsers.drafting import first_moment, set_release, set_times, set_urgency
from pipeline.parsers.reading import Draft

Object = Mapping[str, Any]

WIRE_ID: Final = ("uri", "guid", "id", "wire_id", "url", "link")
ADDRESS: Final = ("url", "link", "uri", "guid", "id")
VERSION: Final = ("version", "revision")
STATUS: Final = ("pubstatus", "pubStatus", "status")
HEADLINE: Final = ("headline", "title", "headlines")
BODY: Final = (
    "body_text",
    "bodytext",
    "body_html",
    "body_xhtml",
    "content_html",
    "text",
    "body",
    "content",
    "content_text",
    "articleBody",
    "article_body",
    "bodies",
)
BYLINE: Final = ("byline", "by", "author", "authors", "creator")
LANGUAGE: Final = ("language", "lang", "inLanguage")
PUBLISHED: Final = (
    "published_at",
    "published",
    "publishedAt",
    "datePublished",
    "date_published",
    "firstpublished",
    "firstcreated",
    "firstCreated",
    "versioncreated",
    "versionCreated",
    "pubDate",
    "created_at",
    "date",
)
UPDATED: Final = (
    "updated_at",
    "updated",
    "updatedAt",
    "versioncreated",
    "versionCreated",
    "modified",
    "dateModified",
    "date_modified",
)
EMBARGO: Final = ("embargoed", "embargoed_until", "embargoedUntil", "embargo")
SLUG: Final = ("slug", "slugline", "sluglines")
GENRE: Final = ("genre", "genres")
KEYWORDS: Final = ("keywords", "keyword", "tags")
SUBJECTS: Final = ("subject", "subjects")
PLACE: Final = ("dateline", "located")
URGENCY: Final = ("urgency", "priority")
PICTURES: Final = ("associations", "media", "images", "image")
NOTE: Final = ("ednote", "edNote", "editorial_note", "note")

_INNER = ("value", "text", "name", "main", "headline", "fullName", "title", "$t", "#text")


def words(value: object, depth: int = 0) -> str | None:
    """Return the words of a loose value: a text, an object that holds one, or the first of a list that has any."""
    if isinstance(value, str):
        return value.strip() or None
    if depth > 3:
        return None
    if isinstance(value, dict):
        return next((found for key in _INNER if (found := words(value.get(key), depth + 1))), None)
    if isinstance(value, list):
        return next((found for part in value if (found := words(part, depth + 1))), None)
    return None


def first_words(item: Object, keys: Iterable[str]) -> str | None:
    """Return the words of the first key that has any."""
    return next((found for key in keys if (found := words(item.get(key)))), None)


def list_of_words(item: Object, keys: Iterable[str]) -> list[str]:
    """Return the words of the first key that holds a list of them, or a text with commas."""
    for key in keys:
        value = item.get(key)
        parts = re.split(r"[,;]", value) if isinstance(value, str) else value if isinstance(value, list) else []
        if found := [text for part in parts if (text := words(part))]:
            return found
    return []


def identity(item: Object, keys: Iterable[str]) -> str | None:
    """Return the first key that holds an id or a version: a text without white space around it, or a whole number."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def read_status(item: Object, draft: Draft) -> None:
    """Set status and embargo from the first keys that state them."""
    until = next((value for key in EMBARGO if (value := item.get(key)) not in (None, False, "")), None)
    set_release(draft, first_words(item, STATUS), until)


def read_times(item: Object, draft: Draft) -> None:
    """Set publication and update from the first keys that state them."""
    set_times(draft, _named(item, PUBLISHED), _named(item, UPDATED))


def _named(item: Object, keys: Iterable[str]) -> list[tuple[str, object]]:
    return [(key, item.get(key)) for key in keys]


def read_urgency(item: Object, draft: Draft) -> None:
    """Set the urgency from the first key that has one."""
    set_urgency(draft, next((item[key] for key in URGENCY if item.get(key) is not None), None))


def published_at(item: object) -> datetime | None:
    """Return only the time of publication, for ordering."""
    return first_moment(Draft(), _named(item, PUBLISHED)).at if isinstance(item, dict) else None
