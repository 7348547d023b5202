"""Real workers on both brokers: the whole way, a rebalance, a stop, a start after a crash, an outage of the outputs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import psutil
import pytest

from pipeline.bus.admin import Admin
from pipeline.enrich import enrich_item
from pipeline.errors import TopicMissing
from pipeline.settings import Settings
from pipeline.worker.supervisor import Supervisor, _Worker
from schemas import DeadLetter, EnrichedArticle, RawItem
from tests.line import Count, line_settings, publish, raw_item, reading, topics, wait_until, workers

TEXT = "More than {} people fled Mosul, Iraq, the United Nations said on Monday."


def item(number: int, version: int = 1, text: str = TEXT) -> RawItem:
    """Return an article that says how many fled."""
    body = {
        "uri": f"x:{number}",
        "version": str(version),
        "headline": "Flight",
        "body_text": text.format(1000 + number),
    }
    return raw_item(orjson.dumps(body), wire_id=f"x:{number}")


def lag(settings: Settings) -> int:
    """Return how many raw records the workers have not committed."""
    with Admin(settings) as admin:
        return next(state.lag for state in admin.describe() if state.spec.name == "raw")


def arrived(count: Count, wanted: int) -> None:
    """Wait for so many events."""
    wait_until(lambda: len(count) >= wanted, seconds=60, what=lambda: f"{len(count)} of {wanted} events")


def test_an_article_flows_from_raw_to_every_topic(broker_address: str) -> None:
    """What the library finds is what subscribers get, on each topic; what cannot be read is a dead letter."""
    settings = line_settings(broker_address)
    with (
        topics(settings),
        workers(settings),
        reading(settings, "articles") as articles,
        reading(settings, "normalized") as normalized,
        reading(settings, "entities") as entities,
        reading(settings, "figures") as figures,
        reading(settings, "deadletter") as letters,
    ):
        publish(settings, [item(1), raw_item(b'{"torn": ', wire_id="x:torn"), item(2)])
        wanted = [enrich_item(item(number))[0] for number in (1, 2)]
        arrived(articles, 2)
        arrived(normalized, 2)
        arrived(letters, 1)
        arrived(entities, sum(len(article.entities) for article in wanted))
        arrived(figures, sum(len(article.figures) for article in wanted))
        wait_until(lambda: lag(settings) == 0, seconds=20, what=lambda: f"{lag(settings)} not committed")
    got = {
        article.article_id: article for event in articles.events if isinstance(article := event.record, EnrichedArticle)
    }
    assert [got[article.article_id].figures for article in wanted] == [article.figures for article in wanted]
    assert [got[article.article_id].entities for article in wanted] == [article.entities for article in wanted]
    letter = letters.events[0].record
    assert isinstance(letter, DeadLetter)
    assert letter.code == "malformed_item"


def test_a_stop_finishes_what_is_in_hand(broker_address: str) -> None:
    """SIGTERM in mid-run: the worker is gone within its time, and what it delivered is committed and never repeated."""
    settings = line_settings(broker_address)
    with topics(settings), reading(settings, "articles") as articles:
        with workers(settings) as row:
            publish(settings, [item(number) for number in range(2000)])
            arrived(articles, 100)
            assert row.stop() == [0]
        publish(settings, [item(number) for number in range(2000, 2010)])
        with workers(settings):
            arrived(articles, 2010)
        raw_copies = _copies_on_the_topic(settings)
    assert not articles.repeated()
    flight = settings.chunk_records * settings.chunks_in_flight
    assert raw_copies - 2010 <= flight, "a stop repeats no more than what was in the air"


def _copies_on_the_topic(settings: Settings) -> int:
    with Admin(settings) as admin:
        return next(state.records for state in admin.describe() if state.spec.name == "articles")


def test_workers_that_come_and_go_share_the_work(broker_address: str) -> None:
    """However often partitions are handed over, nothing is lost and nothing is seen twice."""
    # A starved worker must not lose its partitions by silence: that would be another test.
    settings = line_settings(broker_address, session_timeout=30.0)
    with topics(settings), reading(settings, "articles") as articles, workers(settings):
        publish(settings, [item(number) for number in range(1500)])
        arrived(articles, 50)
        with workers(settings):
            publish(settings, [item(number) for number in range(1500, 2500)])
            arrived(articles, 2000)
        arrived(articles, 2500)
        wait_until(lambda: lag(settings) == 0, seconds=30, what=lambda: f"{lag(settings)} not committed")
    assert len({event.id for event in articles.events}) == len(articles) == 2500


def test_a_dead_worker_is_started_again(broker_address: str) -> None:
    """The supervisor fills an empty place, and the new worker goes on where the old one had committed."""
    settings = line_settings(broker_address)
    with topics(settings), reading(settings, "articles") as articles, workers(settings) as row:
        publish(settings, [item(1)])
        arrived(articles, 1)
        (first,) = row.pids()
        os.kill(first, signal.SIGKILL)
        publish(settings, [item(2)])
        arrived(articles, 2)
        assert row.pids() != [first]


def test_versions_of_an_article_stay_in_order(broker_address: str) -> None:
    """Promise 3: however many workers there are, one article's versions arrive in the order they were published."""
    settings = line_settings(broker_address)
    versions = [item(number, version) for version in range(1, 21) for number in range(30)]
    with topics(settings), reading(settings, "articles") as articles, workers(settings, 2):
        publish(settings, versions)
        arrived(articles, len(versions))
    seen: dict[str, list[int]] = {}
    for event in articles.events:
        article = event.record
        assert isinstance(article, EnrichedArticle)
        seen.setdefault(article.article_id, []).append(int(article.version))
    assert all(order == list(range(1, 21)) for order in seen.values())


def test_a_worker_leaves_nothing_on_disk(broker_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker needs no folder to write to: it runs in a read-only container."""
    settings = line_settings(broker_address)
    monkeypatch.chdir(tmp_path)
    with topics(settings), reading(settings, "articles") as articles, workers(settings):
        publish(settings, [item(1)])
        arrived(articles, 1)
    assert not list(tmp_path.iterdir())


def test_a_worker_without_topics_says_what_to_do(broker_address: str) -> None:
    """Nothing starts on a broker that was not prepared."""
    with pytest.raises(TopicMissing, match="topics create"):
        Supervisor(line_settings(broker_address), 1).start()


def test_no_worker_outlives_its_supervisor(broker_address: str) -> None:
    """A worker whose supervisor is gone notices the end of its stdin and leaves."""
    settings = line_settings(broker_address)
    with topics(settings):
        row = Supervisor(settings, 1)
        row.start()
        try:
            assert row.wait_ready(30)
            worker = psutil.Process(row.pids()[0])
            stdin = row._workers[0].process.stdin  # type: ignore[union-attr]
            assert stdin is not None
            stdin.close()
            assert worker.wait(timeout=20) in {0, None}
        finally:
            row.stop()


def test_a_worker_given_up_before_it_is_ready_is_no_error() -> None:
    """Whoever waits for the first line of a process whose pipe was closed meanwhile just stops waiting."""
    worker = _Worker(b"", None)
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as process:
        process.wait(30)
    worker._wait_ready(process)
    assert not worker.ready.is_set()
