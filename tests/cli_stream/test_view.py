"""Records as a person reads them: complete, compact, and harmless to the terminal."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.bus.reader import Received
from pipeline.cli.layout import put
from pipeline.cli.numbers import amount, number
from pipeline.cli.safe import safe, shortened
from pipeline.cli.view import article_lines, event_lines, record_lines
from schemas import (
    ArticleRef,
    Attribution,
    Correction,
    Dateline,
    DeadLetter,
    EnrichedArticle,
    Entity,
    EntityRecord,
    Figure,
    FigureChange,
    FigureRecord,
    Hints,
    Mention,
    Period,
    PlaceRole,
    Provenance,
    RawItem,
    Record,
    SourcePosition,
    Span,
)
from schemas.topics import ARTICLES, TOPICS

NOW = datetime(2025, 2, 3, 5, 40, tzinfo=UTC)
TEXT = "A quake killed at least 34 people in Teluk Senara, officials said."
EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202eevil\r\n\x00"


def figure(**more: Any) -> Figure:
    """Return the figure of `TEXT`, or one that differs."""
    wanted = {
        "figure_id": "f1",
        "value": Decimal(34),
        "kind": "count",
        "start": 24,
        "end": 26,
        "text": "34",
        "sentence": Span(start=0, end=len(TEXT)),
        "confidence": 0.9,
    }
    return Figure(**(wanted | more))


def full_figure(words: str = "") -> Figure:
    """Return a figure of which everything is known; `words` goes into every text of it."""
    return figure(
        low=Decimal(34),
        approximation="at_least",
        object=f"people{words}",
        term=f"killed{words}",
        places=(PlaceRole(entity_id="e1", name=f"Teluk Senara{words}", role="in"),),
        attribution=Attribution(text=f"officials{words}", cue="said", hedge=f"reportedly{words}"),
        period=Period(text=f"on Monday{words}"),
    )


def entity(words: str = "") -> Entity:
    """Return a person with a role and a link."""
    return Entity(
        entity_id="e2",
        type="person",
        name=f"Rahmat Tolandeng{words}",
        mentions=(Mention(start=0, end=1, text="A"),),
        links={"wikidata": f"Q1{words}"},
        role=f"head of the agency{words}",
        salience=0.5,
        confidence=0.9,
    )


def article(words: str = "", *figures: Figure, **more: Any) -> EnrichedArticle:
    """Return an article of which everything is known."""
    wanted: dict[str, Any] = {
        "article_id": "a1",
        "version": f"2{words}",
        "headline": f"Quake kills 34{words}",
        "dateline": Dateline(place=f"Teluk Senara{words}"),
        "published_at": NOW,
        "text": TEXT + words,
        "correction": Correction(kind="correction", note=f"the toll is 34{words}"),
        "source": f"wire.example{words}",
        "provenance": Provenance(parser="p", parser_version="1", digest="d"),
        "entities": (entity(words),),
        "figures": figures or (full_figure(words),),
    }
    return EnrichedArticle(**(wanted | more))


def reference(words: str = "") -> ArticleRef:
    return ArticleRef.of(article(words))


def every_record(words: str) -> list[Record]:
    """Return one record of each kind with the words in every text."""
    position = SourcePosition(topic="news.raw", partition=0, offset=7)
    body = words.encode("utf-8", "surrogateescape")
    return [
        article(words),
        EntityRecord(entity=entity(words), article=reference(words)),
        FigureRecord(figure=full_figure(words), article=reference(words)),
        FigureChange(change="changed", figure_id="f1", old=figure(), new=full_figure(words), reason=f"update{words}",
                     article=reference(words)),
        DeadLetter(value=body, code="malformed_item", message=f"no JSON{words}", stage="decode", position=position,
                   failed_at=NOW),
        RawItem(item_id="i", source=f"wire{words}", uri=f"urn:1{words}", body=body, received_at=NOW,
                hints=Hints(headline=f"Quake{words}")),
    ]  # fmt: skip


def shown(lines: Any, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False, highlight=False)
    put(console, lines)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def console(width: int = 100) -> Console:
    return Console(file=io.StringIO(), width=width)


@given(st.text())
def test_safe_text_commands_no_terminal(text: str) -> None:
    """Nothing that a terminal obeys, and nothing that reorders or hides text, is left."""
    cleaned = safe(text)
    assert not [char for char in cleaned if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not set(cleaned) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Mn", "Mc", "Zs")), max_size=50))
def test_safe_text_keeps_what_is_harmless(text: str) -> None:
    """Letters of every script, marks, digits and signs stay as they are."""
    assert safe(text) == text


@given(st.text(), st.integers(1, 80))
def test_shortened_text_fits(text: str, width: int) -> None:
    """An excerpt has at most the characters that were asked for."""
    assert len(shortened(text, width)) <= width


@pytest.mark.parametrize("record", every_record(EVIL), ids=lambda record: type(record).__name__)
def test_every_record_is_shown_harmlessly(record: Record) -> None:
    """Escape sequences in any field of any record are shown, not obeyed."""
    text = shown(record_lines(console(), record))
    assert text.replace("\n", "").isprintable() or not any(
        unicodedata.category(char) in {"Cc", "Cf"} for char in text.replace("\n", "")
    )
    assert "␛" in text


def test_a_raw_terminal_gets_styles_but_no_commands_of_the_news() -> None:
    """On a terminal, the only escapes are colours of ours."""
    terminal = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="standard")
    put(terminal, article_lines(terminal, article(EVIL)))
    assert isinstance(terminal.file, io.StringIO)
    text = terminal.file.getvalue()
    assert "\x1b[1m" in text
    assert "\x1b[2J" not in text
    assert "\x1b]" not in text


def test_an_article_shows_all_that_a_reader_asks_for() -> None:
    """Headline, where and when, entities with role and link, figures with bounds, place, time and source."""
    text = shown(article_lines(console(), article()))
    for words in ("Quake kills 34", "Teluk Senara · 3 Feb 2025 05:40 UTC · wire.example · version 2",
                  "correction: the toll is 34", "people   Rahmat Tolandeng (head of the agency) [wikidata:Q1]",
                  "≥ 34      people · killed · in Teluk Senara · on Monday —\u00a0officials, reportedly"):  # fmt: skip
        assert words in text


def test_a_source_that_is_an_entity_is_named() -> None:
    """Who says so is the entity's canonical name, not the pronoun of the text."""
    said = figure(attribution=Attribution(entity_id="e2", text="he", cue="said"), object="people")
    assert "—\u00a0Rahmat Tolandeng" in shown(article_lines(console(), article("", said)))


