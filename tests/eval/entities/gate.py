"""The pinned scores of the gold sets: `python -m tests.eval.entities [--errors SET] [--pin]`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.eval.entities.gold import gold_digest, read_gold
from tests.eval.entities.scoring import score

PINNED = Path(__file__).parent / "pinned.json"

Scores = dict[str, dict[str, float]]


def report(out: Callable[[str], object], *, errors: str = "") -> Scores:
    """Print and return the scores on our gold sets, with every difference in the set that `errors` names."""
    out(f"own gold sets, digest {gold_digest()[:12]}; F1 in percent, links right and found in percent of links\n")
    found: Scores = {}
    for gold in read_gold():
        found[gold.name] = score(gold, report=out if errors == gold.name else None)
        names = sum(len(text.names) for text in gold.texts)
        out(f"{gold.name}: {len(gold.texts)} texts, {names:,} names\n")
        out("    " + "  ".join(f"{name} {value}" for name, value in found[gold.name].items()) + "\n")
    return found


def pin(scores: Scores) -> None:
    """Write the scores and the digest that the gate holds."""
    content: dict[str, Any] = {"digest": gold_digest(), "scores": scores}
    PINNED.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
