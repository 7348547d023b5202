"""Three brokers stand in for each other, and the command that starts them keeps its manners."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from tests.apache.cluster import ApacheKafka

pytestmark = pytest.mark.apache
DEADLINE = 60.0


def test_three_brokers_lose_one_and_nothing_else() -> None:
    """Acknowledged by all means replicated: with any one node killed records are taken, and it comes back."""
    with ApacheKafka(3) as cluster:
        admin = KafkaAdminClient(bootstrap_servers=cluster.address)
        admin.create_topics({"replicated": {"num_partitions": 3, "replication_factor": 3}}, wait_for_metadata=True)
        producer = KafkaProducer(bootstrap_servers=cluster.address, acks="all")
        for partition in range(3):
            producer.send("replicated", b"before", partition=partition).get(DEADLINE)
        cluster.kill(2)
        for partition in range(3):
            assert producer.send("replicated", b"without one", partition=partition).get(DEADLINE).offset == 1
        cluster.start(2)
        for partition in range(3):
            assert producer.send("replicated", b"after", partition=partition).get(DEADLINE).offset == 2
        producer.close()
        admin.close()


def test_the_command(tmp_path: Path) -> None:
    """`python -m tests.apache` prints one line with the address, serves, keeps its data, and ends on SIGTERM with 0."""
    command = [sys.executable, "-m", "tests.apache", "--data-dir", str(tmp_path / "data")]
    for round_ in range(2):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=_root())
        try:
            assert process.stdout is not None
            address = process.stdout.readline().decode().strip()
            assert address, "Apache Kafka did not start; what it said stands above"
            admin = KafkaAdminClient(bootstrap_servers=address)
            if round_ == 0:
                admin.create_topics({"kept": {"num_partitions": 1, "replication_factor": 1}})
            assert "kept" in admin.list_topics()
            admin.close()
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=DEADLINE)
            assert (process.returncode, rest) == (0, b"")
        finally:
            process.kill()
            process.wait(DEADLINE)


def test_a_broker_dies_with_its_owner(tmp_path: Path) -> None:
    """When the tests are killed, no broker stays behind."""
    code = "import os, signal\nfrom pathlib import Path\nfrom tests.apache.cluster import ApacheKafka\n"
    code += f"with ApacheKafka(data_dir=Path({str(tmp_path)!r})) as cluster:\n"
    code += "    print(*(p.pid for p in cluster.processes), flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    owner = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, timeout=DEADLINE, check=False, cwd=_root()
    )
    pid = int(owner.stdout)
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        assert time.monotonic() < deadline, "the broker still runs"
        time.sleep(0.1)


def _root() -> Path:
    return Path(__file__).resolve().parents[2]
