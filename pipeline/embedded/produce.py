"""Produce: the records of a request go to the logs, in order, each batch untouched but for its offset."""

import struct
import time
from typing import NamedTuple

from pipeline.embedded.catalog import Catalog
from pipeline.embedded.errors import Code, MalformedRequest, RequestError
from pipeline.embedded.log import PartitionLog
from pipeline.embedded.wire import Builder, Cursor, Request, answer, without_header_tags

_PARTITION = struct.Struct(">ihqqq")  # index, error, base offset, append time, log start offset
_PARTITION_V4 = struct.Struct(">ihqq")
_INT32 = struct.Struct(">i")
FLEXIBLE_FROM = 9


class Part(NamedTuple):
    """What a request holds for one partition."""

    topic: str
    partition: int
    records: memoryview | None


class Outcome(NamedTuple):
    """What became of it."""

    part: Part
    code: Code
    base_offset: int = -1
    append_time: int = -1
    log_start: int = -1
    message: str | None = None


def parse(request: Request) -> tuple[int, list[Part]]:
    """Return acks and parts of a Produce request, versions 3 to 12; `MalformedRequest` for bytes that are none."""
    try:
        return _parse(request)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise MalformedRequest("Produce request does not parse") from error


def _parse(request: Request) -> tuple[int, list[Part]]:
    flexible = request.version >= FLEXIBLE_FROM
    cursor = Cursor(without_header_tags(request) if flexible else request.body, flexible=flexible)
    parts = []
    cursor.string()  # transactional id: batches that are part of a transaction are refused one by one
    acks, _timeout = cursor.int16(), cursor.int32()
    for _ in range(cursor.array()):
        topic = cursor.string() or ""
        for _ in range(cursor.array()):
            index = cursor.int32()
            parts.append(Part(topic, index, cursor.data()))
            cursor.skip_tags()
        cursor.skip_tags()
    return acks, parts


def store(catalog: Catalog, acks: int, parts: list[Part]) -> tuple[list[Outcome], list[PartitionLog]]:
    """Append every part; return the outcomes in the order of the request, and the logs written to."""
    now_ms = time.time_ns() // 1_000_000
    outcomes, touched = [], []
    for part in parts:
        try:
            if acks not in (-1, 0, 1):
                raise RequestError(Code.INVALID_REQUIRED_ACKS)  # noqa: TRY301 - one place turns refusals into outcomes
            log = catalog.log(part.topic, part.partition)
            stored = log.append(part.records or b"", now_ms)
        except RequestError as error:
            outcomes.append(Outcome(part, error.code, message=error.message))
        else:
            touched.append(log)
            outcomes.append(Outcome(part, Code.NONE, stored.base_offset, stored.append_time, log.start))
    return outcomes, touched


def respond(request: Request, outcomes: list[Outcome]) -> bytes:
    """Build the answer, versions 3 to 12."""
    version = request.version
    flexible = version >= FLEXIBLE_FROM
    topics: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        topics.setdefault(outcome.part.topic, []).append(outcome)
    builder = Builder(flexible=flexible)
    builder.array(len(topics))
    for topic, members in topics.items():
        builder.string(topic)
        builder.array(len(members))
        for outcome in members:
            _put_outcome(builder, outcome, version)
        builder.tags()
    builder.put(_INT32, 0)
    builder.tags()
    return answer(request, bytes(builder.out), flexible=flexible)


def _put_outcome(builder: Builder, outcome: Outcome, version: int) -> None:
    fields = (outcome.part.partition, outcome.code, outcome.base_offset, outcome.append_time)
    if version < 5:
        builder.put(_PARTITION_V4, *fields)
        return
    builder.put(_PARTITION, *fields, outcome.log_start)
    if version >= 8:
        builder.array(0)
        builder.string(outcome.message)
        builder.tags()
