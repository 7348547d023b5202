"""The model card: what a model was trained on, under which licences, how, and how good it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.train.fitting import CHOSEN, VARIANTS, Score

TEXT: Final = Path(__file__).parent / "card.md"
"""The words of the card; `{names}` in it are filled in."""


VARIANTS_TABLE: Final = "variants.md"
"""What `--compare` found, kept beside the model."""


@dataclass(frozen=True, slots=True)
class Run:
    """What happened in one training."""

    files: list[Path]
    documents: int
    sentences: int
    seed: int
    size: int
    digest: str
    scores: dict[str, Score]
    unseen: int


def write_card(path: Path, run: Run) -> None:
    """Write the card of a model beside it; the same run gives the same bytes."""
    algorithm, parameters = VARIANTS[CHOSEN]
    rows = [f"| {label} | {s.precision} | {s.recall} | {s.f1} |" for label, s in run.scores.items()]
    corpora = [f"| `{file.name}` | `{_digest(file)}` |" for file in run.files]
    values = {
        "corpora": "\n".join(corpora),
        "attribution": attribution(run.files),
        "variants": (path.parent / VARIANTS_TABLE).read_text("utf-8").strip(),
        "documents": str(run.documents),
        "sentences": f"{run.sentences:,}",
        "seed": str(run.seed),
        "size": f"{run.size:,}",
        "digest": run.digest,
        "unseen": str(run.unseen),
        "scores": "\n".join(rows),
        "algorithm": algorithm,
        "parameters": json.dumps(parameters),
    }
    text = TEXT.read_text("utf-8")
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    path.write_text(text, "utf-8")


def attribution(files: list[Path]) -> str:
    """Return titles, authors and addresses from the table beside the corpora, as a list."""
    entries = []
    for table in sorted({file.parent for file in files}):
        for source in sorted(table.glob("*_documents.tsv")):
            for line in source.read_text("utf-8").splitlines()[1:]:
                _, title, author, address = line.split("\t")
                entries.append(f"- {title}. {author}. <{address}>")
    return "\n".join(entries)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
