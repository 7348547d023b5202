"""Tests of the figures stage."""
