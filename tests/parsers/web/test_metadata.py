"""What a page says about itself, field by field, in the order of trust."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest

from pipeline.parsers import Draft
from pipeline.parsers.web.linked_data import loads

Read = Callable[..., Draft]


def ld(**fields: object) -> str:
    """A JSON-LD script with a news article."""
    value = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{orjson.dumps(value).decode()}</script>'


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (ld(datePublished="2024-05-01T10:00:00+02:00"), "2024-05-01T08:00:00+00:00"),
        ('<meta property="article:published_time" content="2024-05-01T08:00:00Z">', "2024-05-01T08:00:00+00:00"),
        ('<meta name="parsely-pub-date" content="2024-05-01T08:00:00Z">', "2024-05-01T08:00:00+00:00"),
        ('<meta name="sailthru.date" content="2024-05-01 08:00:00 +0000">', "2024-05-01T08:00:00+00:00"),
        ('<meta name="DC.date.issued" content="2024-05-01T08:00:00Z">', "2024-05-01T08:00:00+00:00"),
        ('<meta name="dcterms.created" content="2024-05-01T08:00:00Z">', "2024-05-01T08:00:00+00:00"),
        ('<meta itemprop="datePublished" content="2024-05-01T08:00:00Z">', "2024-05-01T08:00:00+00:00"),
        (
            ld(datePublished="2024-05-01T10:00:00+02:00") + '<meta name="date" content="2020-01-01T00:00:00Z">',
            "2024-05-01T08:00:00+00:00",
        ),
    ],
)
def test_publication(head: str, published: str, read: Read) -> None:
    """The time of publication is an instant, whichever vocabulary states it, and JSON-LD goes first."""
    found = read(head).published_at
    assert found is not None
    assert found.isoformat() == published


def test_visible_time(read: Read) -> None:
    """A page that states no time has the one that it shows."""
    draft = read(body='<article><h1>A</h1><time datetime="2024-05-01T08:00:00Z">May 1</time><p>Words of a story.</p>')
    assert draft.published_at is not None
    assert draft.published_at.isoformat() == "2024-05-01T08:00:00+00:00"


def test_first_of_the_story(read: Read) -> None:
    """A headline and a time in the story go before those of the site around it."""
    site = '<header><h1>The Vik Post</h1><time datetime="2026-01-01T00:00:00Z">now</time></header>'
    draft = read(body=f"{site}<article><h1>Bridge shut</h1><time>2024-05-01T08:00:00Z</time><p>Words of a story.</p>")
    assert draft.headline == "Bridge shut"
    assert draft.published_at is not None
    assert draft.published_at.year == 2024


def test_impossible_date(read: Read) -> None:
    """A date that no calendar has is a warning under the name of its field, and the next one counts."""
    draft = read(ld(datePublished="2024-02-31T10:00:00Z") + '<meta name="date" content="2024-03-02T10:00:00Z">')
    assert draft.published_at is not None
    assert draft.published_at.day == 2
    assert draft.warnings == ["datePublished: the date '2024-02-31T10:00:00Z' cannot be read"]


def test_update(read: Read) -> None:
    """A modification at the time of publication is none."""
    same = ld(datePublished="2024-05-01T10:00:00Z", dateModified="2024-05-01T10:00:00Z")
    later = ld(datePublished="2024-05-01T10:00:00Z", dateModified="2024-05-01T12:00:00+01:00")
    assert read(same).updated_at is None
    updated = read(later).updated_at
    assert updated is not None
    assert updated.hour == 11


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (ld(author="Ida Moor"), "Ida Moor"),
        (ld(author=[{"name": "Ida Moor"}, {"name": "Jo Ek"}, {"name": "Ida Moor"}]), "Ida Moor, Jo Ek"),
        (ld(author={"name": ["Ida Moor", "Jo Ek"]}), "Ida Moor, Jo Ek"),
        (ld(author="https://site.example/ida") + '<meta name="author" content="Ida Moor">', "Ida Moor"),
        ('<meta property="article:author" content="https://social.example/ida">', None),
        ('<meta name="dc.creator" content="Ida Moor"><meta name="dc.creator" content="Jo Ek">', "Ida Moor, Jo Ek"),
        ('<meta name="sailthru.author" content="Ida Moor">', "Ida Moor"),
    ],
)
def test_authors(head: str, byline: str | None, read: Read) -> None:
    """Authors are names, each once; an address is no name."""
    assert read(head).byline == byline


def test_author_by_reference(read: Read) -> None:
    """A graph names its authors elsewhere."""
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "headline": "Bridge shut", "author": {"@id": "#ida"}},
            {"@type": "Person", "@id": "#ida", "name": "Ida Moor"},
        ]
    }
    assert read(f'<script type="application/ld+json">{orjson.dumps(graph).decode()}</script>').byline == "Ida Moor"


@pytest.mark.parametrize("line", ["By Ida Moor", "Von Ida Moor", "Posted by Ida Moor", "Ida Moor"])
def test_visible_author(line: str, read: Read) -> None:
    """A line that is marked as the author's is the byline, and no paragraph."""
    draft = read(body=f'<article><h1>A</h1><p class="article-author">{line}</p><p>Words of a story, 7 of them.</p>')
    assert (draft.byline, draft.paragraphs) == ("Ida Moor", ["Words of a story, 7 of them."])


