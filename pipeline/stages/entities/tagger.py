"""The entity stage: text in, entities out."""

from __future__ import annotations

from pipeline.stages.entities.acronyms import define_acronyms
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.choice import current, labels_of
from pipeline.stages.entities.extent import fitted
from pipeline.stages.entities.joining import join
from pipeline.stages.entities.layout import without_slugs
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.local import recognize_local
from pipeline.stages.entities.recall import recalled
from pipeline.stages.entities.resolving import resolve_types
from pipeline.stages.entities.rules import recognize
from pipeline.stages.entities.scan import words_of
from pipeline.stages.entities.trained import relabel
from schemas.entity import Entity


def tag_entities(text: str, *, language: str = "en", dateline_place: str | None = None) -> tuple[Entity, ...]:
    """Return the entities of a text, by first mention; spans are code points into exactly this text.

    English is read by the chosen tagger, the trained one where nobody chose. For every other language only names of
    the gazetteer are found, and none for a language that the gazetteer does not cover; `Entity.method` says so.

    Args:
        text: the article; any string.
        language: BCP 47 tag; only its first part is read.
        dateline_place: the place of the dateline where the article carries it outside its text; a name that
            the text spells the same way is that place.
    """
    choice = current()
    known = choice.known
    if not is_tagged(language):
        return join(text, recognize_local(text, _primary(language), known), {}, known, "gazetteer")
    # What is read has the length of the text, so that spans are those of the text.
    read = without_slugs(text, known)
    found = recognize(read, known)
    if dateline_place:
        _hint_place(dateline_place, found, known)
    acronyms = define_acronyms(read, found)
    names = resolve_types(read, found, acronyms, known)
    if choice.tagger != "rules":
        names = relabel(read, names, labels_of(read, names), known)
    names = recalled(read, fitted(read, names, known), known)
    return join(text, names, acronyms, known, choice.tagger)


def is_tagged(language: str) -> bool:
    """Tell whether texts of a language are read by a tagger; of all others only listed names are found."""
    return _primary(language) == "en"


def _primary(language: str) -> str:
    return language.partition("-")[0].partition("_")[0].lower()


def ruled(text: str, known: Lexicon) -> list[Candidate]:
    """Return the names of an English text by rules and gazetteer alone: what the trained tagger gets as hints."""
    found = recognize(text, known)
    return resolve_types(text, found, define_acronyms(text, found), known)


def _hint_place(place: str, found: list[Candidate], known: Lexicon) -> None:
    words = words_of(place.partition(",")[0])
    hit = known.longest(list(words), 0, len(words)) if words else None
    for one in found:
        if one.words == words or (hit and one.name == hit[0].name):
            one.type, one.confidence, one.fixed = "place", 0.9, True
