"""What a web page says about itself: JSON-LD of schema.org, OpenGraph, article meta, Dublin Core, time elements.

For each field the order of trust is JSON-LD, OpenGraph and article meta, the meta names of audience meters (Parse.ly,
Sailthru), Dublin Core, and the visible page last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from pipeline.parsers.canonical import fold, paragraphs_of
from pipeline.parsers.json_fields import words
from pipeline.parsers.markup import Element, first_of, paragraphs_of_markup
from pipeline.parsers.web.linked_data import LinkedData, line, read_linked_data

Named = list[tuple[str, object]]

MAX_KEYWORDS: Final = 50
"""Most keywords that are kept: more are a list of what the site has."""

PUBLISHED: Final = (
    "article:published_time",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "datepublished",
    "publish-date",
    "publication_date",
    "date.issued",
    "date.created",
    "issued",
    "created",
    "date",
    "pubdate",
)
UPDATED: Final = ("article:modified_time", "og:updated_time", "datemodified", "date.modified", "modified", "lastmod")
AUTHOR: Final = ("author", "article:author", "parsely-author", "sailthru.author", "byl", "creator")
TAGS: Final = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags", "subject")
SECTION: Final = ("article:section", "parsely-section", "section")
LANGUAGE: Final = ("og:locale", "language", "content-language")
_DUBLIN_CORE = re.compile(r"(?:dc|dcterms)[.:]")
_TAG_IN_BODY = re.compile(r"</?(?:p|br|div)\b[^<>]{0,200}>", re.IGNORECASE)


@dataclass(slots=True)
class Metadata:
    """The fields of a page; dates as written, in the order of trust, under the names they have there."""

    ld: LinkedData = field(default_factory=LinkedData)
    named: dict[str, list[str]] = field(default_factory=dict)
    og_title: str | None = None
    ld_headline: str | None = None
    site: str | None = None
    byline: str | None = None
    languages: list[str] = field(default_factory=list)
    address: str | None = None
    published: Named = field(default_factory=list)
    updated: Named = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def read_metadata(root: Element, address: str = "") -> Metadata:
    """Return what the page states about itself.

    Args:
        root: the page.
        address: where it was fetched, when that is known; only the site in it counts.
    """
    named = _metas(root)
    ld = read_linked_data(root)

    def first(*names: str) -> str | None:
        return next((named[name][0] for name in names if name in named), None)

    found = Metadata(ld, named)
    found.og_title = first("og:title", "twitter:title", "parsely-title", "sailthru.title", "title")
    found.ld_headline = ld.first("headline", "name")
    found.site = first("og:site_name", "application-name") or next(iter(ld.names("publisher")), None)
    found.byline = ", ".join(ld.names("author")) or _people(named)
    found.languages = [
        tag for tag in (ld.first("inLanguage"), root.get("lang"), root.get(_XML_LANG), first(*LANGUAGE)) if tag
    ]
    found.address = _address(root, [first("og:url"), ld.first("url"), _page_of(ld)], address)
    time = first_of(root, "time")
    found.published = [("datePublished", ld.article.get("datePublished")), *_all(named, PUBLISHED)]
    found.published += [("dateCreated", ld.article.get("dateCreated"))]
    if time is not None:
        found.published += [("time", time.get("datetime") or fold("".join(islice(time.itertext(), 9))))]
    found.updated = [("dateModified", ld.article.get("dateModified")), *_all(named, UPDATED)]
    found.keywords = _keywords(ld, named)
    found.body = _body(words(ld.article.get("articleBody")) or "") or _posts(ld)
    return found


_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def _metas(root: Element) -> dict[str, list[str]]:
    """Return the contents of the meta elements by their lower-case names; Dublin Core without its prefix."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = fold(element.get("content") or "")
        label = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if content and label:
            found.setdefault(_DUBLIN_CORE.sub("", label.lower(), count=1), []).append(content)
    return found


def _all(named: dict[str, list[str]], names: Iterable[str]) -> Named:
    return [(name, named[name][0]) for name in names if name in named]


def _people(named: dict[str, list[str]]) -> str | None:
    for name in AUTHOR:
        people = [person for person in named.get(name, ()) if "://" not in person and not person.startswith("@")]
        if people:
            return ", ".join(dict.fromkeys(people))
    return None


def _keywords(ld: LinkedData, named: dict[str, list[str]]) -> list[str]:
    """Return the keywords of the best source, then the sections that they do not hold yet."""
    stated = ld.article.get("keywords")
    listed = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
    found = [word for value in listed if (word := line(value)) and "http" not in word[:4]]
    found = found or next((named[name] for name in TAGS if name in named), [])
    words_of = [part.strip() for value in found for part in re.split(r"[,;]", value)]
    sections = ld.article.get("articleSection")
    parts = [word for part in (sections if isinstance(sections, list) else [sections]) if (word := line(part))]
    parts = parts or next((named[name][:1] for name in SECTION if name in named), [])
    unique = {word.casefold(): word for word in reversed([*words_of, *parts]) if word}
    return list(reversed(unique.values()))[:MAX_KEYWORDS]


def _body(text: str) -> list[str]:
    """Return the paragraphs of an articleBody, which is text, or markup on some sites."""
    return paragraphs_of_markup(text) if _TAG_IN_BODY.search(text) else paragraphs_of(text)


def _posts(ld: LinkedData) -> list[str]:
    """Return the posts of a live blog, each as its headline and its paragraphs."""
    posts = ld.resolved(ld.article.get("liveBlogUpdate"))
    found: list[str] = []
    for post in posts:
        if isinstance(post, dict):
            found += [text for text in (line(post.get("headline")),) if text]
            found += _body(words(post.get("articleBody")) or "")
    return found


def _page_of(ld: LinkedData) -> str | None:
    page = ld.article.get("mainEntityOfPage")
    return line(page.get("@id") or page.get("url")) if isinstance(page, dict) else line(page)


def _address(root: Element, stated: list[str | None], fetched: str) -> str | None:
    """Return the page's canonical address, in full and on the site it belongs to; None where it states none.

    A canonical link to another site names the paper that a story was taken from, which is another article.
    """
    links = [
        fold(link.get("href") or "") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"
    ]
    found = [value for value in (*links[:1], *stated) if value]
    home = next((value for value in (fetched, *(value or "" for value in stated), *found) if site_of(value)), "")
    for value in found:
        full = _joined(home, value)
        if site_of(full) and site_of(full) == site_of(home):
            return full
    return None


def _joined(home: str, value: str) -> str:
    try:
        return urljoin(home, value) if value.startswith("/") else value
    except ValueError:
        return ""


def site_of(address: str) -> str:
    """Return the site of an absolute http(s) address without the names of its mobile and AMP editions; else nothing."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www|m|amp|mobile|edition)\.", "", host) if parts.scheme in {"http", "https"} else ""
