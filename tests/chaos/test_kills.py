"""Workers and the embedded broker die by SIGKILL in mid-run; every article comes out, and once."""

from __future__ import annotations

import os
import random
import signal
import threading
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from benchmarks.newsgen import Item, items
from pipeline.bus.deadletters import Selection
from pipeline.bus.redrive import redrive
from pipeline.enrich import enrich_item
from schemas import DeadLetter, EnrichedArticle, RawItem
from tests.embedded_broker import EmbeddedKafka
from tests.line import Count, line_settings, publish, raw_item, reading, topics, wait_settled, wait_until, workers

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
    sample = {item.item_id for item in raw[::PAYLOAD_SAMPLE]}
    wanted_entities: set[tuple[str, bytes]] = set()
    wanted_figures: set[tuple[str, bytes]] = set()
    compared = 0
    for item in raw:
        for wanted in _enriched(item) if item.item_id in sample else []:
            got = by_digest[wanted.provenance.digest]
            assert got.model_copy(update={"timings": wanted.timings}) == wanted
            wanted_entities |= {(wanted.article_id, entity.entity_id.encode()) for entity in wanted.entities}
            wanted_figures |= {(wanted.article_id, figure.figure_id.encode()) for figure in wanted.figures}
            compared += 1
    assert compared > len(raw) // PAYLOAD_SAMPLE // 2
    assert {place for place in entities.places if place[0] in sample} == wanted_entities
    assert {place for place in figures.places if place[0] in sample} == wanted_figures


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
        reading(settings, "entities", slim=True) as entities,
        reading(settings, "figures", slim=True) as figures,
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
        wait_settled((articles, entities, figures, letters))
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


@pytest.mark.parametrize("scale", SCALES)
def test_a_killed_broker_loses_nothing(tmp_path: Path, scale: Scale) -> None:
    """The embedded broker dies three times while it is written and read; all that it acknowledged is there."""
    with EmbeddedKafka(tmp_path) as broker:
        survive(broker, scale)


def survive(broker: EmbeddedKafka, scale: Scale) -> None:
    """Feed articles through a broker that is killed three times; all come out, once and in order."""
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
