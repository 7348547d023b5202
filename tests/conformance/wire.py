"""One connection to a broker, for requests that no well-behaved client would send."""

from __future__ import annotations

import itertools
import socket
import struct
import time
from typing import Any, Self

from kafka.protocol.consumer import FetchRequest, FetchResponse
from kafka.protocol.metadata import MetadataRequest, MetadataResponse
from kafka.protocol.producer import (
    InitProducerIdRequest,
    InitProducerIdResponse,
    ProduceRequest,
    ProduceResponse,
)
from kafka.record.default_records import DefaultRecordBatchBuilder

ANSWER_DEADLINE = 20.0
COORDINATOR_LOADING = 14
"""What a broker that has just started may answer to a producer that asks for its id."""


class Wire:
    """A TCP connection that sends one request and reads its answer; versions are the caller's choice."""

    def __init__(self, address: str):
        host, port = address.split(",", maxsplit=1)[0].rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), ANSWER_DEADLINE)
        self._ids = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: Any, version: int, answer: Any) -> Any:
        """Send a `kafka.protocol` request and decode the response class `answer`."""
        request.API_VERSION = version
        request.with_header(next(self._ids), "wire")
        self.send(bytes(request.encode(header=True, framed=True)))
        return answer.decode(self.frame(), version=version, header=True)

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(raw)

    def frame(self) -> bytes:
        """The next answer without its length; empty when the broker has closed the connection."""
        header = self._read(4)
        return self._read(struct.unpack(">i", header)[0]) if header else b""

    def _read(self, size: int) -> bytes:
        received = b""
        while len(received) < size:
            chunk = self._socket.recv(size - len(received))
            if not chunk:
                return b""
            received += chunk
        return received

    def producer_id(self) -> tuple[int, int]:
        """A fresh producer id and its epoch."""
        deadline = time.monotonic() + ANSWER_DEADLINE
        while True:
            request = InitProducerIdRequest(transactional_id=None, transaction_timeout_ms=60_000)
            answer = self.ask(request, 1, InitProducerIdResponse)
            if answer.error_code != COORDINATOR_LOADING or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        assert answer.error_code == 0, f"error {answer.error_code}"
        return answer.producer_id, answer.producer_epoch

    def produce(self, topic: str, batch: bytes, acks: int = -1) -> tuple[int, int]:
        """Append a batch to partition 0; the error code and the base offset."""
        of_topic = ProduceRequest.TopicProduceData
        partition = of_topic.PartitionProduceData(index=0, records=batch)
        request = ProduceRequest(
            transactional_id=None,
            acks=acks,
            timeout_ms=10_000,
            topic_data=[of_topic(name=topic, partition_data=[partition])],
        )
        answer = self.ask(request, 7, ProduceResponse).responses[0].partition_responses[0]
        return answer.error_code, answer.base_offset

    def fetch(self, topic: str, offset: int, max_bytes: int = 1_048_576, max_wait_ms: int = 0) -> Any:
        """Fetch partition 0; the partition's part of the answer."""
        of_topic = FetchRequest.FetchTopic
        partition = of_topic.FetchPartition(
            partition=0,
            fetch_offset=offset,
            partition_max_bytes=max_bytes,
            current_leader_epoch=-1,
            log_start_offset=-1,
        )
        request = FetchRequest(
            replica_id=-1,
            max_wait_ms=max_wait_ms,
            min_bytes=1,
            max_bytes=max_bytes,
            isolation_level=0,
            session_id=0,
            session_epoch=-1,
            topics=[of_topic(topic=topic, partitions=[partition])],
            forgotten_topics_data=[],
            rack_id="",
        )
        return self.ask(request, 11, FetchResponse).responses[0].partitions[0]

    def metadata(self, topic: str, *, create: bool) -> int:
        """Ask for a topic, allowing the broker to create it or not; the error code."""
        wanted = MetadataRequest.MetadataRequestTopic(name=topic)
        request = MetadataRequest(topics=[wanted], allow_auto_topic_creation=create)
        return int(self.ask(request, 5, MetadataResponse).topics[0].error_code)


def batch(
    values: list[bytes], *, producer: tuple[int, int] = (-1, -1), sequence: int = -1, timestamp: int = 1
) -> bytes:
    """A record batch of format 2 as a producer encodes it."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=False,
        producer_id=producer[0],
        producer_epoch=producer[1],
        base_sequence=sequence,
        batch_size=1_000_000,
    )
    for number, value in enumerate(values):
        builder.append(number, timestamp=timestamp, key=None, value=value, headers=[])
    return bytes(builder.build())
