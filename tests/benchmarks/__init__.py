"""The load generators are measuring instruments: they are tested like the product."""
