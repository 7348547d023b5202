"""Settings: the broker's own, and the topic settings it honours under Apache Kafka's names.

A topic setting the broker cannot honour is refused when the topic is made, never silently ignored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.embedded.errors import Code, RequestError

Flush = Literal["none", "interval", "always"]
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BrokerConfig:
    """What the whole broker goes by. Times in seconds unless the name says otherwise, sizes in bytes.

    `flush`: "none" leaves writing to the operating system: nothing acknowledged is lost when the broker is
    killed, a power loss may take what the system had not yet written (commonly the last 30 s). "interval"
    syncs at every round of maintenance, "always" before each acknowledgement.
    """

    flush: Flush = "none"
    maintenance_interval: float = 5.0
    default_partitions: int = 1
    # A topic may not ask for more: each partition costs a directory, a file and about 2 KB of memory.
    max_partitions: int = 1000
    # Holds 32 batches of the largest default size; more in one frame is a broken or hostile client.
    max_request_bytes: int = 32 * MIB
    # One answer of this size fills any client's window on loopback; more would only raise a slow reader's
    # memory.
    fetch_max_bytes: int = 16 * MIB
    max_connections: int = 1000
    # Well under the usual limit of 1024 files of a process, connections included.
    max_open_files: int = 256
    group_min_session_timeout_ms: int = 1000
    group_max_session_timeout_ms: int = 1_800_000
    group_max_members: int = 1000
    group_initial_rebalance_delay_ms: int = 0
    offset_metadata_max_bytes: int = 4096
    # Distinct keys one compaction round remembers: about 200 bytes each.
    compaction_max_keys: int = 400_000


class Setting(NamedTuple):
    """One topic setting: its default, its type number in DescribeConfigs, and the parser that also checks."""

    default: str
    kind: int
    parse: Callable[[str], object]


def _integer(low: int, high: int = 2**63 - 1) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"{number} is not between {low} and {high}")
        return number

    return parse


def _fraction(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(f"{text} is not between 0 and 1")
    return number


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is not one of {', '.join(choices)}")
        return text

    return parse


def _policies(text: str) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not chosen or not chosen <= {"delete", "compact"}:
        raise ValueError(f"{text!r} is not delete, compact or both")
    return chosen


_STRING, _INT, _LONG, _DOUBLE, _LIST = 2, 3, 5, 6, 7
SETTINGS: dict[str, Setting] = {
    "cleanup.policy": Setting("delete", _LIST, _policies),
    "compression.type": Setting("producer", _STRING, _one_of("producer")),
    "delete.retention.ms": Setting("86400000", _LONG, _integer(0)),
    "max.compaction.lag.ms": Setting("9223372036854775807", _LONG, _integer(1)),
    "max.message.bytes": Setting("1048588", _INT, _integer(0, 32 * MIB)),
    "message.timestamp.type": Setting("CreateTime", _STRING, _one_of("CreateTime", "LogAppendTime")),
    "min.cleanable.dirty.ratio": Setting("0.5", _DOUBLE, _fraction),
    "min.compaction.lag.ms": Setting("0", _LONG, _integer(0)),
    "min.insync.replicas": Setting("1", _INT, _integer(1, 1)),
    "retention.bytes": Setting("-1", _LONG, _integer(-1)),
    "retention.ms": Setting("604800000", _LONG, _integer(-1)),
    "segment.bytes": Setting(str(64 * MIB), _INT, _integer(1024, 2**31 - 1)),
    "segment.ms": Setting("604800000", _LONG, _integer(1)),
}


@dataclass(frozen=True, slots=True)
class TopicConfig:
    """The settings of one topic, parsed; field names are Kafka's with dots as underscores."""

    cleanup_policy: frozenset[str]
    compression_type: str
    delete_retention_ms: int
    max_compaction_lag_ms: int
    max_message_bytes: int
    message_timestamp_type: str
    min_cleanable_dirty_ratio: float
    min_compaction_lag_ms: int
    min_insync_replicas: int
    retention_bytes: int
    retention_ms: int
    segment_bytes: int
    segment_ms: int

    @property
    def compacted(self) -> bool:
        """Whether only the last record of each key is kept."""
        return "compact" in self.cleanup_policy


def topic_config(overrides: Mapping[str, str]) -> TopicConfig:
    """Parse a topic's own settings over the defaults; `RequestError` (INVALID_CONFIG) names the one that is wrong."""
    for name in overrides:
        if name not in SETTINGS:
            raise RequestError(Code.INVALID_CONFIG, f"unknown topic setting {name}")
    values: dict[str, object] = {}
    for name, setting in SETTINGS.items():
        try:
            values[name.replace(".", "_")] = setting.parse(overrides.get(name, setting.default))
        except ValueError as error:
            raise RequestError(Code.INVALID_CONFIG, f"invalid value for {name}: {error}") from error
    return TopicConfig(**values)  # type: ignore[arg-type]  # each parser returns its field's type
