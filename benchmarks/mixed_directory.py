"""`python -m benchmarks.mixed_directory`: `copytaster enrich` over 1,000 files of every dialect, throughput and memory.

The files are the golden items of the parsers, round and round, each under a name of its own, a few gzipped, and every
hundredth a ZIP archive of ten. Some goldens are refused on purpose, so some files fail; the count is printed.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.parsers.goldens import INPUTS

SAMPLE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command took."""

    seconds: float
    articles: int
    failed: int
    peak_bytes: int


def main() -> int:
    """Write the files, run the command a few times, print the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mixed_directory", description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2], help="processes to compare")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copytaster-mixed-") as name:
        folder = Path(name)
        size = write_files(folder, options.files)
        dialects = len({path.parent for path in INPUTS})
        print(f"{options.files:,} files of {dialects} dialects, {size / 1e6:.1f} MB")
        runs = {jobs: [run(folder, jobs) for _ in range(options.rounds)] for jobs in options.jobs}
    for jobs, found in runs.items():
        middle = sorted(found, key=lambda one: one.seconds)[len(found) // 2]
        peak = max(one.peak_bytes for one in found) / 2**20
        print(
            f"--jobs {jobs}: {options.files / middle.seconds:,.0f} files/s, "
            f"{middle.articles / middle.seconds:,.0f} articles/s, {size / 1e6 / middle.seconds:.2f} MB/s "
            f"(median of {len(found)}: {middle.seconds:.2f} s), peak memory of all processes {peak:,.0f} MB; "
            f"{middle.articles:,} articles, {middle.failed:,} inputs refused"
        )
    return 0


def write_files(folder: Path, count: int) -> int:
    """Write the mixed directory and return its size in bytes."""
    for number, path in zip(range(count), _round_and_round(), strict=False):
        body = path.read_bytes()
        target = folder / path.parent.name / f"{number:04}-{path.name}"
        target.parent.mkdir(exist_ok=True)
        if number % 100 == 99:
            with zipfile.ZipFile(target.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
                for inner in INPUTS[number % len(INPUTS) :][:10]:
                    archive.writestr(inner.name, inner.read_bytes())
        elif number % 20 == 19:
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(body, mtime=0))
        else:
            target.write_bytes(body)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(folder: Path, jobs: int) -> Run:
    """Run the command over the folder once."""
    command = [sys.executable, "-m", "pipeline", "enrich", str(folder), "--jobs", str(jobs)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        begin = time.monotonic()
        process = psutil.Popen(command, stdout=out, stderr=said, stdin=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - begin
        out.seek(0)
        said.seek(0)
        return Run(seconds, sum(1 for _ in out), sum(1 for _ in said), peak)


def _memory(process: psutil.Process) -> int:
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def _round_and_round() -> Iterator[Path]:
    while True:
        yield from INPUTS


if __name__ == "__main__":
    sys.exit(main())
