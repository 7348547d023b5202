"""The stages in their order: normalize, tag entities, detect figures. Pure: no broker, no clock, no network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from pipeline.errors import InputError, StageError
from pipeline.stages.entities import choose, is_tagged, refresh, tag_entities
from pipeline.stages.figures import detect_figures
from pipeline.stages.normalize import normalize
from schemas import Article, EnrichedArticle, Enrichment, RawItem, Timings

_T = TypeVar("_T")

UNTAGGED = "entities: there is no tagger for this language; only names of the gazetteer were looked for"
"""The warning in the provenance of an enriched article whose language has no tagger."""


class Tagging(NamedTuple):
    """How entities are tagged in this process."""

    tagger: str = "trained"
    """ "trained", "rules" or "spacy"."""
    model_name: str = ""
    """The spaCy pipeline."""
    aliases: Path | None = None
    """A table of names of one's own, in the format of the product's `aliases.tsv`."""


_in_force: list[Tagging] = [Tagging()]


def set_tagging(tagging: Tagging) -> None:
    """Tag as told from now on in this process; call it before the first text. The same again changes nothing.

    Raises:
        ConfigError: the tagger or its model is not there, or the table cannot be read; the sentence says what to do.
    """
    if tagging != _in_force[0]:
        choose(tagging.tagger, model_name=tagging.model_name, aliases=tagging.aliases)
        _in_force[0] = tagging


def refresh_aliases() -> bool:
    """Read the table of names again where it has changed; return whether it had.

    Raises:
        ConfigError: it cannot be read any more; what was read before stays in force.
    """
    return refresh()


def enrich_text(text: str, *, now: datetime | None = None, language: str = "en") -> Enrichment:
    """Tag the entities and detect the figures of a text; offsets count into exactly this text.

    Args:
        text: any text; it is taken as it is, not normalized.
        now: the date of the text, against which "in the past week" is resolved; unresolved without it.
        language: BCP 47 tag; "und" is read as English.

    Raises:
        StageError: a stage broke, which is a fault of copytaster and not of the text.
    """
    return _enrich(text, now=now, language=language, scope="", dateline_place=None)


def enrich_item(
    raw: RawItem, *, published: datetime | None = None, clock: Callable[[], datetime] | None = None
) -> list[EnrichedArticle]:
    """Turn one raw item into its enriched articles; what the worker runs for each record.

    Args:
        raw: the item.
        published: when the item was put on the raw topic, for the timings.
        clock: stamps the timings; without it the result depends on the item alone.

    Raises:
        InputError: the item cannot be read as an article; the code says why.
        StageError: a stage broke, which is a fault of copytaster and not of the item.
    """
    articles = _run("normalize", lambda: normalize(raw))
    normalized = clock() if clock else None
    return [
        _enrich_article(
            article,
            lambda: Timings(
                received=raw.received_at,
                published=published,
                normalized=normalized,
                enriched=clock() if clock else None,
            ),
        )
        for article in articles
    ]


def _enrich_article(article: Article, timings: Callable[[], Timings]) -> EnrichedArticle:
    """Add what the stages find. A cancelled article keeps its text, but nothing is derived from it."""
    found, fields = Enrichment(), dict(article.__dict__)
    if article.status != "cancelled":
        found = _enrich(
            article.text,
            now=article.published_at,
            language=article.language,
            scope=article.article_id,
            dateline_place=article.dateline.place if article.dateline else None,
        )
        if not is_tagged(_spoken(article.language)):
            known = article.provenance
            fields["provenance"] = known.model_copy(update={"warnings": (*known.warnings, UNTAGGED)})
    # The fields were validated when the article was made; validating them again would cost more than a stage.
    return EnrichedArticle.model_construct(**fields, entities=found.entities, figures=found.figures, timings=timings())


def _enrich(text: str, *, now: datetime | None, language: str, scope: str, dateline_place: str | None) -> Enrichment:
    spoken = _spoken(language)
    entities = _run("entities", lambda: tag_entities(text, language=spoken, dateline_place=dateline_place))
    figures = _run("figures", lambda: detect_figures(text, entities, now=now, language=spoken, scope=scope))
    return Enrichment.model_construct(entities=entities, figures=figures)


def _spoken(language: str) -> str:
    """Return the language in which a text is read: English where it is unknown."""
    return "en" if language == "und" else language


def _run(stage: str, step: Callable[[], _T]) -> _T:
    try:
        return step()
    except InputError:
        raise
    except Exception as error:
        raise StageError(stage, f"the stage {stage} failed: {type(error).__name__}: {error}") from error
