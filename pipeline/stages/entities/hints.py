"""Hints: what the rules and the gazetteer found, said token by token to the trained tagger."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.tokens import NO_HINT, Tokens

_SURE: Final = 0.7
_DOUBTFUL: Final = 0.5


def token_hints(tokens: Tokens, found: Sequence[Candidate]) -> list[bytes]:
    """Return for each token the type of the rules' name it belongs to, whether it begins it, and how sure that is.

    "Bor+" begins an organization of the rules, "Ipl*" goes on a place of the gazetteer.
    """
    hints = [NO_HINT] * len(tokens.words)
    last = len(hints)
    for one in found:
        if one.type is None:
            continue
        sure = "+" if one.confidence >= _SURE else "" if one.confidence >= _DOUBTFUL else "?"
        about = (one.type[:2] + sure + ("*" if one.entry is not None else "")).encode()
        i = bisect_left(tokens.starts, one.start)
        begins = b"B"
        while i < last and tokens.starts[i] < one.end:
            hints[i] = begins + about
            begins = b"I"
            i += 1
    return hints
