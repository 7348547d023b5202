"""Pure stages: record in, record out, or a typed error. No clock, no network, no Kafka inside."""
