"""The entity stage: text in, entities out."""

from __future__ import annotations

from pipeline.stages.entities.joining import join, resolve_types
from pipeline.stages.entities.lexicon import lexicon
from pipeline.stages.entities.local import recognize_local
from pipeline.stages.entities.rules import recognize
from schemas.entity import Entity


def tag_entities(text: str, *, language: str = "en", dateline_place: str | None = None) -> tuple[Entity, ...]:
    """Return the entities of a text, by first mention; spans are code points into exactly this text.

    English is read by gazetteer and rules. For every other language only names of the gazetteer are found, and
    none for a language that the gazetteer does not cover.

    Args:
        text: the article; any string.
        language: BCP 47 tag; only its first part is read.
        dateline_place: the place of the dateline where the article carries it outside its text.
    """
    known = lexicon()
    code = language.partition("-")[0].partition("_")[0].lower()
    if code != "en":
        return join(text, recognize_local(text, code, known), known)
    return join(text, resolve_types(text, recognize(text, known), known), known)
