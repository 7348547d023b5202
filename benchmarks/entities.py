"""Speed of the entity stage on one core: `python -m benchmarks.entities [FILE…]`; without files, the seeds.

Prints the time to load the data (best of five, data files warm in the page cache) and megabytes of UTF-8 per second
of processor time, best of the rounds, texts taken one by one as articles are.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipeline.stages.entities import tag_entities
from pipeline.stages.entities.tables import lexicon

ROUNDS = 7
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def seconds_to_load() -> float:
    """Return the best time of five to read the data files."""
    best = float("inf")
    for _ in range(5):
        lexicon.cache_clear()
        started = time.perf_counter()
        lexicon()
        best = min(best, time.perf_counter() - started)
    return best


def seconds_to_tag(texts: list[str]) -> float:
    """Return the best processor time of the rounds over all texts."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            tag_entities(text)
        best = min(best, time.process_time() - started)
    return best


def main(paths: list[str]) -> None:
    """Print the figures."""
    files = [Path(path) for path in paths] or sorted(SEEDS.glob("*.txt"))
    texts = [file.read_text("utf-8", "replace") for file in files]
    print(f"load   {seconds_to_load() * 1000:6.1f} ms")
    size = sum(len(text.encode("utf-8")) for text in texts)
    seconds = seconds_to_tag(texts)
    mentions = sum(len(entity.mentions) for text in texts for entity in tag_entities(text))
    print(f"texts  {len(texts):6d}    bytes {size}    mentions {mentions}")
    print(f"speed  {size / seconds / 1e6:6.2f} MB/s   {seconds / len(texts) * 1e6:.0f} µs a text")


if __name__ == "__main__":
    main(sys.argv[1:])
