"""Record batches, version 2: the 61-byte header, its checks, and the records inside.

Layout after the Kafka protocol guide, "Record Batch". The broker stores a batch as the producer built it; it
writes only the base offset and the leader epoch, which the checksum does not cover.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import google_crc32c
from kafka import codec

from pipeline.embedded.errors import Code, RequestError

HEADER = struct.Struct(">qiibIhiqqqhii")
HEADER_BYTES = HEADER.size
LENGTH_PREFIX = 12  # base offset and length, which the length field does not count
CRC_FROM = 21  # the checksum covers everything from the attributes on
CODEC_MASK, LOG_APPEND_TIME, TRANSACTIONAL, CONTROL = 0x07, 0x08, 0x10, 0x20

# No honest batch unpacks to more than 32 times the largest batch a topic takes by default.
_UNPACKED_MAX_BYTES = 32 * 1024 * 1024


def _gunzip(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    content = unpacker.decompress(body, _UNPACKED_MAX_BYTES)
    if not unpacker.eof:
        raise ValueError(f"cut short, or more than {_UNPACKED_MAX_BYTES} bytes unpacked")
    return content


Codec = tuple[Callable[[], bool], Callable[[bytes], bytes], Callable[[bytes], bytes]]
CODECS: dict[int, Codec] = {
    1: (codec.has_gzip, codec.gzip_encode, _gunzip),
    2: (codec.has_snappy, codec.snappy_encode, codec.snappy_decode),
    3: (codec.has_lz4, codec.lz4_encode, codec.lz4_decode),
    4: (codec.has_zstd, codec.zstd_encode, codec.zstd_decode),
}

Buffer = bytes | bytearray | memoryview


class Batch(NamedTuple):
    """The header of one batch."""

    base_offset: int
    length: int
    leader_epoch: int
    magic: int
    crc: int
    attributes: int
    last_offset_delta: int
    base_timestamp: int
    max_timestamp: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    record_count: int

    @property
    def size(self) -> int:
        """Bytes of the whole batch, header included."""
        return self.length + LENGTH_PREFIX

    @property
    def last_offset(self) -> int:
        """Offset of its last record (or of the last it once had, before compaction)."""
        return self.base_offset + self.last_offset_delta

    @property
    def codec(self) -> int:
        """Compression: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd."""
        return self.attributes & CODEC_MASK


class Record(NamedTuple):
    """One record: `raw` is its encoding as it stands in the batch, length prefix included."""

    offset: int
    timestamp: int
    key: bytes | None
    tombstone: bool
    raw: bytes


def parse_header(buffer: Buffer, position: int = 0) -> Batch:
    """Return the header at `position`; `struct.error` when fewer than 61 bytes are left."""
    return Batch._make(HEADER.unpack_from(buffer, position))


def checksum(data: Buffer) -> int:
    """CRC-32C. By a compiled library: in Python alone it would cost more than everything else this broker does."""
    return int(google_crc32c.value(bytes(data)))


def checksum_holds(batch: Batch, data: Buffer) -> bool:
    """Tell whether `data` (exactly one batch) is what its checksum says."""
    return checksum(data[CRC_FROM : batch.size]) == batch.crc


def checked(data: Buffer, max_bytes: int) -> Batch:
    """Return the header of what a producer sent for one partition, or raise `RequestError`.

    Exactly one batch of format 2 is allowed, as on Apache Kafka; transactional and control batches are
    refused.
    """
    if len(data) < HEADER_BYTES:
        raise RequestError(Code.CORRUPT_MESSAGE, "shorter than a batch header")
    batch = parse_header(data)
    if batch.magic != 2:
        raise RequestError(Code.UNSUPPORTED_FOR_MESSAGE_FORMAT, f"message format {batch.magic} is not served; use 2")
    if batch.size != len(data):
        raise RequestError(Code.INVALID_RECORD, "exactly one record batch per partition is expected")
    if batch.size > max_bytes:
        raise RequestError(Code.MESSAGE_TOO_LARGE, f"batch of {batch.size} bytes; the topic takes {max_bytes}")
    if batch.record_count <= 0 or batch.last_offset_delta != batch.record_count - 1:
        raise RequestError(Code.INVALID_RECORD, "record count and last offset delta disagree")
    if batch.attributes & (TRANSACTIONAL | CONTROL):
        raise RequestError(Code.INVALID_RECORD, "this broker knows no transactions")
    if batch.codec > 4:
        raise RequestError(Code.UNSUPPORTED_COMPRESSION_TYPE, f"unknown compression {batch.codec}")
    if not checksum_holds(batch, data):
        raise RequestError(Code.CORRUPT_MESSAGE, "the checksum does not hold")
    return batch


def with_append_time(batch: Batch, data: Buffer, now_ms: int) -> tuple[Batch, bytes]:
    """Return the batch stamped with the broker's clock, as `message.timestamp.type=LogAppendTime` asks."""
    stamped = batch._replace(attributes=batch.attributes | LOG_APPEND_TIME, max_timestamp=now_ms)
    return sealed(stamped, bytes(data[HEADER_BYTES:]))


