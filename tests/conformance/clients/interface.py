"""What a conformance test may ask of a client, and the one error it may see."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, TypeAlias

CALL_DEADLINE = 20.0
"""Seconds after which any single call of a client fails."""

RETRY_MS = 20
METADATA_AGE_MS = 300
"""Shorter than the clients' own values: the tests wait for what these two delay."""

Partition: TypeAlias = tuple[str, int]
Headers: TypeAlias = tuple[tuple[str, bytes | None], ...]


class BrokerError(Exception):
    """A client's call failed; `code` is the protocol's error code, or None when the client itself gave up."""

    def __init__(self, code: int | None, text: str):
        super().__init__(f"{code}: {text}")
        self.code = code


@dataclass(frozen=True)
class Record:
    """A record as a consumer hands it out; `timestamp` in milliseconds since the epoch."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, kw_only=True)
class ProducerSettings:
    """How a producer sends; sizes in bytes."""

    acks: Literal[0, 1, "all"] = "all"
    idempotent: bool = False
    compression: str | None = None
    linger_ms: int = 0
    max_request: int = 4_000_000
    give_up_ms: int = 10_000


@dataclass(frozen=True, kw_only=True)
class ConsumerSettings:
    """How a consumer reads; sizes in bytes."""

    group: str | None = None
    reset: Literal["earliest", "latest", "none"] = "earliest"
    isolation: Literal["read_uncommitted", "read_committed"] = "read_uncommitted"
    session_timeout_ms: int = 6000
    heartbeat_ms: int = 300
    fetch_max_wait_ms: int = 100
    partition_fetch_max: int = 1_048_576


@dataclass(frozen=True)
class GroupView:
    """A consumer group as the coordinator describes it."""

    state: str
    members: int


class Closing(ABC):
    """A context manager that closes."""

    @abstractmethod
    def close(self) -> None:
        """Release everything; a consumer leaves its group."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Delivery(ABC):
    """The outcome of one send."""

    @abstractmethod
    def result(self) -> int:
        """Offset of the record (-1 without acks); raises `BrokerError`."""


class Producer(Closing):
    """Sends records."""

    @abstractmethod
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
        """Queue one record."""

    @abstractmethod
    def flush(self) -> None:
        """Wait until everything queued is delivered or has failed."""


class Consumer(Closing):
    """Reads records, by assignment or as a member of a group."""

    @abstractmethod
    def assign(self, positions: dict[Partition, int | None]) -> None:
        """Read these partitions, from an offset, or (None) from the group's commit or by the reset policy."""

    @abstractmethod
    def subscribe(self, *topics: str) -> None:
        """Join the group."""

    @abstractmethod
    def poll(self, timeout: float) -> list[Record]:
        """Whatever arrives within `timeout` seconds."""

    @abstractmethod
    def seek(self, partition: Partition, offset: int) -> None:
        """Continue elsewhere."""

    @abstractmethod
    def assignment(self) -> set[Partition]:
        """The partitions read now."""

    @abstractmethod
    def commit(self, offsets: dict[Partition, tuple[int, str]]) -> None:
        """Commit offsets with metadata and wait for the answer."""

    @abstractmethod
    def committed(self, partition: Partition) -> int | None:
        """What the group has committed."""

    @abstractmethod
    def begin(self, partition: Partition) -> int:
        """First offset."""

    @abstractmethod
    def end(self, partition: Partition) -> int:
        """Offset after the last record."""

    @abstractmethod
    def offset_at(self, partition: Partition, timestamp: int) -> int | None:
        """First offset whose record is not older than `timestamp`; None when there is none."""


class Admin(Closing):
    """Topics, settings and groups."""

    @abstractmethod
    def create_topic(self, name: str, partitions: int = 1, config: dict[str, str] | None = None) -> None: ...

    @abstractmethod
    def delete_topic(self, name: str) -> None: ...

    @abstractmethod
    def topics(self) -> dict[str, int]:
        """Number of partitions of every topic."""

    @abstractmethod
    def add_partitions(self, name: str, total: int) -> None: ...

    @abstractmethod
    def config(self, name: str) -> dict[str, str | None]:
        """Every setting of a topic, defaults included."""

    @abstractmethod
    def set_config(self, name: str, config: dict[str, str]) -> None: ...

    @abstractmethod
    def delete_records(self, partition: Partition, before: int) -> int:
        """Drop what is older; the new first offset."""

    @abstractmethod
    def groups(self) -> set[str]: ...

    @abstractmethod
    def group(self, name: str) -> GroupView: ...

    @abstractmethod
    def group_offsets(self, name: str) -> dict[Partition, int]:
        """Committed offsets."""

    @abstractmethod
    def group_metadata(self, name: str) -> dict[Partition, str]:
        """What was committed beside the offsets."""

    @abstractmethod
    def delete_group(self, name: str) -> None: ...


class Client(Closing):
    """One client library, connected to one broker."""

    name: ClassVar[str]
    codecs: ClassVar[tuple[str, ...]]
    """Compressions it brings without extra packages."""

    def __init__(self, address: str):
        self.address = address

    def producer(self, **settings: Any) -> Producer:
        """A connected producer; arguments as in `ProducerSettings`."""
        return self._producer(ProducerSettings(**settings))

    def consumer(self, **settings: Any) -> Consumer:
        """A consumer without partitions yet; arguments as in `ConsumerSettings`."""
        return self._consumer(ConsumerSettings(**settings))

    @abstractmethod
    def admin(self) -> Admin:
        """A connected admin client."""

    @abstractmethod
    def _producer(self, settings: ProducerSettings) -> Producer: ...

    @abstractmethod
    def _consumer(self, settings: ConsumerSettings) -> Consumer: ...
