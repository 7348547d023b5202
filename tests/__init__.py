"""Tests of copytaster; `tests/conftest.py` says which run when."""
