"""Each dialect has raw bytes in `goldens/DIALECT/` beside the records that they must give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from pipeline.parsers import DIALECTS, Dialect, Reading, detect
from pipeline.stages.normalize import normalize
from schemas import RawItem
from tests.parsers.goldens import GOLDENS, INPUTS


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_golden(path: Path, raw: Callable[..., RawItem], update_goldens: bool) -> None:
    """The same bytes give the same records, field by field."""
    expected = path.with_name(path.name + ".expected.json")
    articles = normalize(raw(path.read_bytes(), uri=f"file:{path.name}"))
    found = orjson.dumps([orjson.loads(article.to_json()) for article in articles], option=orjson.OPT_INDENT_2) + b"\n"
    if update_goldens:
        expected.write_bytes(found)
    assert found.decode() == expected.read_text("utf-8")


def test_every_golden_has_its_input() -> None:
    """No expected record outlives its raw bytes."""
    expected = {path.with_name(path.name.removesuffix(".expected.json")) for path in GOLDENS.rglob("*.expected.json")}
    assert expected == set(INPUTS)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.NAME)
def test_every_dialect_has_goldens(dialect: Dialect) -> None:
    """A dialect without raw bytes beside their record is not known to work; the folder bears its name."""
    inputs = [path for path in INPUTS if path.parent.name == dialect.NAME]
    assert inputs
    assert {detect(Reading(path.read_bytes(), name=f"file:{path.name}")).NAME for path in inputs} == {dialect.NAME}
