"""Records as a person reads them: compact, wrapped to the terminal, harmless whatever a wire wrote into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from pipeline.bus.reader import Received
from pipeline.cli.layout import hanging, joined
from pipeline.cli.numbers import amount
from pipeline.cli.safe import safe, shortened
from pipeline.errors import UnreadableRecord
from schemas import (
    Article,
    ArticleRef,
    DeadLetter,
    EnrichedArticle,
    Entity,
    EntityRecord,
    Figure,
    FigureChange,
    FigureRecord,
    RawItem,
    Record,
)

_GROUPS = (
    ("people", ("person",)),
    ("places", ("place", "facility")),
    ("bodies", ("organization", "group")),
    ("others", ("event", "product", "other")),
)
_INDENT = 2
_NAMES_COLUMN = 11
_AMOUNT_WIDTHS = (8, 22)
_DIGEST = re.compile(r"[0-9a-f]{12,}")
_EXCERPT = 160
_CONTEXT = (24, 40)
_HEADLINE = 48
_STATUS_STYLES = {"usable": "", "withheld": "yellow", "cancelled": "bold red"}


def event_lines(console: Console, event: Received) -> list[Text]:
    """Return the lines that show one event of any topic; never fails, whatever the record holds."""
    if event.value is None:
        return [_line(("† ", "red"), (_key(event), "bold"), (f" is gone from {event.topic} (tombstone)", ""))]
    try:
        record = event.record
    except UnreadableRecord as error:
        return [_line(("? ", "red"), (shortened(str(error), _EXCERPT), ""))]
    assert record is not None  # noqa: S101 - only a tombstone has no record
    return record_lines(console, record)


def record_lines(console: Console, record: Record) -> list[Text]:
    """Return the lines that show one record."""
    for kind, show in _VIEWS.items():
        if isinstance(record, kind):
            return show(console, record)
    return [Text(shortened(record.to_json().decode(), _EXCERPT))]


def article_lines(
    console: Console, article: EnrichedArticle, *, most_figures: int | None = None, links: bool = True
) -> list[Text]:
    """Return headline, dateline, entities by type and figures.

    Args:
        console: knows the width.
        article: what to show.
        most_figures: those that say most are shown; a last line says how many more there are.
        links: whether the entities' ids in other gazetteers are shown.
    """
    lines = _plain_article(console, article)
    for label, kinds in _GROUPS:
        lines += _entities(console, label, [entity for entity in article.entities if entity.type in kinds], links=links)
    names = {entity.entity_id: entity.name for entity in article.entities}
    shown = _most_telling(article.figures, most_figures)
    lines += _figures(console, shown, names, article.text)
    if hidden := len(article.figures) - len(shown):
        lines.append(Text(f"{' ' * _INDENT}… and {hidden} more figures", style="dim"))
    return lines


def _plain_article(console: Console, article: Article) -> list[Text]:
    mark = Text("■", style=_STATUS_STYLES[article.status] or "cyan")
    headline = Text(_one_line(article.headline or article.text[:_EXCERPT]), style="bold")
    lines = hanging(console, mark, headline, indent=0, column=_INDENT)
    lines += hanging(console, Text(), _origin(article), indent=0, column=_INDENT)
    if article.correction is not None:
        note = f"{article.correction.kind}: {_one_line(article.correction.note or 'no reason given')}"
        lines += hanging(console, Text(), Text(note, style="yellow"), indent=0, column=_INDENT)
    return lines


def _origin(article: Article) -> Text:
    place = article.dateline.place if article.dateline else None
    status = None
    if article.status != "usable":
        status = Text(article.status, style=_STATUS_STYLES[article.status])
    day = _day(article.published_at, article.published_accuracy) or (
        article.dateline.date if article.dateline else None
    )
    parts = [_safe(place), _safe(day), _safe(article.source), _version(article.version), status]
    origin = joined(parts, " · ")
    origin.stylize_before("dim")
    return origin


def _version(version: str) -> str | None:
    # A digest of the content says nothing to a person.
    return None if _DIGEST.fullmatch(version) else f"version {safe(version)}"


def _entities(console: Console, label: str, entities: list[Entity], *, links: bool) -> list[Text]:
    if not entities:
        return []
    ranked = sorted(entities, key=lambda entity: -entity.salience)
    body = Text(", ").join(_entity(entity, links=links) for entity in ranked)
    return hanging(console, Text(label, style="dim"), body, indent=_INDENT, column=_NAMES_COLUMN)


def _entity(entity: Entity, *, links: bool = True) -> Text:
    text = Text(_one_line(entity.name))
    if entity.role:
        text.append(f" ({_one_line(entity.role)})", style="dim")
    if links and entity.links:
        shown = " ".join(f"{safe(name)}:{safe(link)}" for name, link in entity.links.items())
        text.append(f" [{shown}]", style="blue")
    return text


def _most_telling(figures: Sequence[Figure], most: int | None) -> Sequence[Figure]:
    """Return the figures of which most is known, in the order of the text."""
    if most is None or len(figures) <= most:
        return figures
    ranked = sorted(figures, key=lambda one: -(2 * bool(one.term) + bool(one.object) + bool(one.attribution)))
    return sorted(ranked[:most], key=lambda one: one.start)


def _figures(console: Console, figures: Iterable[Figure], names: Mapping[str, str], text: str) -> list[Text]:
    amounts = [(figure, Text(safe(amount(figure)), style="bold green")) for figure in figures]
    least, most = _AMOUNT_WIDTHS
    width = min(most, max([least, *(shown.cell_len for _, shown in amounts)]))
    lines = []
    for figure, shown in amounts:
        body = _claim(figure, names, text)
        lines += hanging(console, shown, body, indent=_INDENT, column=_INDENT + width + 2)
    return lines


def _claim(figure: Figure, names: Mapping[str, str], text: str | None = None) -> Text:
    counted = figure.object
    if counted is None and figure.kind == "count":
        counted = figure.unit_text or figure.unit
    places = ", ".join(f"{place.role} {_one_line(place.name)}" for place in figure.places)
    period = figure.period.text if figure.period else None
    said = None if counted or figure.term else f"“{_context(figure, text)}”"
    claim = joined([_safe(counted), _safe(figure.term), said, _safe(places), _safe(period)], " · ")
    source = _source(figure, names)
    if source:
        claim.append(f" —\u00a0{source}", style="italic dim")
    return claim


def _context(figure: Figure, text: str | None) -> str:
    """Return the words around a figure, cut at blanks; its own words where the text is not at hand."""
    if text is None:
        return _one_line(figure.text)
    before, after = _CONTEXT
    start, end = max(figure.sentence.start, figure.start - before), min(figure.sentence.end, figure.end + after)
    left, right = text[start : figure.start], text[figure.end : end]
    if start > figure.sentence.start:
        left = "…" + left.partition(" ")[2]
    if end < figure.sentence.end:
        right = right.rpartition(" ")[0] + "…"
    return _one_line(left + text[figure.start : figure.end] + right)


def _source(figure: Figure, names: Mapping[str, str]) -> str | None:
    said = figure.attribution
    if said is None:
        return None
    who = names.get(said.entity_id or "") or said.text
    words = ", ".join(part for part in (who, said.hedge) if part)
    return _one_line(words) or None


def _normalized(console: Console, article: Article) -> list[Text]:
    text = Text(shortened(article.text, 2 * _EXCERPT))
    return _plain_article(console, article) + hanging(console, Text(), text, indent=0, column=_INDENT)


def _entity_record(console: Console, record: EntityRecord) -> list[Text]:
    body = joined([_entity(record.entity), _about(record.article)], "  ")
    return hanging(console, Text(record.entity.type, style="dim"), body, indent=0, column=_NAMES_COLUMN + 3)


def _figure_record(console: Console, record: FigureRecord) -> list[Text]:
    body = joined([_claim(record.figure, {}), _about(record.article)], "  ")
    shown = Text(safe(amount(record.figure)), style="bold green")
    return hanging(console, shown, body, indent=0, column=_AMOUNT_WIDTHS[1])


def _figure_change(console: Console, record: FigureChange) -> list[Text]:
    was, now = (Text(safe(amount(figure))) if figure else None for figure in (record.old, record.new))
    body = joined([joined([was, now], " → "), _safe(record.reason), _about(record.article)], "  ")
    return hanging(console, Text(record.change, style="yellow"), body, indent=0, column=_NAMES_COLUMN)


def _about(article: ArticleRef) -> Text:
    return Text(f"«{shortened(article.headline or article.article_id, _HEADLINE)}»", style="dim")


def _dead_letter(console: Console, letter: DeadLetter) -> list[Text]:
    place = letter.position
    head = Text(f"{safe(letter.code)} in {safe(letter.stage)}", style="bold")
    head.append(f"  {safe(place.topic)}/{place.partition}/{place.offset}", style="dim")
    lines = hanging(console, Text("✗", style="red"), head, indent=0, column=_INDENT)
    lines += hanging(console, Text(), Text(_one_line(letter.message)), indent=0, column=_INDENT)
    return lines + _excerpt(console, letter.value)


def _raw(console: Console, raw: RawItem) -> list[Text]:
    day = _day(raw.hints.published_at)
    size = f"{len(raw.body):,} bytes"
    body = joined([_safe(raw.hints.headline), _safe(raw.uri), _safe(raw.media_type), day, size], " · ")
    lines = hanging(console, Text(_one_line(raw.source), style="cyan"), body, indent=0, column=_NAMES_COLUMN + 3)
    return lines + _excerpt(console, raw.body)


def _excerpt(console: Console, data: bytes) -> list[Text]:
    words = shortened(data[: 4 * _EXCERPT].decode("utf-8", "replace"), max(console.width - _INDENT, 2))
    return [Text(" " * _INDENT + words, style="dim")] if words else []


def _day(moment: datetime | None, accuracy: str | None = None) -> str | None:
    if moment is None:
        return None
    forms = {"year": f"{moment:%Y}", "month": f"{moment:%b %Y}", "day": f"{moment.day} {moment:%b %Y}"}
    return forms.get(accuracy or "", f"{moment.day} {moment:%b %Y %H:%M} UTC")


def _key(event: Received) -> str:
    return shortened((event.key or b"a record without a key").decode("utf-8", "replace"), _EXCERPT)


def _one_line(text: str) -> str:
    return " ".join(safe(text).split())


def _safe(text: str | None) -> str | None:
    return _one_line(text) if text else None


def _line(*parts: tuple[str, str]) -> Text:
    return Text.assemble(*parts)


_VIEWS: Mapping[type[Record], Callable[..., list[Text]]] = {
    EnrichedArticle: article_lines,
    Article: _normalized,
    EntityRecord: _entity_record,
    FigureRecord: _figure_record,
    FigureChange: _figure_change,
    DeadLetter: _dead_letter,
    RawItem: _raw,
}
"""The first kind that fits decides: an enriched article is an article too."""
