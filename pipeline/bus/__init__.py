"""Access to Kafka: topics, events, publishing and reading. kafka-python is imported in `pipeline.bus.client` only."""
