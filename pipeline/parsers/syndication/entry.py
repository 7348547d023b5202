"""An entry as a draft: the rules that RSS, Atom, JSON Feed and WordPress exports share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold
from pipeline.parsers.plain_text import date_by_dateline, take_byline
from pipeline.parsers.reading import Draft
from pipeline.parsers.syndication.body import Body, line_of
from pipeline.parsers.syndication.links import canonical_link
from pipeline.parsers.syndication.media import distinct
from pipeline.parsers.syndication.names import text_of
from pipeline.parsers.xml import Document, Element, attribute
from schemas.article import Media, Subject
from schemas.ids import stable_id

MAX_ID_CHARS: Final = 2_000
"""Longest id of an entry; a longer one is text that strayed into the field."""

MAX_TOPICS: Final = 200
"""Most categories of one entry; archives with every tag of a site at every story are no help to anybody."""

MAX_NAME_CHARS: Final = 300
"""Longest byline of one person, with title and office."""

_MAILBOX = re.compile(r"[^\s()<>]{1,100}@[^\s()<>]{1,200}")
_BY = re.compile(r"by\s+", re.IGNORECASE)
_MEDIA_TOPIC = re.compile(r"(?:medtop:|.*cv\.iptc\.org/newscodes/mediatopic/)(\d{8})$", re.IGNORECASE)
_IPTC_SCHEME = re.compile(r"medtop|mediatopic|iptc", re.IGNORECASE)
_CODE = re.compile(r"\d{8}")


def finish(draft: Draft, *, full: Body, summary: Body, beside: Iterable[Media | None] = ()) -> Draft:
    """Fill in text, extent and media.

    Args:
        draft: with everything that fields of their own give; headline and times must be set.
        full: what stands where the whole story belongs.
        summary: what stands where a summary belongs; it may be the story all the same.
        beside: media that the entry names outside its text.
    """
    body = full or summary
    draft.paragraphs = list(body.paragraphs)
    draft.extent = "full" if (full and not full.cut) or (not full and summary.whole) else "excerpt"
    draft.media = distinct([*beside, *full.media, *summary.media])
    if draft.headline and draft.paragraphs and draft.paragraphs[0].casefold() == draft.headline.casefold():
        draft.paragraphs = draft.paragraphs[1:] or draft.paragraphs
    if not draft.paragraphs and draft.headline and draft.status != "cancelled":
        draft.paragraphs = [draft.headline]
        draft.warnings.append("text: the entry has only a headline")
    else:
        take_byline(draft)
        date_by_dateline(draft)
    if any("\ufffd" in line for line in (draft.headline or "", *draft.paragraphs)):
        draft.warnings.append("text: holds letters that were lost before it came here")
    draft.wire_id = draft.wire_id or identity_without_id(draft)
    return draft


def identity_without_id(draft: Draft) -> str | None:
    """Return what names an entry that has no id: its link without disguise, else headline and time."""
    if draft.uri:
        return canonical_link(draft.uri)
    if draft.headline and draft.published_at:
        return stable_id("entry", draft.headline.casefold(), draft.published_at.isoformat())
    return None


def refuse_silent(draft: Draft) -> Draft:
    """Return a draft that says something.

    Raises:
        NoArticle: it has neither text nor headline.
    """
    if not draft.paragraphs and draft.status != "cancelled":
        raise NoArticle("this entry of a feed has neither text nor headline.")
    return draft


def alone(document: Document, draft: Draft) -> Draft:
    """Return the draft of an entry that is an item of its own, with what was wrong with its XML.

    Raises:
        NoArticle: it has neither text nor headline.
    """
    draft.warnings = [*document.warnings, *draft.warnings]
    return refuse_silent(draft)


def identifier(text: str | None) -> str | None:
    """Return an id, None where the field is empty or holds no id."""
    folded = fold(text or "")
    return folded if 0 < len(folded) <= MAX_ID_CHARS else None


def person(text: str | None) -> str | None:
    """Return a name out of `jane@example.org (Jane Roe)`, `Jane Roe <jane@example.org>` or "By Jane Roe"."""
    words = line_of(text)
    if words is None:
        return None
    inside = re.search(r"\(([^()]+)\)", words) if _MAILBOX.match(words) else None
    name = inside[1] if inside else _MAILBOX.sub("", words).strip(" <>()\"'")
    plain = _BY.sub("", name, count=1).strip()
    return plain if 0 < len(plain) <= MAX_NAME_CHARS else None


def people(names: Iterable[str | None]) -> str | None:
    """Return a byline of several names, each once."""
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def add_topic(draft: Draft, term: str | None, label: str | None = None, scheme: str | None = None) -> None:
    """Add a category: as a subject where it has a code of the IPTC, as a keyword in any case where it has words."""
    if len(draft.keywords) >= MAX_TOPICS or len(draft.subjects) >= MAX_TOPICS:
        return
    code = _MEDIA_TOPIC.match(term or "") or (
        _CODE.fullmatch(term or "") if scheme and _IPTC_SCHEME.search(scheme) else None
    )
    name = line_of(label) or (None if code else line_of(term))
    if code:
        draft.subjects.append(Subject(code=f"medtop:{code[0][-8:]}", name=name))
    if name and name not in draft.keywords:
        draft.keywords.append(name)


def add_category(draft: Draft, element: Element) -> None:
    """Add a category of RSS (text and domain) or Atom (term, label and scheme)."""
    term = attribute(element, "term")
    text = fold(text_of(element)) or None
    scheme = attribute(element, "scheme") or attribute(element, "domain")
    if term:
        add_topic(draft, term, attribute(element, "label") or text, scheme)
    else:
        add_topic(draft, text, attribute(element, "label"), scheme)
