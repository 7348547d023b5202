"""How well and how fast web pages are read: our reader beside trafilatura alone and beside our walk alone.

    python -m benchmarks.web_pages              # the table, the sums, the speed
    python -m benchmarks.web_pages --rounds 5   # the speed as a median of so many rounds

Precision and recall are over words, against stories that were marked by hand (`tests/parsers/web/corpus.py`). Speed
is over the same pages and over one page of about 100 kB that is made of them. All readers run in the same process,
one after the other; times are those of the processor, because others may use it too. Compare ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from trafilatura import bare_extraction

from pipeline.errors import InputError
from pipeline.parsers import Reading
from pipeline.parsers.canonical import is_boilerplate
from pipeline.parsers.markup import block_texts, tree_of
from pipeline.parsers.web import page
from tests.parsers.web.corpus import LATER, Page, Score, pages, score

Reader = Callable[[bytes], list[str]]

LARGE_BYTES = 100_000


def ours(body: bytes) -> list[str]:
    """Return the paragraphs as the product reads them."""
    try:
        return page.parse(Reading(body))[0].paragraphs
    except InputError:
        return []


def walk(body: bytes) -> list[str]:
    """Return every line of the page that is not plainly navigation: what a reader without a judge has."""
    root = tree_of(Reading(body).text)
    return [line for line in block_texts(next(root.iter("body"), root)) if not is_boilerplate(line)]


def trafilatura(*, precision: bool) -> Reader:
    """Return a reader that takes trafilatura's word, without comments and headline."""

    def read(body: bytes) -> list[str]:
        text = Reading(body).text
        found = bare_extraction(text, include_comments=False, favor_precision=precision, with_metadata=False)
        lines = [] if found is None or isinstance(found, dict) else (found.text or "").splitlines()
        # It leaves the headline in the text, which our records have in a field; that is no fault of its.
        headlines = {block_texts(head)[0] for head in tree_of(text).iter("h1", "title") if block_texts(head)}
        return [line for line in lines if line not in headlines]

    return read


READERS: dict[str, Reader] = {
    "ours": ours,
    "trafilatura precision": trafilatura(precision=True),
    "trafilatura": trafilatura(precision=False),
    "walk": walk,
}


def large(corpus: list[Page]) -> bytes:
    """Return a page of about `LARGE_BYTES` as sites send it: a story under scripts, menus, teasers."""
    story = "".join(f"<p>{line}</p>" for one in corpus for line in one.story)[:12_000]
    teasers = "".join(
        f'<div class="card"><a href="/{number}"><h3>{one.story[0][:70]}</h3></a><span class="label">News</span></div>'
        for number, one in enumerate(corpus * 4)
    )
    script = (
        "<script>var settings = {" + ", ".join(f'"key{number}": {number}' for number in range(2_400)) + "};</script>"
    )
    return (
        f"<html><head><title>A long page</title>{script}</head><body><nav>{teasers}</nav><main><article>"
        f"<h1>A long page</h1>{story}</article></main><div class='grid'>{teasers}</div></body></html>"
    ).encode()


def table(corpus: list[Page]) -> None:
    """Print precision and recall of each reader on each page, and their sums."""
    sums = {name: {True: Score(), False: Score()} for name in READERS}
    print(f"{'page':22}" + "".join(f"{name:>24}" for name in READERS))
    for one in corpus:
        scores = {name: score(reader(one.body), one.story) for name, reader in READERS.items()}
        for name, found in scores.items():
            sums[name][one.name in LATER] += found
        print(f"{one.name:22}" + "".join(f"{found.precision:17.2f} / {found.recall:.2f}" for found in scores.values()))
    for later, label in ((False, "all but later"), (True, "later pages")):
        rows = [sums[name][later] for name in READERS]
        print(f"{label:22}" + "".join(f"{row.precision:16.3f} / {row.recall:.3f}" for row in rows))


def speed(corpus: list[Page], rounds: int) -> None:
    """Print the pages per second of each reader, and the milliseconds of one large page."""
    big = large(corpus)
    for name, reader in READERS.items():
        rates, times = [], []
        for _ in range(rounds):
            start = time.process_time()
            for one in corpus:
                reader(one.body)
            rates.append(len(corpus) / (time.process_time() - start))
            start = time.process_time()
            reader(big)
            times.append(1000 * (time.process_time() - start))
        print(
            f"{name:22} {statistics.median(rates):7.0f} pages/s   "
            f"{statistics.median(times):7.1f} ms for a page of {len(big) // 1000} kB"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the speed, of which the median counts")
    wanted = parser.parse_args()
    corpus = pages()
    table(corpus)
    speed(corpus, wanted.rounds)


if __name__ == "__main__":
    main()
