"""Fields of JSON articles: which keys are looked for, and how their loose values are read.

The names are those of ninjs 1.x first, then what content systems and APIs commonly write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pipeline.parsers.dates import Moment, read_instant
from pipeline.parsers.reading import Draft
from schemas.article import Status

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

_STATUSES: Final[Mapping[str, Status]] = {
    "usable": "usable",
    "published": "usable",
    "publish": "usable",
    "active": "usable",
    "final": "usable",
    "ok": "usable",
    "live": "usable",
    "corrected": "usable",
    "updated": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "draft": "withheld",
    "pending": "withheld",
    "private": "withheld",
    "future": "withheld",
    "hold": "withheld",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "killed": "cancelled",
    "kill": "cancelled",
    "withdrawn": "cancelled",
    "retracted": "cancelled",
    "deleted": "cancelled",
}
_LAST_ZONE: Final = timedelta(hours=12)
"""UTC-12 is where a day begins last."""

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
    """Set the status; `stat:canceled` and `Cancelled` are one, an unknown one counts as usable, with a warning."""
    if (given := first_words(item, STATUS)) is None:
        return
    status = _STATUSES.get(given.rpartition(":")[2].casefold())
    if status is None:
        draft.warnings.append(f"status: {given[:40]!r} is unknown; read as usable")
    else:
        draft.status = status


def read_times(item: Object, draft: Draft) -> None:
    """Set the times.

    An embargo must hold: one that cannot be read withholds the article, one without a zone ends in the last zone.
    """
    published = _first_moment(item, PUBLISHED, draft)
    draft.published_at = published.at
    if published.accuracy:
        draft.published_accuracy = published.accuracy
    updated = _first_moment(item, UPDATED, draft).at
    draft.updated_at = updated if updated != published.at else None
    for key in EMBARGO:
        value = item.get(key)
        if value is None or value is False or value == "":
            continue
        _set_embargo(value, draft)
        return


def _set_embargo(value: object, draft: Draft) -> None:
    moment = read_instant(value)
    draft.embargoed_until = moment.at
    if moment.at is None and draft.status == "usable":
        draft.status = "withheld"
        draft.warnings.append(f"embargo: {str(value)[:40]!r} is no time; withheld until a version says more")
    elif moment.at is not None and (moment.warning or moment.accuracy):
        draft.embargoed_until = moment.at + _LAST_ZONE
        draft.warnings.append(f"embargo: {str(value)[:40]!r} has no zone; held until it has come everywhere")


def _first_moment(item: Object, keys: Iterable[str], draft: Draft) -> Moment:
    for key in keys:
        if (value := item.get(key)) in (None, ""):
            continue
        moment = read_instant(value)
        if moment.warning and (line := f"{key}: {moment.warning}") not in draft.warnings:
            draft.warnings.append(line)
        if moment.at is not None:
            return moment
    return Moment(None)


def read_urgency(item: Object, draft: Draft) -> None:
    """Set the urgency, 1 to 9; anything else is a warning."""
    value = next((item[key] for key in URGENCY if item.get(key) is not None), None)
    if value is None or isinstance(value, bool):
        return
    text = str(value).strip()
    if text in set("123456789"):
        draft.urgency = int(text)
    else:
        draft.warnings.append(f"urgency: {text[:20]!r} is not 1 to 9; left out")


def published_at(item: object) -> datetime | None:
    """Return only the time of publication, for ordering."""
    return _first_moment(item, PUBLISHED, Draft()).at if isinstance(item, dict) else None
