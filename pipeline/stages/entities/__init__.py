"""Entities: names found in a text, typed, joined over their variants and linked where that is certain."""

from __future__ import annotations

from pipeline.stages.entities.choice import choose, refresh
from pipeline.stages.entities.tagger import is_tagged, tag_entities

__all__ = ["choose", "is_tagged", "refresh", "tag_entities"]
