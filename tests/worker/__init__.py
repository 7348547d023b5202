"""Tests of pipeline.worker."""
