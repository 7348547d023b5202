"""Training of the entity tagger: `python -m tools.train CORPORA`; see `tools.train.__main__`."""
