"""Dead letters back to where they failed, each once.

The order is: send a batch back, await every acknowledgement, mark the letters as sent back, await that too. A crash
between the two repeats the batch at the next redrive. That is harmless: the records keep their `ce_id`, and
what a worker derives from them has deterministic ids, so that readers see nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pipeline.bus.admin import Admin
from pipeline.bus.deadletters import REDRIVEN_LETTER, DeadLetters, Letter, Selection
from pipeline.bus.events import CONTENT_TYPE, header
from pipeline.bus.publisher import Publisher
from pipeline.errors import ConfigError, TopicMissing
from pipeline.settings import Settings
from schemas.ids import event_id
from schemas.topics import DEADLETTER, TOPICS

REDRIVEN = "ct_redriven"
"""Header of a record that was sent back: how many times, in decimal."""

_OWN_PREFIX = "ct_"
_MARK_TYPE = f"{DEADLETTER.event_type}.redriven"
_BATCH = 500
_BATCH_BYTES = 32 * 1024 * 1024

Headers = tuple[tuple[str, bytes | None], ...]


def redrive(
    settings: Settings, selection: Selection, *, again: bool = False, dry_run: bool = False
) -> Iterator[Letter]:
    """Send the selected dead letters back to the topic and partition they failed on; yield each when it is done.

    Args:
        settings: where the broker is.
        selection: which dead letters.
        again: also those that were sent back already.
        dry_run: send nothing, only yield.

    Raises:
        TopicMissing: a letter's topic or partition is no more; nothing of its batch was sent.
        DeliveryError: the broker acknowledged not all; what was not marked is sent again by the next redrive.
        BrokerError: the broker cannot serve.
    """
    with DeadLetters(settings) as dead:
        done = set() if again else dead.redriven()
        wanted = (letter for letter in dead.letters() if letter in selection and letter.place not in done)
        if dry_run:
            yield from wanted
            return
        partitions = _partitions(settings)
        with Publisher(settings) as publisher:
            while batch := _batch(wanted):
                for letter in batch:
                    _check(letter, partitions)
                for letter in batch:
                    _send_back(publisher, letter)
                publisher.flush()
                for letter in batch:
                    _mark(publisher, letter)
                publisher.flush()
                yield from batch


def original_headers(letter: Letter) -> Headers:
    """Return the headers of the record that goes back: its own, and how many times it went."""
    headers = letter.record.headers
    before = header(headers, REDRIVEN) or "0"
    count = int(before) + 1 if before.isdigit() else 1
    # kafka-python sends no header without a value; an empty one is the nearest that it does.
    kept = tuple((name, value or b"") for name, value in headers if not name.startswith(_OWN_PREFIX))
    return (*kept, (REDRIVEN, str(count).encode()))


def _partitions(settings: Settings) -> dict[str, int]:
    """Return the partition counts of the topics of the contract: nothing is sent to any other."""
    with Admin(settings) as admin:
        existing = admin.existing()
    names = [settings.topic(spec.name) for spec in TOPICS if spec is not DEADLETTER]
    return {name: existing[name] for name in names if name in existing}


def _batch(wanted: Iterator[Letter]) -> list[Letter]:
    batch: list[Letter] = []
    size = 0
    for letter in islice(wanted, _BATCH):
        batch.append(letter)
        size += len(letter.record.value)
        if size >= _BATCH_BYTES:
            break
    return batch


def _check(letter: Letter, partitions: dict[str, int]) -> None:
    place = letter.record.position
    if place.topic not in partitions:
        raise TopicMissing(
            f"dead letter {letter.position} came from {place.topic}, which is no topic of this prefix here"
        )
    if place.partition >= partitions[place.topic]:
        raise ConfigError(
            f"dead letter {letter.position} came from partition {place.partition} of {place.topic}, which has only "
            f"{partitions[place.topic]} now; its order could not be kept"
        )


def _send_back(publisher: Publisher, letter: Letter) -> None:
    record = letter.record
    publisher.send_to(
        record.position.topic,
        record.position.partition,
        key=record.key,
        value=record.value,
        headers=original_headers(letter),
    )


def _mark(publisher: Publisher, letter: Letter) -> None:
    place = letter.received
    where = f"{place.topic}/{place.partition}/{place.offset}"
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id(where, "", "", _MARK_TYPE, "").encode()),
        ("ce_type", _MARK_TYPE.encode()),
        ("ce_source", f"/{place.topic}".encode()),
        ("ce_subject", where.encode()),
        ("content-type", CONTENT_TYPE),
        (REDRIVEN_LETTER, str(place.offset).encode()),
    )
    publisher.send_to(place.topic, place.partition, key=place.key, value=None, headers=headers)
