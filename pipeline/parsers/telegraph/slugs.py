"""The keyword line: which story it is, which version of it, and what has become of it.

BC-Norland-Flood,0450                       the story
BC-Norland-Flood, 2nd Ld-Writethru,0610     its second new version, whole
BC-Norland-Flood, 1st Add,0200              a piece that continues it
BC-Norland-Flood, Kill                      the story must not be used
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_COUNT = re.compile(r"\d{2,5}")
_VERSION = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|d)?)?(?:ld|lead|wr(?:ite)?th?ru|writethrough|update)(?:wr(?:ite)?thru|writethrough)?"
    r"(?:corr\w{0,10}|clarif\w{0,10}|kill)?"
)
_PIECE = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|d)?)?(?:ld|lead)?(?:(?:\d{1,2}(?:st|nd|rd|th|d)?)?(?:add|take|insert|ins|sub)s?\d{0,2}|take\d{1,2}|pickup\w{0,8})"
)
_KINDS: tuple[tuple[str, Literal["kill", "withdrawal", "correction", "advisory"]], ...] = (
    ("kill", "kill"),
    ("elimination", "kill"),
    ("withdraw", "withdrawal"),
    ("withhold", "advisory"),
    ("correct", "correction"),
    ("corr", "correction"),
    ("clarification", "correction"),
    ("advisory", "advisory"),
)
_CYCLE = re.compile(r"(?:AM|PM|BC)-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slug:
    """A keyword line taken apart; `piece` names an add, take, insert or sub, `version` a lead or write-through."""

    name: str
    version: str | None = None
    piece: str | None = None
    kind: Literal["kill", "withdrawal", "correction", "advisory"] | None = None
    words: int | None = None

    @property
    def label(self) -> str | None:
        """The version as the wire names it; a correction or kill of a version is another one."""
        return "-".join(filter(None, [self.version or self.piece, self.kind])) or None

    @property
    def keywords(self) -> list[str]:
        """The parts of the name, without the cycle (AM, PM or both)."""
        return [part for part in re.split(r"[-/]", _CYCLE.sub("", self.name, count=1)) if part.strip()]


def read_slug(line: str) -> Slug:
    """Read a keyword line of a text or a header; what is neither version nor kind nor count belongs to the name."""
    name, *parts = [part.strip() for part in re.split(r"[,;]", line[:300])]
    version = piece = kind = words = None
    for part in parts:
        compact = re.sub(r"[\s.-]", "", part).lower()
        if _COUNT.fullmatch(part):
            words = int(part)
            continue
        kind = kind or next(
            (meaning for cue, meaning in _KINDS if compact.endswith(cue) or compact.startswith(cue)), None
        )
        if _PIECE.fullmatch(compact):
            piece = compact
        elif _VERSION.fullmatch(compact):
            version = _label(part)
    return Slug(name, version, piece, kind, words)


def is_keyword_line(line: str) -> bool:
    """Tell a keyword line by its cycle and its hyphens."""
    return _CYCLE.match(line) is not None and " " not in line.partition(",")[0].strip()


def _label(part: str) -> str:
    """Write "2nd Ld-Writethru" and "2ndLd-Writethru" alike."""
    return re.sub(r"\s+", "", part)
