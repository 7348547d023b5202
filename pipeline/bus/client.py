"""kafka-python with every unsafe default set, and its errors said in sentences. See `pipeline.bus.admin` for topics.

What kafka-python would do if left alone, and what that would cost:

- `enable_auto_commit`: offsets committed by a timer, before the record was processed.
- `auto_offset_reset=latest`: a new reader silently skips what is already there.
- `isolation_level=read_uncommitted`: records of an aborted transaction are delivered.
- `allow_auto_create_topics`: a mistyped topic springs into being with one partition.
- `max_request_size` of 1 MB: the longest items fail.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import google_crc32c
from kafka import KafkaConsumer, KafkaProducer
from kafka import errors as kafka_errors
from kafka.partitioner.default import murmur2
from kafka.record.util import calc_crc32c

from pipeline.errors import BrokerAbsent, BrokerError, BrokerRefused, BrokerTooOld, DeliveryError, TopicMissing
from pipeline.limits import MAX_DEADLETTER_BYTES
from pipeline.settings import Settings

CLIENT_ID = "copytaster"
_BATCH_BYTES = 256 * 1024
_LINGER_MS = 5
_CONNECT_TIMEOUT = 3.0

# kafka-python logs every reconnect as a warning; whoever runs a command gets one sentence from us instead.
logging.getLogger("kafka").setLevel(logging.CRITICAL)

# In pure Python the checksum of a 4 KB record takes 0.6 ms, more than all else together. kafka-python's own remedy is
# a package under the LGPL; this one does the same under the Apache licence.
calc_crc32c.__defaults__ = (lambda data: google_crc32c.value(bytes(data)),)

_TOO_OLD = (
    kafka_errors.UnsupportedVersionError,
    kafka_errors.UnrecognizedBrokerVersion,
)
_REFUSED = (
    kafka_errors.AuthorizationError,
    kafka_errors.UnsupportedSaslMechanismError,
    kafka_errors.IllegalSaslStateError,
    kafka_errors.SaslAuthenticationFailedError,
)
_ABSENT = (
    kafka_errors.KafkaConnectionError,
    kafka_errors.KafkaTimeoutError,
    kafka_errors.NodeNotReadyError,
    kafka_errors.RequestTimedOutError,
    kafka_errors.BrokerNotAvailableError,
    kafka_errors.MetadataEmptyBrokerList,
    TimeoutError,
    ConnectionError,
)


def absent(settings: Settings) -> BrokerAbsent:
    """Return the error that says who did not answer and what to do."""
    return BrokerAbsent(
        f"no broker answers at {settings.brokers}; start one with `copytaster broker`, or say where yours is "
        "with --brokers or COPYTASTER_BROKERS"
    )


@contextmanager
def broker_errors(settings: Settings) -> Iterator[None]:
    """Turn what kafka-python raises inside the block into a `BrokerError` with a sentence.

    Raises:
        BrokerAbsent: nobody answers.
        BrokerTooOld: the broker lacks a request that is needed.
        BrokerRefused: credentials, or rights, are missing.
        TopicMissing: the topic is not there.
        BrokerError: anything else that the broker says.
    """
    try:
        yield
    except _TOO_OLD as error:
        raise BrokerTooOld(
            f"the broker at {settings.brokers} is too old for copytaster ({error}); it is tested with Apache Kafka 4"
        ) from error
    except _REFUSED as error:
        raise BrokerRefused(
            f"the broker at {settings.brokers} refuses: {error}; check security_protocol, sasl_* and the user's rights"
        ) from error
    except kafka_errors.UnknownTopicOrPartitionError as error:
        raise TopicMissing(f"a topic is missing ({error}); `copytaster topics create` makes them all") from error
    except _ABSENT as error:
        raise absent(settings) from error
    except kafka_errors.KafkaError as error:
        raise BrokerError(f"the broker at {settings.brokers} says: {error}") from error


def reach(settings: Settings) -> None:
    """Make sure that somebody listens at one of the addresses, before a client spends its long time-outs on it.

    Raises:
        BrokerAbsent: nobody does.
    """
    for address in settings.addresses:
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_TIMEOUT):
                return
        except OSError:
            continue
    raise absent(settings)


def connection(settings: Settings) -> dict[str, Any]:
    """Return the options that all clients share: where the broker is and how to talk to it."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.addresses,
        "client_id": CLIENT_ID,
        "security_protocol": settings.security_protocol,
        "request_timeout_ms": int(settings.request_timeout * 1000),
        "bootstrap_timeout_ms": int(settings.request_timeout * 1000),
    }
    if settings.security_protocol.endswith("SSL"):
        password = settings.ssl_password
        options |= {
            "ssl_cafile": str(settings.ssl_cafile) if settings.ssl_cafile else None,
            "ssl_certfile": str(settings.ssl_certfile) if settings.ssl_certfile else None,
            "ssl_keyfile": str(settings.ssl_keyfile) if settings.ssl_keyfile else None,
            "ssl_password": password.get_secret_value() if password else None,
        }
    if settings.sasl_password is not None and settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": settings.sasl_password.get_secret_value(),
        }
    return options


