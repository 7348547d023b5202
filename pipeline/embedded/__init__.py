"""A small durable Kafka broker: pip only, one machine, one process.

It speaks the Kafka protocol to kafka-python, aiokafka and librdkafka clients on a loopback address and keeps
topics, consumer groups and committed offsets on disk, so that a demonstration, a test or a single desk needs
neither Java nor a container. Beyond one machine or one process, run Apache Kafka: every client setting stays
the same but the address.

What it does: idempotent producing, fetching with long poll, classic consumer groups with static members,
topics with retention by time and size and compaction with tombstones, lookup by time, trimming,
administration by the usual clients.

What it does not do:

- transactions (a transactional id is refused with TRANSACTIONAL_ID_AUTHORIZATION_FAILED; every record counts
  as committed);
- replication, access control, TLS: it binds loopback addresses only;
- the consumer protocol of KIP-848 and share groups: clients fall back to, or stay with, the classic protocol;
- topics made by accident: an unknown topic is an error;
- message formats before version 2.

What survives: everything acknowledged survives the death of the process, `kill -9` included. A power loss may
take what the operating system had not yet written; `BrokerConfig.flush` narrows that to one round of
maintenance or to nothing. Committed offsets do not expire. Batches in a codec that is not installed here are
stored and served, but compaction keeps them whole.
"""

from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.errors import BrokerStartError
from pipeline.embedded.foreground import run
from pipeline.embedded.server import EmbeddedBroker

__all__ = ["BrokerConfig", "BrokerStartError", "EmbeddedBroker", "run"]
