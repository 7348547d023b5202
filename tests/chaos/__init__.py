"""Kill tests: processes die at random moments; nothing may be lost, nothing seen twice."""
