"""aiokafka behind the conformance interface: an event loop in a thread, every call awaited there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError, for_code

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
T = TypeVar("T")
Run: TypeAlias = Callable[[Awaitable[T]], T]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except KafkaError as error:
        raise BrokerError(getattr(error, "errno", None), repr(error)) from error
    except TimeoutError as error:
        raise BrokerError(None, "no answer in time") from error


class _Loop:
    """An event loop in its own thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, awaitable: Awaitable[T], timeout: float = CALL_DEADLINE) -> T:
        async def bounded() -> T:
            return await asyncio.wait_for(awaitable, timeout)

        with _translated():
            return asyncio.run_coroutine_threadsafe(bounded(), self._loop).result()

    def call(self, function: Callable[[], T]) -> T:
        """Run a plain function in the loop's thread, where aiokafka's objects live."""

        async def inside() -> T:
            return function()

        return self.run(inside())

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_DEADLINE)
        self._loop.close()


class _Delivery(Delivery):
    def __init__(self, loop: _Loop, future: asyncio.Future[Any]):
        self._loop, self._future = loop, future

    def result(self) -> int:
        metadata = self._loop.run(self._future)
        return int(metadata.offset) if metadata is not None else -1


class _Producer(Producer):
    def __init__(self, loop: _Loop, address: str, settings: ProducerSettings):
        self._loop = loop

        async def start() -> AIOKafkaProducer:
            producer = AIOKafkaProducer(
                bootstrap_servers=address,
                acks=settings.acks,
                enable_idempotence=settings.idempotent,
                compression_type=settings.compression,
                linger_ms=settings.linger_ms,
                max_request_size=settings.max_request,
                request_timeout_ms=settings.give_up_ms,
            )
            await producer.start()
            return producer

        self._producer = loop.run(start())

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
        sending = self._producer.send(
            topic, value, key=key, headers=list(headers), partition=partition, timestamp_ms=timestamp
        )
        return _Delivery(self._loop, self._loop.run(sending))

    def flush(self) -> None:
        self._loop.run(self._producer.flush())

    def close(self) -> None:
        self._loop.run(self._producer.stop())


class _Consumer(Consumer):
    def __init__(self, loop: _Loop, address: str, settings: ConsumerSettings):
        self._loop = loop

        async def start() -> AIOKafkaConsumer:
            consumer = AIOKafkaConsumer(
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
                metadata_max_age_ms=METADATA_AGE_MS,
                retry_backoff_ms=RETRY_MS,
            )
            await consumer.start()
            return consumer

        self._consumer = loop.run(start())

    def assign(self, positions: dict[Partition, int | None]) -> None:
        def act() -> None:
            self._consumer.assign([TopicPartition(*partition) for partition in positions])
            for partition, offset in positions.items():
                if offset is not None:
                    self._consumer.seek(TopicPartition(*partition), offset)

        self._loop.call(act)

    def subscribe(self, *topics: str) -> None:
        self._loop.call(lambda: self._consumer.subscribe(list(topics)))

    def poll(self, timeout: float) -> list[Record]:
        fetched = self._loop.run(self._consumer.getmany(timeout_ms=int(timeout * 1000)), timeout + CALL_DEADLINE)
        return [_record(message) for messages in fetched.values() for message in messages]

    def seek(self, partition: Partition, offset: int) -> None:
        self._loop.call(lambda: self._consumer.seek(TopicPartition(*partition), offset))

    def assignment(self) -> set[Partition]:
        return {(tp.topic, tp.partition) for tp in self._loop.call(self._consumer.assignment)}

    def commit(self, offsets: dict[Partition, tuple[int, str]]) -> None:
        self._loop.run(self._consumer.commit({TopicPartition(*tp): entry for tp, entry in offsets.items()}))

    def committed(self, partition: Partition) -> int | None:
        offset = self._loop.run(self._consumer.committed(TopicPartition(*partition)))
        return None if offset is None else int(offset)

    def begin(self, partition: Partition) -> int:
        tp = TopicPartition(*partition)
        return int(self._loop.run(self._consumer.beginning_offsets([tp]))[tp])

    def end(self, partition: Partition) -> int:
        tp = TopicPartition(*partition)
        return int(self._loop.run(self._consumer.end_offsets([tp]))[tp])

    def offset_at(self, partition: Partition, timestamp: int) -> int | None:
        tp = TopicPartition(*partition)
        found = self._loop.run(self._consumer.offsets_for_times({tp: timestamp}))[tp]
        return None if found is None else int(found.offset)

    def close(self) -> None:
        self._loop.run(self._consumer.stop())


