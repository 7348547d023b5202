"""Records are what their JSON Schemas say, and survive the way to the broker and back."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.base import Record
from schemas.export import RECORDS, json_schema
from tests.schemas.strategies import records

VALIDATORS = {record: Draft202012Validator(json_schema(record)) for record in RECORDS}
steady = settings(
    deadline=None, max_examples=max(40, settings.default.max_examples), suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("record", RECORDS)
@given(data=st.data())
@steady
def test_round_trip(record: type[Record], data: st.DataObject) -> None:
    """What is read back equals what was written, and is written as the same bytes again."""
    written = data.draw(records(record))
    line = written.to_json()
    read = record.from_json(line)
    assert read == written
    assert read.to_json() == line


@pytest.mark.parametrize("record", RECORDS)
@given(data=st.data())
@steady
def test_json_is_what_the_schema_says(record: type[Record], data: st.DataObject) -> None:
    """A reader in another language may trust the schema."""
    document = orjson.loads(data.draw(records(record)).to_json())
    VALIDATORS[record].validate(document)


@pytest.mark.parametrize("record", RECORDS)
@given(data=st.data())
@steady
def test_unknown_fields_are_ignored(record: type[Record], data: st.DataObject) -> None:
    """A reader of today survives a writer of tomorrow."""
    written = data.draw(records(record))
    extended = _with_unknown_fields(orjson.loads(written.to_json()))
    VALIDATORS[record].validate(extended)
    assert record.from_json(orjson.dumps(extended)) == written


@pytest.mark.parametrize("record", RECORDS)
def test_schema_refuses_what_the_record_refuses(record: type[Record]) -> None:
    """The schema is no blank cheque: nothing is missing from an empty object by chance."""
    assert not VALIDATORS[record].is_valid({})
    with pytest.raises(ValueError, match="Field required"):
        record.from_json(b"{}")


def _with_unknown_fields(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_unknown_fields(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _with_unknown_fields(item) for name, item in value.items() if name != "links"}
    # A map of links is data, not a record: it has no fields.
    kept = {name: item for name, item in value.items() if name == "links"}
    return {**inner, **kept, "of_tomorrow": [1, None]}
