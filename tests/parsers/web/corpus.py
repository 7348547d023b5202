"""Pages with their stories marked by hand, and how much of a story a reader finds.

The pages are of our own writing, after the templates of many content systems: those beside golden records, and more
in `pages/`. `gold/NAME.txt` has the lines of the story of page NAME. Pages in `LATER` were written when the rules and
the word lists stood, to see what these are worth on pages that nobody had in mind; the rules have seen them since.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
GOLDENS = HERE.parent / "goldens" / "web-page"
LATER = frozenset(
    {
        "agency_like",
        "wire_bullets",
        "broadcaster",
        "government_release",
        "local_paper",
        "spanish_news",
        "match_report",
        "blogspot",
        "hashed_classes",
        "italian_news",
        "japanese_news",
        "joomla_old",
        "liveblog_wp",
        "ngo_statement",
        "portuguese_portal",
        "q_and_a_dl",
        "reliefweb_like",
        "russian_news",
        "scores_list",
        "substack_like",
        "tabloid",
    }
)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """One page: its name, its bytes, and the lines of its story."""

    name: str
    body: bytes
    story: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Words that a reader found, that it should have found, and that are both, over one page or many."""

    found: int = 0
    wanted: int = 0
    right: int = 0

    def __add__(self, other: Score) -> Score:
        """Add up two scores."""
        return Score(self.found + other.found, self.wanted + other.wanted, self.right + other.right)

    @property
    def precision(self) -> float:
        """The share of the words found that belong to the story."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the story's words that were found."""
        return self.right / self.wanted if self.wanted else 0.0


def pages() -> list[Page]:
    """Return the pages whose stories are marked, by name."""
    paths = {path.stem: path for folder in (GOLDENS, HERE / "pages") for path in folder.glob("*.html")}
    return [
        Page(gold.stem, paths[gold.stem].read_bytes(), tuple(gold.read_text("utf-8").splitlines()))
        for gold in sorted((HERE / "gold").glob("*.txt"))
    ]


def score(found: Iterable[str], story: Iterable[str]) -> Score:
    """Compare what a reader found with the story, word by word, as often as each occurs."""
    words, wanted = (Counter(_WORD.findall("\n".join(lines).casefold())) for lines in (found, story))
    return Score(words.total(), wanted.total(), (words & wanted).total())
