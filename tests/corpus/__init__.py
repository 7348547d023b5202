"""Tests of the corpus that the tagger of names is trained on."""
