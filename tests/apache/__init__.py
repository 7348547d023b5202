"""Apache Kafka on this machine without Docker: the reference for the embedded broker and the worker."""
