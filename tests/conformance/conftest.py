"""Every broker with every client, and topics of their own for every test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from tests.conformance.clients import CLIENTS, Client, Producer
from tests.conformance.clients.interface import Admin
from tests.conformance.waiting import eventually

MakeTopic: TypeAlias = Callable[..., str]


@pytest.fixture(scope="session", params=list(CLIENTS))
def client(request: pytest.FixtureRequest, broker_address: str) -> Iterator[Client]:
    """Each client in turn."""
    with CLIENTS[request.param](broker_address) as made:
        yield made


@pytest.fixture(scope="session")
def every_client(broker_address: str) -> Iterator[dict[str, Client]]:
    """All clients at once, for tests in which they meet."""
    made = {name: kind(broker_address) for name, kind in CLIENTS.items()}
    yield made
    for one in made.values():
        one.close()


@pytest.fixture(scope="session")
def admin(client: Client) -> Iterator[Admin]:
    """The client's admin."""
    with client.admin() as made:
        yield made


@pytest.fixture(scope="session")
def producer(client: Client) -> Iterator[Producer]:
    """The client's producer with acks=all."""
    with client.producer() as made:
        yield made


@pytest.fixture
def name() -> str:
    """A name nobody else uses."""
    return f"conformance-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def make_topic(admin: Admin) -> MakeTopic:
    """Creates a topic and waits until it can be used: `make_topic(partitions=2, **{"segment.ms": "100"})`."""

    def make(partitions: int = 1, **config: str) -> str:
        name = f"conformance-{uuid.uuid4().hex[:12]}"
        admin.create_topic(name, partitions, config)
        eventually(lambda: admin.topics().get(name) == partitions)
        return name

    return make
