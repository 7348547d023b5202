"""Tests of the commands that put news on the topics and read it from there."""
