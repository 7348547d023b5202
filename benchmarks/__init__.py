"""Load and measurement: what the line is fed with and what it costs. Not part of the distribution's packages."""
