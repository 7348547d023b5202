"""kafka-python behind the conformance interface."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from tests.conformance.clients.interface import (
    CALL_DEADLINE,
    METADATA_AGE_MS,
    RETRY_MS,
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

MILLISECONDS = int(CALL_DEADLINE * 1000)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except KafkaError as error:
        raise BrokerError(getattr(error, "errno", None), repr(error)) from error


class _Delivery(Delivery):
    def __init__(self, future: Any):
        self._future = future

    def result(self) -> int:
        with _translated():
            return int(self._future.get(timeout=CALL_DEADLINE).offset)


class _Producer(Producer):
    def __init__(self, address: str, settings: ProducerSettings):
        with _translated():
            self._producer = KafkaProducer(
                bootstrap_servers=address,
                acks=settings.acks,
                enable_idempotence=settings.idempotent,
                compression_type=settings.compression,
                linger_ms=settings.linger_ms,
                max_request_size=settings.max_request,
                max_block_ms=settings.give_up_ms,
                reconnect_backoff_max_ms=500,
                retry_backoff_ms=RETRY_MS,
                delivery_timeout_ms=settings.give_up_ms,
                request_timeout_ms=settings.give_up_ms - settings.linger_ms - 100,
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
        with _translated():
            return _Delivery(
                self._producer.send(
                    topic, value, key, headers=list(headers), partition=partition, timestamp_ms=timestamp
                )
            )

    def flush(self) -> None:
        with _translated():
            self._producer.flush(CALL_DEADLINE)

    def close(self) -> None:
        self._producer.close(CALL_DEADLINE)


class _Consumer(Consumer):
    def __init__(self, address: str, settings: ConsumerSettings):
        with _translated():
            self._consumer = KafkaConsumer(
                bootstrap_servers=address,
                group_id=settings.group,
                enable_auto_commit=False,
                auto_offset_reset=settings.reset,
                isolation_level=settings.isolation,
                session_timeout_ms=settings.session_timeout_ms,
                heartbeat_interval_ms=settings.heartbeat_ms,
                fetch_max_wait_ms=settings.fetch_max_wait_ms,
                max_partition_fetch_bytes=settings.partition_fetch_max,
                partition_assignment_strategy=[RangePartitionAssignor],
                allow_auto_create_topics=False,
                metadata_max_age_ms=METADATA_AGE_MS,
                retry_backoff_ms=RETRY_MS,
            )

    def assign(self, positions: dict[Partition, int | None]) -> None:
        with _translated():
            self._consumer.assign([TopicPartition(*partition) for partition in positions])
            for partition, offset in positions.items():
                if offset is not None:
                    self._consumer.seek(TopicPartition(*partition), offset)

    def subscribe(self, *topics: str) -> None:
        with _translated():
            self._consumer.subscribe(list(topics))

    def poll(self, timeout: float) -> list[Record]:
        # kafka-python 3.0.12 drops the answer to a join that a change of metadata caused when the poll that began
        # it ran out of time: the member then holds nothing, sends no heartbeats and never joins again.
        coordinator = self._consumer._coordinator
        if coordinator._join_task is not None:
            coordinator.rejoin_needed = True
        with _translated():
            fetched = self._consumer.poll(timeout_ms=int(timeout * 1000))
        return [_record(message) for messages in fetched.values() for message in messages]

    def seek(self, partition: Partition, offset: int) -> None:
        with _translated():
            self._consumer.seek(TopicPartition(*partition), offset)

    def assignment(self) -> set[Partition]:
        return {(tp.topic, tp.partition) for tp in self._consumer.assignment() or ()}

    def commit(self, offsets: dict[Partition, tuple[int, str]]) -> None:
        wanted = {TopicPartition(*tp): OffsetAndMetadata(offset, text, -1) for tp, (offset, text) in offsets.items()}
        with _translated():
            self._consumer.commit(wanted, timeout_ms=MILLISECONDS)

    def committed(self, partition: Partition) -> int | None:
        with _translated():
            offset = self._consumer.committed(TopicPartition(*partition), timeout_ms=MILLISECONDS)
        return None if offset is None else int(offset)

    def begin(self, partition: Partition) -> int:
        tp = TopicPartition(*partition)
        with _translated():
            return int(self._consumer.beginning_offsets([tp], timeout_ms=MILLISECONDS)[tp])

    def end(self, partition: Partition) -> int:
        tp = TopicPartition(*partition)
        with _translated():
            return int(self._consumer.end_offsets([tp], timeout_ms=MILLISECONDS)[tp])

    def offset_at(self, partition: Partition, timestamp: int) -> int | None:
        tp = TopicPartition(*partition)
        with _translated():
            found = self._consumer.offsets_for_times({tp: timestamp}, timeout_ms=MILLISECONDS)[tp]
        return None if found is None else int(found.offset)

    def close(self) -> None:
        self._consumer.close(autocommit=False, timeout_ms=MILLISECONDS)


def _record(message: Any) -> Record:
    return Record(
        message.topic,
        message.partition,
        message.offset,
        message.timestamp,
        message.key,
        message.value,
        tuple((name, value) for name, value in message.headers or ()),
    )


class _Admin(Admin):
    def __init__(self, address: str):
        with _translated():
            self._admin = KafkaAdminClient(bootstrap_servers=address, request_timeout_ms=MILLISECONDS)

    def create_topic(self, name: str, partitions: int = 1, config: dict[str, str] | None = None) -> None:
        wanted = {"num_partitions": partitions, "replication_factor": 1, "configs": config or {}}
        with _translated():
            self._admin.create_topics({name: wanted})

    def delete_topic(self, name: str) -> None:
        with _translated():
            self._admin.delete_topics([name])

    def topics(self) -> dict[str, int]:
        with _translated():
            return {topic["name"]: len(topic["partitions"]) for topic in self._admin.describe_topics()}

    def add_partitions(self, name: str, total: int) -> None:
        with _translated():
            self._admin.create_partitions({name: total})

    def config(self, name: str) -> dict[str, str | None]:
        with _translated():
            answer = self._admin.describe_configs([ConfigResource("TOPIC", name)], config_filter="all")
        # kafka-python drops the error of a topic that is not there and answers with no settings.
        if not answer["topic"][name]:
            raise BrokerError(None, f"{name} has no settings")
        return {key: entry["value"] for key, entry in answer["topic"][name].items()}

    def set_config(self, name: str, config: dict[str, str]) -> None:
        with _translated():
            answer = self._admin.alter_configs([ConfigResource("TOPIC", name, dict(config))], raise_on_unknown=False)
        if (outcome := answer["topic"][name]) != "OK":
            raise BrokerError(None, outcome)

    def delete_records(self, partition: Partition, before: int) -> int:
        tp = TopicPartition(*partition)
        with _translated():
            return int(self._admin.delete_records({tp: before})[tp]["low_watermark"])

    def groups(self) -> set[str]:
        with _translated():
            return {group["group_id"] for group in self._admin.list_groups()}

    def group(self, name: str) -> GroupView:
        with _translated():
            found = self._admin.describe_groups([name])[name]
        return GroupView(found["group_state"], len(found["members"]))

    def group_offsets(self, name: str) -> dict[Partition, int]:
        return {(tp.topic, tp.partition): entry.offset for tp, entry in self._commits(name).items()}

    def group_metadata(self, name: str) -> dict[Partition, str]:
        return {(tp.topic, tp.partition): entry.metadata for tp, entry in self._commits(name).items()}

    def _commits(self, name: str) -> dict[TopicPartition, OffsetAndMetadata]:
        with _translated():
            return dict(self._admin.list_group_offsets(name)[name])

    def delete_group(self, name: str) -> None:
        with _translated():
            outcome = self._admin.delete_groups([name])[name]
        if outcome != "OK":
            raise BrokerError(None, outcome)

    def close(self) -> None:
        self._admin.close()


class KafkaPython(Client):
    """kafka-python."""

    name = "kafka-python"
    codecs = ("gzip",)

    def _producer(self, settings: ProducerSettings) -> Producer:
        return _Producer(self.address, settings)

    def _consumer(self, settings: ConsumerSettings) -> Consumer:
        return _Consumer(self.address, settings)

    def admin(self) -> Admin:
        return _Admin(self.address)

    def close(self) -> None:
        pass
