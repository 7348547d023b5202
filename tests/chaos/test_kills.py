"""Workers and the embedded broker die by SIGKILL in mid-run; every article comes out, and once."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from benchmarks.newsgen import Item, items
from pipeline.bus.deadletters import Selection
from pipeline.bus.redrive import redrive
from pipeline.enrich import enrich_item
from schemas import DeadLetter, EnrichedArticle, EntityRecord, FigureRecord, RawItem
from tests.apache.properties import free_ports
from tests.guard import GuardedProcess
from tests.line import Count, line_settings, publish, raw_item, reading, topics, wait_until, workers

FAULT = Path(__file__).parent / "fault"
PAYLOAD_SAMPLE = 20
"""Every so-many-th article is enriched anew in the test and compared field by field."""


class Scale(NamedTuple):
    """Size of a run."""

    articles: int
    poison: int
    kills: int
    seconds: float


SMALL = Scale(500, 20, 2, 100)
FULL = Scale(20_000, 200, 10, 1200)
SCALES = [
    pytest.param(SMALL, id="small"),
    pytest.param(FULL, id="full", marks=[pytest.mark.complete, pytest.mark.timeout(1800)]),
]


class Load(NamedTuple):
    """What goes in, and what must come out."""

    raw: list[RawItem]
    versions: set[tuple[str, str]]
    poison: int
    broken: int


def load(scale: Scale) -> Load:
    """Return generated articles; `poison` of them set off the bug of `fault/`, some more are unreadable for good."""
    unreadable = scale.poison // 5
    step = scale.articles // scale.poison
    raw, versions, poisoned = [], set(), 0
    for item in items(scale.articles + unreadable, seed=7, poison=unreadable):
        body = item.line
        if not item.poison:
            assert item.uri is not None
            assert item.version is not None
            versions.add((item.uri, item.version))
            if item.number % step == 0 and poisoned < scale.poison:
                body = _poisoned(item)
                poisoned += 1
        raw.append(raw_item(body, wire_id=item.uri or f"unreadable:{item.number}"))
    assert poisoned == scale.poison
    return Load(raw, versions, scale.poison, unreadable)


def _poisoned(item: Item) -> bytes:
    article = orjson.loads(item.line)
    article["body_text"] += "\n\nThis sentence sets off the bug."
    return orjson.dumps(article)


def killed_at_random(pids: list[int], chance: random.Random) -> None:
    """Kill one of the processes as hard as can be."""
    os.kill(chance.choice(pids), signal.SIGKILL)


def versions_of(articles: Count) -> list[tuple[str, str]]:
    """Return (uri, version) of every article seen, in order."""
    records = [event.record for event in articles.events]
    return [(record.uri or "", record.version) for record in records if isinstance(record, EnrichedArticle)]


def check_order(articles: Count) -> None:
    """Versions of one article arrive in the order in which they were published."""
    last: dict[str, int] = {}
    for uri, version in versions_of(articles):
        assert int(version) > last.get(uri, 0), f"{uri}: version {version} after {last.get(uri)}"
        last[uri] = int(version)


def check_payloads(raw: list[RawItem], articles: Count, entities: Count, figures: Count) -> None:
    """What the topics carry is what the stages make of the input: nothing torn, nothing left out."""
    by_digest = {r.provenance.digest: r for e in articles.events if isinstance(r := e.record, EnrichedArticle)}
    found: dict[str, tuple[set[str], set[str]]] = {}
    for event in entities.events:
        if isinstance(record := event.record, EntityRecord):
            found.setdefault(record.article.digest, (set(), set()))[0].add(record.entity.entity_id)
    for event in figures.events:
        if isinstance(record := event.record, FigureRecord):
            found.setdefault(record.article.digest, (set(), set()))[1].add(record.figure.figure_id)
    compared = 0
    for item in raw[::PAYLOAD_SAMPLE]:
        for wanted in _enriched(item):
            got = by_digest[wanted.provenance.digest]
            assert got.model_copy(update={"timings": wanted.timings}) == wanted
            seen_entities, seen_figures = found.get(wanted.provenance.digest, (set(), set()))
            assert seen_entities == {entity.entity_id for entity in wanted.entities}
            assert seen_figures == {figure.figure_id for figure in wanted.figures}
            compared += 1
    assert compared > len(raw) // PAYLOAD_SAMPLE // 2


def _enriched(item: RawItem) -> list[EnrichedArticle]:
    try:
        return enrich_item(item)
    except Exception:
        return []


@pytest.mark.parametrize("scale", SCALES)
def test_killed_workers_lose_nothing_and_repeat_nothing(
    broker_address: str, scale: Scale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promises 1 to 4: through kills at random moments every article comes out once, in order, or as a dead letter."""
    settings = line_settings(broker_address)
    batch = load(scale)
    chance = random.Random(scale.articles)
    moments = sorted(chance.uniform(0.02, 0.9) for _ in range(scale.kills))
    with (
        topics(settings),
        reading(settings, "articles", group="desk") as articles,
        reading(settings, "entities") as entities,
        reading(settings, "figures") as figures,
        reading(settings, "deadletter") as letters,
    ):
        with monkeypatch.context() as patch:
            patch.setenv("PYTHONPATH", str(FAULT))
            with workers(settings, 2) as row:
                assert publish(settings, batch.raw) == len(batch.raw)
                kill_workers(row, articles, moments, len(batch.versions), chance, scale)
                dead = batch.poison + batch.broken
                wait_until(
                    lambda: len(articles) + len(letters) >= len(batch.versions) - batch.poison + dead,
                    seconds=scale.seconds,
                    what=lambda: f"{len(articles)} articles and {len(letters)} dead letters of {len(batch.raw)} items",
                )
        check_order(articles)
        codes = [letter.record.code for letter in letters.events if isinstance(letter.record, DeadLetter)]
        assert codes.count("stage_failed") == batch.poison
        assert len(codes) == batch.poison + batch.broken
        with workers(settings, 1):
            assert len(list(redrive(settings, Selection(codes=frozenset({"stage_failed"}))))) == batch.poison
            wait_until(
                lambda: len(articles) >= len(batch.versions),
                seconds=scale.seconds,
                what=lambda: f"{len(articles)} of {len(batch.versions)} articles after the redrive",
            )
            publish(
                settings,
                [
                    raw_item(
                        b'{"uri":"https://wire.example/fresh","version":"1","body_text":"A fresh article flows."}',
                        wire_id="https://wire.example/fresh",
                    )
                ],
            )
            wait_until(
                lambda: versions_of(articles)[-1] == ("https://wire.example/fresh", "1"),
                seconds=60,
                what=lambda: "a fresh article does not flow",
            )
    seen = versions_of(articles)
    assert len(seen) == len(set(seen)), "an article was seen twice"
    assert set(seen) == batch.versions | {("https://wire.example/fresh", "1")}, "an article was lost"
    for count in (articles, entities, figures, letters):
        assert not count.repeated()
    assert sum(letter.value is not None for letter in letters.events) == batch.poison + batch.broken
    check_payloads(batch.raw, articles, entities, figures)


