"""Features: what the trained tagger is told about each token of a window.

Most of it depends on one word alone and is remembered per word, so that a text costs little more than look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from pipeline.stages.entities.clusters import UNKNOWN, Cluster
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.tokens import LINE, NO_HINT, OPENING

_CLASSES: Final = (
    ("titles", "T"), ("modifiers", "M"), ("person_nouns", "p"), ("org_heads", "O"), ("org_prefixes", "R"),
    ("org_nouns", "o"), ("facility_heads", "F"), ("facility_nouns", "f"), ("place_heads", "L"), ("place_prefixes", "Q"),
    ("place_nouns", "l"), ("event_heads", "E"), ("event_prefixes", "V"), ("policy_nouns", "y"), ("speech_verbs", "s"),
    ("place_prepositions", "i"), ("loose_prepositions", "j"), ("particles", "a"), ("calendar", "C"),
    ("openers", "N"), ("numerals", "n"), ("directions", "D"), ("units", "u"),
    ("org_openers", "Z"), ("facility_openers", "z"), ("place_openers", "P"), ("makers", "m"),
)  # fmt: skip
"""Word classes of the rules, each with the letter that stands for it."""

_REPEATS: Final = re.compile(r"(.)\1+")
_MAX_CACHE: Final = 50_000
"""Words remembered; texts bring new ones without end."""

_SPORT_RATE: Final = 60
"""Words of a text for which one word of sports, each counted once, makes it a sports report."""

_MAX_WORD: Final = 24
"""Letters read of a word; more are no word."""


class _Word(NamedTuple):
    """The features that a word gives to the token itself and to those before and after it."""

    own: list[bytes]
    opening: bytes
    to_next: list[bytes]
    to_previous: list[bytes]
    to_second_next: bytes
    to_second_previous: bytes
    form: bytes
    capital: bool


_EDGE: Final = _Word([], b"", [b"-w="], [b"+w="], b"--q=|", b"++q=|", b"", capital=False)
"""Stands before the first token of a text and after the last."""


class Features:
    """Makes the features of windows; one for all texts of a process.

    Features are bytes, which spares the tagger the work of encoding them.
    """

    def __init__(
        self, lexicon: Lexicon, clusters: Mapping[str, Cluster], weighed: AbstractSet[bytes] | None = None
    ) -> None:
        """Take the word classes of a lexicon, the clusters of words, and the features that the model weighs.

        Of a word, only weighed features are made; all of them where none are given, as for training.
        """
        self._weighed = weighed
        self._lexicon = lexicon
        self._clusters = clusters
        self._sport = lexicon.cues["sport"]
        self._words: dict[str, _Word] = {}

    def is_sport(self, words: Sequence[str], lower: AbstractSet[str]) -> bool:
        """Tell whether the words of a text are those of a sports report, where a city is as often its club."""
        return len(self._sport & lower) * _SPORT_RATE >= len(words)

    def window(
        self,
        words: Sequence[str],
        hints: Sequence[bytes],
        lower: AbstractSet[str],
        first: int,
        stop: int,
        *,
        sport: bool = False,
    ) -> list[list[bytes]]:
        """Return the features of the tokens [first, stop).

        Args:
            words: the tokens of the whole text.
            hints: what the rules say of each token of the text.
            lower: all words of the text: a capital says less where the word stands without one too.
            first: index of the first token of the window.
            stop: index after its last.
            sport: whether the text is a sports report.
        """
        last = len(words)
        known = self._words
        about = [known.get(word) or self._word(word) for word in words[max(0, first - 2) : stop + 2]]
        about[:0] = [_EDGE] * (2 - first)
        about += [_EDGE] * (stop + 2 - last)
        rows = []
        for i in range(first, stop):
            k = i - first
            before, word, after = about[k + 1], about[k + 2], about[k + 3]
            row = [
                *word.own,
                *before.to_next,
                *after.to_previous,
                about[k].to_second_next,
                about[k + 4].to_second_previous,
                b"h=" + hints[i],
                b"-h=" + (hints[i - 1] if i else NO_HINT),
                b"+h=" + (hints[i + 1] if i + 1 < last else NO_HINT),
                b"|".join((before.form, word.form, after.form)),
            ]
            if word.capital:
                if words[i].lower() in lower:
                    row.append(b"low")
                if i == 0 or words[i - 1] in OPENING:
                    row += (b"open", word.opening)
                if sport:
                    row.append(b"sport|" + hints[i])
            rows.append(row)
        return rows

    def _word(self, word: str) -> _Word:
        """Describe a word and remember it."""
        if len(self._words) >= _MAX_CACHE:
            self._words.clear()
        described = self._words[word] = self._describe(word)
        return described

    def _describe(self, word: str) -> _Word:
        plain, form, codes = word.lower()[:_MAX_WORD], shape(word), self._codes(word)
        cluster = self._clusters.get(word, UNKNOWN)
        own = [
            "b",
            f"w={plain}",
            f"s={form}",
            f"e={plain[-3:]}",
            f"q={cluster.whole}",
            f"q10={cluster.long}",
            f"r={cluster.capital}",
            f"c={codes}",
            *(f"k={code}" for code in codes),
        ]
        near = [f"q={cluster.whole}", f"w={plain}", f"c={codes}"]
        return _Word(
            self._heard(own),
            _encode(f"open{cluster.capital}{codes}"),
            self._heard("-" + part for part in near),
            self._heard("+" + part for part in near),
            _encode("--q=" + cluster.middle),
            _encode("++q=" + cluster.middle),
            _encode(form),
            form[:1] == "A",
        )

    def _heard(self, features: Iterable[str]) -> list[bytes]:
        """Return the features, without those that change nothing."""
        made = [_encode(one) for one in features]
        return made if self._weighed is None else [one for one in made if one in self._weighed]

    def _codes(self, word: str) -> str:
        """Return the letters of the word classes that a word belongs to."""
        lexicon = self._lexicon
        found = "".join(code for name, code in _CLASSES if word in lexicon.cues[name])
        given = "g" if word in lexicon.given_names else ""
        surname = "S" if word in lexicon.surnames else ""
        return found + given + surname + ("c" if word.lower() in lexicon.common_words else "")


def shape(word: str) -> str:
    """Return the word with letters and digits replaced by their kind, repeats once: "Aa", "A.A.", "0".

    Words in capitals are "AA" when they are short, "AAA" when they are long.
    """
    if word == LINE:
        return "n"
    if len(word) > 1 and word.isalpha() and word.isupper():
        return "AA" if len(word) < 5 else "AAA"
    kinds = ("A" if c.isupper() else "a" if c.isalpha() else "0" if c.isdigit() else c for c in word[:_MAX_WORD])
    return _REPEATS.sub(r"\1", "".join(kinds))


def _encode(feature: str) -> bytes:
    # A text may hold halves of surrogate pairs and zeros; a feature must not.
    return feature.encode("utf-8", "replace").replace(b"\0", b"?")
