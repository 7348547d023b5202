"""NewsML 1.0 to 1.2: news items with nested components, of which each story becomes an article."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from pipeline.errors import MalformedItem, NoArticle
from pipeline.parsers.drafting import set_release, set_times, set_urgency, sole_id
from pipeline.parsers.iptc.codes import local_part, subject_code, subjects_of
from pipeline.parsers.iptc.newsml_components import Story, flash_of, stories_of
from pipeline.parsers.iptc.settling import byline_of, refuse_crowd, set_notice, settle
from pipeline.parsers.language import language_tag
from pipeline.parsers.placing import day_of, state_dateline
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.xml import (
    Element,
    attribute,
    bytes_of,
    child,
    children,
    descendants,
    section,
    words_of,
)

NAME: Final = "newsml-1"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/newsml+xml", "text/vnd.iptc.newsml"})
SUFFIXES: Final = (".newsml",)

_REVISION = re.compile(r":\d{1,9}[NUAnua]?$")
_NOTICE = re.compile(r"note|advis|correct|kill|instruction", re.IGNORECASE)


def recognizes(reading: Reading) -> bool:
    """Tell by the name of the root element."""
    return reading.prolog is not None and reading.prolog.root == "NewsML"


def wire_id(reading: Reading) -> str | None:
    """Return the id of the one news item with one content; otherwise what comes of the document decides."""
    items = _items(reading)
    simple = len(items) == 1 and len(list(islice(descendants(items[0], "DataContent"), 2))) < 2
    return _identity(items[0])[0] if simple else sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each story of each news item.

    Raises:
        MalformedItem: no NewsML.
        NoArticle: there is no story in it.
    """
    items = _items(reading)
    contents = sum(1 for _ in descendants(reading.xml.root, "DataContent"))
    refuse_crowd(max(len(items), contents), "NewsML")
    drafts: list[Draft] = []
    silent: list[str] = []
    for number, item in enumerate(items, start=1):
        try:
            drafts += _drafts(item)
        except NoArticle as error:
            if len(items) == 1:
                raise
            silent.append(f"item {number} of {len(items)}: {str(error).rstrip('.')}")
    if not drafts:
        raise NoArticle(f"none of the {len(items)} items in this NewsML tells a story.")
    if len(drafts) == 1:
        drafts[0].content = None
    for draft in drafts:
        draft.warnings[:0] = [*reading.xml.warnings, *silent]
    return drafts


def _items(reading: Reading) -> list[Element]:
    root = reading.xml.root
    if not recognizes(reading):
        raise MalformedItem("this is no NewsML: its root element has another name.")
    items = children(root, "NewsItem")
    if not items:
        raise NoArticle("this NewsML holds no NewsItem.")
    # Items within a component are items of their own, and no story of the one around them.
    return items + [inner for item in items for inner in descendants(item, "NewsItem")]


def _identity(item: Element) -> tuple[str | None, str | None]:
    """Return the id that all revisions share, in the form of a public identifier, and the revision."""
    identifier = section(item, "NewsIdentifier")
    revision = words_of(child(identifier, "RevisionId"))
    parts = [words_of(child(identifier, name)) for name in ("ProviderId", "DateId", "NewsItemId")]
    if parts[2]:
        return ":".join(["urn:newsml", *filter(None, parts)]), revision
    public = words_of(child(identifier, "PublicIdentifier"))
    return (_REVISION.sub("", public) if public else None), revision


def _drafts(item: Element) -> list[Draft]:
    stories = stories_of(item)
    if not stories:
        return [_without_content(item)]
    drafts = [_draft(item, story) for story in stories]
    for number, (draft, story) in enumerate(zip(drafts, stories, strict=True), start=1):
        own = story.around[-1]
        draft.content = b"".join(map(bytes_of, [*own.lines, *story.words]))
        if number > 1 and draft.wire_id:
            draft.wire_id += f"#{attribute(own.element, 'Duid') or number}"
    return drafts


def _without_content(item: Element) -> Draft:
    """Return the draft of a flash, which is a headline alone, or of an item that is cancelled."""
    flash = flash_of(item)
    management = Draft()
    _read_management(section(item, "NewsManagement"), management)
    refers = next(descendants(item, "NewsItemRef"), None) is not None
    if management.status != "cancelled" and (refers or flash is None):
        partial = child(item, "Update") is not None
        raise NoArticle(
            "this NewsItem only updates parts of an earlier revision; ask the wire for full revisions."
            if partial
            else "this NewsItem holds no words: it only refers to others, or changes their management."
        )
    return _draft(item, flash or Story())


