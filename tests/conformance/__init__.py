"""What a Kafka broker must do for this product, checked with three independent clients on every broker."""
