"""The records as JSON Schema 2020-12, generated from the models: what a reader in another language needs.

`python -m schemas.export` writes the checked-in files in `schemas/json/` anew; a test holds them to the models.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson

from schemas.base import SCHEMA_VERSION, Record
from schemas.topics import TOPICS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

JSON_DIR: Final = Path(__file__).parent / "json"
"""The schemas of this version."""

RELEASED_DIR: Final = Path(__file__).parent / "released"
"""The schemas of every released version, each in a folder named for it; nothing in there ever changes."""

RECORDS: Final[tuple[type[Record], ...]] = tuple(dict.fromkeys(spec.record for spec in TOPICS))
"""The records that stand on topics; all others are parts of these."""


def schema_id(record: type[Record]) -> str:
    """Return the `$id` of a record's schema, which is also the `ce_dataschema` of its events."""
    return f"urn:copytaster:{record.__name__}:{SCHEMA_VERSION}"


def json_schema(record: type[Record]) -> dict[str, Any]:
    """Return the JSON Schema of a record as it stands on its topic."""
    schema = record.model_json_schema(mode="serialization")
    head = {
        "$schema": DIALECT,
        "$id": schema_id(record),
        "title": schema.pop("title"),
        "version": SCHEMA_VERSION,
        "description": schema.pop("description"),
    }
    return head | schema


def bundle() -> dict[str, Any]:
    """Return all schemas as one compound document; each keeps its own `$id` (JSON Schema 2020-12, section 9.3)."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:copytaster:records:{SCHEMA_VERSION}",
        "title": "Records of copytaster",
        "version": SCHEMA_VERSION,
        "$defs": {record.__name__: json_schema(record) for record in RECORDS},
    }


def to_text(schema: dict[str, Any]) -> bytes:
    """Return a schema as it is written to files: indented UTF-8 that ends in a line feed; always the same bytes."""
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def export(directory: Path) -> list[Path]:
    """Write one file per record, named for it, and return their paths.

    Raises:
        OSError: the directory cannot be made or written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for record in RECORDS:
        path = directory / f"{record.__name__}.json"
        path.write_bytes(to_text(json_schema(record)))
        written.append(path)
    return written


if __name__ == "__main__":
    export(JSON_DIR)