def _record(message: Any) -> Record:
    return Record(
        message.topic,
        message.partition,
        message.offset,
        message.timestamp,
        message.key,
        message.value,
        tuple(message.headers),
    )


def _refuse(code: int, text: object) -> None:
    if code:
        raise BrokerError(code, f"{for_code(code).__name__} {text}")


class _Admin(Admin):
    def __init__(self, loop: _Loop, address: str):
        self._loop = loop

        async def start() -> AIOKafkaAdminClient:
            admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=MILLISECONDS)
            await admin.start()
            return admin

        self._admin = loop.run(start())

    def create_topic(self, name: str, partitions: int = 1, config: dict[str, str] | None = None) -> None:
        topic = NewTopic(name, partitions, 1, topic_configs=config or {})
        for _, code, text in self._loop.run(self._admin.create_topics([topic])).topic_errors:
            _refuse(code, text)

    def delete_topic(self, name: str) -> None:
        for topic, code in self._loop.run(self._admin.delete_topics([name])).topic_error_codes:
            _refuse(code, topic)

    def topics(self) -> dict[str, int]:
        found = self._loop.run(self._admin.describe_topics())
        return {topic["topic"]: len(topic["partitions"]) for topic in found}

    def add_partitions(self, name: str, total: int) -> None:
        self._loop.run(self._admin.create_partitions({name: NewPartitions(total)}))

    def config(self, name: str) -> dict[str, str | None]:
        wanted = [ConfigResource(ConfigResourceType.TOPIC, name)]
        (answer,) = self._loop.run(self._admin.describe_configs(wanted))
        ((code, text, _, _, entries),) = answer.resources
        _refuse(code, text)
        return {entry[0]: entry[1] for entry in entries}

    def set_config(self, name: str, config: dict[str, str]) -> None:
        wanted = [ConfigResource(ConfigResourceType.TOPIC, name, configs=config)]
        (answer,) = self._loop.run(self._admin.alter_configs(wanted))
        for code, text, *_ in answer.resources:
            _refuse(code, text)

    def delete_records(self, partition: Partition, before: int) -> int:
        tp = TopicPartition(*partition)
        return int(self._loop.run(self._admin.delete_records({tp: RecordsToDelete(before)}))[tp])

    def groups(self) -> set[str]:
        return {group[0] for group in self._loop.run(self._admin.list_consumer_groups())}

    def group(self, name: str) -> GroupView:
        (answer,) = self._loop.run(self._admin.describe_consumer_groups([name]))
        ((code, _, state, _, _, members, *_),) = answer.groups
        _refuse(code, name)
        return GroupView(state, len(members))

    def group_offsets(self, name: str) -> dict[Partition, int]:
        found = self._loop.run(self._admin.list_consumer_group_offsets(name))
        return {(tp.topic, tp.partition): entry.offset for tp, entry in found.items()}

    def group_metadata(self, name: str) -> dict[Partition, str]:
        found = self._loop.run(self._admin.list_consumer_group_offsets(name))
        return {(tp.topic, tp.partition): entry.metadata for tp, entry in found.items()}

    def delete_group(self, name: str) -> None:
        raise NotImplementedError("aiokafka cannot delete a group")

    def close(self) -> None:
        self._loop.run(self._admin.close())


class AioKafka(Client):
    """aiokafka."""

    name = "aiokafka"
    codecs = ("gzip",)

    def __init__(self, address: str):
        super().__init__(address)
        self._loop = _Loop()

    def _producer(self, settings: ProducerSettings) -> Producer:
        return _Producer(self._loop, self.address, settings)

    def _consumer(self, settings: ConsumerSettings) -> Consumer:
        return _Consumer(self._loop, self.address, settings)

    def admin(self) -> Admin:
        return _Admin(self._loop, self.address)

    def close(self) -> None:
        self._loop.close()