def sealed(batch: Batch, body: bytes) -> tuple[Batch, bytes]:
    """Return header and bytes of a batch with this body, its length and checksum made right."""
    batch = batch._replace(length=HEADER_BYTES - LENGTH_PREFIX + len(body))
    head = HEADER.pack(*batch)
    batch = batch._replace(crc=checksum(head[CRC_FROM:] + body))
    return batch, HEADER.pack(*batch) + body


def readable(batch: Batch) -> bool:
    """Tell whether the records inside can be read here: an optional codec may not be installed."""
    return batch.codec == 0 or CODECS[batch.codec][0]()


def records(batch: Batch, data: Buffer) -> Iterator[Record]:
    """Yield the records of one batch; `RequestError` when the bytes inside do not parse."""
    body = bytes(data[HEADER_BYTES : batch.size])
    try:
        if batch.codec:
            body = bytes(CODECS[batch.codec][2](body))
        position = 0
        for _ in range(batch.record_count):
            record, position = _record(batch, body, position)
            yield record
    except (IndexError, ValueError, OSError, EOFError, zlib.error) as error:
        raise RequestError(Code.CORRUPT_MESSAGE, "the records inside the batch do not parse") from error


def with_records(batch: Batch, kept: list[Record]) -> bytes:
    """Return the batch with only these of its records: same offsets, same codec, the checksum made right."""
    body = b"".join(record.raw for record in kept)
    if batch.codec:
        body = CODECS[batch.codec][1](body)
    return sealed(batch._replace(record_count=len(kept)), body)[1]


def _record(batch: Batch, body: bytes, position: int) -> tuple[Record, int]:
    length, start = _varint(body, position)
    end = start + length
    if length < 0 or end > len(body):
        raise IndexError("record runs past its batch")
    timestamp_delta, at = _varint(body, start + 1)
    offset_delta, at = _varint(body, at)
    key_length, at = _varint(body, at)
    key = None if key_length < 0 else body[at : at + key_length]
    value_length, _ = _varint(body, at + max(key_length, 0))
    timestamp = batch.max_timestamp if batch.attributes & LOG_APPEND_TIME else batch.base_timestamp + timestamp_delta
    offset = batch.base_offset + offset_delta
    return Record(offset, timestamp, key, value_length < 0, body[position:end]), end


def _varint(body: bytes, position: int) -> tuple[int, int]:
    """Decode a zigzag varint; return it and the position after it."""
    byte = body[position]
    position += 1
    value, shift = byte & 0x7F, 7
    while byte & 0x80:
        byte = body[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > 70:
            raise ValueError("varint too long")
    return (value >> 1) ^ -(value & 1), position
