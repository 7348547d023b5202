"""Tests of the parsers and of the stage `normalize`."""
