"""confluent-kafka (librdkafka) behind the conformance interface."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from confluent_kafka import OFFSET_STORED, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Consumer as RawConsumer
from confluent_kafka import ConsumerGroupTopicPartitions as GroupPartitions
from confluent_kafka import Producer as RawProducer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
)

from tests.conformance.clients.interface import (
    CALL_DEADLINE,
    METADATA_AGE_MS,
    Admin,
    BrokerError,
    Client,
    Consumer,
    ConsumerSettings,
    Delivery,
    GroupView,
    Headers,
    Partition,
    Producer,
    ProducerSettings,
    Record,
)

NO_OFFSET = -1001
COMMON = {"log_level": 0, "topic.metadata.refresh.interval.ms": METADATA_AGE_MS, "allow.auto.create.topics": False}


def _broker_error(error: KafkaError) -> BrokerError:
    # Codes below zero are librdkafka's own: the broker has not spoken.
    return BrokerError(error.code() if error.code() > 0 else None, f"{error.name()} {error.str()}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except KafkaException as error:
        raise _broker_error(error.args[0]) from error


class _Delivery(Delivery):
    def __init__(self, producer: RawProducer):
        self._producer = producer
        self._offset: int | None = None
        self._error: KafkaError | None = None

    def report(self, error: KafkaError | None, message: Any) -> None:
        self._error = error
        self._offset = message.offset() if message is not None and message.offset() is not None else -1

    def result(self) -> int:
        deadline = time.monotonic() + CALL_DEADLINE
        while self._offset is None and self._error is None and time.monotonic() < deadline:
            self._producer.poll(0.05)
        if self._error is not None:
            raise _broker_error(self._error)
        if self._offset is None:
            raise BrokerError(None, "no delivery report in time")
        return max(self._offset, -1)


class _Producer(Producer):
    def __init__(self, address: str, settings: ProducerSettings):
        self._producer = RawProducer(
            {
                "bootstrap.servers": address,
                "acks": settings.acks,
                "enable.idempotence": settings.idempotent,
                "compression.type": settings.compression or "none",
                "linger.ms": settings.linger_ms,
                "message.max.bytes": settings.max_request,
                "message.timeout.ms": settings.give_up_ms,
                "topic.metadata.propagation.max.ms": min(1000, settings.give_up_ms),
                "reconnect.backoff.max.ms": 500,
                "log_level": 0,
            }
        )

    def send(
        self,
        topic: str,
        value: bytes | None,
        *,
        key: bytes | None = None,
        headers: Headers = (),
        partition: int | None = None,
        timestamp: int | None = None,
    ) -> Delivery:
        delivery = _Delivery(self._producer)
        options: dict[str, Any] = {"headers": list(headers)}
        if partition is not None:
            options["partition"] = partition
        if timestamp is not None:
            options["timestamp"] = timestamp
        with _translated():
            self._producer.produce(topic, value, key, on_delivery=delivery.report, **options)
        self._producer.poll(0)
        return delivery

    def flush(self) -> None:
        if left := self._producer.flush(CALL_DEADLINE):
            raise BrokerError(None, f"{left} records were not delivered in time")

    def close(self) -> None:
        self._producer.flush(CALL_DEADLINE)


class _Consumer(Consumer):
    def __init__(self, address: str, settings: ConsumerSettings):
        self._consumer = RawConsumer(
            {
                "bootstrap.servers": address,
                # librdkafka wants a group also where none is joined.
                "group.id": settings.group or "unused",
                "enable.auto.commit": False,
                "auto.offset.reset": "error" if settings.reset == "none" else settings.reset,
                "isolation.level": settings.isolation,
                "session.timeout.ms": settings.session_timeout_ms,
                "heartbeat.interval.ms": settings.heartbeat_ms,
                "fetch.wait.max.ms": settings.fetch_max_wait_ms,
                "max.partition.fetch.bytes": settings.partition_fetch_max,
                "partition.assignment.strategy": "range",
                **COMMON,
            }
        )
        self._fallback = NO_OFFSET if settings.group is None else OFFSET_STORED

    def assign(self, positions: dict[Partition, int | None]) -> None:
        wanted = [TopicPartition(*tp, self._fallback if at is None else at) for tp, at in positions.items()]
        with _translated():
            self._consumer.assign(wanted)

    def subscribe(self, *topics: str) -> None:
        with _translated():
            self._consumer.subscribe(list(topics))

    def poll(self, timeout: float) -> list[Record]:
        with _translated():
            first = self._consumer.consume(1, timeout)
            messages = first + (self._consumer.consume(500, 0.01) if first else [])
        for message in messages:
            if message.error() is not None:
                raise _broker_error(message.error())
        return [_record(message) for message in messages]

    def seek(self, partition: Partition, offset: int) -> None:
        with _translated():
            self._consumer.seek(TopicPartition(*partition, offset))

    def assignment(self) -> set[Partition]:
        return {(tp.topic, tp.partition) for tp in self._consumer.assignment()}

    def commit(self, offsets: dict[Partition, tuple[int, str]]) -> None:
        wanted = [TopicPartition(*tp, offset, text) for tp, (offset, text) in offsets.items()]
        with _translated():
            for answer in self._consumer.commit(offsets=wanted, asynchronous=False):
                if answer.error is not None:
                    raise _broker_error(answer.error)

    def committed(self, partition: Partition) -> int | None:
        with _translated():
            (answer,) = self._consumer.committed([TopicPartition(*partition)], CALL_DEADLINE)
        return None if answer.offset == NO_OFFSET else int(answer.offset)

    def begin(self, partition: Partition) -> int:
        with _translated():
            return int(self._consumer.get_watermark_offsets(TopicPartition(*partition), CALL_DEADLINE)[0])

    def end(self, partition: Partition) -> int:
        with _translated():
            return int(self._consumer.get_watermark_offsets(TopicPartition(*partition), CALL_DEADLINE)[1])

    def offset_at(self, partition: Partition, timestamp: int) -> int | None:
        with _translated():
            (answer,) = self._consumer.offsets_for_times([TopicPartition(*partition, timestamp)], CALL_DEADLINE)
        return int(answer.offset) if answer.offset >= 0 else None

    def close(self) -> None:
        self._consumer.close()


def _record(message: Any) -> Record:
    return Record(
        message.topic(),
        message.partition(),
        message.offset(),
        message.timestamp()[1],
        message.key(),
        message.value(),
        tuple(message.headers() or ()),
    )


def _only(futures: dict[Any, Future[Any]]) -> Any:
    (future,) = futures.values()
    with _translated():
        return future.result(CALL_DEADLINE)


class _Admin(Admin):
    def __init__(self, address: str):
        self._admin = AdminClient({"bootstrap.servers": address, "log_level": 0})

    def create_topic(self, name: str, partitions: int = 1, config: dict[str, str] | None = None) -> None:
        with _translated():
            futures = self._admin.create_topics([NewTopic(name, partitions, 1, config=config or {})])
        _only(futures)

    def delete_topic(self, name: str) -> None:
        _only(self._admin.delete_topics([name]))

    def topics(self) -> dict[str, int]:
        with _translated():
            found = self._admin.list_topics(timeout=CALL_DEADLINE).topics
        return {name: len(topic.partitions) for name, topic in found.items()}

    def add_partitions(self, name: str, total: int) -> None:
        _only(self._admin.create_partitions([NewPartitions(name, total)]))

    def config(self, name: str) -> dict[str, str | None]:
        entries = _only(self._admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name)]))
        return {key: entry.value for key, entry in entries.items()}

    def set_config(self, name: str, config: dict[str, str]) -> None:
        changes = [
            ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in config.items()
        ]
        resource = ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=changes)
        _only(self._admin.incremental_alter_configs([resource]))

    def delete_records(self, partition: Partition, before: int) -> int:
        return int(_only(self._admin.delete_records([TopicPartition(*partition, before)])).low_watermark)

    def groups(self) -> set[str]:
        with _translated():
            answer = self._admin.list_consumer_groups().result(CALL_DEADLINE)
        return {group.group_id for group in answer.valid}

    def group(self, name: str) -> GroupView:
        found = _only(self._admin.describe_consumer_groups([name]))
        return GroupView(found.state.name.title(), len(found.members))

    def group_offsets(self, name: str) -> dict[Partition, int]:
        answer = _only(self._admin.list_consumer_group_offsets([GroupPartitions(name)]))
        return {(tp.topic, tp.partition): tp.offset for tp in answer.topic_partitions}

    def group_metadata(self, name: str) -> dict[Partition, str]:
        # confluent-kafka reads past the end of the string it is given and sends its terminating zero along.
        raise NotImplementedError("confluent-kafka 2.16 garbles the metadata of commits")

    def delete_group(self, name: str) -> None:
        _only(self._admin.delete_consumer_groups([name]))

    def close(self) -> None:
        self._admin.poll(0)


class Librdkafka(Client):
    """confluent-kafka over librdkafka."""

    name = "librdkafka"
    codecs = ("gzip", "snappy", "lz4", "zstd")

    def _producer(self, settings: ProducerSettings) -> Producer:
        return _Producer(self.address, settings)

    def _consumer(self, settings: ConsumerSettings) -> Consumer:
        return _Consumer(self.address, settings)

    def admin(self) -> Admin:
        return _Admin(self.address)

    def close(self) -> None:
        pass
