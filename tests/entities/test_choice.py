"""One's own model and one's own table of names: the same record out, and a clear sentence when something is missing."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import spacy

from pipeline.batch import Enriched, enrich_all
from pipeline.enrich import Tagging, enrich_text, refresh_aliases, set_tagging
from pipeline.errors import ConfigError
from pipeline.intake import read_placed
from pipeline.worker.process import _refresh
from schemas.entity import Entity

TEXT = "Minister Ota Brel met Zorvex managers in Kisumu on Monday. Brel smiled."
ROW = "Zorvex Mining\torganization\twikidata:Q1 wikipedia:Zorvex_Mining_Company\tZorvex|ZVX\n"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the process as it was."""
    yield
    set_tagging(Tagging("rules"))
    set_tagging(Tagging())


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """A blank spaCy pipeline with an entity ruler, on disk."""
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Ota Brel"},
            {"label": "ORG", "pattern": "Zorvex"},
            {"label": "GPE", "pattern": "Kisumu"},
            {"label": "DATE", "pattern": "Monday"},
        ]
    )
    made.to_disk(tmp_path / "model")
    return tmp_path / "model"


def named(text: str) -> dict[str, Entity]:
    """Return the entities of a text by each of their mentions."""
    return {mention.text: entity for entity in enrich_text(text).entities for mention in entity.mentions}


def test_a_spacy_pipeline_of_ones_own_gives_the_same_record(pipeline: Path) -> None:
    """Names come from the pipeline, roles, links and ids as ever; what is no name stays out."""
    set_tagging(Tagging("spacy", str(pipeline)))
    found = named(TEXT)
    assert {name: entity.type for name, entity in found.items()} == {
        "Ota Brel": "person",
        "Zorvex": "organization",
        "Kisumu": "place",
    }
    assert found["Ota Brel"].role == "Minister"
    assert found["Kisumu"].entity_id.startswith("geonames:")
    assert {entity.method for entity in found.values()} == {"spacy"}


def test_a_text_longer_than_the_pipeline_takes_is_cut(pipeline: Path) -> None:
    """Long texts do not break the tagger, and offsets stay those of the whole text."""
    set_tagging(Tagging("spacy", str(pipeline)))
    text = "rain " * 220_000 + "in Kisumu."
    (entity,) = enrich_text(text).entities
    (mention,) = entity.mentions
    assert text[mention.start : mention.end] == "Kisumu"


def test_a_missing_pipeline_is_named_with_what_to_do() -> None:
    """Whoever sets a model that is not there reads how to get one, and the tagger before stays."""
    with pytest.raises(ConfigError, match=r"no pipeline 'no_such_pipeline'.*spacy download"):
        set_tagging(Tagging("spacy", "no_such_pipeline"))
    assert {entity.method for entity in named(TEXT).values()} == {"trained"}


def test_a_missing_spacy_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the sentence says which to install."""
    monkeypatch.setitem(__import__("sys").modules, "spacy", None)
    with pytest.raises(ConfigError, match=r"pip install 'copytaster\[spacy\]'"):
        set_tagging(Tagging("spacy"))


def test_an_unknown_tagger_is_named() -> None:
    """A slip of the pen is answered with the names there are."""
    with pytest.raises(ConfigError, match="'bert' is unknown; choose one of trained, rules, spacy"):
        set_tagging(Tagging("bert"))


def test_rules_alone_can_be_chosen() -> None:
    """The tagger without a model is still there, and the record says so."""
    set_tagging(Tagging("rules"))
    assert {entity.method for entity in named(TEXT).values()} == {"rules"}


def test_a_table_of_ones_own_joins_and_links(tmp_path: Path) -> None:
    """A row of the desk's table makes its spellings one entity with the links it gives."""
    table = tmp_path / "names.tsv"
    table.write_text("# ours\n\n" + ROW, "utf-8")
    set_tagging(Tagging(aliases=table))
    found = named("Zorvex fell 3 percent. The miner ZVX, or Zorvex Mining, said nothing.")
    assert found["Zorvex"] is found["ZVX"] is found["Zorvex Mining"]
    assert found["ZVX"].links == {"wikidata": "Q1", "wikipedia": "Zorvex Mining Company"}
    assert found["ZVX"].entity_id == "wikidata:Q1"


def test_a_changed_table_is_read_again(tmp_path: Path) -> None:
    """Who extends the table needs no release and no restart; a broken one leaves the names before in force."""
    table = tmp_path / "names.tsv"
    table.write_text("# empty\n", "utf-8")
    set_tagging(Tagging(aliases=table))
    assert refresh_aliases() is False
    table.write_text(ROW, "utf-8")
    os.utime(table, ns=(1, 1))
    assert refresh_aliases() is True
    assert named("ZVX said nothing.")["ZVX"].name == "Zorvex Mining"
    table.write_text("no tabs here\n", "utf-8")
    os.utime(table, ns=(2, 2))
    with pytest.raises(ConfigError, match=r"line 1 of the alias table .* is wrong"):
        refresh_aliases()
    assert refresh_aliases() is False
    assert named("ZVX said nothing.")["ZVX"].name == "Zorvex Mining"


@pytest.mark.parametrize(
    "row",
    [
        "Acme\tcompany\t-\n",
        "Acme\torganization\n",
        "Acme\torganization\tQ5\n",
        "Acme\torganization\t-\tACM\tmore\n",
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str) -> None:
    """A table with a wrong row is not half read: the sentence names the line."""
    table = tmp_path / "names.tsv"
    table.write_text(ROW + row, "utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        set_tagging(Tagging(aliases=table))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is a sentence, not a traceback."""
    with pytest.raises(ConfigError, match="cannot be read"):
        set_tagging(Tagging(aliases=tmp_path / "nowhere.tsv"))


@pytest.mark.parametrize("jobs", [1, 2])
def test_enriching_files_takes_the_table(tmp_path: Path, jobs: int) -> None:
    """The processes that enrich files know the desk's names too."""
    table, wire = tmp_path / "names.tsv", tmp_path / "wire.jsonl"
    table.write_text(ROW, "utf-8")
    line = '{"headline": "Mine", "body_text": "The miner ZVX said nothing to anybody on Monday.", "language": "en"}\n'
    wire.write_text(line * 60, "utf-8")
    items = read_placed(wire, source="test", received_at=datetime(2026, 1, 1, tzinfo=UTC))
    outcomes = list(enrich_all(items, jobs=jobs, tagging=Tagging(aliases=table)))
    assert len(outcomes) == 60
    assert all(isinstance(one, Enriched) and b'"Zorvex Mining"' in one.lines[0] for one in outcomes)


def test_a_worker_goes_on_with_the_names_it_has(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A table that somebody breaks while the worker runs is said in the log, and stops nothing."""
    table = tmp_path / "names.tsv"
    table.write_text(ROW, "utf-8")
    set_tagging(Tagging(aliases=table))
    table.unlink()
    with caplog.at_level(logging.WARNING):
        _refresh()
    assert "stay in force" in caplog.text
    assert named("ZVX said nothing.")["ZVX"].name == "Zorvex Mining"
