"""Parsers: the bytes of one item in, drafts of its articles out. One module per dialect, chosen by `detect`."""

from pipeline.parsers.detection import DIALECTS, Dialect, detect, wire_id
from pipeline.parsers.reading import Draft, Reading

__all__ = ["DIALECTS", "Dialect", "Draft", "Reading", "detect", "wire_id"]
