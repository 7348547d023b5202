"""A whole line under test: topics of its own on a broker, workers under a supervisor, readers that count.

The oracle of the kill tests works as Vector's does: what must come out is known beforehand, the line is drained,
the sets are compared, and payloads are computed anew from the input.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.bus.admin import Admin
from pipeline.bus.events import header
from pipeline.bus.publisher import Publisher
from pipeline.bus.reader import Received, subscribe
from pipeline.settings import Settings, load_settings
from pipeline.worker.supervisor import Supervisor
from schemas import RawItem
from schemas.ids import article_id

RECEIVED_AT = datetime(2024, 1, 1, tzinfo=UTC)


def line_settings(address: str, **more: object) -> Settings:
    """Return settings for a line that shares its broker with others but no topic and no group."""
    name = f"t{uuid.uuid4().hex[:10]}"
    wanted = {"partitions": 3, "session_timeout": 6.0, **more}
    return load_settings(brokers=address, prefix=name, group=name, **wanted)


def raw_item(body: bytes, *, wire_id: str | None, source: str = "test") -> RawItem:
    """Wrap the bytes of a wire item as a feed would."""
    item = article_id(source, wire_id=wire_id, uri=None, body=body)
    return RawItem(item_id=item, source=source, media_type="application/json", body=body, received_at=RECEIVED_AT)


def publish(settings: Settings, items: Iterable[RawItem]) -> int:
    """Publish items and wait until all are acknowledged; return their number."""
    with Publisher(settings) as publisher:
        for item in items:
            publisher.publish(item)
        publisher.flush()
        return publisher.acknowledged


@contextmanager
def topics(settings: Settings) -> Iterator[None]:
    """Create the line's topics; take them away afterwards, so that a shared broker stays small."""
    with Admin(settings) as admin:
        admin.create()
    yield


@contextmanager
def workers(settings: Settings, count: int = 1) -> Iterator[Supervisor]:
    """Run workers in the background, looked after by a thread of their own."""
    supervisor = Supervisor(settings, count)
    supervisor.start()
    stopping = threading.Event()

    def look_after() -> None:
        while not stopping.wait(0.05):
            supervisor.look_after()

    thread = threading.Thread(target=look_after, daemon=True)
    thread.start()
    try:
        yield supervisor
    finally:
        stopping.set()
        thread.join(timeout=10)
        supervisor.stop()


@dataclass
class Count:
    """What a reader has seen so far, and when (monotonic and wall clock); grows while its thread reads.

    A million events whole would fill the memory of a small machine: with `slim` only what identifies each is kept.
    """

    slim: bool = False
    events: list[Received] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    places: list[tuple[str, bytes]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    error: Exception | None = None

    def __len__(self) -> int:
        """Return the number of events seen."""
        return len(self.ids)

    def see(self, event: Received) -> None:
        """Take note of an event: its id, the article it is about, its key."""
        self.times.append(time.monotonic())
        self.wall.append(time.time())
        self.places.append((header(event.headers, "ce_subject") or "", event.key or b""))
        if not self.slim:
            self.events.append(event)
        self.ids.append(event.id or "")

    def repeated(self) -> int:
        """Return how many events were handed out again."""
        return len(self.ids) - len(set(self.ids))


@contextmanager
def reading(settings: Settings, topic: str, *, group: str | None = None, slim: bool = False) -> Iterator[Count]:
    """Read a topic in the background."""
    count, stopping = Count(slim), threading.Event()

    def read() -> None:
        try:
            for event in subscribe(topic, settings=settings, group=group, stop=stopping.is_set):
                count.see(event)
        except Exception as error:
            count.error = error

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield count
    finally:
        stopping.set()
        thread.join(timeout=20)
        assert not thread.is_alive(), "the reader did not stop"
        if count.error is not None:
            raise count.error


def wait_until(done: Callable[[], bool], *, seconds: float, what: Callable[[], str]) -> None:
    """Wait for a condition; fail with a sentence when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what()}"
        time.sleep(0.02)


def wait_settled(counts: Iterable[Count], *, quiet: float = 2.0, seconds: float = 300.0) -> None:
    """Wait until no reader has seen anything new for a while: slow readers catch up with what was published."""
    counts = list(counts)
    last, since, deadline = [-1], time.monotonic(), time.monotonic() + seconds
    while time.monotonic() - since < quiet:
        assert time.monotonic() < deadline, f"readers still read after {seconds:.0f} s: {last}"
        now = [len(count) for count in counts]
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(0.05)
