"""Damaged items by the hundred thousand: `python -m tests.fuzz`; the fast tests run a few hundred of the same."""
