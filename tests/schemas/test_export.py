"""The checked-in schemas are those of the models, valid, and found under the id that events carry."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from schemas import SCHEMA_VERSION
from schemas.base import Record
from schemas.export import JSON_DIR, RECORDS, RELEASED_DIR, bundle, export, json_schema, schema_id
from tests.schemas.compatibility import breaks, last_released


def test_checked_in_schemas_are_generated(tmp_path: Path) -> None:
    """`schemas/json` holds the models' schemas, all of them and nothing else; else run `python -m schemas.export`."""
    export(tmp_path)
    assert _contents(JSON_DIR) == _contents(tmp_path)


def test_nothing_breaks_since_the_last_release() -> None:
    """No field was removed, retyped or made required since the last release of this major version."""
    release = last_released(RELEASED_DIR, SCHEMA_VERSION)
    assert release is not None, "no release with this major version"
    found = {
        path.name: breaks(orjson.loads(path.read_bytes()), orjson.loads((JSON_DIR / path.name).read_bytes()))
        for path in sorted(release.glob("*.json"))
    }
    assert found == {record + ".json": [] for record in _names(release)}


@pytest.mark.parametrize("record", RECORDS)
def test_schema_is_a_schema(record: type[Record]) -> None:
    """Each document is valid JSON Schema 2020-12 and says what it is."""
    schema = json_schema(record)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == schema_id(record)
    assert schema["title"] == record.__name__
    assert schema["version"] == SCHEMA_VERSION


def test_bundle_resolves_each_record_by_its_id() -> None:
    """A reader that holds the one document finds any record in it by the `ce_dataschema` of an event."""
    resource = Resource.from_contents(bundle())
    registry = resource @ Registry()
    registry = registry.crawl()
    for record in RECORDS:
        validator = Draft202012Validator({"$ref": schema_id(record)}, registry=registry)
        assert not validator.is_valid({})


def _contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def _names(release: Path) -> list[str]:
    return sorted(path.stem for path in release.glob("*.json"))