def kill_workers(
    row: object, articles: Count, moments: list[float], total: int, chance: random.Random, scale: Scale
) -> None:
    """Kill a worker each time the readers have seen the next share of the articles."""
    for moment in moments:
        wait_until(
            lambda share=moment: len(articles) >= share * total * 0.8,
            seconds=scale.seconds,
            what=lambda share=moment: f"{len(articles)} articles, waiting for {share * total * 0.8:.0f}",
        )
        wait_until(lambda: bool(row.pids()), seconds=30, what=lambda: "no worker runs")
        killed_at_random(row.pids(), chance)


class Broker:
    """An embedded broker that can be killed and comes back at the same address with the same data."""

    def __init__(self, directory: Path) -> None:
        self._port = free_ports(1)[0]
        self._directory = directory
        self.address = f"127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start it; clients find it when it listens."""
        command = [sys.executable, "-m", "pipeline.embedded", "--data-dir", str(self._directory / "data")]
        with (self._directory / "broker.log").open("ab") as log:
            self._process = GuardedProcess([*command, "--port", str(self._port)], stdout=subprocess.DEVNULL, stderr=log)
        wait_until(self._listens, seconds=30, what=lambda: (self._directory / "broker.log").read_text())

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker of this test's own."""
    broker = Broker(tmp_path)
    yield broker
    broker.kill()


@pytest.mark.parametrize("scale", SCALES)
def test_a_killed_broker_loses_nothing(broker: Broker, scale: Scale) -> None:
    """The embedded broker dies three times while it is written and read; all that it acknowledged is there."""
    settings = line_settings(broker.address)
    chance = random.Random(3)
    raw = [raw_item(item.line, wire_id=item.uri) for item in items(scale.articles, seed=11)]
    versions = {(item.uri, item.version) for item in items(scale.articles, seed=11)}
    with topics(settings), workers(settings, 1), reading(settings, "articles", group="desk") as articles:
        feeding = threading.Thread(target=publish, args=(settings, raw), daemon=True)
        feeding.start()
        for share in sorted(chance.uniform(0.05, 0.8) for _ in range(3)):
            wait_until(
                lambda wanted=share * len(versions): len(articles) >= wanted,
                seconds=scale.seconds,
                what=lambda: f"{len(articles)} of {len(versions)} articles",
            )
            broker.kill()
            broker.start()
        feeding.join(timeout=scale.seconds)
        assert not feeding.is_alive()
        wait_until(
            lambda: len(articles) >= len(versions),
            seconds=scale.seconds,
            what=lambda: f"{len(articles)} of {len(versions)} articles",
        )
    seen = versions_of(articles)
    assert set(seen) == versions
    assert len(seen) == len(versions)
    check_order(articles)
