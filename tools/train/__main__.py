"""Train the entity tagger: `python -m tools.train CORPORA [--sentences N] [--seed N] [--out DIR] [--compare]`.

CORPORA is a folder with the openly licensed corpora in two columns (`*.conll`, see MODEL_CARD.md for where they come
from). With our own corpus they give the model; the same input gives the same bytes. `--compare` only prints how the
variants do on documents held out, as the table that the card shows (`variants.md` beside the model).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pipeline.stages.entities.model import MODEL
from tools.train.card import Run, write_card
from tools.train.examples import examples
from tools.train.fitting import CHOSEN, VARIANTS, fit, fit_texts, score
from tools.train.texts import Text, own_texts, read_conll

DATA = Path(__file__).resolve().parents[2] / "pipeline" / "stages" / "entities" / "data"
SENTENCES = 12_000
SEED = 7
WEIGHT = 3
"""How often each open document is read: real text outweighs invented sentences."""

HELD_OUT = 5
"""Every fifth document is kept out when the model is judged."""


def main(arguments: list[str]) -> int:
    """Train, or compare; return the exit code."""
    options = _options().parse_args(arguments)
    folder: Path = options.corpora
    files = sorted(folder.glob("*.conll")) if folder.is_dir() else []
    if not files:
        print(
            f"there are no training corpora (*.conll) in {folder}; say where they are: make train CORPORA=DIR"
            " (MODEL_CARD.md names them and their sources)",
            file=sys.stderr,
        )
        return 2
    documents = [text for file in files for text in read_conll(file)]
    own = list(own_texts(options.sentences, options.seed))
    kept = [text for number, text in enumerate(documents) if number % HELD_OUT]
    unseen = documents[::HELD_OUT]
    if options.compare:
        _compare(kept, own, unseen)
        return 0
    # Two models side by side: the one that is judged has not seen the documents that judge it.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        judged, content = pool.map(fit_texts, (kept * WEIGHT + own, documents * WEIGHT + own))
    out: Path = options.out
    (out / MODEL).write_bytes(content)
    run = Run(
        files=files,
        documents=len(documents),
        sentences=options.sentences,
        seed=options.seed,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        scores=score(judged, unseen),
        unseen=len(unseen),
    )
    write_card(out / "MODEL_CARD.md", run)
    print(f"{out / MODEL}: {len(content):,} bytes, sha256 {run.digest}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make train", description="Train the entity tagger.")
    parser.add_argument("corpora", type=Path, help="folder of the openly licensed corpora")
    parser.add_argument("--out", type=Path, default=DATA, help="folder for model and card (default: the product's)")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="sentences of our own corpus")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of our own corpus")
    parser.add_argument("--compare", action="store_true", help="print how the variants do, and write nothing")
    return parser


def _compare(kept: list[Text], own: list[Text], unseen: list[Text]) -> None:
    print(f"With {len(own):,} sentences of our own corpus:\n")
    print("| variant | precision | recall | F1 | bytes |\n|---|---|---|---|---|")
    rows = list(examples(kept * WEIGHT + own))
    for name in VARIANTS:
        content = fit(rows, name)
        found = score(content, unseen)["all"]
        mark = " (shipped)" if name == CHOSEN else ""
        print(f"| {name}{mark} | {found.precision} | {found.recall} | {found.f1} | {len(content):,} |", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
