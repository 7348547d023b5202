"""Intake: files, folders, archives and streams in, raw items out; for `enrich`, `feed` and `replay`. No clock."""

from pipeline.intake.files import input_files, read_items, read_placed
from pipeline.intake.items import Placed, Rejected, published_hint, raw_item

__all__ = ["Placed", "Rejected", "input_files", "published_hint", "raw_item", "read_items", "read_placed"]
