"""How good and how fast the entity stage is on public development sets, with the scorer that comes with them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.stages.entities import tag_entities
from tests.eval.figures.peers import cpu_seconds, folder, texts

SETS = ("uner_pud_news", "gum_wikinews_links", "gum_interview_links")
TYPES = {"person": "PER", "organization": "ORG", "place": "LOC", "facility": "LOC"}


def predict(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return our mentions in the conventions of the sets; what is neither person, organization nor place is MISC."""
    return [
        {
            "id": line["id"],
            "entities": [
                {"start": mention.start, "end": mention.end, "type": TYPES.get(entity.type, "MISC")}
                for entity in tag_entities(line["text"])
                for mention in entity.mentions
            ],
        }
        for line in lines
    ]


def score(where: Path, name: str) -> dict[str, Any]:
    """Return what the scorer of the sets says about us."""
    lines = texts(where / f"{name}.jsonl")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in predict(lines))
        file.flush()
        command = [sys.executable, str(where / "score_entities.py"), str(where / f"{name}.jsonl"), file.name]
        done = subprocess.run([*command, "--the", "--json"], capture_output=True, text=True, check=True, timeout=120)
    scores: dict[str, Any] = json.loads(done.stdout)
    return scores


def report(out: Callable[[str], object]) -> None:
    """Print the table."""
    where = folder()
    if where is None:
        out("!! the public sets are ABSENT (COPYTASTER_EVAL names no folder with them): NOTHING was measured on them\n")
        return
    out(f"{'entities, development set':34s} strict P      R     F1   overlap F1\n")
    for name in SETS:
        found = score(where, name)
        precision, recall, f1 = found["strict"]
        out(f"{name:34s} {precision:8.1f} {recall:6.1f} {f1:6.1f} {found['overlap'][2]:12.1f}\n")
    running = [line["text"] for line in texts(where / "gum_wikinews_links.jsonl")]
    size = sum(len(text.encode()) for text in running)
    seconds = cpu_seconds(lambda: [tag_entities(text) for text in running])
    out(f"entities, speed, one core, gum_wikinews_links: {size / seconds / 1e6:.2f} MB/s\n")
