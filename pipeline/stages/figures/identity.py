"""Stable ids: a claim keeps its id through the versions of an article when only its number changes.

The id is made of what is claimed (kind, unit, term, object, places), never of the number, its approximation, its
source or its position. A claim that states no object takes the nearest content words of its sentence instead, so
that "shares rose 5%" and "sales fell 3%" stay apart. Equal claims are numbered in the order of the text.
"""

from __future__ import annotations

from typing import Final

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.tokens import WORD, Tokens
from schemas.figure import PlaceRole
from schemas.ids import figure_ids

_CONTEXT: Final = 2  # content words on the left that tell two claims without an object apart
_REACH: Final = 10
_MIN_WORD: Final = 3


def _content(t: Tokens, order: range) -> list[str]:
    """Return the first content words in an order of tokens."""
    found: list[str] = []
    for k in order:
        if t.kind[k] == WORD and len(t.low[k]) > _MIN_WORD:
            found.append(t.low[k])
            if len(found) == _CONTEXT:
                break
    return found


def _context(t: Tokens, claim: Claim) -> str:
    """Return the nearest content words before the claim, or behind it where the sentence starts with it."""
    left = range(claim.first - 1, max(-1, claim.first - 1 - _REACH), -1)
    right = range(claim.last, min(t.size, claim.last + _REACH))
    return " ".join(_content(t, left) or _content(t, right))


class Identities:
    """Names the claims of one text, in order."""

    def __init__(self, scope: str) -> None:
        self._id = figure_ids(scope)
        self._seen: dict[tuple[str, ...], int] = {}

    def name(self, t: Tokens, claim: Claim, where: tuple[PlaceRole, ...]) -> str:
        """Return the id of a claim."""
        context = "" if claim.object or claim.term else _context(t, claim)
        places = "|".join(sorted(f"{place.role}:{place.entity_id}" for place in where)) if where else ""
        thing = claim.object.lower() if claim.object else ""
        parts = (claim.kind, claim.unit or "", claim.term or "", thing, context, places)
        count = self._seen.get(parts, 0)
        self._seen[parts] = count + 1
        return self._id("\x1f".join(parts), str(count))
