"""How exact a number is: "more than", "nearly", "up to", "or so", and where the text says it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.quantities import Quantity
from pipeline.stages.figures.tokens import DASHES, Tokens
from schemas.figure import Approximation

_TIMES: Final = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
_SKIPPED: Final = 3  # words between a cue and its number: "more than a total of 5,000"
_KINDS: Final[dict[str, Approximation]] = {
    "about": "about", "more_than": "more_than", "less_than": "less_than", "at_least": "at_least", "at_most": "at_most",
    "exact": "exact",
}  # fmt: skip


@dataclass(slots=True)
class Approximate:
    """An approximation with its bounds and the tokens of its cue (first to last, exclusive)."""

    kind: Approximation
    low: Decimal | None
    high: Decimal | None
    cue: tuple[int, int] | None


EXACT: Final = Approximate("exact", None, None, None)


def _spans(t: Tokens, lex: Lexicon, k: int) -> bool:
    """Tell whether "over" gives a stretch of time, not a bound: "lost 35% over 18 months", not "for over 18 months"."""
    return t.low[k - 1] not in lex.words("bounded")


def _before(t: Tokens, lex: Lexicon, first: int, *, lasting: bool) -> tuple[str, int, int] | None:
    """Return the longest cue that ends before token first, skipping articles and the like."""
    stop = first
    for _ in range(_SKIPPED + 1):
        for size in lex.cue_sizes.get(t.low[stop - 1], ()):
            if size > stop:
                continue
            phrase = t.phrase(stop - size, stop)
            kind = lex.before.get(phrase)
            if kind is not None and not (lasting and phrase in lex.words("spans") and _spans(t, lex, stop - size)):
                return kind, stop - size, stop
        if t.low[stop - 1] not in lex.words("between_cue"):
            return None
        stop -= 1
    return None


def _after(t: Tokens, lex: Lexicon, last: int) -> tuple[str, int, int] | None:
    """Return the cue that starts at token last: "or more", "or so", "-odd"."""
    if t.low[last] in DASHES and t.glued[last]:
        kind = lex.after.get(f"-{t.low[last + 1]}")
        return (kind, last, last + 2) if kind is not None else None
    if t.low[last] not in lex.words("after_starts"):
        return None
    for size in (3, 2, 1):
        kind = lex.after.get(t.phrase(last, last + size))
        if kind is not None:
            return kind, last, last + size
    return None


def approximation(t: Tokens, lex: Lexicon, q: Quantity, noun_end: int) -> Approximate:
    """Return how exact a quantity is; cues stand before it, or behind its number or its noun."""
    lasting = q.unit is not None and q.unit.unit.code in _TIMES and not q.unit.age
    found = _before(t, lex, q.first, lasting=lasting)
    if found is None or found[0] == "exact":
        found = _after(t, lex, q.last) or (_after(t, lex, noun_end) if noun_end > q.last else None) or found
    cue = (found[1], found[2]) if found else None
    if q.form in ("score", "rank"):
        return Approximate("exact", q.low, q.high, None)
    if q.value is None:
        return Approximate("several" if q.form == "several" else "range", q.low, q.high, cue)
    kind = _KINDS[found[0]] if found else "exact"
    if kind == "exact":
        return EXACT
    low = q.value if kind in ("more_than", "at_least") else None
    high = q.value if kind in ("less_than", "at_most") else None
    return Approximate(kind, low, high, cue)