def _draft(item: Element, story: Story) -> Draft:
    draft = Draft()
    draft.wire_id, draft.version = _identity(item)
    draft.uri = draft.wire_id
    _read_management(section(item, "NewsManagement"), draft)
    _read_lines(story, draft)
    draft.slug = draft.slug or words_of(child(section(item, "Identification"), "NameLabel"))
    _read_topics(item, story, draft)
    story.tell(draft)
    draft.paragraphs = draft.paragraphs or story.caption
    management = section(item, "NewsManagement")
    orders = " ".join(_formal(order) or "" for order in children(management, "Instruction")).casefold()
    set_notice(draft, corrected="correct" in orders or story.corrected, withdrawn="withdraw" in orders)
    return settle(draft, "NewsItem", [])


def _read_management(management: Element | None, draft: Draft) -> None:
    first = ("FirstCreated", words_of(child(management, "FirstCreated")))
    latest = ("ThisRevisionCreated", words_of(child(management, "ThisRevisionCreated")))
    set_times(draft, (first, latest), (latest,))
    status = _formal(child(management, "Status"))
    change = child(management, "StatusWillChange")
    until = words_of(child(change, "DateAndTime"))
    opens = until is not None and local_part(_formal(child(change, "FutureStatus"))) in {"usable", None}
    if opens and local_part(status) in {"embargoed", "withheld"}:
        # Whatever the wire calls it now: it says when it may be used.
        set_release(draft, "embargoed", until)
    else:
        set_release(draft, status, None)
    set_urgency(draft, _formal(child(management, "Urgency")))
    comments = [*children(child(management, "Status"), "Comment"), *children(management, "Comment")]
    draft.notes = [words for comment in comments if (words := words_of(comment))]


def _read_lines(story: Story, draft: Draft) -> None:
    draft.headline = story.line("HeadLine")
    draft.slug = story.line("SlugLine")
    draft.byline = byline_of(story.lines("ByLine"))
    draft.keywords = [word.strip() for line in story.lines("KeywordLine") for word in re.split(r"[,;]", line)]
    told = [day for entry in story.described("DateLineDate") if (day := day_of(words_of(entry)))]
    state_dateline(draft, story.line("DateLine"), next(iter(told), None))
    state_dateline(draft, _place(story))
    for kind, text in story.news_lines():
        if _NOTICE.search(kind):
            draft.notes.append(text)


def _place(story: Story) -> str | None:
    """Return the city, province or country of a Location, the closest first."""
    for location in story.described("Location"):
        named = {(_formal(part) or "").casefold(): attribute(part, "Value") for part in children(location, "Property")}
        names = [named.get("city"), named.get("countryname") or named.get("country")]
        if found := ", ".join(name for name in names if name):
            return found
    return None


def _read_topics(item: Element, story: Story, draft: Draft) -> None:
    languages = [_formal(language) for language in story.described("Language")]
    written = [attribute(part.element, "lang") for part in reversed(story.around)]
    draft.language = next(filter(None, map(language_tag, [*languages, *written, attribute(item, "lang")])), None)
    words = [part for part in story.described("Property") if (_formal(part) or "").casefold() == "keyword"]
    draft.keywords += [word for part in words if (word := attribute(part, "Value"))]
    draft.genre = next((name for genre in story.described("Genre") if (name := _formal(genre))), None)
    levels = [level for group in story.described("SubjectCode") for level in _most_detailed(group)]
    draft.subjects = subjects_of((subject_code(_formal(level)), _described(level)) for level in levels)


def _most_detailed(group: Element) -> list[Element]:
    """Each level of a SubjectCode repeats the ones above it in its number, so the most detailed ones say all."""
    named = (children(group, name) for name in ("SubjectDetail", "SubjectMatter", "Subject"))
    return next(filter(None, named), [])


def _described(element: Element) -> str | None:
    return attribute(element, "Value") or words_of(child(element, "Comment"))


def _formal(element: Element | None) -> str | None:
    return attribute(element, "FormalName")
