"""A small Apache Kafka cluster in KRaft mode on loopback, started and stopped by the tests."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.apache.jars import fetch, java
from tests.apache.properties import Node, free_ports, server_properties
from tests.guard import GuardedProcess

START_DEADLINE = 60.0
FORMAT_DEADLINE = 60.0
STOP_GRACE = 15.0

# A compiler with one tier and the simplest collector start fastest; a test broker hardly gets hot enough to miss
# the others.
JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Djava.awt.headless=true"]
LOGGING = [
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",
]


class ClusterError(RuntimeError):
    """A broker could not be formatted or started; the message ends with the last lines of its log."""


class ApacheKafka:
    """One or three brokers, each also a controller; a context manager that starts and stops them.

    Args:
        brokers: Number of nodes, 1 or 3.
        port: Port of the first node, the others follow; free ones are chosen by default.
        data_dir: Where logs and partitions live. Kept when given and reused by the next start; otherwise a
            temporary directory that goes away with the cluster.
        heap: Largest Java heap of each node.

    Raises:
        MissingToolError: No Java or no Maven (from the first start).
        ClusterError: A node did not come up.
    """

    def __init__(
        self,
        brokers: int = 1,
        *,
        port: int | None = None,
        data_dir: Path | None = None,
        heap: str = "512m",
    ):
        ports = free_ports(2 * brokers)
        if port is not None:
            ports[:brokers] = range(port, port + brokers)
        self.nodes = [Node(n + 1, ports[n], ports[brokers + n]) for n in range(brokers)]
        self._given_dir = data_dir
        self._heap = heap
        self._directory = Path()
        self._running: dict[int, GuardedProcess] = {}

    @property
    def address(self) -> str:
        """`HOST:PORT` of every node, joined by commas."""
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    @property
    def processes(self) -> list[GuardedProcess]:
        """The nodes that run now."""
        return list(self._running.values())

    @property
    def directory(self) -> Path:
        """Where the nodes keep `node-N/server.properties`, `node-N/server.log` and their data."""
        return self._directory

    def __enter__(self) -> Self:
        program = java()
        self._java = [program, f"-Xmx{self._heap}", *JVM, *LOGGING, "-cp", f"{fetch()}/*"]
        if self._given_dir is None:
            self._directory = Path(tempfile.mkdtemp(prefix="copytaster-kafka-"))
        else:
            self._directory = self._given_dir.resolve()
            self._directory.mkdir(parents=True, exist_ok=True)
        try:
            self._format()
            for node in self.nodes:
                self._launch(node)
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, number: int = 1) -> None:
        """Start the stopped node `number` (from 1) again on its old port and data; returns when all nodes answer."""
        node = self.nodes[number - 1]
        if number in self._running:
            raise ClusterError(f"node {number} is already running")
        self._launch(node)
        self.wait_until_ready()

    def kill(self, number: int = 1) -> None:
        """End the node `number` with SIGKILL, as a power cut would."""
        self._running.pop(number).kill()

    def stop(self) -> None:
        """Stop every node, in order and then by force, and remove the data unless its directory was given."""
        # All at once: one by one, each would look for a successor among those that go next.
        processes, self._running = list(self._running.values()), {}
        for process in processes:
            process.terminate()
        for process in processes:
            process.stop(STOP_GRACE)
        if self._given_dir is None and self._directory != Path():
            shutil.rmtree(self._directory, ignore_errors=True)

    def wait(self) -> None:
        """Watch over the nodes as long as they run.

        Raises:
            ClusterError: A node ended by itself.
        """
        while True:
            for number, process in self._running.items():
                if process.poll() is not None:
                    log = _tail(self._log(self.nodes[number - 1]))
                    raise ClusterError(f"node {number} ended with status {process.poll()}\n{log}")
            time.sleep(0.2)

    def wait_until_ready(self) -> None:
        """Wait until every running node answers and sees all the others.

        Raises:
            ClusterError: A node ended, or the deadline passed.
        """
        deadline = time.monotonic() + START_DEADLINE
        for node in self.nodes:
            if node.number in self._running:
                self._await(node, deadline)

    def _await(self, node: Node, deadline: float) -> None:
        process = self._running[node.number]
        while process.poll() is None and time.monotonic() < deadline:
            if _brokers_seen_by(node) >= len(self._running):
                return
            time.sleep(0.1)
        state = "did not answer in time" if process.poll() is None else f"ended with status {process.poll()}"
        raise ClusterError(f"node {node.number} of Apache Kafka {state}\n{_tail(self._log(node))}")

    def _home(self, node: Node) -> Path:
        return self._directory / f"node-{node.number}"

    def _log(self, node: Node) -> Path:
        return self._home(node) / "server.log"

    def _format(self) -> None:
        identity = self._directory / "cluster-id"
        if not identity.exists():
            identity.write_text(base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))
        tools = [self._format_node(node, identity.read_text()) for node in self.nodes]
        for node, tool in zip(self.nodes, tools, strict=True):
            if tool.wait(FORMAT_DEADLINE) != 0:
                raise ClusterError(f"storage of node {node.number} was not formatted\n{_tail(self._log(node))}")

    def _format_node(self, node: Node, identity: str) -> subprocess.Popen[bytes]:
        home = self._home(node)
        home.mkdir(exist_ok=True)
        settings = home / "server.properties"
        settings.write_text(server_properties(node, self.nodes, str(home / "data")))
        command = [*self._java, "kafka.tools.StorageTool", "format", "--ignore-formatted"]
        command += ["-t", identity, "-c", str(settings)]
        with self._log(node).open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def _launch(self, node: Node) -> None:
        command = [*self._java, "kafka.Kafka", str(self._home(node) / "server.properties")]
        with self._log(node).open("ab") as log:
            self._running[node.number] = GuardedProcess(command, stdout=log, stderr=subprocess.STDOUT)


def _brokers_seen_by(node: Node) -> int:
    # A refused connection costs nothing; the client below would back off for a second or more after one.
    try:
        socket.create_connection(("127.0.0.1", node.port), timeout=5).close()
        admin = KafkaAdminClient(
            bootstrap_servers=f"127.0.0.1:{node.port}", request_timeout_ms=5000, bootstrap_timeout_ms=5000
        )
    except (KafkaError, OSError):
        return 0
    try:
        return len(admin.describe_cluster()["brokers"])
    except KafkaError:
        return 0
    finally:
        admin.close()


def _tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
