"""Tests of pipeline.feeds."""
