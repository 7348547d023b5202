"""Tests of the training of the entity tagger."""
