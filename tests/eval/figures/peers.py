"""The public figure sets and the peers beside us, where this machine has them.

The sets are kept outside the project: in the folder that COPYTASTER_EVAL names, else in `../shared/eval` beside it.
They are read for evaluation only, with the scorer that comes with them.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.stages.figures import detect_figures
from tests.eval.figures.conventions import prediction

SETS = (
    "newsquant_dev", "ms_number_specs", "ms_range_specs",
    "rtext_age", "rtext_currency", "rtext_dimension", "rtext_temperature",
)  # fmt: skip
SPEED_SETS = ("newsquant_dev", "gum_wikinews_links")  # sentences dense with figures; running news
_SCORER_SECONDS = 120
_PEER_SECONDS = 600
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """The predictions of a peer for each text, and the CPU seconds they took."""

    figures: list[list[dict[str, Any]]]
    seconds: float


def folder() -> Path | None:
    """Return the folder of the public sets, or nothing where there is none."""
    named = os.environ.get("COPYTASTER_EVAL")
    path = Path(named) if named else Path(__file__).parents[4] / "shared" / "eval"
    return path if (path / "score_figures.py").is_file() else None


def texts(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def predict(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return our figures in the conventions of the sets."""
    found = []
    for line in lines:
        figures = [prediction(figure) for figure in detect_figures(line["text"])]
        found.append({"id": line["id"], "figures": [figure for figure in figures if figure is not None]})
    return found


def score(where: Path, name: str, predictions: list[dict[str, Any]], *flags: str) -> dict[str, Any]:
    """Return what the scorer of the sets says."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in predictions)
        file.flush()
        command = [sys.executable, str(where / "score_figures.py"), str(where / f"{name}.jsonl"), file.name, "--json"]
        done = subprocess.run([*command, *flags], capture_output=True, text=True, check=True, timeout=_SCORER_SECONDS)
    scores: dict[str, Any] = json.loads(done.stdout)
    return scores


def cpu_seconds(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Return the least CPU time of several rounds of the same work."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def quantulum(texts_: list[str]) -> Found | None:
    """Return what quantulum3 finds, or nothing where it is not installed."""
    if importlib.util.find_spec("quantulum3") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says on import that its classifier is not installed
        from quantulum3 import parser

    def parse(text: str) -> list[dict[str, Any]]:
        try:
            found = parser.parse(text)
        except Exception:
            return []
        return [
            {"value": quantity.value, "unit": quantity.unit.name, "start": quantity.span[0], "end": quantity.span[1]}
            for quantity in found
        ]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parse("It cost 5 dollars.")  # what it loads once is not counted
        begin = time.process_time()
        figures = [parse(text) for text in texts_]
    return Found(figures, time.process_time() - begin)


def recognizers(texts_: list[str]) -> Found | None:
    """Return what Recognizers-Text finds, or nothing where `make eval` could not install it."""
    python = Path(sys.prefix) / "peers" / "bin" / "python"
    if not python.is_file():
        return None
    command = [str(python), str(Path(__file__).parent / "recognizers.py")]
    done = subprocess.run(
        command, input=json.dumps(texts_), capture_output=True, text=True, check=True, timeout=_PEER_SECONDS
    )
    answer = json.loads(done.stdout)
    return Found(answer["figures"], answer["seconds"])


PEERS: dict[str, tuple[Callable[[list[str]], Found | None], tuple[str, ...]]] = {
    "quantulum3": (quantulum, ("--no-cqe", "--average-ranges")),
    "Recognizers-Text": (recognizers, ("--no-cqe",)),
}
"""The peers by name, with the flags of the scorer that their conventions need."""
