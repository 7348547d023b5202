"""Tests of the contract: records, their JSON Schemas, and what may change between releases."""
