"""Tests of the command line: each runs the real program in a process of its own."""
