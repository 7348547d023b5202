"""Standard input as a wire: what comes in is on the topic at once, not at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.bus.publisher import Publisher
from pipeline.intake import Rejected
from pipeline.sources import Ledger
from schemas import RawItem


@dataclass(slots=True)
class Counts:
    """Items published and rejected."""

    published: int = 0
    rejected: int = 0


def publish_all(
    items: Iterator[RawItem | Rejected],
    publisher: Publisher,
    *,
    complain: Callable[[str], None],
    counts: Counts,
    ledger: Ledger,
    source: str,
    opened: datetime,
    now: Callable[[], datetime],
) -> None:
    """Publish items as they come; an interrupt leaves `counts` right.

    Args:
        items: what an intake yields.
        publisher: open; nothing waits here for an acknowledgement.
        complain: gets one sentence for each rejected item.
        counts: grows.
        ledger: notes what each source sends.
        source: name of the wire that rejected items count for.
        opened: what the intake stamped on items without a time of their own.
        now: stamps them anew, because a stream may be open for days.

    Raises:
        DeliveryError: an earlier item was not acknowledged.
    """
    for item in items:
        if isinstance(item, Rejected):
            complain(f"{item.where}: {item.error}")
            counts.rejected += 1
            ledger.note(source, rejected=1, at=now())
        else:
            moment = now()
            fresh = item.received_at == opened
            publisher.publish(item.model_copy(update={"received_at": moment}) if fresh else item)
            counts.published += 1
            ledger.note(item.source, items=1, size=len(item.body), at=moment)
