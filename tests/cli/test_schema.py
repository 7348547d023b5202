"""`copytaster schema export`: the contract, as one document or as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from pipeline.bus.events import header, raw_event
from schemas import RawItem
from schemas.export import JSON_DIR
from tests.cli.program import run


def test_prints_a_document_that_an_event_can_be_checked_with() -> None:
    """With the document and an event's `ce_dataschema`, a reader in any language can check the event."""
    ran = run("schema", "export")
    assert (ran.code, ran.err) == (0, "")
    document = orjson.loads(ran.out)
    registry = (Resource.from_contents(document) @ Registry()).crawl()
    raw = RawItem(item_id="i", source="s", body=b"\xff", received_at=datetime(2024, 1, 1, tzinfo=UTC))
    event = raw_event(raw)
    validator = Draft202012Validator({"$ref": header(event.headers, "ce_dataschema")}, registry=registry)
    assert event.value is not None
    validator.validate(orjson.loads(event.value))
    assert not validator.is_valid({"item_id": "i"})


def test_writes_the_files_that_are_checked_in(tmp_path: Path) -> None:
    """`--out` writes what the repository holds, into a folder that need not be there yet."""
    ran = run("schema", "export", "--out", tmp_path / "new" / "folder")
    assert (ran.code, ran.out) == (0, b"")
    written = {path.name: path.read_bytes() for path in (tmp_path / "new" / "folder").iterdir()}
    assert written == {path.name: path.read_bytes() for path in JSON_DIR.iterdir()}


def test_an_unwritable_folder_is_a_sentence(tmp_path: Path) -> None:
    """A folder that cannot be made is said, not thrown."""
    (tmp_path / "file").write_bytes(b"")
    ran = run("schema", "export", "--out", tmp_path / "file" / "folder")
    assert ran.code == 2
    assert len(ran.said) == 1
