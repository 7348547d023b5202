"""Print how good and how fast the figures stage is: `python -m tests.eval.figures [--errors] [--pin]`.

`--errors` lists every difference on the gold set; `--pin` writes the scores and the digest that the gate holds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.stages.figures import detect_figures
from tests.eval.figures import peers
from tests.eval.figures.gold import BLIND, gold_digest, read_gold
from tests.eval.figures.gold import FOLDER as GOLD
from tests.eval.figures.scoring import score

PINNED = Path(__file__).parent / "pinned.json"
SETS = {"gold": GOLD, "blind-1": BLIND / "first", "blind-2": BLIND / "second"}
"""Our own sets: the one the grammar was built on, and two written and annotated before it was first run on them."""


def _own(out: Callable[[str], object], *, errors: bool) -> dict[str, Any]:
    pins: dict[str, Any] = {}
    for name, folder in SETS.items():
        articles = read_gold(folder)
        found = score(articles, report=out if errors else None)
        figures = sum(len(article.figures) for article in articles)
        digest = gold_digest(folder)
        out(f"own set {name}: {len(articles)} texts, {figures} figures, digest {digest[:12]}")
        out("  ".join(f"{field} {value}" for field, value in found.items()))
        pins[name] = {"digest": digest, "scores": found}
    return pins


def _row(name: str, scores: dict[str, Any]) -> str:
    value, unit = scores["value"], scores["value+unit"]
    return (
        f"{name:34s} {value['P']:6.1f} {value['R']:6.1f} {value['F1']:6.1f} {unit['F1']:10.1f}"
        f" {scores['value-lenient']['F1']:8.1f} {scores['value+unit-lenient']['F1']:12.1f}"
    )


def _public(where: Path, out: Callable[[str], object]) -> None:
    out(f"{'public development set':34s}      P      R     F1   F1 +unit  lenient   +unit len.")
    for name in peers.SETS:
        lines = peers.texts(where / f"{name}.jsonl")
        out(_row(name, peers.score(where, name, peers.predict(lines), "--no-cqe")))
        for peer, (run, flags) in peers.PEERS.items():
            theirs = run([line["text"] for line in lines])
            if theirs is not None:
                predictions = [
                    {"id": line["id"], "figures": figures} for line, figures in zip(lines, theirs.figures, strict=True)
                ]
                out(_row(f"  {peer}", peers.score(where, name, predictions, *flags)))


def _speed(where: Path | None, out: Callable[[str], object]) -> None:
    jobs = {"own gold set": [article.text for article in read_gold()]}
    if where is not None:
        for name in peers.SPEED_SETS:
            jobs[name] = [line["text"] for line in peers.texts(where / f"{name}.jsonl")]
    missing = set()
    for name, texts in jobs.items():
        size = sum(len(text.encode()) for text in texts)
        ours = peers.cpu_seconds(lambda texts=texts: [detect_figures(text) for text in texts])
        line = f"speed, one core, {name}: {size / ours / 1e6:.2f} MB/s"
        for peer, (run, _) in peers.PEERS.items():
            theirs = run(texts)
            if theirs is None:
                missing.add(peer)
            else:
                times = theirs.seconds / ours
                line += f"; {peer} {size / theirs.seconds / 1e6:.4f} MB/s, we are {times:.0f} times as fast"
        out(line)
    for peer in sorted(missing):
        out(f"!! {peer} is NOT installed here: no comparison with it was made")


def main(arguments: list[str]) -> int:
    """Print the table; return 0."""
    out = sys.stdout.write
    found = _own(lambda line: out(line + "\n"), errors="--errors" in arguments)
    if "--pin" in arguments:
        PINNED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    where = peers.folder()
    if where is None:
        out("!! the public sets are ABSENT (COPYTASTER_EVAL names no folder with them): NOTHING was measured on them\n")
    else:
        _public(where, lambda line: out(line + "\n"))
    _speed(where, lambda line: out(line + "\n"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
