"""Deliveries: an acknowledgement is waited for, a failure is told, and the next push begins afresh."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.errors import BrokerAbsent, DeliveryError
from pipeline.feeds.push import deliveries as module
from pipeline.feeds.push.deliveries import Deliveries
from pipeline.settings import load_settings
from schemas import RawItem
from tests.feeds.archives import RECEIVED

Done = Callable[[DeliveryError | None], None]


class Line:
    """A producer that acknowledges at once, or when it is told."""

    def __init__(self, *, at_once: bool = True, refuses: bool = False) -> None:
        self.at_once, self.refuses = at_once, refuses
        self.waiting: list[Done] = []
        self.topics: list[str] = []
        self.abandoned = self.closed = False

    def send(self, topic: str, *, done: Done, **_: Any) -> None:
        """Take a record."""
        if self.refuses:
            raise BrokerAbsent("no broker answers")
        self.topics.append(topic)
        if self.at_once:
            done(None)
        else:
            self.waiting.append(done)

    def answer(self, error: DeliveryError | None = None) -> None:
        """Acknowledge, or fail, what waits."""
        waiting, self.waiting = self.waiting, []
        for done in waiting:
            done(error)

    def abandon(self) -> None:
        """Close without waiting."""
        self.abandoned = True

    def close(self) -> None:
        """Close."""
        self.closed = True


def over(*lines: Line, patience: float = 20.0) -> Deliveries:
    """Return deliveries that open these producers one after the other."""
    left = list(lines)
    return Deliveries(load_settings(prefix="p"), patience, lambda _settings: left.pop(0))  # type: ignore[arg-type,return-value] # all it asks for


def item(size: int = 10) -> RawItem:
    return RawItem(item_id="i", source="test", body=b"x" * size, received_at=RECEIVED)


def test_every_item_is_waited_for() -> None:
    """Two of three acknowledgements are not enough; nothing is sent for an empty push."""
    line, returned = Line(at_once=False), threading.Event()
    deliveries = over(line)
    deliveries.deliver([])

    def deliver() -> None:
        deliveries.deliver([item(), item(), item()])
        returned.set()

    sender = threading.Thread(target=deliver)
    sender.start()
    while len(line.waiting) < 3:
        assert sender.is_alive()
    for done in line.waiting[:2]:
        done(None)
    assert not returned.wait(0.1)
    line.waiting[2](None)
    assert returned.wait(20)
    sender.join()
    assert line.topics == ["p.raw"] * 3
    deliveries.close()
    assert line.closed


def test_patience_ends() -> None:
    """A broker that acknowledges late is told from one that failed: the same producer is used again."""
    line = Line(at_once=False)
    deliveries = over(line, patience=0.05)
    with pytest.raises(DeliveryError, match=r"within 0\.05 s"):
        deliveries.deliver([item()])
    assert deliveries.failing
    line.answer()
    line.at_once = True
    deliveries.deliver([item()])
    assert (deliveries.failing, line.abandoned) == (False, False)


@pytest.mark.parametrize("how", ["the delivery fails", "the broker is absent"])
def test_after_a_failure_the_next_push_begins_afresh(how: str) -> None:
    """A producer that failed is left, and a new one is opened when somebody pushes."""
    broken, fresh = Line(at_once=False, refuses=how == "the broker is absent"), Line()
    deliveries = over(broken, fresh, patience=0.05)
    with pytest.raises((DeliveryError, BrokerAbsent)):
        deliveries.deliver([item()])
    broken.answer(DeliveryError("not delivered"))
    deliveries.deliver([item()])
    assert (broken.abandoned, fresh.topics) == (True, ["p.raw"])


def test_a_broker_that_stays_away_is_looked_for_with_each_push() -> None:
    """No producer can be opened: that is the error of the push, and the next one tries again."""
    broken, fresh = Line(refuses=True), Line()
    answers: list[Line | BrokerAbsent] = [broken, BrokerAbsent("still away"), fresh]

    def opened(_settings: object) -> Line:
        answer = answers.pop(0)
        if isinstance(answer, BrokerAbsent):
            raise answer
        return answer

    deliveries = Deliveries(load_settings(), 20.0, opened)  # type: ignore[arg-type] # all it asks for
    for _ in range(2):
        with pytest.raises(BrokerAbsent):
            deliveries.deliver([item()])
    deliveries.deliver([item()])
    assert len(fresh.topics) == 1


def test_what_is_on_its_way_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pushes whose senders have gone still count, until the broker has answered for them."""
    monkeypatch.setattr(module, "MAX_PUSH_BYTES_IN_AIR", 2000)
    line = Line(at_once=False)
    deliveries = over(line, patience=0.01)
    with pytest.raises(DeliveryError, match="within"):
        deliveries.deliver([item(1500)])
    with pytest.raises(DeliveryError, match="too much"):
        deliveries.deliver([item(1500)])
    line.answer()
    line.at_once = True
    deliveries.deliver([item(1500)])
