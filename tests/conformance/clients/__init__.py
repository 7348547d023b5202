"""Three independent Kafka clients behind one small interface."""

from tests.conformance.clients.aio import AioKafka
from tests.conformance.clients.interface import (
    BrokerError,
    Client,
    Consumer,
    Producer,
    Record,
)
from tests.conformance.clients.librdkafka import Librdkafka
from tests.conformance.clients.pure import KafkaPython

CLIENTS: dict[str, type[Client]] = {client.name: client for client in (KafkaPython, AioKafka, Librdkafka)}

__all__ = [
    "CLIENTS",
    "AioKafka",
    "BrokerError",
    "Client",
    "Consumer",
    "KafkaPython",
    "Librdkafka",
    "Producer",
    "Record",
]
