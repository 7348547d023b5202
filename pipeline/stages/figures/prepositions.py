"""The words that give a place its role, as patterns: "from", "to" and "in" a place, links between places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

_NOTHING: Final = re.compile(r"(?!)")
_TYPOGRAPHIC: Final = ("'", "’")


@dataclass(frozen=True, slots=True)
class Roles:
    """What stands around the name of a place; without tables nothing does."""

    before: re.Pattern[str] = _NOTHING
    """Up to the start of a place: a preposition as the group `from`, `to` or `in`."""
    link: re.Pattern[str] = _NOTHING
    """The whole stretch between two places of a list."""
    row: re.Pattern[str] = _NOTHING
    """Up to the start of a place that heads a row of a list."""
    owners: tuple[str, ...] = ()
    """Endings that make a place the owner of what follows."""


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in words)


def read_roles(data: dict[str, Any], possessive: Sequence[str]) -> Roles:
    """Return the patterns of a language.

    Args:
        data: its table of prepositions: lists of words under `from`, `to`, `in`, `article`, `links` and `row`.
        possessive: its endings of owners, with the plain apostrophe.
    """
    owners = tuple(ending.replace(*_TYPOGRAPHIC) for ending in possessive)
    owners = tuple(dict.fromkeys((*possessive, *owners)))
    if not data:
        return Roles(owners=owners)
    article = _any(data.get("article", ()))
    links = _any(data.get("links", ()))
    inner = "|".join(rf"{re.escape(word)}\b" for word in data.get("links", ())) or "(?!)"
    roles = "|".join(f"(?P<{role}>{_any(data.get(role, ())) or '(?!)'})" for role in ("from", "to", "in"))
    return Roles(
        re.compile(
            rf"(?s:.*)(?<!\w)(?:{roles})(?:\s+(?:{article}))?(?:\s+(?!{inner})[\w'’-]+){{0,3}}\s*\Z", re.IGNORECASE
        ),
        re.compile(rf"\s*(?:,|(?:,\s*)?(?:{links or '(?!)'}))\s*(?:(?:{article})\s+)?"),
        re.compile(rf"(?s:.*)(?:[;:,]|\b(?:{_any(data.get('row', ())) or '(?!)'}))\s*\Z"),
        owners,
    )
