"""Topics and groups: created explicitly, described with sizes and lag. Nothing else may create a topic."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType

from pipeline.bus.client import broker_errors, connection, reach
from pipeline.errors import TopicMissing
from pipeline.limits import MAX_DEADLETTER_BYTES, MAX_RECORD_BYTES
from pipeline.settings import Settings
from schemas.topics import DEADLETTER, TOPICS, TopicSpec

_HOUR_MS = 3_600_000
_COORDINATOR_PAUSE = 0.2


def largest_record(spec: TopicSpec) -> int:
    """Return the cap on one record of a topic, in bytes."""
    return MAX_DEADLETTER_BYTES if spec is DEADLETTER else MAX_RECORD_BYTES


def topic_configs(spec: TopicSpec, settings: Settings) -> dict[str, str]:
    """Return the broker's configuration of a topic, as its contract and the settings say."""
    configs = {"cleanup.policy": spec.cleanup, "max.message.bytes": str(largest_record(spec))}
    if spec.cleanup == "delete":
        configs["retention.ms"] = str(int(settings.retention_hours * _HOUR_MS))
    else:
        configs["delete.retention.ms"] = str(int(settings.tombstone_hours * _HOUR_MS))
    return configs


def differences(
    spec: TopicSpec, settings: Settings, configs: dict[str, str], partitions: int | None
) -> tuple[str, ...]:
    """Return one clause for each way in which a topic on the broker is not as the settings say.

    Args:
        spec: the topic's contract.
        settings: what is wanted.
        configs: what the broker says.
        partitions: how many the broker has; None where that was not asked.
    """
    wanted = topic_configs(spec, settings)
    found = [
        f"{key} is {configs.get(key)}, the settings say {value}"
        for key, value in wanted.items()
        if configs.get(key) != value
    ]
    if partitions is not None and partitions != settings.partitions:
        found.insert(0, f"it has {partitions} partitions, the settings say {settings.partitions}")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Created:
    """What `create` did with one topic; `differences` says where an existing topic is not as the settings say."""

    topic: str
    outcome: Literal["created", "exists"]
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartitionState:
    """One partition: the first offset kept, the offset after the last, and where the group stands (None: nowhere)."""

    partition: int
    begin: int
    end: int
    committed: int | None

    @property
    def lag(self) -> int:
        """Records that the group has not committed yet."""
        return self.end - max(self.begin, self.committed if self.committed is not None else self.begin)


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic as the broker has it."""

    topic: str
    spec: TopicSpec
    partitions: tuple[PartitionState, ...]
    configs: dict[str, str]

    @property
    def records(self) -> int:
        """Offsets between begin and end: the records, and what compaction took from between them."""
        return sum(partition.end - partition.begin for partition in self.partitions)

    @property
    def lag(self) -> int:
        """Sum of the partitions' lags."""
        return sum(partition.lag for partition in self.partitions)


class Admin:
    """An admin connection; use it as a context manager.

    Every method raises `BrokerError` (see `pipeline.bus.client.broker_errors`).
    """

    def __init__(self, settings: Settings) -> None:
        reach(settings)
        self._settings = settings
        with broker_errors(settings):
            self._client = KafkaAdminClient(**connection(settings))

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def version(self) -> str:
        """Return the version that the broker shows by the requests it knows, e.g. 4.1."""
        with broker_errors(self._settings):
            return ".".join(str(part) for part in self._client._manager.broker_version)  # noqa: SLF001 - no public face

    def existing(self) -> dict[str, int]:
        """Return the partition count of every topic on the broker."""
        with broker_errors(self._settings):
            return {topic["name"]: len(topic["partitions"]) for topic in self._client.describe_topics()}

    def create(self, specs: Iterable[TopicSpec] = TOPICS) -> list[Created]:
        """Create what is missing, leave alone what is there, and say where that differs from the settings."""
        present = self.existing()
        outcomes = []
        for spec in specs:
            name = self._settings.topic(spec.name)
            if name not in present and self._create(spec, name):
                outcomes.append(Created(name, "created"))
            else:
                outcomes.append(Created(name, "exists", self._as_it_is(spec, name, present.get(name))))
        with broker_errors(self._settings):
            self._client.wait_for_topics([outcome.topic for outcome in outcomes])
        return outcomes

    def _create(self, spec: TopicSpec, name: str) -> bool:
        wanted = {
            "num_partitions": self._settings.partitions,
            "replication_factor": self._settings.replication,
            "configs": topic_configs(spec, self._settings),
        }
        with broker_errors(self._settings):
            try:
                self._client.create_topics({name: wanted})
            except kafka_errors.TopicAlreadyExistsError:
                return False  # somebody was faster; that is what idempotent means
        return True

    def _as_it_is(self, spec: TopicSpec, name: str, partitions: int | None) -> tuple[str, ...]:
        return differences(spec, self._settings, self._configs([name])[name], partitions)

    def _configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        with broker_errors(self._settings):
            answer = self._client.describe_configs(resources, config_filter="all")
        topics: dict[str, dict[str, Any]] = answer.get("topic", {})
        return {
            name: {
                key: str(entry["value"]) for key, entry in topics.get(name, {}).items() if entry["value"] is not None
            }
            for name in names
        }

    def describe(self, specs: Iterable[TopicSpec] = TOPICS) -> list[TopicState]:
        """Return the state of the topics that exist, with the workers' group's offsets.

        Only `news.raw` has a committed offset of the workers: they read nothing else.
        """
        present = self.existing()
        wanted = [(spec, self._settings.topic(spec.name)) for spec in specs]
        wanted = [(spec, name) for spec, name in wanted if name in present]
        if not wanted:
            return []
        configs = self._configs([name for _, name in wanted])
        partitions = [TopicPartition(name, index) for _, name in wanted for index in range(present[name])]
        with broker_errors(self._settings):
            committed = self._committed()
            consumer = KafkaConsumer(**connection(self._settings), allow_auto_create_topics=False)
            try:
                begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
            finally:
                consumer.close(autocommit=False)
        return [
            TopicState(
                name,
                spec,
                tuple(
                    PartitionState(place.partition, begins[place], ends[place], committed.get(place))
                    for place in partitions
                    if place.topic == name
                ),
                configs[name],
            )
            for spec, name in wanted
        ]

    def _committed(self) -> dict[Any, int]:
        try:
            groups = self._group_offsets()
        except kafka_errors.GroupIdNotFoundError:
            return {}
        offsets = groups.get(self._settings.group, {})
        return {place: entry.offset for place, entry in offsets.items() if entry.offset >= 0}

    def _group_offsets(self) -> Any:
        # A fresh cluster makes its offsets topic at the first question about a group, and answers when that is up.
        deadline = time.monotonic() + self._settings.request_timeout
        while True:
            try:
                return self._client.list_group_offsets([self._settings.group])
            except (kafka_errors.CoordinatorNotAvailableError, kafka_errors.CoordinatorLoadInProgressError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(_COORDINATOR_PAUSE)

    def require(self, specs: Iterable[TopicSpec] = TOPICS) -> None:
        """Make sure that the topics exist.

        Raises:
            TopicMissing: one does not; the sentence names them and says what to do.
        """
        present = self.existing()
        missing = [name for spec in specs if (name := self._settings.topic(spec.name)) not in present]
        if missing:
            raise TopicMissing(
                f"missing on {self._settings.brokers}: {', '.join(missing)}; run `copytaster topics create`"
            )