class _Consumer(KafkaConsumer):  # type: ignore[misc] # kafka-python is untyped
    """A KafkaConsumer that does not forget a join it has begun."""

    def poll(self, *args: Any, **options: Any) -> Any:
        """Poll as KafkaConsumer does.

        kafka-python 3.0.12 drops the answer to a join that a change of metadata caused, when the poll that began it
        ran out of time: the member then owns nothing, sends no heartbeat and never joins again. A join in flight
        has to look as wanted as one that was asked for.
        """
        coordinator = self._coordinator
        if coordinator is not None and coordinator._join_task is not None:  # noqa: SLF001 - no public face
            coordinator.rejoin_needed = True
        return super().poll(*args, **options)


def open_consumer(settings: Settings, *, group: str | None, start: str = "earliest") -> Any:
    """Return a KafkaConsumer that commits only what it is told to.

    Args:
        settings: where the broker is.
        group: consumer group; without one nothing can be committed.
        start: earliest or latest; where to begin when nothing was committed.

    Raises:
        BrokerError: see `broker_errors`.
    """
    reach(settings)
    with broker_errors(settings):
        return _Consumer(
            **connection(settings),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset=start,
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            session_timeout_ms=int(settings.session_timeout * 1000),
            heartbeat_interval_ms=int(settings.session_timeout * 1000 / 3),
            max_poll_records=500,
            max_partition_fetch_bytes=1024 * 1024,
            receive_message_max_bytes=4 * MAX_DEADLETTER_BYTES,
            metrics_enabled=False,
        )


def partition_for(route: str, partitions: int) -> int:
    """Return the partition of an article id: Kafka's own hash of its UTF-8 bytes, so that any client agrees."""
    return int(murmur2(route.encode()) & 0x7FFFFFFF) % partitions


class Producer:
    """A kafka-python producer that acknowledges each record once it is safe on all in-sync replicas."""

    def __init__(self, settings: Settings) -> None:
        reach(settings)
        self._settings = settings
        with broker_errors(settings):
            self._producer = KafkaProducer(
                **connection(settings),
                enable_idempotence=True,
                acks="all",
                linger_ms=_LINGER_MS,
                batch_size=_BATCH_BYTES,
                max_request_size=MAX_DEADLETTER_BYTES + 1024 * 1024,
                max_block_ms=int(settings.delivery_timeout * 1000),
                delivery_timeout_ms=int(settings.delivery_timeout * 1000),
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )

    def send(
        self,
        topic: str,
        *,
        value: bytes | None,
        key: bytes | None = None,
        headers: tuple[tuple[str, bytes | None], ...] = (),
        route: str | None = None,
        partition: int | None = None,
        done: Callable[[DeliveryError | None], None],
    ) -> None:
        """Queue one record; `done` is called from the producer's thread with None, or with why it failed.

        Args:
            topic: full name.
            value: None is a tombstone.
            key: key bytes.
            headers: names and bytes.
            route: article id that decides the partition; the key decides without one.
            partition: an exact partition, for a record that goes back to where it came from.
            done: told about the delivery exactly once.

        Raises:
            BrokerError: see `broker_errors`.
        """
        with broker_errors(self._settings):
            if partition is None and route is not None:
                partition = partition_for(route, len(self._producer.partitions_for(topic)))
            future = self._producer.send(topic, value=value, key=key, headers=list(headers), partition=partition)
        future.add_callback(lambda _metadata: done(None))
        future.add_errback(lambda error: done(DeliveryError(f"a record for {topic} was not delivered: {error}")))

    def close(self) -> None:
        """Send what is queued and close."""
        with broker_errors(self._settings):
            self._producer.close(timeout=self._settings.delivery_timeout)

    def abandon(self) -> None:
        """Close without waiting: a thread does it, for as long as deliveries may take. What fails there is not told."""

        def close() -> None:
            with contextlib.suppress(BrokerError):
                self.close()

        threading.Thread(target=close, name="abandoned-producer", daemon=True).start()
