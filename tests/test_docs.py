"""The documents tell the truth: settings, commands, topics, links and examples are those of the code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from pipeline import enrich_text
from pipeline.settings import Settings, load_settings
from schemas import TOPICS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "pipeline" / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    """Whoever reads the table knows every setting and what it is when nobody sets it."""
    default = Settings.model_fields[name].default
    row = re.search(rf"^\| `{name}` \| (.*?) \|", README, re.MULTILINE)
    assert row is not None, f"README lacks the setting {name}"
    assert row.group(1) == ("" if default is None else str(default))


def test_every_topic_is_documented() -> None:
    """The table of topics is complete."""
    for spec in TOPICS:
        assert f"`{load_settings().topic(spec.name)}`" in README


@pytest.mark.parametrize("document", ["README.md", "pipeline/ARCHITECTURE.md", "seeds/README.md"])
def test_links_lead_somewhere(document: str) -> None:
    """No link of a document is dead."""
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{document}: {target}"


def test_the_example_gives_what_it_says() -> None:
    """The figures beside the README's example are those that come out."""
    figure = enrich_text("More than 40,000 people fled Mosul, according to the United Nations.").figures[0]
    assert f"{figure.value!r}, {figure.approximation!r}, {figure.unit!r}, {figure.term!r}" in README
    assert figure.attribution is not None
    assert f"{figure.attribution.text!r}, {figure.places[0].name!r}" in README


def test_every_chore_of_the_readme_exists() -> None:
    """`make help` lists what the README names."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30).stdout
    for chore in ("demo", "test", "test-all", "lint", "kafka", "bench", "eval", "fuzz", "chaos"):
        assert re.search(rf"make {chore}\b", listed), f"make help lacks {chore}"


def test_every_room_of_the_architecture_exists() -> None:
    """The table of rooms is the folder as it is."""
    named = set(re.findall(r"^\| `([a-z_]+(?:/|\.py))` \|", ARCHITECTURE, re.MULTILINE)) - {"schemas/"}
    for room in named:
        assert (ROOT / "pipeline" / room).exists(), f"ARCHITECTURE names {room}"
    assert len(named) >= 9
