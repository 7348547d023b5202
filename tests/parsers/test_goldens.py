"""Each dialect has raw bytes in `goldens/` beside the records that they must give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from pipeline.stages.normalize import normalize
from schemas import RawItem

GOLDENS = Path(__file__).parent / "goldens"
INPUTS = sorted(path for path in GOLDENS.iterdir() if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
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
    inputs = {path.name for path in INPUTS}
    assert {path.name.removesuffix(".expected.json") for path in GOLDENS.glob("*.expected.json")} == inputs
