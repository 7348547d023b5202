"""The pinned scores of the gold set: `python -m tests.eval.entities [--errors] [--pin]`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.eval.entities.gold import gold_digest, read_gold
from tests.eval.entities.scoring import score

PINNED = Path(__file__).parent / "pinned.json"


def report(out: Callable[[str], object], *, errors: bool = False) -> dict[str, float]:
    """Print and return the scores on our gold set."""
    gold = read_gold()
    found = score(gold, report=out if errors else None)
    names = sum(len(text.names) for text in gold)
    out(f"own gold set: {len(gold)} articles, {names} names, digest {gold_digest()[:12]}\n")
    out("F1  " + "  ".join(f"{name} {value}" for name, value in found.items()) + "\n")
    return found


def pin(scores: dict[str, float]) -> None:
    """Write the scores and the digest that the gate holds."""
    content: dict[str, Any] = {"digest": gold_digest(), "scores": scores}
    PINNED.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
