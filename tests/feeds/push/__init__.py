"""Tests of pipeline.feeds.push."""
