"""The table of `make eval`: our gold set, the public development sets, speed, and spaCy beside us where it is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError
from pipeline.stages.entities import tag_entities
from pipeline.stages.entities.spacy_tagger import DEFAULT_MODEL, load_spacy
from tests.eval.entities import gate
from tests.eval.figures.peers import cpu_seconds, folder, texts

SETS = ("uner_pud_news", "gum_wikinews_links", "gum_interview_links")
TYPES = {"person": "PER", "organization": "ORG", "place": "LOC", "facility": "LOC"}
Predict = Callable[[str], list[dict[str, Any]]]


def ours(text: str) -> list[dict[str, Any]]:
    """Return our mentions in the conventions of the sets; what is neither person, organization nor place is MISC."""
    return [
        {
            "start": mention.start,
            "end": mention.end,
            "type": TYPES.get(entity.type, "MISC"),
            "link": entity.links.get("wikipedia"),
        }
        for entity in tag_entities(text)
        for mention in entity.mentions
    ]


PEER = os.environ.get("COPYTASTER_EVAL_SPACY", DEFAULT_MODEL)
"""The spaCy pipeline beside us."""


def spacy_peer() -> Predict | None:
    """Return what the spaCy pipeline makes of a text by itself; None where it is not installed."""
    try:
        label = load_spacy(PEER)
    except ConfigError:
        return None

    def predict(text: str) -> list[dict[str, Any]]:
        return [
            {"start": one.start, "end": one.end, "type": "LOC" if one.label == "FAC" else one.label}
            for one in label(text, [])
        ]

    return predict


def score(where: Path, name: str, predict: Predict) -> dict[str, Any]:
    """Return what the scorer of the sets says."""
    lines = texts(where / f"{name}.jsonl")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": line["id"], "entities": predict(line["text"])}) + "\n" for line in lines)
        file.flush()
        command = [sys.executable, str(where / "score_entities.py"), str(where / f"{name}.jsonl"), file.name]
        flags = ["--the", "--link", "--json"]
        done = subprocess.run([*command, *flags], capture_output=True, text=True, check=True, timeout=120)
    scores: dict[str, Any] = json.loads(done.stdout)
    return scores


def report(out: Callable[[str], object]) -> None:
    """Print the table."""
    gate.report(out)
    where = folder()
    if where is None:
        out("!! the public sets are ABSENT (COPYTASTER_EVAL names no folder with them): NOTHING was measured on them\n")
        return
    peers: dict[str, Predict] = {"copytaster": ours}
    if (spacy := spacy_peer()) is not None:
        peers[PEER] = spacy
    else:
        out(f"(the spaCy pipeline {PEER} is not installed: it does not stand beside us)\n")
    out(f"{'entities, development set':44s} strict P      R     F1   overlap F1   link P     R\n")
    for name in SETS:
        for who, predict in peers.items():
            found = score(where, name, predict)
            precision, recall, f1 = found["strict"]
            linked = found["link (on gold mentions)"]
            links = f"{linked[0]:8.1f} {linked[1]:5.1f}" if who == "copytaster" and linked[1] else ""
            row = f"{precision:8.1f} {recall:6.1f} {f1:6.1f} {found['overlap'][2]:12.1f} {links}"
            out(f"{name + ', ' + who:44s} {row}\n")
    running = [line["text"] for line in texts(where / "gum_wikinews_links.jsonl")]
    size = sum(len(text.encode()) for text in running)
    for who, predict in peers.items():
        seconds = cpu_seconds(partial(_all, predict, running))
        out(f"entities, speed, one core, gum_wikinews_links, {who}: {size / seconds / 1e6:.2f} MB/s\n")


def _all(predict: Predict, running: list[str]) -> list[Any]:
    return [predict(text) for text in running]
