"""Apache Kafka on this machine without Docker: the reference for the embedded broker and the worker."""

from tests.apache.cluster import ApacheKafka
from tests.apache.jars import MissingToolError

__all__ = ["ApacheKafka", "MissingToolError"]
