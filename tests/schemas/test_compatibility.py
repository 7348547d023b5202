"""The comparison of schemas sees every break, and none where there is none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.export import RECORDS, json_schema
from tests.schemas.compatibility import breaks, last_released

Schema = dict[str, Any]

OLD: Schema = {
    "$defs": {
        "Mention": {
            "type": "object",
            "properties": {"start": {"type": "integer", "minimum": 0}, "text": {"type": "string"}},
            "required": ["start", "text"],
        }
    },
    "title": "Entity",
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "kind": {"type": "string", "enum": ["person", "place"]},
        "role": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "first": {"$ref": "#/$defs/Mention", "description": "The first."},
        "mentions": {"type": "array", "items": {"$ref": "#/$defs/Mention"}, "minItems": 1},
        "headers": {"type": "array", "items": {"prefixItems": [{"type": "string"}, {"type": "integer"}]}},
        "links": {"type": "object", "additionalProperties": {"type": "string"}, "default": {}},
        "hints": {"type": "object", "default": {"language": "und"}},
    },
    "required": ["name", "mentions"],
}


def _changed(change: Callable[[Schema], object]) -> Schema:
    new = copy.deepcopy(OLD)
    change(new)
    return new


def _rename_definition(schema: Schema) -> None:
    schema["$defs"]["Named"] = schema["$defs"].pop("Mention")
    schema["properties"]["first"]["$ref"] = "#/$defs/Named"
    schema["properties"]["mentions"]["items"]["$ref"] = "#/$defs/Named"


ALLOWED: dict[str, Callable[[Schema], object]] = {
    "nothing": lambda _: None,
    "new optional field": lambda s: s["properties"].update(since={"type": "string", "default": "x"}),
    "new optional field of a part": lambda s: s["$defs"]["Mention"]["properties"].update(end={"type": "integer"}),
    "new optional field in a default": lambda s: s["properties"]["hints"]["default"].update(version=None),
    "other words": lambda s: s["properties"]["name"].update(description="As written.", title="The name"),
    "other order of alternatives": lambda s: s["properties"]["role"]["anyOf"].reverse(),
    "other order of fields": lambda s: s.update(properties=dict(reversed(s["properties"].items()))),
    "other name of a definition": _rename_definition,
}

BROKEN: dict[str, tuple[Callable[[Schema], object], str]] = {
    "field removed": (lambda s: s["properties"].pop("role"), "role: the field was removed"),
    "field of a part removed": (lambda s: s["$defs"]["Mention"]["properties"].pop("text"), "first.text: the field was"),
    "field renamed": (
        lambda s: s["properties"].update(label=s["properties"].pop("name")),
        "name: the field was removed",
    ),
    "new required field": (
        lambda s: (s["properties"].update(id={"type": "string"}), s["required"].append("id")),
        "id: the field is required now",
    ),
    "required now": (lambda s: s["required"].append("kind"), "kind: the field is required now"),
    "required in a part": (
        lambda s: (s["$defs"]["Mention"]["properties"].update(e={}), s["$defs"]["Mention"]["required"].append("e")),
        "first.e: the field is required now",
    ),
    "no longer required": (lambda s: s["required"].remove("name"), "name: the field was required"),
    "retyped": (lambda s: s["properties"]["name"].update(type="integer"), "name: type was 'string'"),
    "retyped in a part": (
        lambda s: s["$defs"]["Mention"]["properties"]["start"].update(type="number"),
        "first.start: type was 'integer'",
    ),
    "null allowed": (
        lambda s: s["properties"].update(name={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "name: it had 0 alternatives",
    ),
    "null refused": (lambda s: s["properties"]["role"]["anyOf"].pop(), "role: it had 2 alternatives"),
    "alternative retyped": (
        lambda s: s["properties"]["role"]["anyOf"][0].update(type="integer"),
        "role: type was 'string'",
    ),
    "choice added": (lambda s: s["properties"]["kind"]["enum"].append("event"), "kind: enum was"),
    "choice removed": (lambda s: s["properties"]["kind"]["enum"].pop(), "kind: enum was"),
    "bound tightened": (lambda s: s["properties"]["name"].update(minLength=2), "name: minLength was 1"),
    "bound dropped": (lambda s: s["properties"]["mentions"].pop("minItems"), "mentions: minItems was 1"),
    "items retyped": (
        lambda s: s["properties"]["mentions"].update(items={"type": "string"}),
        "mentions[]: type was 'object'",
    ),
    "items gone": (lambda s: s["properties"]["mentions"].pop("items"), "mentions[]: the items are of another type"),
    "order of a tuple": (
        lambda s: s["properties"]["headers"]["items"]["prefixItems"].reverse(),
        "headers[]: type was 'string'",
    ),
    "values of a map retyped": (
        lambda s: s["properties"]["links"]["additionalProperties"].update(type="integer"),
        "links.*: type was 'string'",
    ),
    "unknown fields refused": (lambda s: s.update(additionalProperties=False), "the record: additionalProperties was"),
    "default changed": (lambda s: s["properties"]["role"].update(default="none"), "role: the default was None"),
    "default of a part changed": (
        lambda s: s["properties"]["hints"]["default"].update(language="en"),
        "hints: the default was",
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_change_breaks_nothing(name: str) -> None:
    """Records may grow optional fields and better words."""
    assert breaks(OLD, _changed(ALLOWED[name])) == []


@pytest.mark.parametrize("name", BROKEN)
def test_break_is_found(name: str) -> None:
    """A change that breaks a reader is named with its place."""
    change, sentence = BROKEN[name]
    found = breaks(OLD, _changed(change))
    assert any(line.startswith(sentence) for line in found), found


def test_a_record_that_holds_itself_is_compared_once() -> None:
    """A schema that refers to itself ends the comparison instead of running for ever."""
    tree: Schema = {"$ref": "#/$defs/Node", "$defs": {"Node": {"properties": {"child": {"$ref": "#/$defs/Node"}}}}}
    changed = copy.deepcopy(tree)
    changed["$defs"]["Node"]["properties"]["leaf"] = {"type": "string"}
    assert breaks(tree, changed) == []
    assert breaks(changed, tree) == ["leaf: the field was removed"]


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_of_our_own_records_is_watched(record: type) -> None:
    """Taking any one field out of any real schema is seen, however deep it lies."""
    old = json_schema(record)
    for part in [old, *old.get("$defs", {}).values()]:
        for name in part["properties"]:
            new = copy.deepcopy(old)
            twin = new if part is old else new["$defs"][part["title"]]
            del twin["properties"][name]
            assert any(f"{name}: the field was removed" in line for line in breaks(old, new)), (part["title"], name)


def test_last_release_is_the_newest_of_its_major(tmp_path: Path) -> None:
    """Versions are numbers, not words: 1.10 follows 1.9, and 2.0 is another contract."""
    for name in ("1.2", "1.9", "1.10", "2.0"):
        (tmp_path / name).mkdir()
    assert last_released(tmp_path, "1.11") == tmp_path / "1.10"
    assert last_released(tmp_path, "2.0") == tmp_path / "2.0"
    assert last_released(tmp_path, "3.0") is None
