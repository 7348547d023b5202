"""ninjs, news in JSON, 1.x to 3.x: one object, or a list of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pipeline.errors import MalformedItem, NoArticle
from pipeline.parsers import json_article
from pipeline.parsers.canonical import fold
from pipeline.parsers.drafting import set_release, set_times
from pipeline.parsers.iptc.bodies import tell_markup, tell_text
from pipeline.parsers.iptc.codes import local_part, subject_code, subjects_of
from pipeline.parsers.iptc.ninjs_fields import Fields
from pipeline.parsers.iptc.pictures import picture_of
from pipeline.parsers.iptc.settling import byline_of, set_notice, settle
from pipeline.parsers.json_article import line_of
from pipeline.parsers.language import language_tag
from pipeline.parsers.markup import tree_of
from pipeline.parsers.placing import day_of, state_dateline
from pipeline.parsers.reading import Draft, Reading
from schemas.article import Media

NAME: Final = "ninjs"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/vnd.iptc.ninjs+json", "application/ninjs+json"})
SUFFIXES: Final = (".ninjs", ".ninjs.json")

_MARKS = re.compile(rb'"(?:pub[sS]tatus|version[cC]reated|standard|bodies)"')
_SEEN: Final = frozenset({"picture", "graphic", "video", "audio", "animation"})
_TOPICS: Final = ("subject", "person", "organisation", "place", "event", "object")
_CORRECTED: Final = frozenset({"correction", "corrected"})


def recognizes(reading: Reading) -> bool:
    """Tell by the names that only ninjs uses together: `uri` with a status, a version's time, or bodies."""
    if not (json_article.recognizes(reading) and _MARKS.search(reading.body)):
        return False
    try:
        value = reading.json
    except MalformedItem:
        return False
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(map(_is_ninjs, items))


def _is_ninjs(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    standard = item.get("standard")
    if isinstance(standard, dict) and "ninjs" in f"{standard.get('name')} {standard.get('schema')}":
        return True
    names = ("pubstatus", "pubStatus", "versioncreated", "versionCreated", "bodies")
    return isinstance(item.get("uri"), str) and any(name in item for name in names)


def wire_id(reading: Reading) -> str | None:
    """Return the uri of the one object; None for a list of several."""
    value = reading.json
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return Fields(value, Draft()).identity("uri") if isinstance(value, dict) else None


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each object; a value of the wrong type is a warning on it.

    Raises:
        MalformedItem: no JSON, or neither an object nor a list of objects.
        NoArticle: an object has no words.
    """
    return json_article.each_object(reading, _draft)


_MAX_KIND: Final = 40
"""Letters read of a type; it stands in messages."""


def _draft(item: Mapping[str, Any]) -> Draft:
    draft = Draft()
    fields = Fields(item, draft)
    draft.wire_id = draft.uri = fields.identity("uri")
    draft.version = fields.identity("version")
    _read_management(fields, draft)
    _read_topics(fields, draft)
    kind = fold(fields.text("type") or "")[:_MAX_KIND] or "object"
    captioned = kind in _SEEN
    summary = _read_bodies(fields, "description", draft)
    if captioned:
        draft.media += _picture(fields, " ".join(summary))
        draft.paragraphs = summary if draft.status != "cancelled" else []
    draft.paragraphs = _read_bodies(fields, "body", draft) or draft.paragraphs
    _read_associations(fields, draft)
    signals = {local_part(code) for entry in fields.parts("signal") if (code := entry.code())}
    set_notice(draft, corrected=not _CORRECTED.isdisjoint(signals), withdrawn="withdrawal" in signals)
    if kind == "composite" and not (draft.paragraphs or summary or draft.status == "cancelled"):
        raise NoArticle("this ninjs composite only refers to other items; send those, or a description in it.")
    return settle(draft, f"ninjs {kind}", summary)


def _read_management(fields: Fields, draft: Draft) -> None:
    first = ("firstcreated", fields.moment("firstcreated")), ("contentcreated", fields.moment("contentcreated"))
    latest = ("versioncreated", fields.moment("versioncreated"))
    shown = fields.text("type") in _SEEN
    set_times(draft, (*(first[:1] if shown else first), latest), (latest,))
    until = fields.moment("embargoeduntil", "embargoed")
    set_release(draft, fields.text("pubstatus"), until)
    fields.urgency()
    draft.notes = list(filter(None, [fields.line("ednote")]))


def _read_topics(fields: Fields, draft: Draft) -> None:
    draft.headline = _headline(fields)
    draft.slug = fields.line("slugline", "slug")
    draft.byline = byline_of([fields.line("by", "byline")])
    draft.language = language_tag(fields.text("language"))
    draft.genre = next((name for part in fields.parts("genre") if (name := part.name() or part.code())), None)
    draft.keywords = fields.texts("keywords", "keyword")
    parts = [part for topic in _TOPICS for part in fields.parts(topic)]
    draft.subjects = subjects_of((subject_code(part.code()), part.name()) for part in parts)
    state_dateline(draft, fields.line("dateline"))
    state_dateline(draft, _place(fields))


def _headline(fields: Fields) -> str | None:
    found = fields.written("headline")
    ranked = sorted(found, key=lambda entry: entry.role not in {"", "main"})
    return line_of(next((entry.value for entry in ranked), None)) or fields.line("title")


def _read_bodies(fields: Fields, stem: str, draft: Draft) -> list[str]:
    """Return the paragraphs of the body, or the description, that keeps them best; its figures go to the draft.

    Bodies are renditions of the same words: markup keeps paragraphs, plain text is often one line.
    """
    for words in sorted(fields.written(stem), key=lambda entry: entry.rank):
        told = Draft(published_at=draft.published_at)
        if "html" in words.kind:
            tell_markup(tree_of(f"<div>{words.value}</div>"), told)
        else:
            tell_text(words.value, told, encoded=True)
        if told.paragraphs:
            draft.media += told.media
            draft.warnings += told.warnings
            draft.headline = draft.headline or told.headline
            draft.byline = draft.byline or told.byline
            draft.dateline = draft.dateline or told.dateline
            return told.paragraphs
    return []


def _read_associations(fields: Fields, draft: Draft) -> None:
    """Add the associated pictures; one that a figure of the body shows takes the figure's place, for it knows more."""
    found: dict[str | Media, Media] = {media.caption or media: media for media in draft.media}
    for part in fields.parts("association"):
        if part.written("body") and part.text("type") not in _SEEN:
            draft.warnings.append("associations: a text of its own was left out; send it as an item")
            continue
        caption = " ".join(_read_bodies(part, "description", Draft())) or part.line("caption") or _headline(part)
        found |= {media.caption or media: media for media in _picture(part, caption or "")}
    draft.media = list(found.values())


def _place(fields: Fields) -> str | None:
    return next((name for part in fields.parts("located") if (name := part.name())), None)


def _picture(fields: Fields, caption: str) -> list[Media]:
    taken = day_of(fields.text("contentcreated"))
    credit = fields.line("creditline", "by", "byline", "copyrightholder")
    found = picture_of(caption, fields.identity("uri"), credit, taken, _place(fields))
    return [found] if found else []
