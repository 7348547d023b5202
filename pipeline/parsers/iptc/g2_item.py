"""One item of NewsML-G2: its management, its metadata and its content, into a draft."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold
from pipeline.parsers.drafting import set_release, set_times, set_urgency
from pipeline.parsers.iptc.bodies import tell, tell_text
from pipeline.parsers.iptc.codes import local_part, subject_code, subjects_of
from pipeline.parsers.iptc.pictures import first_pictures, picture_of
from pipeline.parsers.iptc.settling import byline_of, set_notice, settle
from pipeline.parsers.language import language_tag
from pipeline.parsers.markup import block_texts
from pipeline.parsers.placing import day_of, state_dateline
from pipeline.parsers.reading import Draft
from pipeline.parsers.xml import Element, attribute, child, children, descendants, local_name, section, words_of
from schemas.article import Media

_PICTURES: Final = frozenset({"picture", "graphic", "video", "audio", "animation"})
_SEEN: Final = ("image/", "video/", "audio/")
_CORRECTED: Final = frozenset({"correction", "corrected", "corr", "crx"})


def catalog_of(element: Element) -> dict[str, str]:
    """Return which address each scheme alias of an item's own catalog stands for."""
    schemes = (scheme for catalog in children(element, "catalog") for scheme in children(catalog, "scheme"))
    return {attribute(scheme, "alias") or "": attribute(scheme, "uri") or "" for scheme in schemes}


