"""The ledger: what several processes note is added up, outlives them, and never stops a feed."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.sources import Ledger, forget_source, ledger, read_sources
from pipeline.sources.metrics import Metrics, serve_metrics
from tests.apache.properties import free_ports

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

NOTING = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from pipeline.sources import Ledger
with Ledger(Path(sys.argv[1]), "watch", sys.exit) as ledger:
    for number in range(200):
        at = datetime.fromisoformat(sys.argv[2]) + timedelta(minutes=number)
        ledger.note("desk", items=2, rejected=1, size=100, at=at)
        if number % 10 == 0:
            ledger.flush()
"""


def never(sentence: str) -> None:
    raise AssertionError(sentence)


def test_what_was_noted_is_there_after_a_restart(tmp_path: Path) -> None:
    """Counts, the latest item and the habit survive; a new process counts from nothing, but knows the habit."""
    with Ledger(tmp_path / "new", "http", never) as first:
        for number in range(20):
            first.note("desk", items=3, size=10, at=MONDAY + number * MINUTE)
        first.note("desk", rejected=2, at=MONDAY + 30 * MINUTE)
    (kept,) = read_sources(tmp_path / "new")
    assert (kept.feed, kept.source, kept.items, kept.rejected, kept.size) == ("http", "desk", 60, 2, 200)
    assert kept.last == MONDAY + 19 * MINUTE
    with Ledger(tmp_path / "new", "http", never) as second:
        (known,) = second.states()
        assert (known.items, known.last, known.habit) == (0, kept.last, kept.habit)
        verdict = known.verdict(MONDAY + timedelta(days=1, hours=2))
        assert verdict is not None
        assert verdict.silent


def test_processes_share_a_source(tmp_path: Path) -> None:
    """Two feeds that note the same source at the same time lose nothing of each other."""
    processes = [
        subprocess.Popen([sys.executable, "-c", NOTING, str(tmp_path), (MONDAY + begin * MINUTE).isoformat()])
        for begin in (0, 200)
    ]
    assert [process.wait(60) for process in processes] == [0, 0]
    (kept,) = read_sources(tmp_path)
    assert (kept.items, kept.rejected, kept.size) == (800, 400, 40_000)
    assert kept.last == MONDAY + 399 * MINUTE


def test_feeds_and_sources_are_kept_apart(tmp_path: Path) -> None:
    """The same name on two feeds is two sources; forgetting a name forgets both."""
    for feed in ("watch", "http"):
        with Ledger(tmp_path, feed, never) as book:
            book.note("desk", items=1, at=MONDAY)
            book.note("other", items=1, at=MONDAY)
    assert [(one.feed, one.source) for one in read_sources(tmp_path)] == [
        ("http", "desk"), ("http", "other"), ("watch", "desk"), ("watch", "other"),
    ]  # fmt: skip
    assert forget_source(tmp_path, "desk")
    assert not forget_source(tmp_path, "desk")
    assert [one.source for one in read_sources(tmp_path)] == ["other", "other"]
    assert not forget_source(tmp_path / "nowhere", "desk")
    assert read_sources(tmp_path / "nowhere") == []


def test_a_ledger_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    """The feed hears of it once, and what was noted is written as soon as that works."""
    (tmp_path / "file").write_bytes(b"")
    said: list[str] = []
    with Ledger(tmp_path / "file", "http", said.append) as book:
        for number in range(3):
            book.note("desk", items=1, at=MONDAY + number * MINUTE)
            book.flush()
        (tmp_path / "file").unlink()
    assert len(said) == 1
    assert "goes on" in said[0]
    (kept,) = read_sources(tmp_path / "file")
    assert (kept.items, kept.habit.gaps if kept.habit else None) == (3, (1, 1))


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    """Doctor gets one sentence for a file that is no ledger."""
    with Ledger(tmp_path, "http", never) as book:
        book.note("desk", items=1, at=MONDAY)
    (file,) = tmp_path.iterdir()
    file.write_bytes(os.urandom(4096))
    with pytest.raises(OSError, match="cannot be read"):
        read_sources(tmp_path)


def test_names_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pushes under ever new names fills neither memory nor metrics; the items are still counted."""
    monkeypatch.setattr(ledger, "MAX_SOURCES", 3)
    with Ledger(tmp_path, "http", never) as book:
        for number in range(10):
            book.note(f"name {number}", items=1, at=MONDAY)
    assert {one.source: one.items for one in read_sources(tmp_path)} == {
        "name 0": 1, "name 1": 1, "name 2": 1, ledger.OTHERS: 7,
    }  # fmt: skip


def test_metrics_show_who_went_quiet(tmp_path: Path) -> None:
    """Counters of this process, the latest item, the usual gap, and silent as 0 or 1, by feed and source."""
    now = MONDAY + timedelta(days=1, hours=3)
    with Ledger(tmp_path, "rss", never) as book:
        for number in range(60):
            book.note("quiet", items=2, size=50, at=MONDAY + number * MINUTE)
            book.note("loud", items=1, rejected=1, at=now - (60 - number) * MINUTE)
        text = Metrics(book, lambda: now).text().decode()
    labels = {name: f'{{feed="rss",source="{name}"}}' for name in ("quiet", "loud")}
    for line in (
        f"copytaster_items_published_total{labels['quiet']} 120.0",
        f"copytaster_items_rejected_total{labels['loud']} 60.0",
        f"copytaster_bytes_published_total{labels['quiet']} 3000.0",
        f"copytaster_source_usual_gap_seconds{labels['quiet']} 60.0",
        f"copytaster_source_silent{labels['quiet']} 1.0",
        f"copytaster_source_silent{labels['loud']} 0.0",
    ):
        assert line in text.splitlines()
    assert f"copytaster_source_last_item_timestamp_seconds{labels['loud']}" in text


def test_metrics_are_served_while_the_feed_runs(tmp_path: Path) -> None:
    """`--metrics HOST:PORT` answers a scrape; a taken or mistyped address stops at once with a sentence."""
    address = f"127.0.0.1:{free_ports(1)[0]}"
    with Ledger(tmp_path, "watch", never) as book, serve_metrics(address, book, lambda: MONDAY):
        book.note("desk", items=5, at=MONDAY)
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
            assert 'copytaster_items_published_total{feed="watch",source="desk"} 5.0' in answer.read().decode()
        for wrong in (address, "nonsense", "127.0.0.1:", "127.0.0.1:99999"):
            with pytest.raises(ConfigError, match="--metrics"), serve_metrics(wrong, book, lambda: MONDAY):
                pass
    with Ledger(tmp_path, "watch", never) as book, serve_metrics(None, book, lambda: MONDAY):
        pass
