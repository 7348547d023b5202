"""The components of a NewsML 1 item, sorted into stories: which words belong together, and which pictures to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pipeline.parsers.iptc.bodies import tell
from pipeline.parsers.iptc.nitf_body import has_nitf
from pipeline.parsers.iptc.pictures import first_pictures, picture_of
from pipeline.parsers.reading import Draft
from pipeline.parsers.xml import Element, attribute, child, children, descendants, local_name, outermost, words_of
from schemas.article import Media

_UNREAD: Final = (
    *("photo", "graphic", "image", "picture", "video", "audio", "animation", "icon", "logo"),
    *("jpeg", "jpg", "png", "gif", "tiff", "mpeg", "mp4"),
)
"""What a media type or format is called that holds no words."""

_ENCODED: Final = ("base64", "uuencode", "binhex")


@dataclass(slots=True, eq=False)
class Part:
    """A NewsComponent: what it holds itself, and the components below it."""

    element: Element
    below: list[Part] = field(default_factory=list)
    lines: list[Element] = field(default_factory=list)
    """Its NewsLines."""
    metadata: list[Element] = field(default_factory=list)
    """Its DescriptiveMetadata."""
    words: list[Element] = field(default_factory=list)
    """The data of its own content items that can be read."""
    pictures: list[Element] = field(default_factory=list)
    """Its own content items that are to be seen or heard."""
    told: bool = False
    """Whether a story's words are in it; captions are none."""
    pictured: bool = False
    captions: int = 0
    """How many captions are in it."""

    @property
    def own_headline(self) -> bool:
        """Whether it has a headline of its own."""
        return any(words_of(line) for lines in self.lines for line in children(lines, "HeadLine"))

    @property
    def is_caption(self) -> bool:
        """Whether its words describe a picture."""
        return "caption" in (attribute(child(self.element, "Role"), "FormalName") or "").casefold()

    @property
    def alternatives(self) -> bool:
        """Whether what it holds are renditions of the same."""
        return (attribute(self.element, "EquivalentsList") or "").casefold() == "yes"


def parts_of(item: Element) -> list[Part]:
    """Return the components of a news item, without those of items within it."""
    return [_part(component) for component in children(item, "NewsComponent") or outermost(item, "NewsComponent")]


def _part(component: Element) -> Part:
    part = Part(component)
    for inner in component:
        name = local_name(inner)
        if name == "NewsComponent":
            part.below.append(_part(inner))
        elif name == "ContentItem":
            _add_content(part, inner)
        elif name == "NewsLines":
            part.lines.append(inner)
        elif name == "DescriptiveMetadata":
            part.metadata.append(inner)
    caption = part.is_caption
    part.told = not caption and (bool(part.words) or any(below.told for below in part.below))
    part.pictured = bool(part.pictures) or any(below.pictured for below in part.below)
    part.captions = (1 if part.words else 0) if caption else sum(below.captions for below in part.below)
    return part


def _add_content(part: Part, content: Element) -> None:
    kinds = (attribute(child(content, name), "FormalName") or "" for name in ("MediaType", "MimeType", "Format"))
    kind = " ".join(kinds).casefold()
    if any(word in kind for word in _UNREAD):
        part.pictures.append(content)
        return
    notation = (attribute(child(content, "Encoding"), "Notation") or "").casefold()
    data = next(descendants(content, "DataContent"), None)
    if data is not None and not any(word in notation for word in _ENCODED) and words_exist(data):
        part.words.append(data)


def words_exist(element: Element) -> bool:
    """Tell whether there is anything but white space in an element."""
    return any(not text.isspace() for text in element.itertext())


@dataclass(slots=True)
class Story:
    """The components of one story, with those around them whose lines count for it too."""

    around: tuple[Part, ...] = ()
    """From the outermost to the story's own: the inner one's lines win."""
    words: list[Element] = field(default_factory=list)
    silent: list[list[Part]] = field(default_factory=list)
    """Groups of components without a story's words: pictures and their captions."""
    caption: list[str] = field(default_factory=list)

    def lines(self, name: str) -> list[str]:
        """Return the news lines of a name from the innermost component that has any."""
        for part in reversed(self.around):
            named = [line for lines in part.lines for line in children(lines, name)]
            if found := [words for line in named if (words := words_of(line))]:
                return found
        return []

    def line(self, name: str) -> str | None:
        """Return the first of `lines`."""
        return next(iter(self.lines(name)), None)

    def news_lines(self) -> Iterator[tuple[str, str]]:
        """Yield the kind and the words of each free news line."""
        for part in reversed(self.around):
            for line in (line for lines in part.lines for line in children(lines, "NewsLine")):
                kind = attribute(child(line, "NewsLineType"), "FormalName") or ""
                if words := words_of(child(line, "NewsLineText")):
                    yield kind, words

    def described(self, name: str) -> list[Element]:
        """Return the descriptive metadata of a name from the innermost component that has any."""
        for part in reversed(self.around):
            if found := [entry for metadata in part.metadata for entry in children(metadata, name)]:
                return found
        return []

    @property
    def corrected(self) -> bool:
        """Whether a news line of the kind correction stands over the story."""
        return any("correct" in kind.casefold() for kind, _ in self.news_lines())

    def tell(self, draft: Draft) -> None:
        """Put words and pictures into a draft."""
        for data in self.words:
            tell(data, draft)
        media = [found for group in self.silent for found in _media_in(group, draft)]
        draft.media = list(dict.fromkeys([*draft.media, *media]))


