"""Make sentences: every pattern in turn, each time in another country."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from tools.corpus.fill import Filler
from tools.corpus.grammar import Node, parse
from tools.corpus.lexicon import homes, load, patterns
from tools.corpus.records import Sentence
from tools.corpus.scene import Scene, pick_country
from tools.corpus.vary import vary

TERSE = ("headline", "incident", "table")
"""Registers that leave articles out."""


@cache
def trees() -> tuple[tuple[str, tuple[Node, ...]], ...]:
    """Return (register, tree) of every pattern."""
    return tuple((register, parse(pattern)) for register, pattern in patterns())


def generate(sentences: int, seed: int) -> Iterator[Sentence]:
    """Yield that many sentences, the same ones for the same seed.

    The patterns come in shuffled rounds: none comes a second time before each has come once.
    Raises `PatternError` where a pattern or a list is written wrongly.
    """
    rng, lexicon = Random(seed), load()
    deck: list[tuple[str, tuple[Node, ...]]] = []
    for _ in range(sentences):
        if not deck:
            deck = list(trees())
            rng.shuffle(deck)
        register, nodes = deck.pop()
        scene = Scene(lexicon, rng, pick_country(lexicon, rng, homes(register)))
        form = Filler(scene, terse=register.startswith(TERSE)).write(nodes)
        yield vary(Sentence(form.text, form.spans, register), rng)
