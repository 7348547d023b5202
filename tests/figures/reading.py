"""Short ways to read one sentence in the tests of the figures stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from pipeline.stages.figures import detect_figures
from schemas.entity import Entity, EntityType, Mention
from schemas.figure import Figure

NOW = datetime(2024, 3, 13, 12, tzinfo=UTC)  # a Wednesday


def entity(text: str, name: str, kind: EntityType = "place") -> Entity:
    """Return an entity with every mention of its name in a text."""
    spots = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    mentions = tuple(Mention(start=spot.start(), end=spot.end(), text=name) for spot in spots)
    return Entity(entity_id=name.lower(), type=kind, name=name, mentions=mentions, salience=0.5, confidence=0.9)


def read(text: str, entities: Sequence[Entity] = (), *, language: str = "en") -> tuple[Figure, ...]:
    """Return the figures of a text, dated NOW."""
    return detect_figures(text, entities, now=NOW, language=language, scope="article")


def one(text: str, entities: Sequence[Entity] = ()) -> Figure:
    """Return the only figure of a text."""
    figures = read(text, entities)
    assert len(figures) == 1, [figure.text for figure in figures]
    return figures[0]


def values(text: str) -> list[str]:
    """Return each figure as "value" or "low..high"."""
    return [str(figure.value) if figure.value is not None else f"{figure.low}..{figure.high}" for figure in read(text)]