def stories_of(item: Element) -> list[Story]:
    """Return the stories of a news item in order; a picture that comes without any is told by its caption."""
    parts = parts_of(item)
    stories: list[Story] = []
    for part in parts:
        if part.told:
            _sort(part, (), None, stories)
    silent = [part for part in parts if not part.told]
    if stories:
        stories[0].silent.append(silent)
    elif any(part.pictured or part.captions for part in silent):
        captions = [text for part in silent for text in _captions(part)]
        stories = [Story(_way_to_picture(silent) or (silent[0],), silent=[silent], caption=captions)]
    return stories


def flash_of(item: Element) -> Story | None:
    """Return the story of an item that has nothing but a headline, None where it has not even one."""
    parts = parts_of(item)
    return next((Story(around) for part in parts if (around := _way_to_headline(part))), None)


def _way_to_headline(part: Part) -> tuple[Part, ...]:
    if part.own_headline:
        return (part,)
    ways = (way for below in part.below if (way := _way_to_headline(below)))
    return next(((part, *way) for way in ways), ())


def _sort(part: Part, around: tuple[Part, ...], story: Story | None, stories: list[Story]) -> None:
    """Walk the components with words: they go on with the story at hand, or open one of their own.

    A component with a headline of its own is a story of its own where others stand beside it; alone it is the story,
    and what is above it are its labels.
    """
    around = (*around, part)
    telling = [below for below in part.below if below.told]
    if part.alternatives and telling:
        telling = [min(telling, key=_plainness)]
    others = len(telling) > 1 or bool(part.words)
    separate = {below for below in telling if others and below.own_headline}
    if story is None and (part.words or len(separate) < len(telling)):
        story = Story(around)
        stories.append(story)
    if story is not None and part.words:
        story.around = story.around if story.words else around
        story.words += [min(part.words, key=_plainness_of)] if part.alternatives else part.words
    first = len(stories)
    for below in telling:
        _sort(below, around, None if below in separate else story, stories)
    owner = story or (stories[first] if first < len(stories) else None)
    if owner is not None:
        own = [Part(part.element, pictures=part.pictures, pictured=True)] if part.pictures else []
        owner.silent.append([*own, *(below for below in part.below if not below.told)])


def _plainness(part: Part) -> int:
    """Order renditions by how much of the paragraphs they keep: NITF, other markup, plain text."""
    found = part.words or [words for below in part.below for words in below.words]
    return min(map(_plainness_of, found), default=3)


def _plainness_of(data: Element) -> int:
    return 2 if len(data) == 0 else 0 if has_nitf(data) else 1


def _way_to_picture(parts: list[Part]) -> tuple[Part, ...]:
    """Return the components from the top down to the picture, whose lines describe it."""
    around: list[Part] = []
    while (at := next((part for part in parts if part.pictured and not part.is_caption), None)) is not None:
        around.append(at)
        parts = at.below
    return tuple(around)


def _media_in(parts: list[Part], draft: Draft) -> list[Media]:
    """Return the pictures in components without a story; a caption that stands alone goes to the next picture."""
    units = [unit for part in parts for unit in _units(part)]
    loose = [" ".join(_captions(part)) for part in parts if part.captions and not part.pictured]
    found = []
    for unit in first_pictures(units, draft):
        caption = " ".join(_captions(unit)) or (loose.pop(0) if loose else "")
        found.append(_media(unit, caption))
    found += [picture_of(caption, None, None) for caption in loose]
    return [media for media in found if media is not None]


def _units(part: Part) -> list[Part]:
    """Return the components that are one picture each: with its renditions, and at most one caption."""
    if not part.pictured:
        return []
    seen = [below for below in part.below if below.pictured]
    if sum(below.captions > 0 for below in seen) > 1 or (len(seen) > 1 and all(below.own_headline for below in seen)):
        return [unit for below in seen for unit in _units(below)]
    return [part]


def _captions(part: Part) -> list[str]:
    """Return the words of the captions in a component."""
    if part.is_caption:
        draft = Draft()
        for data in part.words:
            tell(data, draft)
        return draft.paragraphs
    return [text for below in part.below if below.captions for text in _captions(below)]


def _media(unit: Part, caption: str) -> Media | None:
    contents = _contents(unit)
    address = next((found for content in contents if (found := attribute(content, "Href"))), None)
    lines = [line for name in ("CreditLine", "ByLine") for line in descendants(unit.element, name)]
    credit = next((words for line in lines if (words := words_of(line))), None)
    return picture_of(caption, address or attribute(unit.element, "Duid"), credit)


def _contents(part: Part) -> list[Element]:
    return part.pictures or next((found for below in part.below if (found := _contents(below))), [])
