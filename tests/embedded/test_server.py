"""The broker as a whole: its start and stop, hostile bytes, slow readers, sudden death."""

from __future__ import annotations

import asyncio
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from kafka.protocol.metadata import ApiVersionsRequest, ApiVersionsResponse
from kafka.protocol.producer import InitProducerIdRequest, InitProducerIdResponse, ProduceRequest

from pipeline.embedded import BrokerConfig, BrokerStartError, EmbeddedBroker
from tests.guard import GuardedProcess

DEADLINE = 30.0
UNSUPPORTED_VERSION, TRANSACTIONAL_ID_AUTHORIZATION_FAILED = 35, 53


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[tuple[str, GuardedProcess]]:
    """A broker in a process of its own: its address and the process."""
    command = [sys.executable, "-m", "pipeline.embedded", "--data-dir", str(data), *arguments]
    process = GuardedProcess(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], DEADLINE)[0], "the broker did not start in time"
        yield process.stdout.readline().decode().strip(), process
    finally:
        process.stop()


def create(address: str, topic: str, partitions: int = 1, **config: str) -> None:
    """Make a topic."""
    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic(topic, partitions, 1, config=config)])[topic].result(DEADLINE)


def connect(address: str) -> socket.socket:
    """A bare connection."""
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), DEADLINE)


def exchange(connection: socket.socket, request: Any, version: int) -> bytes:
    """Send one request; the answer without its length."""
    request.API_VERSION = version
    request.with_header(1, "test")
    connection.sendall(bytes(request.encode(header=True, framed=True)))
    return answer(connection)


def answer(connection: socket.socket) -> bytes:
    """The next frame; empty when the connection is closed."""
    with connection.makefile("rb") as stream:
        head = stream.read(4)
        return stream.read(struct.unpack(">i", head)[0]) if head else b""


def test_only_loopback_is_served(tmp_path: Path) -> None:
    """Any other address is refused with a sentence."""
    with pytest.raises(BrokerStartError, match="loopback"):
        asyncio.run(EmbeddedBroker(tmp_path, host="0.0.0.0").start())  # noqa: S104 - it must be refused


def test_one_broker_per_directory_and_port(tmp_path: Path) -> None:
    """A second broker on the same directory or port says what to change, and the first is not harmed."""

    async def scenario() -> None:
        async with EmbeddedBroker(tmp_path / "one") as first:
            with pytest.raises(BrokerStartError, match="in use by another broker"):
                await EmbeddedBroker(tmp_path / "one").start()
            port = int(first.address.rsplit(":", 1)[1])
            with pytest.raises(BrokerStartError, match="choose another port"):
                await EmbeddedBroker(tmp_path / "two", port=port).start()
        async with EmbeddedBroker(tmp_path / "one"):
            pass

    asyncio.run(scenario())


def test_strange_directories_are_left_alone(tmp_path: Path) -> None:
    """A directory of another format, or with somebody else's files, is refused untouched."""
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BrokerStartError, match="a directory of its own"):
        asyncio.run(EmbeddedBroker(tmp_path).start())
    (tmp_path / "format").write_text("embedded broker data, format 99\n")
    with pytest.raises(BrokerStartError, match="another version"):
        asyncio.run(EmbeddedBroker(tmp_path).start())
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_without_a_directory_nothing_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A broker without a data directory leaves nothing behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def scenario() -> list[str]:
        async with EmbeddedBroker(None):
            return [path.name for path in tmp_path.iterdir()]

    assert len(asyncio.run(scenario())) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_signal_ends_it_in_order(tmp_path: Path) -> None:
    """SIGTERM: exit code 0, one line on stdout in all, and the next start finds an orderly stop."""
    with running(tmp_path / "data") as (address, process):
        create(address, "t")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
        assert process.stdout is not None
        assert process.stdout.read() == b""
    assert (tmp_path / "data" / "stopped-in-order").exists()


def test_hostile_bytes_end_only_their_connection(tmp_path: Path) -> None:
    """Random bytes, mutilated requests and absurd lengths close a connection; another one is served as before."""
    chance = random.Random(7)
    request = ApiVersionsRequest(client_software_name="x", client_software_version="1")
    request.with_header(1, "test")
    produce = ProduceRequest(transactional_id=None, acks=1, timeout_ms=1, topic_data=[])
    produce.API_VERSION = 9
    produce.with_header(1, "test")
    with running(tmp_path / "data") as (address, _), connect(address) as steady:
        for number in range(200):
            raw = bytearray(chance.randbytes(chance.randrange(1, 300)))
            if number % 2:
                header = struct.pack(">hhih", chance.randrange(-1, 70), chance.randrange(-1, 14), number, 0)
                raw = bytearray(struct.pack(">i", len(header) + len(raw)) + header) + raw
            with connect(address) as hostile:
                hostile.sendall(raw)
                hostile.shutdown(socket.SHUT_WR)
                while hostile.recv(65536):
                    pass
        for length in (-1, 0, 7, 2**31 - 1):
            with connect(address) as hostile:
                hostile.sendall(struct.pack(">i", length))
                assert answer(hostile) == b""
        assert len(exchange(steady, request, 3)) > 100


