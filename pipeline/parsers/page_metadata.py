"""What a web page says about itself: JSON-LD of schema.org, OpenGraph, article meta and time elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from pipeline.parsers.canonical import fold, paragraphs_of
from pipeline.parsers.json_fields import list_of_words, words
from pipeline.parsers.markup import Element

_MAX_DEPTH = 6
"""How deep an article may lie in JSON-LD: @graph, mainEntity and lists; deeper is hostile."""


@dataclass(slots=True)
class Metadata:
    """The fields of a page; dates as written, in the order of trust."""

    og_title: str | None = None
    ld_headline: str | None = None
    site: str | None = None
    byline: str | None = None
    language: str | None = None
    address: str | None = None
    published: list[object] = field(default_factory=list)
    updated: list[object] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def read_metadata(root: Element) -> Metadata:
    """Return what the page states about itself."""
    meta = _metas(root)
    ld = next(_articles(root), {})
    found = Metadata(
        og_title=meta.get("og:title") or meta.get("twitter:title"),
        ld_headline=_line(ld.get("headline")),
        site=meta.get("og:site_name") or _line(ld.get("publisher")),
        byline=_authors(ld) or meta.get("author") or _named(meta.get("article:author")),
        language=_line(ld.get("inLanguage")) or meta.get("og:locale"),
        address=_canonical(root) or meta.get("og:url"),
        keywords=list_of_words(ld, ("keywords",))
        or list_of_words({"k": meta.get("news_keywords") or meta.get("keywords")}, ("k",)),
        body=paragraphs_of(words(ld.get("articleBody")) or ""),
    )
    times = [element.get("datetime") for element in root.iter("time")]
    published = [
        ld.get("datePublished"),
        meta.get("article:published_time"),
        meta.get("date"),
        meta.get("pubdate"),
        *times[:1],
    ]
    found.published = [value for value in published if value]
    found.updated = [value for value in (ld.get("dateModified"), meta.get("article:modified_time")) if value]
    return found


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        content = fold(element.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def _articles(root: Element) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects whose type is an article; broken JSON-LD says nothing."""
    for element in root.iter("script"):
        if "ld+json" not in (element.get("type") or "").lower():
            continue
        try:
            value = orjson.loads((element.text or "").strip())
        except orjson.JSONDecodeError:
            continue
        yield from _in_value(value, 0)


def _in_value(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _in_value(part, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if any(
            "Article" in str(kind) or "BlogPosting" in str(kind)
            for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield value
        yield from _in_value(value.get("@graph"), depth + 1)
        yield from _in_value(value.get("mainEntity"), depth + 1)


def _authors(ld: dict[str, Any]) -> str | None:
    value = ld.get("author")
    names = [words(part) for part in (value if isinstance(value, list) else [value])]
    return ", ".join(fold(name) for name in names if name) or None


def _named(value: str | None) -> str | None:
    return value if value and "://" not in value else None


def _canonical(root: Element) -> str | None:
    return (
        next(
            (
                fold(link.get("href") or "")
                for link in root.iter("link")
                if (link.get("rel") or "").lower() == "canonical"
            ),
            None,
        )
        or None
    )


def _line(value: object) -> str | None:
    return fold(found) if (found := words(value)) else None
