"""The catalogue: which topics exist, with which settings and partitions, and the next producer id."""

import re
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.embedded.compaction import Horizon
from pipeline.embedded.config import BrokerConfig, TopicConfig, topic_config
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.journal import Journal
from pipeline.embedded.log import PartitionLog
from pipeline.embedded.segment import OpenFiles

_LEGAL_NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")
_PRODUCER_ID_BLOCK = 1000  # ids taken from the journal at once, so that one write serves many producers


@dataclass(slots=True)
class Topic:
    """One topic. `overrides` are the settings given for it, `config` all of them parsed."""

    name: str
    id: uuid.UUID
    overrides: dict[str, str]
    config: TopicConfig
    partitions: list[PartitionLog]


class Catalog:
    """All topics of the broker, kept in a journal; their logs live under `topics/NAME-PARTITION`."""

    def __init__(self, directory: Path, config: BrokerConfig, *, clean: bool) -> None:
        self.topics: dict[str, Topic] = {}
        self._names: dict[uuid.UUID, str] = {}
        self._directory = directory / "topics"
        self._config = config
        self._files = OpenFiles(config.max_open_files)
        self._journal = Journal(directory / "catalog.journal", sync=config.flush == "always")
        self.cluster_id = self._load_cluster_id()
        self._next_producer_id: int = self._journal.values.get(("producer-ids",), 0)
        self._reserved_producer_ids = self._next_producer_id
        for key, stored in self._journal.under("topic").items():
            self._open_topic(key[1], uuid.UUID(stored["id"]), stored["settings"], stored["partitions"], clean=clean)
        self._remove_strays()

    def _load_cluster_id(self) -> str:
        known = self._journal.values.get(("cluster-id",))
        if known is None:
            known = uuid.uuid4().hex[:22]
            self._journal.put({("cluster-id",): known})
        return str(known)

    def _open_topic(
        self, name: str, topic_id: uuid.UUID, overrides: dict[str, str], count: int, *, clean: bool
    ) -> Topic:
        topic = Topic(name, topic_id, overrides, topic_config(overrides), [])
        self._add_partitions(topic, count, clean=clean)
        self.topics[name] = topic
        self._names[topic_id] = name
        return topic

    def _add_partitions(self, topic: Topic, count: int, *, clean: bool) -> None:
        for index in range(len(topic.partitions), count):
            log = PartitionLog(self._directory / f"{topic.name}-{index}", topic.config, self._files)
            log.open(_now_ms(), clean=clean)
            topic.partitions.append(log)

    def _remove_strays(self) -> None:
        """Delete directories of topics that were being deleted, or not yet made, when the broker died."""
        self._directory.mkdir(parents=True, exist_ok=True)
        known = {log.directory for log in self.logs()}
        for directory in self._directory.iterdir():
            if directory not in known:
                shutil.rmtree(directory)

    def logs(self) -> Iterator[PartitionLog]:
        """Yield every partition of every topic."""
        for topic in self.topics.values():
            yield from topic.partitions

    def topic(self, name: str) -> Topic:
        """Return a topic; UNKNOWN_TOPIC_OR_PARTITION when there is none."""
        try:
            return self.topics[name]
        except KeyError:
            raise RequestError(Code.UNKNOWN_TOPIC_OR_PARTITION, f"no topic {name}") from None

    def log(self, name: str, partition: int) -> PartitionLog:
        """Return the log of a partition; UNKNOWN_TOPIC_OR_PARTITION when there is none."""
        topic = self.topics.get(name)
        if topic is None or not 0 <= partition < len(topic.partitions):
            raise RequestError(Code.UNKNOWN_TOPIC_OR_PARTITION)
        return topic.partitions[partition]

    def has(self, name: str, partition: int) -> bool:
        """Tell whether there is such a partition."""
        return name in self.topics and 0 <= partition < len(self.topics[name].partitions)

    def by_id(self, topic_id: uuid.UUID) -> Topic:
        """Return a topic by its id; UNKNOWN_TOPIC_ID when there is none."""
        if topic_id not in self._names:
            raise RequestError(Code.UNKNOWN_TOPIC_ID)
        return self.topics[self._names[topic_id]]

    def create(self, name: str, partitions: int, overrides: Mapping[str, str], *, dry_run: bool) -> TopicConfig:
        """Make a topic, or with `dry_run` only check; `RequestError` says what is wrong with it."""
        check_name(name)
        if name in self.topics:
            raise RequestError(Code.TOPIC_ALREADY_EXISTS, f"topic {name} already exists")
        clash = name.replace(".", "_")
        if any(other.replace(".", "_") == clash for other in self.topics):
            raise RequestError(Code.INVALID_TOPIC_EXCEPTION, f"{name} differs from another topic only in . and _")
        self._check_count(partitions)
        config = topic_config(overrides)
        if not dry_run:
            topic_id = uuid.uuid4()
            shutil.rmtree(self._directory / f"{name}-0", ignore_errors=True)
            topic = self._open_topic(name, topic_id, dict(overrides), partitions, clean=True)
            self._store(topic)
        return config

    def _check_count(self, partitions: int) -> None:
        if not 0 < partitions <= self._config.max_partitions:
            raise RequestError(
                Code.INVALID_PARTITIONS, f"{partitions} is not between 1 and {self._config.max_partitions} partitions"
            )

    def _store(self, topic: Topic) -> None:
        stored = {"id": str(topic.id), "settings": topic.overrides, "partitions": len(topic.partitions)}
        self._journal.put({("topic", topic.name): stored})

    def grow(self, name: str, count: int, *, dry_run: bool) -> None:
        """Give a topic more partitions; it cannot have fewer."""
        topic = self.topic(name)
        if count <= len(topic.partitions):
            raise RequestError(Code.INVALID_PARTITIONS, f"topic {name} already has {len(topic.partitions)} partitions")
        self._check_count(count)
        if not dry_run:
            self._add_partitions(topic, count, clean=True)
            self._store(topic)

    def alter(self, name: str, overrides: Mapping[str, str], *, dry_run: bool) -> None:
        """Replace the settings given for a topic."""
        topic = self.topic(name)
        config = topic_config(overrides)
        if not dry_run:
            topic.overrides, topic.config = dict(overrides), config
            for log in topic.partitions:
                log.config = config
            self._store(topic)

    def delete(self, name: str) -> list[Path]:
        """Forget a topic; return the directories, already out of the way, that the caller removes at leisure."""
        topic = self.topic(name)
        gone: dict[tuple[str, ...], None] = {("topic", name): None}
        gone.update(dict.fromkeys(self._journal.under("compacted", name)))
        self._journal.put(gone)
        del self.topics[name], self._names[topic.id]
        doomed = []
        for index, log in enumerate(topic.partitions):
            log.close()
            for segment in log.segments:
                segment.retire()
            trash = self._directory / f".deleted-{topic.id}-{index}"
            log.directory.rename(trash)
            doomed.append(trash)
        return doomed

    def horizon(self, topic: Topic, partition: int) -> Horizon:
        """Return what is known of a partition's compactions."""
        marks = self._journal.values.get(("compacted", topic.name, str(partition)), [])
        return Horizon([(offset, at) for offset, at in marks])

    def store_horizon(self, topic: Topic, partition: int, horizon: Horizon) -> None:
        """Keep it."""
        self._journal.put({("compacted", topic.name, str(partition)): horizon.marks})

    def new_producer_id(self) -> int:
        """Return a producer id never given out before."""
        if self._next_producer_id >= self._reserved_producer_ids:
            self._reserved_producer_ids = self._next_producer_id + _PRODUCER_ID_BLOCK
            self._journal.put({("producer-ids",): self._reserved_producer_ids})
        self._next_producer_id += 1
        return self._next_producer_id - 1

    def sync(self) -> None:
        """Bring the catalogue itself to disk. Blocking."""
        self._journal.sync()

    def close(self) -> None:
        """Wake all waiting readers and close the files."""
        for log in self.logs():
            log.close()
        self._files.close()
        self._journal.close()


def check_name(name: str) -> None:
    """Refuse a topic name Apache Kafka would refuse (INVALID_TOPIC_EXCEPTION)."""
    if not _LEGAL_NAME.fullmatch(name) or name in {".", ".."}:
        raise RequestError(Code.INVALID_TOPIC_EXCEPTION, "a topic name is 1 to 249 letters, digits, dots, _ and -")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