def test_unknown_versions_are_answered(tmp_path: Path) -> None:
    """A client from the future learns what is served; other requests of unknown versions get UNSUPPORTED_VERSION."""
    with running(tmp_path / "data") as (address, _), connect(address) as connection:
        future = struct.pack(">hhih", 18, 99, 5, -1)
        connection.sendall(struct.pack(">i", len(future)) + future)
        told = ApiVersionsResponse.decode(answer(connection)[4:], version=0)
        assert (told.error_code, len(told.api_keys) > 20) == (UNSUPPORTED_VERSION, True)
        request = InitProducerIdRequest(transactional_id=None, transaction_timeout_ms=1)
        raw = exchange(connection, request, 5)
        assert InitProducerIdResponse.decode(raw, version=5, header=True).error_code == UNSUPPORTED_VERSION


def test_transactions_are_refused_for_good(tmp_path: Path) -> None:
    """A transactional id gets an error that no client retries."""
    with running(tmp_path / "data") as (address, _):
        producer = Producer({"bootstrap.servers": address, "transactional.id": "x"})
        with pytest.raises(Exception, match="TRANSACTIONAL_ID_AUTHORIZATION_FAILED"):
            producer.init_transactions(DEADLINE)


def test_a_slow_reader_costs_no_memory(tmp_path: Path) -> None:
    """200 MB behind, and readers that ask for it all and never read their sockets: the broker's memory stays flat."""
    value = os.urandom(100_000)
    with running(tmp_path / "data") as (address, process):
        create(address, "t")
        broker = psutil.Process(process.pid)
        producer = Producer({"bootstrap.servers": address, "queue.buffering.max.kbytes": 20_000})
        for number in range(2000):
            while True:
                try:
                    producer.produce("t", value, key=b"%d" % number)
                    break
                except BufferError:
                    producer.poll(0.05)
        assert producer.flush(DEADLINE) == 0
        before = broker.memory_info().rss
        with contextmanager(_silent_readers)(address, 10):
            consumer = Consumer({"bootstrap.servers": address, "group.id": "g"})
            consumer.assign([TopicPartition("t", 0, 0)])
            read, peak, deadline = 0, 0, time.monotonic() + DEADLINE
            while read < 2000 and time.monotonic() < deadline:
                read += len(consumer.consume(100, timeout=1.0))
                peak = max(peak, broker.memory_info().rss)
            consumer.close()
        assert read == 2000
        assert peak - before < 60_000_000


def _silent_readers(address: str, count: int) -> Iterator[None]:
    """Connections that ask for 50 MB and do not read the answer."""
    topic = b"\0\0\0\1" + b"\0\1t" + b"\0\0\0\1" + struct.pack(">iqi", 0, 0, 50_000_000)
    body = struct.pack(">iiiib", -1, 100, 1, 50_000_000, 0) + topic
    frame = struct.pack(">hhih", 1, 4, 1, -1) + body
    connections = [connect(address) for _ in range(count)]
    for connection in connections:
        connection.sendall(struct.pack(">i", len(frame)) + frame)
    yield
    for connection in connections:
        connection.close()


def test_many_partitions_need_few_files(tmp_path: Path) -> None:
    """500 partitions, all written to and read back, with a fraction of that in open files."""
    with running(tmp_path / "data") as (address, process):
        create(address, "wide", 500)
        producer = Producer({"bootstrap.servers": address})
        for number in range(1000):
            producer.produce("wide", b"%d" % number, partition=number % 500)
        assert producer.flush(DEADLINE) == 0
        assert psutil.Process(process.pid).num_fds() < 350
        consumer = Consumer({"bootstrap.servers": address, "group.id": "g", "auto.offset.reset": "earliest"})
        consumer.subscribe(["wide"])
        values: set[bytes] = set()
        deadline = time.monotonic() + DEADLINE
        while len(values) < 1000 and time.monotonic() < deadline:
            values |= {message.value() or b"" for message in consumer.consume(500, timeout=1.0)}
        consumer.close()
        assert values == {b"%d" % number for number in range(1000)}


