"""The whole line in one process tree: an embedded broker, one worker, a replay, and readers of what comes out.

Everything lives in one temporary directory and on one free port. Whoever leaves `Demo`, in peace or not, leaves
no process and no file behind.
"""

from __future__ import annotations

import logging
import queue
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Self

from pipeline.bus.admin import Admin
from pipeline.bus.publisher import Publisher
from pipeline.bus.reader import Received, subscribe
from pipeline.errors import BrokerError, CopytasterError, UnreadableRecord
from pipeline.settings import Settings, load_settings
from pipeline.worker.supervisor import Supervisor
from schemas import DeadLetter, EnrichedArticle, RawItem
from schemas.ids import content_digest
from schemas.topics import ARTICLES, DEADLETTER, ENTITIES, FIGURES

START_SECONDS = 30.0
"""A broker or a worker that is not up after this is not coming up."""

PATIENCE_SECONDS = 60.0
"""Longest wait for the next record; an article takes milliseconds, so this is a fault and no delay."""

PARTITIONS = 3
_READ = (ARTICLES, DEADLETTER, ENTITIES, FIGURES)


@dataclass(slots=True)
class Tally:
    """What went in, what came out, and when."""

    items: int = 0
    articles: int = 0
    dead_letters: int = 0
    entities: int = 0
    figures: int = 0
    waiting: set[str] = field(default_factory=set)
    entities_due: int = 0
    figures_due: int = 0
    first_published: datetime | None = None
    last_sunk: datetime | None = None
    latencies: list[float] = field(default_factory=list)

    def sent(self, raw: RawItem) -> None:
        """Note an item that went in. Equal bytes are one item: readers drop the repeat too."""
        digest = content_digest(raw.body)
        self.items += 1
        self.waiting.add(digest)

    def take(self, event: Received) -> None:
        """Note an event that came out."""
        if event.value is None:
            return
        if event.spec is ENTITIES:
            self.entities += 1
        elif event.spec is FIGURES:
            self.figures += 1
        elif isinstance(record := event.record, EnrichedArticle):
            self._article(record)
        elif isinstance(record, DeadLetter):
            self._dead_letter(record)

    def _article(self, article: EnrichedArticle) -> None:
        self.articles += 1
        self.waiting.discard(article.provenance.digest)
        self.entities_due += len({entity.entity_id for entity in article.entities})
        self.figures_due += len({figure.figure_id for figure in article.figures})
        published, sunk = article.timings.published, article.timings.sunk
        if published is not None and sunk is not None:
            self.latencies.append((sunk - published).total_seconds())
            self.first_published = min(published, self.first_published or published)
            self.last_sunk = max(sunk, self.last_sunk or sunk)

    def _dead_letter(self, letter: DeadLetter) -> None:
        self.dead_letters += 1
        try:
            self.waiting.discard(content_digest(RawItem.from_json(letter.value).body))
        except ValueError:
            return  # not one of ours: a RawItem is what the demo sends

    @property
    def complete(self) -> bool:
        """Every item became an article or a dead letter, and every entity and figure is on its topic."""
        derived = self.entities >= self.entities_due and self.figures >= self.figures_due
        return not self.waiting and derived

    @property
    def missing(self) -> str:
        """What is not accounted for, in words."""
        gaps = {
            "items": len(self.waiting),
            "entities": max(0, self.entities_due - self.entities),
            "figures": max(0, self.figures_due - self.figures),
        }
        return ", ".join(f"{count} {what}" for what, count in gaps.items() if count)

    @property
    def seconds(self) -> float:
        """From the first item on the raw topic to the last article handed to the producer."""
        if self.first_published is None or self.last_sunk is None:
            return 0.0
        return (self.last_sunk - self.first_published).total_seconds()

    def latency(self, percent: int) -> float:
        """Return a percentile of the seconds from the raw topic to the sink; 0 where nothing was measured."""
        if len(self.latencies) < 2:
            return self.latencies[0] if self.latencies else 0.0
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


