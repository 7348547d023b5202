"""Build `clusters.tsv.gz` for the entity stage: Brown clusters and capitalisation of English words.

Build time only: `pip install spacy-lookups-data`, then `python tools/build_clusters.py`. The package holds, under the
MIT licence, the cluster and the log probability of a million spellings, counted on a large corpus of forum posts. Kept
are the spellings above a probability. Rows, tab separated:

    cluster (hexadecimal; its low bits are the path from the root)  capital  spellings, blank separated

`capital` is the natural logarithm, rounded and cut to [-6, 6], of how much more often the word is written with a
capital than without; "-" for words that have none.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "pipeline/stages/entities/data/clusters.tsv.gz"
MIN_LOG_PROBABILITY = -16.5
"""About one in fifteen million words; some sixty thousand spellings remain, half a megabyte."""

UNSEEN = -20.5
"""The package's own log probability of spellings it does not list."""

WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'.&-]*$")


def read(table: str) -> dict[str, Any]:
    """Return a table of the package."""
    packed = (files("spacy_lookups_data") / "data" / f"en_lexeme_{table}.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


def main() -> None:
    """Write the file."""
    clusters, probabilities = read("cluster"), read("prob")
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for word, cluster in clusters.items():
        if probabilities[word] <= MIN_LOG_PROBABILITY or not WORD.match(word):
            continue
        capital = "-"
        if word != word.lower() and word[1:].islower():
            ratio = probabilities[word] - probabilities.get(word.lower(), UNSEEN)
            capital = str(max(-6, min(6, round(ratio))))
        if cluster or capital != "-":
            groups[cluster, capital].append(word)
    lines = (
        f"{cluster:x}\t{capital}\t{' '.join(sorted(words))}\n" for (cluster, capital), words in sorted(groups.items())
    )
    TARGET.write_bytes(gzip.compress("".join(lines).encode("utf-8"), compresslevel=9, mtime=0))
    print(f"{TARGET.name}: {sum(map(len, groups.values()))} spellings, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
