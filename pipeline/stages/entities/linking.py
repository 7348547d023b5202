"""Linking: the ids of a name, from what is certain of it to what is certain enough; most names have none."""

from __future__ import annotations

from pipeline.stages.entities.articles import article_of
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.context import is_private
from pipeline.stages.entities.countries import Countries
from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.titles import Links, title_of
from schemas.entity import EntityType


class Linker:
    """Links the names of one text."""

    def __init__(self, text: str, found: list[Candidate], lexicon: Lexicon) -> None:
        """Take the names of a text, in order."""
        self._text, self._found, self._lexicon = text, found, lexicon
        self._countries = Countries(text, found, lexicon)

    def links(self, one: Candidate, kind: EntityType, entry: Entry | None) -> Links:
        """Return the links of a name: by the state behind it, its country, its row of a table, its article.

        Args:
            one: the name.
            kind: its type.
            entry: its row of the lexicon, where that is of this type.
        """
        if kind == "place" and one.name in self._countries.towns:
            return self._countries.towns[one.name]
        if kind != "person" and (national := self._countries.institution(one)) is not None:
            return national
        if entry is not None and entry.weak and not entry.links:
            # Doubtful names of the tables say what a name may be, not which.
            entry = None
        links = () if entry is None else entry.links
        if any(scheme == "wikipedia" for scheme, _ in links):
            return links
        if entry is not None:
            # A row without a title is a decision: the name alone leaves doubt, whatever is called the same.
            return (*links, *title_of(one, kind, entry.name, self._lexicon))
        return title_of(one, kind, one.spelling, self._lexicon) or self._article(one, kind)

    def _article(self, one: Candidate, kind: EntityType) -> Links:
        """Link a name to the article of that title, unless the text speaks of somebody whom no article is about."""
        title = article_of(one, kind, self._lexicon)
        if title is None or (kind == "person" and self._is_private(one.name)):
            return ()
        return (("wikipedia", title),)

    def _is_private(self, name: str) -> bool:
        mentions = (one for one in self._found if one.name == name)
        return any(is_private(self._text, one.start, one.end, self._lexicon) for one in mentions)