@pytest.mark.parametrize("flush", ["none", "always"])
def test_sudden_death_loses_nothing_acknowledged(tmp_path: Path, flush: str) -> None:
    """Killed while records pour in, three times: whatever was acknowledged is there, once, and in order."""
    acknowledged: list[int] = []
    sent = 0
    port = ""
    for _ in range(3):
        with running(tmp_path / "data", "--flush", flush, *(["--port", port] if port else [])) as (address, process):
            port = address.rsplit(":", 1)[1]
            if not sent:
                create(address, "t", **{"segment.bytes": "200000"})
            producer = Producer({"bootstrap.servers": address, "enable.idempotence": True, "linger.ms": 1})

            def note(error: object, message: Any) -> None:
                if error is None:
                    acknowledged.append(int(message.value()[:8]))

            target = len(acknowledged) + 500
            deadline = time.monotonic() + DEADLINE
            while len(acknowledged) < target and time.monotonic() < deadline:
                if len(producer) < 200:
                    producer.produce("t", b"%08d" % sent + b"x" * 500, on_delivery=note)
                    sent += 1
                producer.poll(0 if len(producer) < 200 else 0.001)
            process.kill()
            producer.poll(0.1)
            producer.purge()
            producer.flush(1)
    with running(tmp_path / "data") as (address, _):
        stored = _everything(address)
    assert len(acknowledged) >= 1500
    assert stored == sorted(set(stored))
    assert set(acknowledged) <= set(stored)


def _everything(address: str) -> list[int]:
    consumer = Consumer({"bootstrap.servers": address, "group.id": "check", "enable.partition.eof": False})
    end = consumer.get_watermark_offsets(TopicPartition("t", 0), timeout=DEADLINE)[1]
    consumer.assign([TopicPartition("t", 0, 0)])
    values: list[int] = []
    following, deadline = 0, time.monotonic() + DEADLINE
    while following < end and time.monotonic() < deadline:
        for message in consumer.consume(1000, timeout=0.5):
            values.append(int((message.value() or b"")[:8]))
            following = (message.offset() or 0) + 1
    consumer.close()
    return values


def test_retention_runs_by_itself(tmp_path: Path) -> None:
    """The running broker trims a topic to its size without being asked."""

    async def scenario() -> None:
        config = BrokerConfig(maintenance_interval=0.05)
        async with EmbeddedBroker(tmp_path / "data", config=config) as broker:
            address = broker.address
            await asyncio.to_thread(create, address, "t", **{"segment.bytes": "10000", "retention.bytes": "20000"})
            producer = Producer({"bootstrap.servers": address, "batch.size": 5000})
            for _ in range(200):
                producer.produce("t", b"x" * 1000)
            assert await asyncio.to_thread(producer.flush, DEADLINE) == 0
            await _until(lambda: _low_watermark(address) > 100)

    asyncio.run(scenario())


def _low_watermark(address: str) -> int:
    consumer = Consumer({"bootstrap.servers": address, "group.id": "check"})
    low = consumer.get_watermark_offsets(TopicPartition("t", 0), timeout=DEADLINE)[0]
    consumer.close()
    return int(low)


async def _until(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not await asyncio.to_thread(look):
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.1)


def test_a_stop_ends_a_compaction(tmp_path: Path) -> None:
    """A broker that stops while it compacts leaves no thread behind, and its topic is whole at the next start."""

    async def fill_and_stop() -> None:
        config = BrokerConfig(maintenance_interval=0.01)
        async with EmbeddedBroker(tmp_path / "data", config=config) as broker:
            settings = {"cleanup.policy": "compact", "segment.bytes": "20000", "min.cleanable.dirty.ratio": "0"}
            await asyncio.to_thread(create, broker.address, "t", **settings)
            producer = Producer({"bootstrap.servers": broker.address, "batch.num.messages": 5})
            for number in range(3000):
                producer.produce("t", b"%08d" % number, key=b"%d" % (number % 1000))
            assert await asyncio.to_thread(producer.flush, DEADLINE) == 0

    asyncio.run(fill_and_stop())
    for _ in range(3):
        asyncio.run(_start_and_stop(tmp_path))
    with running(tmp_path / "data") as (address, _):
        assert set(_everything(address)) >= set(range(2000, 3000))


async def _start_and_stop(tmp_path: Path) -> None:
    async with EmbeddedBroker(tmp_path / "data", config=BrokerConfig(maintenance_interval=0.001)):
        await asyncio.sleep(0.02)
