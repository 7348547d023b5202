"""RawItem records as input: what an earlier export or `tail news.raw` wrote, read back unchanged."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from pipeline.errors import MalformedItem
from pipeline.parsers.reading import Reading
from schemas.raw import RawItem

_KEYS: Final = ("item_id", "source", "body", "received_at")


def is_raw_record(reading: Reading) -> bool:
    """Tell whether an item is itself a RawItem in JSON; cheap for everything else."""
    if reading.opening[:1] != b"{" or b'"item_id"' not in reading.body or b'"received_at"' not in reading.body:
        return False
    try:
        value = reading.json
    except MalformedItem:
        return False
    return isinstance(value, dict) and all(key in value for key in _KEYS)


def read_raw_record(reading: Reading) -> RawItem:
    """Return the record that an item is.

    Raises:
        MalformedItem: it has the keys of a RawItem, but not their values.
    """
    try:
        return RawItem.model_validate(reading.json)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise MalformedItem(f"this looks like a RawItem record, but {where} is wrong: {first['msg']}.") from error
