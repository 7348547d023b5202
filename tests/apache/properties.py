"""One node's `server.properties`: a fast start, short timeouts, a cleaner that tests can watch at work."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass

# Below the range from which systems hand out ports for outgoing connections: a port chosen here is still free
# when a killed broker comes back for it.
PORTS = range(20_000, 30_000)


@dataclass(frozen=True)
class Node:
    """One broker of a cluster: its id (from 1) and its two loopback ports."""

    number: int
    port: int
    controller_port: int


def free_ports(count: int) -> list[int]:
    """As many different loopback ports on which nothing listens."""
    chosen: list[int] = []
    for port in random.sample(PORTS, k=len(PORTS)):
        if _is_free(port):
            chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise OSError(f"no {count} free ports between {PORTS.start} and {PORTS.stop}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def server_properties(node: Node, cluster: list[Node], data: str) -> str:
    """Text of `server.properties` for `node`, which keeps its logs in the directory `data`."""
    replicas = min(3, len(cluster))
    in_sync = max(1, replicas - 1)
    settings = {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": ",".join(f"{n.number}@127.0.0.1:{n.controller_port}" for n in cluster),
        "listeners": f"PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{node.port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        "default.replication.factor": replicas,
        "min.insync.replicas": in_sync,
        # Internal topics: few partitions, since each costs a directory at the first use.
        "offsets.topic.num.partitions": 3,
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.num.partitions": 3,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": in_sync,
        # Groups: no waiting for more members, and a dead one is noticed within seconds.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # A killed broker hands its partitions over within about three seconds.
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 3000,
        # Cleaner and retention work within a second instead of minutes.
        "log.initial.task.delay.ms": 500,
        "log.retention.check.interval.ms": 500,
        "log.segment.delete.delay.ms": 500,
        "log.cleaner.backoff.ms": 300,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 4,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