def test_a_figure_without_an_object_is_shown_in_its_words() -> None:
    """Where it is not known what is counted, the reader sees the sentence."""
    text = shown(article_lines(console(), article("", figure(start=24, end=26))))
    assert "“A quake killed at least 34 people in Teluk Senara, officials said.”" in text


def test_the_most_telling_figures_are_shown_first() -> None:
    """A cap leaves out what is least understood, keeps the order of the text, and says how many are hidden."""
    bare = [figure(figure_id=f"b{place}", value=place, start=place, end=place + 1, text="A") for place in range(5)]
    known = [figure(value=100, term="killed", start=24, end=26), figure(value=200, term="injured", start=40, end=42)]
    text = shown(article_lines(console(), article("", *bare, *known), most_figures=3))
    assert text.index("killed") < text.index("injured")
    assert "… and 4 more figures" in text


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("record", every_record(""), ids=lambda record: type(record).__name__)
def test_lines_fit_the_terminal(record: Record, width: int) -> None:
    """No line is wider than the terminal or ends in blanks."""
    for line in shown(record_lines(console(width), record), width).splitlines():
        assert len(line) <= width
        assert line == line.rstrip()


def received(value: bytes | None) -> Received:
    return Received("news.articles", 1, 7, NOW, b"a1" + EVIL.encode(), value, (), ARTICLES)


def test_a_tombstone_says_what_is_gone() -> None:
    """A retraction is news too."""
    text = shown(event_lines(console(), received(None)))
    assert "a1␛" in text
    assert "tombstone" in text


@given(st.binary(max_size=200))
def test_a_record_of_another_writer_is_one_line(value: bytes) -> None:
    """Whatever stands on a topic, the view neither fails nor lets a control character through."""
    text = shown(event_lines(console(), received(value)))
    assert text.count("\n") == 1
    assert not any(unicodedata.category(char) == "Cc" for char in text.rstrip("\n"))


def test_every_topic_has_a_view() -> None:
    """No record of the contract falls back to raw JSON."""
    kinds = {type(record) for record in every_record("")}
    assert all(any(issubclass(kind, spec.record) for kind in kinds) for spec in TOPICS)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "34"),
        ({"approximation": "about"}, "≈ 34"),
        ({"approximation": "more_than", "value": 200, "low": 200}, "> 200"),
        ({"approximation": "at_most", "value": 210_000, "high": 210_000}, "≤ 210,000"),
        ({"value": None, "low": 20, "high": 25, "approximation": "range", "kind": "measure", "unit": "s"}, "20–25 s"),
        ({"value": 20, "low": 18, "high": 22, "approximation": "about"}, "≈ 20 (18–22)"),
        ({"value": 15_000_000_000, "kind": "money", "unit": "IDR"}, "IDR 15 billion"),
        ({"value": Decimal("11.3"), "kind": "percent", "unit": "%"}, "11.3 %"),
        ({"value": 4, "kind": "measure", "unit": "a", "unit_text": "years"}, "4 years"),
        ({"value": 46, "kind": "measure", "unit": "a"}, "46 years"),
        ({"value": 2, "kind": "ordinal"}, "2nd"),
        ({"value": 112, "kind": "ordinal"}, "112th"),
        ({"value": None, "approximation": "several", "low": 2}, "≥ 2"),
        ({"value": None, "approximation": "several"}, "several"),
    ],
)
def test_amounts_read_as_a_person_writes_them(more: dict[str, Any], words: str) -> None:
    """Value, bounds, approximation and unit are all in the amount."""
    assert amount(figure(**more)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("0", "0"), ("1234567", "1,234,567"), ("1234500", "1.2345 million"),
     ("228000000", "228 million"), ("1234567.5", "1,234,567.5"),
     ("-1500000000", "-1.5 billion"), ("0.05", "0.05"), ("999999", "999,999"),
     ("1E+24", "1,000,000,000,000 trillion")],
)  # fmt: skip
def test_numbers_keep_their_value(value: str, words: str) -> None:
    """Large numbers are scaled only where that is exact."""
    assert number(Decimal(value)) == words
