"""Polled feeds."""
