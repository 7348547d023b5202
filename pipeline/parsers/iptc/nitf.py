"""NITF, the News Industry Text Format, 3.1 to 3.6: one document is one article."""

from __future__ import annotations

import re
from typing import Final

from pipeline.errors import MalformedItem, NoArticle
from pipeline.parsers.dates import read_instant
from pipeline.parsers.drafting import set_release, set_times, set_urgency, sole_id
from pipeline.parsers.iptc.codes import subject_code, subjects_of
from pipeline.parsers.iptc.nitf_body import tell_nitf
from pipeline.parsers.iptc.settling import set_notice, settle
from pipeline.parsers.language import language_tag
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.xml import Element, attribute, child, children, section, words_of

NAME: Final = "nitf"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/nitf+xml", "application/vnd.iptc.nitf+xml", "text/vnd.iptc.nitf"})
SUFFIXES: Final = (".nitf",)

_KILLED: Final = frozenset({"canceled", "cancelled", "killed", "kill", "withdrawn"})
_SLUGS: Final = frozenset({"slug", "slugline", "Slug", "SlugLine"})
_NUMBERED = re.compile(r"(.*\d{6}.*):(\d{1,3})")


def recognizes(reading: Reading) -> bool:
    """Tell by the name of the root element."""
    return reading.prolog is not None and reading.prolog.root == "nitf"


def wire_id(reading: Reading) -> str | None:
    """Return the id of the story (see `_identity`); where the document kills another one, what comes of it decides."""
    docdata = section(_root(reading), "docdata")
    return _identity(docdata)[0] if _killed(docdata) is None else sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return the draft of the document, and one for the document that it cancels, if any.

    Raises:
        InputError: no NITF, or a document without words.
    """
    root = _root(reading)
    kill = _killed(section(root, "docdata"))
    try:
        own = _draft(root, Draft(warnings=list(reading.xml.warnings)))
    except NoArticle:
        if kill is None:
            raise
        return [kill]
    if kill is None:
        return [own]
    own.content, kill.content = reading.body, reading.body
    return [own, kill]


def _draft(root: Element, draft: Draft) -> Draft:
    docdata = section(root, "docdata")
    draft.wire_id, draft.version = _identity(docdata)
    draft.uri = draft.wire_id
    body = section(root, "body")
    draft.language = language_tag(attribute(root, "lang")) or language_tag(attribute(body, "lang"))
    _read_docdata(docdata, draft)
    _read_times(root, docdata, draft)
    _read_topics(root, docdata, draft)
    abstract = tell_nitf(body, draft) if body is not None else []
    draft.headline = draft.headline or words_of(child(root, "head", "title"))
    reference = (attribute(docdata, "management-idref-status") or "").casefold()
    set_notice(draft, corrected=child(docdata, "correction") is not None or reference.startswith("correct"))
    return settle(draft, "NITF document", abstract)


def _killed(docdata: Element | None) -> Draft | None:
    """Return a draft of another document that this one says is cancelled, None where it says of none."""
    reference = attribute(docdata, "management-doc-idref")
    if reference is None or (attribute(docdata, "management-idref-status") or "").casefold() not in _KILLED:
        return None
    issuer = attribute(child(docdata, "doc-id"), "regsrc")
    other = _numbered(reference, issuer)[0]
    if other == _identity(docdata)[0]:
        return None
    draft = Draft(wire_id=other, status="cancelled", uri=other)
    _read_docdata(docdata, draft)
    set_notice(draft, corrected=False)
    return draft


def _root(reading: Reading) -> Element:
    root = reading.xml.root
    if not recognizes(reading):
        raise MalformedItem("this is no NITF: its root element has another name.")
    return root


def _identity(docdata: Element | None) -> tuple[str | None, str | None]:
    """Return the id of the story and its version.

    A du-key is shared by all generations of a story. One without a digit is a word that desks use again on another
    day, so the day of issue is part of it. Without a du-key, a doc-id counts, and agencies write `id:version` there.
    """
    key = child(docdata, "du-key")
    version = ".".join(part for name in ("generation", "version") if (part := attribute(key, name))) or None
    issuer = attribute(child(docdata, "doc-id"), "regsrc")
    if word := attribute(key, "key"):
        if not re.search(r"\d", word):
            word = f"{word}@{(attribute(child(docdata, 'date.issue'), 'norm') or '').replace('-', '')[:8]}"
        return (word if ":" in word or not issuer else f"{issuer}:{word}"), version
    number = attribute(child(docdata, "doc-id"), "id-string")
    if number is None:
        return None, version
    number, told = _numbered(number, issuer)
    return number, version or told


def _numbered(number: str, issuer: str | None) -> tuple[str, str | None]:
    parts = _NUMBERED.fullmatch(number)
    number, version = (parts[1], parts[2]) if parts else (number, None)
    return (number if ":" in number or not issuer else f"{issuer}:{number}"), version


def _read_docdata(docdata: Element | None, draft: Draft) -> None:
    set_urgency(draft, attribute(child(docdata, "urgency"), "ed-urg"))
    correction = child(docdata, "correction")
    notes = [attribute(correction, "info"), attribute(child(docdata, "ed-msg"), "info")]
    draft.notes = list(filter(None, [*notes, words_of(correction)]))


def _read_times(root: Element, docdata: Element | None, draft: Draft) -> None:
    """Set the times. A release later than the issue is an embargo; the earliest revision is the first publication."""
    issue = attribute(child(docdata, "date.issue"), "norm")
    release = attribute(child(docdata, "date.release"), "norm")
    printed = attribute(child(root, "head", "pubdata"), "date.publication")
    status = attribute(docdata, "management-status")
    held = (status or "").casefold() == "embargoed"
    until = release if release and (held or (issue and _later(release, issue))) else None
    history = [
        norm
        for entry in children(child(root, "head"), "revision-history")
        if (norm := attribute(entry, "norm")) and read_instant(norm).at and not (issue and _later(norm, issue))
    ]
    first = min(history, key=lambda norm: read_instant(norm).at.timestamp(), default=None)  # type: ignore[union-attr]
    named = [("date.issue", issue), ("date.release", None if until else release), ("date.publication", printed)]
    set_times(draft, [("revision-history", first), *named] if first else named, named if first else ())
    set_release(draft, status, until)


def _later(one: str, other: str) -> bool:
    first, second = read_instant(one).at, read_instant(other).at
    return first is not None and second is not None and first > second


def _read_topics(root: Element, docdata: Element | None, draft: Draft) -> None:
    head = child(root, "head")
    key = attribute(child(docdata, "du-key"), "key") or ""
    slugs = [attribute(meta, "content") for meta in children(head, "meta") if attribute(meta, "name") in _SLUGS]
    draft.slug = next(filter(None, slugs), None) or (None if re.search(r"\d", key) else key or None)
    lists = children(docdata, "key-list")
    draft.keywords = [word for words in lists for entry in words if (word := attribute(entry, "key"))]
    for topics in children(head, "tobject"):
        genre = attribute(child(topics, "tobject.property"), "tobject.property.type")
        draft.genre = draft.genre or genre
        draft.subjects += subjects_of(map(_subject, children(topics, "tobject.subject")))
    draft.genre = draft.genre or attribute(child(docdata, "fixture"), "fix-id")


def _subject(subject: Element) -> tuple[str | None, str | None]:
    names = (attribute(subject, f"tobject.subject.{level}") for level in ("detail", "matter", "type"))
    return subject_code(attribute(subject, "tobject.subject.refnum")), next(filter(None, names), None)
