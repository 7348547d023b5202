"""copytaster: reads every wire story as it arrives, for machines.

The library face is three functions. `enrich_text` and `enrich_item` are pure and need no broker; `subscribe` reads
a topic, typed, each event once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.bus.reader import subscribe
    from pipeline.enrich import enrich_item, enrich_text

__all__ = ["enrich_item", "enrich_text", "subscribe"]

_HOMES = {
    "enrich_item": "pipeline.enrich",
    "enrich_text": "pipeline.enrich",
    "subscribe": "pipeline.bus.reader",
}


def __getattr__(name: str) -> object:
    """Import a face when it is first asked for, so that `copytaster --help` does not load a Kafka client."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - nobody but this line needs it

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