class Item:
    """A newsItem or packageItem while it is read."""

    def __init__(self, element: Element, aliases: dict[str, str]) -> None:
        self.element = element
        self._aliases = aliases
        self._management = section(element, "itemMeta")
        self._content = section(element, "contentMeta")
        guid = attribute(element, "guid")
        self.draft = Draft(wire_id=guid, version=attribute(element, "version"), uri=guid)

    @cached_property
    def is_picture(self) -> bool:
        """Whether the item is a picture, a graphic, a sound or a film, with words about it."""
        kind = local_part(_code(child(self._management, "itemClass")))
        if kind is not None:
            return kind in _PICTURES
        content = section(self.element, "contentSet")
        return bool(children(content, "remoteContent")) and not (
            children(content, "inlineXML") or children(content, "inlineData")
        )

    @cached_property
    def links(self) -> frozenset[str]:
        """The ids of the items that this one refers to."""
        found = [*children(self._management, "link"), *descendants(self.element, "itemRef")]
        names = ("residref", "guidref", "href")
        return frozenset(value for link in found for name in names if (value := attribute(link, name)))

    def settle(self) -> None:
        """Read everything into the draft.

        Raises:
            NoArticle: there are no words.
        """
        self._read_management()
        self._read_topics()
        self._read_lines()
        self._read_content()
        signals = {local_part(_code(signal)) for signal in children(self._management, "signal")}
        set_notice(self.draft, corrected=not _CORRECTED.isdisjoint(signals), withdrawn="withdrawal" in signals)
        summary = self._summary()
        if local_name(self.element) == "packageItem" and not (summary or self.draft.paragraphs):
            raise NoArticle(
                "this is a packageItem that only refers to other items; send those, or a description in it."
            )
        settle(self.draft, local_name(self.element), summary)

    def _read_management(self) -> None:
        times = {name: _text(child(self._management, name)) for name in ("firstCreated", "versionCreated")}
        made = {name: _text(child(self._content, name)) for name in ("contentCreated", "contentModified")}
        first = ("firstCreated", times["firstCreated"]), ("contentCreated", made["contentCreated"])
        latest = ("versionCreated", times["versionCreated"]), ("contentModified", made["contentModified"])
        # A picture was taken at its contentCreated, which may be years before anybody sent it.
        set_times(self.draft, (*(first[:1] if self.is_picture else first), *latest), latest)
        embargo = child(self._management, "embargoed")
        until = None if embargo is None else _text(embargo) or ""
        set_release(self.draft, local_part(_code(child(self._management, "pubStatus"))), until)
        self.draft.notes = [words for note in children(self._management, "edNote") if (words := words_of(note))]

    def _read_topics(self) -> None:
        draft, content = self.draft, self._content
        set_urgency(draft, _text(child(content, "urgency")))
        tags = [attribute(language, "tag") for language in children(content, "language")]
        draft.language = next(filter(None, map(language_tag, [*tags, attribute(self.element, "lang")])), None)
        genres = children(content, "genre")
        draft.genre = next((name for genre in genres if (name := _name(genre) or _local(_code(genre)))), None)
        draft.keywords = [word for keyword in children(content, "keyword") if (word := words_of(keyword))]
        subjects = children(content, "subject")
        draft.subjects = subjects_of((subject_code(_code(part), self._aliases), _name(part)) for part in subjects)

    def _read_lines(self) -> None:
        draft, content = self.draft, self._content
        headlines = sorted(children(content, "headline"), key=_rank)
        titles = [*headlines, *children(self._management, "title")]
        draft.headline = next((words for title in titles if (words := words_of(title))), None)
        draft.slug = next((words for line in children(content, "slugline") if (words := words_of(line))), None)
        draft.byline = byline_of([words_of(by) for by in children(content, "by")])
        state_dateline(draft, words_of(child(content, "dateline")))
        state_dateline(draft, self._place())

    def _place(self) -> str | None:
        places = children(self._content, "located")
        return next((name for place in places if (name := _name(place) or attribute(place, "literal"))), None)

    def _read_content(self) -> None:
        content = section(self.element, "contentSet")
        if self.is_picture:
            self._read_picture()
        for inline in children(content, "inlineXML"):
            # Several are renditions of the same words: the first that has any will do.
            if not self.draft.paragraphs:
                tell(inline, self.draft)
        for inline in children(content, "inlineData"):
            if not self.draft.paragraphs and _is_text(inline):
                tell_text("".join(map(str, inline.itertext())), self.draft)
        if not self.is_picture:
            self.draft.media += self._other_pictures(content)

    def _summary(self) -> list[str]:
        """Return the description; of a picture its whole caption, which is all the story there is."""
        described = sorted(children(self._content, "description"), key=_rank)
        return next((texts for part in described if (texts := block_texts(part))), [])

    def _read_picture(self) -> None:
        """The caption is a story of its own as long as no other item takes the picture."""
        caption = self._summary()
        made = child(self._content, "contentCreated")
        creators = [_name(creator) for creator in children(self._content, "creator")]
        credit = words_of(child(self._content, "creditline")) or next(filter(None, creators), None)
        found = picture_of(" ".join(caption), self.draft.wire_id, credit, day_of(_text(made)), self._place())
        self.draft.media += [found] if found else []
        if self.draft.status != "cancelled":
            self.draft.paragraphs = caption

    def _other_pictures(self, content: Element | None) -> list[Media]:
        """Return what a story or a package says of pictures that lie elsewhere."""
        credit = words_of(child(self._content, "creditline"))
        parts = [*children(content, "remoteContent"), *descendants(self.element, "itemRef")]
        found: dict[Media, None] = {}
        for part in first_pictures(list(filter(_is_seen, parts)), self.draft):
            names = ("href", "residref") if local_name(part) == "remoteContent" else ("residref", "href")
            caption = words_of(child(part, "description")) or words_of(child(part, "title"))
            caption = caption or words_of(child(part, "altText"))
            address = next((value for name in names if (value := attribute(part, name))), None)
            media = picture_of(caption, address, credit if caption else None)
            if media:
                found[media] = None
        return list(found)


def _code(element: Element | None) -> str | None:
    names = ("qcode", "uri", "literal", "code")
    return next((value for name in names if (value := attribute(element, name))), None)


def _local(code: str | None) -> str | None:
    return code.rpartition(":")[2] if code else None


def _name(element: Element) -> str | None:
    names = children(element, "name")
    return next((words for name in names if (words := words_of(name))), None)


def _text(element: Element | None) -> str | None:
    return None if element is None else fold(element.text or "") or None


def _rank(element: Element) -> int:
    """Order lines by role: without one or the main one first, captions before the rest."""
    role = local_part(attribute(element, "role"))
    return 0 if role in {None, "main"} else 1 if role in {"caption", "summary"} else 2


def _is_text(inline: Element) -> bool:
    kind = (attribute(inline, "contenttype") or "text/").casefold()
    return kind.startswith("text/") and "base64" not in (attribute(inline, "encoding") or "").casefold()


def _is_seen(part: Element) -> bool:
    kind = local_part(attribute(part, "itemclass") or _code(child(part, "itemClass")))
    return kind in _PICTURES or (attribute(part, "contenttype") or "").startswith(_SEEN)
