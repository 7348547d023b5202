"""What a 4 KB record costs the embedded broker: records per second and CPU of its process, in and out.

    python benchmarks/embedded_broker.py [--records 100000] [--bytes 4096]

The clients are librdkafka (large batches, little CPU of its own) in this process; the broker runs in another.
Rates depend on the machine; the CPU per record is the figure to compare.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import psutil
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4
DEADLINE = 60.0


def produce(address: str, topic: str, count: int, value: bytes) -> None:
    """Send `count` records with acks=all and wait for all of them."""
    producer = Producer(
        {"bootstrap.servers": address, "acks": "all", "linger.ms": 5, "queue.buffering.max.kbytes": 262_144}
    )
    for number in range(count):
        while True:
            try:
                producer.produce(topic, value, key=str(number))
                break
            except BufferError:
                producer.poll(0.05)
        producer.poll(0)
    if producer.flush(DEADLINE):
        raise SystemExit("the broker did not take all records in time")


def consume(address: str, topic: str, count: int) -> None:
    """Read `count` records from the beginning."""
    consumer = Consumer(
        {
            "bootstrap.servers": address,
            "group.id": "bench",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    read, deadline = 0, time.monotonic() + DEADLINE
    while read < count:
        read += len(consumer.consume(1000, timeout=1.0))
        if time.monotonic() > deadline:
            raise SystemExit(f"only {read} of {count} records came back in time")
    consumer.close()


def measure(label: str, broker: psutil.Process, count: int, work: Callable[..., None], *args: Any) -> None:
    """Run one phase and print its figures."""
    before, start = broker.cpu_times(), time.monotonic()
    work(*args)
    elapsed, after = time.monotonic() - start, broker.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    print(f"{label:8} {count / elapsed:10,.0f} records/s   broker CPU {cpu / count * 1e6:5.1f} µs/record")


def main() -> None:
    """Start a broker in a temporary directory, fill a topic, read it back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--bytes", type=int, default=4096)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "pipeline.embedded", "--data-dir", directory]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                run(process, options.records, bytes(options.bytes))
            finally:
                process.terminate()


def run(process: subprocess.Popen[str], count: int, value: bytes) -> None:
    """Measure both directions against a running broker."""
    if process.stdout is None or not (address := process.stdout.readline().strip()):
        raise SystemExit("the broker did not start")
    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic("bench", PARTITIONS, 1)])["bench"].result(DEADLINE)
    broker = psutil.Process(process.pid)
    measure("produce", broker, count, produce, address, "bench", count, value)
    measure("consume", broker, count, consume, address, "bench", count)
    print(f"broker memory {broker.memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
