"""Who went quiet: feeds note it, doctor and metrics show it, each in a process of its own."""

from __future__ import annotations

import json
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.bus.admin import Admin
from pipeline.settings import Settings, load_settings
from pipeline.sources import Ledger, read_sources
from tests.apache.properties import free_ports
from tests.cli_stream.commands import own_topics, run, running, wait_for
from tests.feeds.archives import line, write

MINUTE = timedelta(minutes=1)


def past(state: Path, source: str, last: datetime) -> None:
    """Leave a ledger in which a source was heard every five minutes for four days, until `last`."""
    with Ledger(state, "stdin", pytest.fail) as ledger:
        for number in range(4 * 24 * 12, -1, -1):
            ledger.note(source, items=1, size=100, at=last - 5 * number * MINUTE)


def checks(settings: Settings, state: Path, *options: str) -> tuple[int, dict[str, dict[str, object]]]:
    """Return doctor's exit code and its checks by name."""
    done = run(settings, "doctor", "--json", *options, state=state)
    found = [json.loads(text) for text in done.stdout.splitlines()]
    return done.returncode, {check["check"]: check for check in found}


def test_doctor_names_the_silent_source(embedded_address: str, tmp_path: Path) -> None:
    """One source keeps its habit, one has been quiet far beyond it: exit code 1, and what to do; forgetting ends it."""
    settings, now = load_settings(brokers=embedded_address, prefix=f"d{uuid.uuid4().hex[:10]}"), datetime.now(UTC)
    with Admin(settings) as admin:
        admin.create()
    past(tmp_path, "lively", now - MINUTE)
    past(tmp_path, "gone quiet", now - 300 * MINUTE)
    code, found = checks(settings, tmp_path)
    lively, quiet = found["source lively (stdin)"], found["source gone quiet (stdin)"]
    assert (code, lively["ok"], quiet["ok"]) == (1, True, False)
    assert "usually every 5 min" in str(lively["found"])
    assert str(quiet["found"]).startswith("silent for 5 h")
    assert "--forget 'gone quiet'" in str(quiet["advice"])
    assert run(settings, "doctor", "--forget", "gone quiet", state=tmp_path).returncode == 0
    code, found = checks(settings, tmp_path)
    assert (code, "source gone quiet (stdin)" in found) == (0, False)
    again = run(settings, "doctor", "--forget", "gone quiet", state=tmp_path)
    assert (again.returncode, again.stderr.count(b"\n")) == (2, 1)


def test_a_source_that_speaks_again_is_well(embedded_address: str, tmp_path: Path) -> None:
    """Two processes: doctor calls the source silent, a feed publishes one item, doctor is content."""
    settings = own_topics(embedded_address)
    past(tmp_path, "desk", datetime.now(UTC) - 300 * MINUTE)
    assert not checks(settings, tmp_path)[1]["source desk (stdin)"]["ok"]
    with running(settings, "feed", "stdin", "--source", "desk", state=tmp_path) as feed:
        assert feed.stdin is not None
        feed.stdin.write(line("one", 1).encode() + b"\n")
        feed.stdin.flush()
        # The feed is still running: the ledger is written while it does, not when it ends.
        wait_for(lambda: read_sources(tmp_path)[0].items == 4 * 24 * 12 + 2, "the ledger has the item")
        assert checks(settings, tmp_path)[1]["source desk (stdin)"]["ok"]


def test_metrics_of_a_watch_know_the_time_before_it(embedded_address: str, tmp_path: Path) -> None:
    """A watch serves what it has done, and the silence of a source that has said nothing since its start."""
    settings = own_topics(embedded_address)
    folder, state, port = tmp_path / "drop", tmp_path / "state", free_ports(1)[0]
    folder.mkdir()
    with Ledger(state, "watch", pytest.fail) as ledger:
        for number in range(4 * 24 * 12, 0, -1):
            ledger.note("before", items=1, at=datetime.now(UTC) - (300 + 5 * number) * MINUTE)
    address = f"127.0.0.1:{port}"

    def text() -> str:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
            return str(answer.read().decode())

    with running(settings, "feed", "watch", folder, "--settle", "0", "--metrics", address, state=state):
        write(folder / "a.jsonl", ("one", 1), ("two", 2))
        wait_for(lambda: (folder / ".done" / "a.jsonl").exists(), "the file is put away")
        lines = text().splitlines()
    assert 'copytaster_items_published_total{feed="watch",source="local"} 2.0' in lines
    assert 'copytaster_source_silent{feed="watch",source="local"} 0.0' in lines
    assert 'copytaster_source_silent{feed="watch",source="before"} 1.0' in lines
    assert 'copytaster_source_usual_gap_seconds{feed="watch",source="before"} 300.0' in lines