class Demo:
    """A line that runs from `start` until `__exit__`.

    Args:
        keep: leave the directory, with the broker's data and the logs, where it is.
    """

    def __init__(self, *, keep: bool = False) -> None:
        self._keep = keep
        self._stack = ExitStack()
        self._stopping = threading.Event()
        self._events: queue.SimpleQueue[Received | CopytasterError] = queue.SimpleQueue()
        self.tally = Tally()

    def __enter__(self) -> Self:
        """Return self; nothing runs yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the readers, the worker and the broker, and remove the directory."""
        self._stack.close()

    def start(self) -> None:
        """Start broker, topics, worker and readers.

        Raises:
            BrokerError: the broker or the worker did not start; the sentence carries their last words.
        """
        self.directory = Path(tempfile.mkdtemp(prefix="copytaster-demo-"))
        if not self._keep:
            self._stack.callback(shutil.rmtree, self.directory, ignore_errors=True)
        self._log_to(self.directory / "demo.log")
        self.settings = self._broker()
        with Admin(self.settings) as admin:
            admin.create()
        self._worker()
        self._readers()

    def _log_to(self, path: Path) -> None:
        # The demo's two consoles belong to the news; what the parts have to say is read where something fails.
        handler = logging.FileHandler(path, encoding="utf-8")
        logging.getLogger().addHandler(handler)
        self._stack.callback(handler.close)
        self._stack.callback(logging.getLogger().removeHandler, handler)

    def _broker(self) -> Settings:
        log = self.directory / "broker.log"
        command = [sys.executable, "-m", "pipeline.embedded", "--data-dir", str(self.directory / "broker")]
        with log.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own broker under our own Python
                [*command, "--port=0", "--until-stdin-ends"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C reaches it only through us, when the worker has stopped
            )
        self._stack.callback(_end, process)
        address = _first_line(process)
        if not address:
            raise BrokerError(f"the embedded broker did not start: {_last_words(log)}")
        # Stated in full: a password or a prefix meant for the user's own cluster has no business here.
        return load_settings(
            brokers=address,
            security_protocol="PLAINTEXT",
            prefix="news",
            group="copytaster",
            partitions=PARTITIONS,
            replication=1,
        )

    def _worker(self) -> None:
        log = self.directory / "worker.log"
        errors = self._stack.enter_context(log.open("wb"))
        self._supervisor = Supervisor(self.settings, 1, errors=errors)
        self._stack.callback(self._supervisor.stop)
        self._supervisor.start()
        if not self._supervisor.wait_ready(START_SECONDS):
            raise BrokerError(f"the worker did not start: {_last_words(log)}")

    def _readers(self) -> None:
        for spec in _READ:
            thread = threading.Thread(target=self._read, args=(spec.name,), daemon=True)
            thread.start()
            self._stack.callback(thread.join, 5.0)
        self._stack.callback(self._stopping.set)

    def _read(self, topic: str) -> None:
        try:
            for event in subscribe(topic, settings=self.settings, stop=self._stopping.is_set):
                self._events.put(event)
        except CopytasterError as error:
            self._events.put(error)

    def publisher(self) -> Publisher:
        """Return a publisher to the raw topic."""
        return Publisher(self.settings)

    def flow(self) -> Iterator[Received]:
        """Yield articles and dead letters as they arrive, until all that was sent is accounted for.

        Ends early, with `tally.complete` false, when nothing arrives for `PATIENCE_SECONDS`.

        Raises:
            BrokerError: a reader lost the broker.
        """
        progress = time.monotonic()
        while not self.tally.complete and time.monotonic() - progress < PATIENCE_SECONDS:
            self._supervisor.look_after()
            try:
                event = self._events.get(timeout=0.2)
            except queue.Empty:
                continue
            if isinstance(event, CopytasterError):
                raise event
            progress = time.monotonic()
            self._note(event)
            if event.spec in {ARTICLES, DEADLETTER}:
                yield event

    def _note(self, event: Received) -> None:
        try:
            self.tally.take(event)
        except UnreadableRecord as error:
            raise BrokerError(f"the line wrote what it cannot read: {error}") from error


def _first_line(process: subprocess.Popen[bytes]) -> str:
    """Return the broker's one line, or nothing where it ended or stayed silent."""
    assert process.stdout is not None  # noqa: S101 - PIPE was asked for
    if not select.select([process.stdout], [], [], START_SECONDS)[0]:
        return ""
    return process.stdout.readline().decode().strip()


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