def test_sections_and_keywords(read: Read) -> None:
    """Keywords come from the best source that has any, and the section joins them, each once."""
    assert read(ld(keywords="ice, Climate", articleSection=["Climate", "World"])).keywords == [
        "ice",
        "Climate",
        "World",
    ]
    tags = '<meta property="article:tag" content="ice"><meta property="article:tag" content="sea">'
    section = '<meta property="article:section" content="World">'
    assert read(tags + section).keywords == ["ice", "sea", "World"]


@pytest.mark.parametrize(
    ("fields", "genre"),
    [
        ({"@type": "OpinionNewsArticle"}, "opinion"),
        ({"@type": ["NewsArticle", "AnalysisNewsArticle"]}, "analysis"),
        ({"genre": "obituary"}, "obituary"),
        ({}, None),
    ],
)
def test_genre(fields: dict[str, object], genre: str | None, read: Read) -> None:
    """Opinion is told from news by the type that the page states."""
    assert read(ld(**fields)).genre == genre


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ("The bridge has 14 cracks, not 41.", "The bridge has 14 cracks, not 41."),
        ({"@type": "CorrectionComment", "text": "Not 41."}, "Not 41."),
        ([{"text": "Not 41."}, {"text": "Nor 4."}], "Not 41. Nor 4."),
    ],
)
def test_corrections(given: object, note: str, read: Read) -> None:
    """A correction that the data state is the record's."""
    correction = read(ld(correction=given)).correction
    assert correction is not None
    assert (correction.kind, correction.note) == ("correction", note)


@pytest.mark.parametrize(
    ("head", "name", "uri"),
    [
        ('<link rel="canonical" href="https://a.example/1">', "", "https://a.example/1"),
        ('<link rel="canonical" href="/1">', "https://a.example/1?utm=x", "https://a.example/1"),
        (
            '<link rel="canonical" href="/1"><meta property="og:url" content="https://a.example/x">',
            "",
            "https://a.example/1",
        ),
        (
            '<link rel="canonical" href="https://www.a.example/1">',
            "https://m.a.example/amp/1",
            "https://www.a.example/1",
        ),
        ('<link rel="canonical" href="https://other.example/1">', "https://a.example/1", None),
        ('<link rel="canonical" href="javascript:x">', "https://a.example/1", None),
        ('<link rel="canonical" href="http://[::1">', "https://a.example/1", None),
        (ld(mainEntityOfPage={"@id": "https://a.example/1"}), "https://a.example/1?x", "https://a.example/1"),
        (
            '<link rel="canonical" href="https://other.example/1">' + ld(url="https://a.example/2"),
            "https://a.example/",
            "https://a.example/2",
        ),
    ],
)
def test_address(head: str, name: str, uri: str | None, read: Read) -> None:
    """The address is the canonical one, in full, on the site from which the page came."""
    assert read(head, name=name).uri == uri


def test_language(read: Read) -> None:
    """A stated language comes as a tag; the page's own attribute beats a default of its content system."""
    assert read(ld(inLanguage="fr")).language == "fr"
    assert read('<meta property="og:locale" content="en_US">').language == "en-US"


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '//<![CDATA[\n{"a": 1}\n//]]>',
        '/* <![CDATA[ */ {"a": 1} /* ]]> */',
        '<!-- {"a": 1} -->',
        '{"a": 1,}',
        '{"a": 1, "b": "x\ny"}',
        "{&quot;a&quot;: 1}",
        '{"a": 1};',
    ],
)
def test_broken_json(text: str) -> None:
    """What pages get wrong in a script is read all the same."""
    value = loads(text)
    assert isinstance(value, dict)
    assert value["a"] == 1


@pytest.mark.parametrize("text", ['{"a": "b"c"}', "[" * 100_000, "", "no json"])
def test_hopeless_json(text: str) -> None:
    """A script that nobody can read says nothing."""
    assert loads(text) is None


def test_broken_script_is_said(read: Read) -> None:
    """A script that cannot be read is a warning on the record, and the rest of the page is read."""
    draft = read('<script type="application/ld+json">{"headline": "a "b" c"}</script>')
    assert draft.warnings == ["JSON-LD: a script of the page is broken; passed over"]
    assert len(draft.paragraphs) == 2


def test_news_goes_first(read: Read) -> None:
    """Where a page describes several things, the news article is the one that counts."""
    other = (
        '<script type="application/ld+json">{"@type": "BlogPosting", "headline": "Other", "author": "Jo Ek"}</script>'
    )
    assert read(other + ld(author="Ida Moor")).byline == "Ida Moor"


def test_live_posts_in_data(read: Read) -> None:
    """Posts of a live blog that a script would show are read from its data, each with its headline."""
    posts = [
        {"headline": "Polls close", "articleBody": "The polls closed at 9 p.m."},
        {"articleBody": "Counting began."},
    ]
    draft = read(ld(**{"@type": "LiveBlogPosting", "liveBlogUpdate": posts}), body="<div id=root></div>")
    assert draft.paragraphs == ["Polls close", "The polls closed at 9 p.m.", "Counting began."]
