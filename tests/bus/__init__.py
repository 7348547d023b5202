"""Tests of pipeline.bus."""
