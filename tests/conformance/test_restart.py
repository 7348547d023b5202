"""What was acknowledged outlives the broker's death."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.apache.cluster import ApacheKafka
from tests.conformance.clients import CLIENTS, Client
from tests.conformance.waiting import contents, eventually
from tests.embedded_broker import EmbeddedKafka

BACK_DEADLINE_MS = 60_000
"""How long a producer may keep trying while the broker is away."""


@pytest.fixture(scope="module", params=["embedded", pytest.param("apache", marks=pytest.mark.apache)])
def mortal_broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApacheKafka | EmbeddedKafka]:
    """A broker that this test may kill."""
    if request.param == "embedded":
        with EmbeddedKafka(tmp_path_factory.mktemp("mortal")) as embedded:
            yield embedded
    elif os.environ.get("COPYTASTER_TEST_KAFKA"):
        pytest.skip("a broker that is given by its address is not ours to kill")
    else:
        with ApacheKafka() as cluster:
            yield cluster


@pytest.fixture(params=list(CLIENTS))
def mortal_client(request: pytest.FixtureRequest, mortal_broker: ApacheKafka | EmbeddedKafka) -> Iterator[Client]:
    """Each client, connected to it."""
    with CLIENTS[request.param](mortal_broker.address) as client:
        yield client


def test_a_killed_broker_loses_nothing(
    mortal_broker: ApacheKafka | EmbeddedKafka, mortal_client: Client, name: str
) -> None:
    """Records, settings and commits are there after kill -9; a producer goes on, nothing is lost, nothing is twice."""
    with mortal_client.admin() as admin:
        admin.create_topic(name, 2, {"retention.ms": "123456789"})
        admin.create_topic(f"{name}-deleted", 1)
        eventually(lambda: admin.topics().get(f"{name}-deleted") == 1)
        admin.delete_topic(f"{name}-deleted")
    with mortal_client.consumer(group=name) as consumer:
        consumer.assign({(name, 0): 0})
        consumer.commit({(name, 0): (42, "")})

    with mortal_client.producer(idempotent=True, give_up_ms=BACK_DEADLINE_MS, linger_ms=1) as producer:
        for number in range(200):
            producer.send(name, b"%d" % number, partition=0)
        producer.flush()
        mortal_broker.kill()
        later = [producer.send(name, b"%d" % number, partition=0) for number in range(200, 300)]
        mortal_broker.start()
        offsets = [delivery.result() for delivery in later]
    assert offsets == list(range(200, 300))

    assert [r.value for r in contents(mortal_client, name)] == [b"%d" % n for n in range(300)]
    with mortal_client.admin() as admin:
        topics = admin.topics()
        assert (topics[name], f"{name}-deleted" in topics) == (2, False)
        assert admin.config(name)["retention.ms"] == "123456789"
        assert admin.group_offsets(name) == {(name, 0): 42}
