"""Fetch: find what each reader asks for, wait for more if there is too little, send it from the files.

An answer is planned as a list of headers and slices; a slice is read only when the one before it has been
sent, so a reader that lags, or does not read its socket, costs one chunk of memory at most.
"""

import asyncio
import struct
from typing import NamedTuple

from pipeline.embedded.catalog import Catalog
from pipeline.embedded.errors import Code, MalformedRequest, RequestError
from pipeline.embedded.segment import Slice
from pipeline.embedded.wire import Builder, Cursor, Request, without_header_tags

_PARTITION = struct.Struct(">ihqqq")  # index, error, high watermark, last stable offset, log start offset
_PARTITION_V4 = struct.Struct(">ihqq")
_INT32 = struct.Struct(">i")
_HEAD = struct.Struct(">ihi")  # throttle time, error, session id
FLEXIBLE_FROM = 12
_LEADER_EPOCH = 0


class Wanted(NamedTuple):
    """What a reader asks of one partition."""

    topic: str
    partition: int
    leader_epoch: int
    offset: int
    max_bytes: int


class Fetch(NamedTuple):
    """A Fetch request."""

    max_wait: float
    min_bytes: int
    max_bytes: int
    wanted: list[Wanted]


class Found(NamedTuple):
    """What there is for it."""

    wanted: Wanted
    code: Code
    end: int = -1
    start: int = -1
    slice: Slice | None = None


def parse(request: Request) -> Fetch:
    """Read a Fetch request, versions 4 to 12; `MalformedRequest` for bytes that are none."""
    flexible, version = request.version >= FLEXIBLE_FROM, request.version
    try:
        cursor = Cursor(without_header_tags(request) if flexible else request.body, flexible=flexible)
        _replica, max_wait, min_bytes, max_bytes = (cursor.int32() for _ in range(4))
        cursor.int8()  # isolation level: without transactions every record is committed
        if version >= 7:
            cursor.int64()  # session id and epoch: sessions are declined, every request is complete
        wanted = []
        for _ in range(cursor.array()):
            topic = cursor.string() or ""
            for _ in range(cursor.array()):
                wanted.append(_parse_partition(cursor, topic, version))
                cursor.skip_tags()
            cursor.skip_tags()
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise MalformedRequest("Fetch request does not parse") from error
    return Fetch(max(0, max_wait) / 1000, min_bytes, max_bytes, wanted)


def _parse_partition(cursor: Cursor, topic: str, version: int) -> Wanted:
    partition = cursor.int32()
    leader_epoch = cursor.int32() if version >= 9 else -1
    offset = cursor.int64()
    if version >= 12:
        cursor.int32()  # last fetched epoch: there is only one
    if version >= 5:
        cursor.int64()  # the follower's log start: there are no followers
    return Wanted(topic, partition, leader_epoch, offset, cursor.int32())


async def gather(catalog: Catalog, fetch: Fetch, limit: int) -> list[Found]:
    """Look until `min_bytes` are there, something is wrong, or the wait is over. `limit` caps the answer's bytes."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + fetch.max_wait
    while True:
        found = look(catalog, fetch, limit)
        have = sum(one.slice.length for one in found if one.slice)
        left = deadline - loop.time()
        if have >= fetch.min_bytes or left <= 0 or any(one.code for one in found):
            return found
        await _appended(catalog, fetch, left)


def look(catalog: Catalog, fetch: Fetch, limit: int) -> list[Found]:
    """Return what is there now, in the order asked: at least one batch whatever the limits say."""
    budget = min(fetch.max_bytes, limit)
    found: list[Found] = []
    for wanted in fetch.wanted:
        one = _look_at(catalog, wanted, budget)
        if one.slice is not None:
            budget -= one.slice.length
            if budget < 0 and any(other.slice for other in found):
                one = one._replace(slice=None)
            budget = max(0, budget)
        found.append(one)
    return found


def _look_at(catalog: Catalog, wanted: Wanted, budget: int) -> Found:
    try:
        log = catalog.log(wanted.topic, wanted.partition)
    except RequestError as error:
        return Found(wanted, error.code)
    if wanted.leader_epoch > _LEADER_EPOCH:
        return Found(wanted, Code.UNKNOWN_LEADER_EPOCH)
    try:
        part = log.read(wanted.offset, min(wanted.max_bytes, budget))
    except RequestError as error:
        return Found(wanted, error.code, log.end, log.start)
    return Found(wanted, Code.NONE, log.end, log.start, part)


async def _appended(catalog: Catalog, fetch: Fetch, timeout: float) -> None:
    """Wait until something is appended to one of the partitions, or the time is over."""
    waiter = asyncio.get_running_loop().create_future()
    logs = [catalog.log(wanted.topic, wanted.partition) for wanted in fetch.wanted]
    for log in logs:
        log.watch(waiter)
    try:
        await asyncio.wait([waiter], timeout=timeout)
    finally:
        waiter.cancel()
        for log in logs:
            log.unwatch(waiter)


def respond(request: Request, found: list[Found]) -> list[bytes | Slice]:
    """Build the answer, versions 4 to 12: pieces to be sent one after the other."""
    version = request.version
    flexible = version >= FLEXIBLE_FROM
    topics: dict[str, list[Found]] = {}
    for one in found:
        topics.setdefault(one.wanted.topic, []).append(one)
    builder = Builder(flexible=flexible)
    pieces: list[bytes | Slice] = []
    builder.put(_INT32, request.correlation_id)
    builder.tags()
    if version >= 7:
        builder.put(_HEAD, 0, 0, 0)
    else:
        builder.put(_INT32, 0)
    builder.array(len(topics))
    for topic, members in topics.items():
        builder.string(topic)
        builder.array(len(members))
        for one in members:
            _put_partition(builder, one, version)
            if one.slice:
                pieces += [bytes(builder.out), one.slice]
                builder.out.clear()
            builder.tags()
        builder.tags()
    builder.tags()
    pieces.append(bytes(builder.out))
    size = sum(piece.length if isinstance(piece, Slice) else len(piece) for piece in pieces)
    return [_INT32.pack(size), *pieces]


def _put_partition(builder: Builder, one: Found, version: int) -> None:
    fields = (one.wanted.partition, one.code, one.end, one.end)
    if version >= 5:
        builder.put(_PARTITION, *fields, one.start)
    else:
        builder.put(_PARTITION_V4, *fields)
    builder.array(0)  # aborted transactions
    if version >= 11:
        builder.put(_INT32, -1)  # preferred read replica
    builder.data_length(one.slice.length if one.slice else 0)
