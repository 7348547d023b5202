"""`demo`: a newcomer's first minute. It shows everything, accounts for everything and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.cli_stream.commands import COPYTASTER, DEADLINE, end_tree, read_line, wait_for
from tests.feeds.archives import line

ROOT = Path(__file__).parents[2]


@contextmanager
def demo(folder: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a demo whose temporary files can be counted, under settings that would mislead it."""
    (folder / "tmp").mkdir()
    misleading = {
        "COPYTASTER_BROKERS": "127.0.0.1:1",
        "COPYTASTER_PREFIX": "other",
        "COPYTASTER_SECURITY_PROTOCOL": "SSL",
        "TMPDIR": str(folder / "tmp"),
        "TERM": "dumb",
    }
    process = subprocess.Popen(
        [*COPYTASTER, "demo", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | misleading,
        cwd=folder,
    )
    try:
        yield process
    finally:
        end_tree(process.pid)
        process.communicate(timeout=DEADLINE)


def own_seeds(folder: Path) -> Path:
    """Write two articles, an item without any text, and a line that is no item."""
    seeds = folder / "wire.jsonl"
    lines = [line("one", 1), line("two", 2), '{"uri": "urn:three", "headline": "three"}', "no json"]
    seeds.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return seeds


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return what the demo has started: the broker and the worker."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_the_seeds_flow_without_any_setup(tmp_path: Path) -> None:
    """Every seed comes out as an article, with a summary behind it, and nothing is printed that is no news."""
    with demo(tmp_path) as process:
        out, said = process.communicate(timeout=DEADLINE)
    text = out.decode()
    items = len(list((ROOT / "seeds").glob("*.txt"))) + len((ROOT / "seeds" / "wire.jsonl").read_text().splitlines())
    assert (process.returncode, said) == (0, b"")
    assert text.count("■ ") == items
    assert f"items in      {items}\n" in text
    assert f"articles      {items} with " in text
    assert "dead letters  0\n" in text
    assert "latency       p50 " in text
    assert not [row for row in text.splitlines() if len(row) > 100 or row != row.rstrip()]
    assert "\x1b" not in text
    assert not list((tmp_path / "tmp").iterdir())


def test_what_is_no_article_is_accounted_for(tmp_path: Path) -> None:
    """A dead letter counts, a line that is no item is said and makes the exit code 1; the demo still ends by itself."""
    with demo(tmp_path, "--seeds", own_seeds(tmp_path)) as process:
        out, said = process.communicate(timeout=DEADLINE)
    text = out.decode()
    assert process.returncode == 1
    assert ":4: " in said.decode()
    assert said.decode().count("\n") == 1
    assert "✗ no_article in normalize" in text
    assert "items in      3 (1 more were no items)" in text
    assert "articles      2 with" in text
    assert "dead letters  1" in text


def test_a_limit_cuts_the_replay(tmp_path: Path) -> None:
    """--limit shows the first items only; --keep leaves the data and says how to look at it again."""
    with demo(tmp_path, "--seeds", own_seeds(tmp_path), "--limit", "1", "--keep") as process:
        out, said = process.communicate(timeout=DEADLINE)
    assert "items in      1 " in out.decode()
    (kept,) = (tmp_path / "tmp").iterdir()
    assert f"copytaster broker --data-dir {kept / 'broker'}" in said.decode()
    assert (kept / "broker").is_dir()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C at any moment ends broker and worker and removes the directory."""
    with demo(tmp_path) as process:
        wait_for(lambda: len(family(process)) >= 2, "broker and worker are running")
        children = family(process)
        process.send_signal(number)
        _, said = process.communicate(timeout=DEADLINE)
        assert process.returncode == 130
        assert b"Traceback" not in said
        # One that was just being started is not known to the demo yet; it ends by itself when its stdin does.
        wait_for(lambda: gone(children), "broker and worker have ended")
    assert not list((tmp_path / "tmp").iterdir())


def test_a_killed_demo_leaves_no_process(tmp_path: Path) -> None:
    """Even kill -9 leaves neither broker nor worker."""
    with demo(tmp_path) as process:
        read_line(process)
        children = family(process)
        assert len(children) >= 2
        process.kill()
        process.wait(DEADLINE)
        wait_for(lambda: gone(children), "broker and worker have ended")


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """A mistyped path stops before anything is started."""
    with demo(tmp_path, "--seeds", tmp_path / "nowhere") as process:
        out, said = process.communicate(timeout=DEADLINE)
    assert (process.returncode, out) == (2, b"")
    assert said.decode() == f"copytaster: {tmp_path / 'nowhere'} is not there\n"
