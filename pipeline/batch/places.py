"""Where an item stands, for the sentence that is said if it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.intake import Rejected
from schemas import RawItem


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and where it stands, for the sentence that is said if it fails."""

    where: str
    item: RawItem


def placed(top: str, items: Iterable[RawItem | Rejected]) -> Iterator[Placed | Rejected]:
    """Give each item of one input its place: its file where it is a whole file, else its number in the input."""
    for number, item in enumerate(items, start=1):
        if isinstance(item, Rejected):
            yield item
            continue
        file = unquote(item.uri.removeprefix("file:")) if item.uri and item.uri.startswith("file:") else None
        where = f"{top}, item {number}" if file is None else top if top.endswith(file) else f"{top}/{file}"
        yield Placed(where, item)
