"""Throughput, latency and memory of `feed http`: pushes of one item and of a hundred, each answered after its delivery.

    python -m benchmarks.push                    # the embedded broker, 16 senders
    python -m benchmarks.push --senders 4 --seconds 10

Senders, endpoint and broker share the machine: compare rows of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from benchmarks.newsgen import items
from tests.cli_stream.commands import environment, own_topics
from tests.embedded_broker import EmbeddedKafka

_ITEMS = 2000
_BIG = 15 * 1024 * 1024


async def push(url: str, bodies: list[bytes], senders: int, seconds: float) -> list[float]:
    """Push until the time is over; return how long each push took, in seconds."""
    took: list[float] = []
    ends = time.monotonic() + seconds

    async def send(client: aiohttp.ClientSession, number: int) -> None:
        while time.monotonic() < ends:
            began = time.monotonic()
            async with client.post(url, data=bodies[number % len(bodies)]) as answer:
                text = await answer.text()
            if answer.status == 503:
                await asyncio.sleep(int(answer.headers["Retry-After"]))
                continue
            if answer.status != 202:
                raise RuntimeError(f"{answer.status}: {text}")
            took.append(time.monotonic() - began)
            number += senders

    async with aiohttp.ClientSession() as client:
        await asyncio.gather(*(send(client, number) for number in range(senders)))
    return took


def row(name: str, took: list[float], per_push: int, seconds: float, rss: int) -> str:
    """Return the figures as one row."""
    p50, p95 = statistics.median(took) * 1000, statistics.quantiles(took, n=20)[-1] * 1000
    rate = len(took) / seconds
    return (
        f"{name:28} {rate:7.0f} pushes/s {rate * per_push:8.0f} items/s   p50 {p50:6.1f} ms  p95 {p95:6.1f} ms   "
        f"{rss / 1024**2:5.0f} MB"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    lines = [item.line for item in items(_ITEMS, seed=1)]
    hundreds = [b"\n".join(lines[at : at + 100]) for at in range(0, _ITEMS, 100)]
    big = b"\n".join((lines * (_BIG // sum(map(len, lines)) + 1))[: _BIG // len(lines[0])])[:_BIG].rpartition(b"\n")[0]
    with tempfile.TemporaryDirectory() as directory, EmbeddedKafka(Path(directory)) as broker:
        settings = own_topics(broker.address)
        command = [sys.executable, "-m", "pipeline", "feed", "http", "--port", "0", "--patience", "60"]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=environment(settings, Path(directory) / "state")
        ) as feed:
            try:
                assert feed.stderr is not None  # noqa: S101 - Popen was asked for it
                found = re.search(r"http://[^ ;]+", feed.stderr.readline())
                assert found is not None  # noqa: S101 - the endpoint says where it is
                process = psutil.Process(feed.pid)
                for name, bodies, per_push, senders in (
                    ("one item", lines, 1, options.senders),
                    ("a hundred items", hundreds, 100, options.senders),
                    ("15 MB of items, 4 senders", [big], big.count(b"\n") + 1, 4),
                ):
                    took = asyncio.run(push(found.group(), bodies, senders, options.seconds))
                    print(row(name, took, per_push, options.seconds, process.memory_info().rss))
            finally:
                feed.kill()


if __name__ == "__main__":
    main()
