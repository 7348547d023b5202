"""Feeds and entries: what the golden pairs do not show."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import InputError, NoArticle, UnsafeItem
from pipeline.parsers import Reading, detect
from pipeline.parsers.dates import read_instant
from pipeline.parsers.repair import repair
from pipeline.parsers.syndication import channel_of, entry_item, known_as, split_feed
from pipeline.parsers.syndication.body import line_of, markup_body
from pipeline.parsers.syndication.entry import person
from pipeline.parsers.syndication.links import canonical_link, whole
from pipeline.parsers.syndication.times import plain
from pipeline.stages.normalize import normalize
from schemas import Article, RawItem
from tests.parsers.odd_feeds import CONTENT, ODD_FEEDS, Odd, atom, entry, item, rss
from tests.parsers.test_goldens import GOLDENS, INPUTS

FIELD_NAMES = (
    "title", "link", "guid", "pubDate", "description", "content:encoded", "author", "category", "enclosure", "item",
)  # fmt: skip
FEEDS = [path for path in INPUTS if path.parent.name in {"rss", "atom", "json-feed", "wordpress"}]
ALONE = re.compile("_item|_entry")
Raw = Callable[..., RawItem]


def repaired(words: str | None) -> str | None:
    """Return words as `normalize` puts them on the record."""
    return repair(words) if words else words


def told(article: Article) -> dict[str, object]:
    """Return what an article says, without where it came from."""
    return article.model_dump(exclude={"provenance", "version", "uri"})


@pytest.mark.parametrize("path", [path for path in FEEDS if not ALONE.search(path.name)], ids=lambda path: path.name)
def test_an_entry_that_leaves_its_feed_says_the_same(path: Path, raw: Raw) -> None:
    """Each entry as an item of its own gives the article that it gives in its feed: id, language, links and all."""
    whole_feed = {article.article_id: article for article in normalize(raw(path.read_bytes()))}
    feed = split_feed(Reading(path.read_bytes()))
    assert len(feed.entries) == len(whole_feed)
    for one in feed.entries:
        (alone,) = normalize(raw(one.body, media_type=one.media_type))
        expected = whole_feed[alone.article_id]
        if one is feed.cut or path.name == "export.xml":
            continue  # that it is cut, and which pictures belong to it, only the feed knows
        assert told(alone) == told(expected)
        assert alone.uri == expected.uri or expected.uri is None


@pytest.mark.parametrize("path", [path for path in FEEDS if path.name in {"rss_2.xml", "atom.xml", "json_feed.json"}])
def test_an_entry_keeps_the_id_that_it_was_first_known_by(path: Path, raw: Raw) -> None:
    """Whatever id the feed gives it later."""
    feed = split_feed(Reading(path.read_bytes()))
    for one in feed.entries:
        body = known_as(one, feed.channel, "urn:first")
        reading = Reading(body, one.media_type)
        assert detect(reading).wire_id(reading) == "urn:first"
        (read,) = normalize(raw(body, media_type=one.media_type))
        assert read.article_id == normalize(raw(body, media_type=one.media_type))[0].article_id
        assert (read.headline, read.status) == (one.draft.headline, one.draft.status)


@pytest.mark.parametrize("label", [None, "text/html", "text/plain", "application/json", "application/atom+xml"])
@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_no_label_hides_a_feed(path: Path, label: str | None) -> None:
    """The bytes decide, whatever a server says they are."""
    assert path.parent.name == detect(Reading(path.read_bytes(), label, "file:feed.html")).NAME


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body><item>one</item><p>rss</p></body></html>",
        b"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'><item/></newsItem>",
        b"The word <rss> stands in this story, and so does <feed>.\n\nMore words.",
        b'{"id": "1", "headline": "A", "body_text": "Words."}',
        b'{"version": "1", "items": [{"id": "1"}]}',
        b'{"content_html": "<p>No id.</p>"}',
    ],
)
def test_what_is_no_feed_is_left_to_others(body: bytes) -> None:
    """A word or a tag that feeds use too makes no feed."""
    assert detect(Reading(body)).NAME not in {"rss", "atom", "json-feed", "wordpress"}


@pytest.mark.parametrize(
    "body",
    [
        b"<items><item>1</item></items>",
        b"<item><sku>7</sku><price>3</price></item>",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description/></rdf:RDF>",
    ],
)
def test_other_xml_is_no_feed(body: bytes) -> None:
    """XML that only shares names with feeds is refused as what nobody reads."""
    with pytest.raises(NoArticle, match="root of no format"):
        detect(Reading(body))


@pytest.mark.parametrize("doctype", ["<!DOCTYPE feed [", "<!DOCTYPE r [", "<!DOCTYPE rss ["])
def test_a_feed_with_declarations_is_refused(doctype: str, raw: Raw) -> None:
    """An entity bomb is named as what it is, by `enrich` and by a poller."""
    inner = '<!ENTITY a "&#60;">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in pairwise("abcdefgh"))
    feed = rss(item("<description>&g;</description>")).partition("?>")[2]
    bomb = f"<?xml version='1.0'?>{doctype}{inner}]>{feed}"
    with pytest.raises(UnsafeItem):
        normalize(raw(bomb.encode()))
    with pytest.raises(UnsafeItem):
        split_feed(Reading(bomb.encode()))


def test_a_feed_of_atom_with_declarations_is_refused(raw: Raw) -> None:
    """A file of the machine is never read, whatever else the feed lacks."""
    body = b'<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/hostname">]><feed><entry><title>&a;</title></entry></feed>'
    with pytest.raises(UnsafeItem):
        normalize(raw(body))


@pytest.mark.parametrize(
    "body",
    [
        rss("").encode(),
        rss("<item><link>https://odd.example/x</link></item>").encode(),
        atom("").encode(),
        b'{"version": "https://jsonfeed.org/version/1", "items": []}',
        b"<item xmlns:wp='http://wordpress.org/export/1.2/'><wp:post_type>attachment</wp:post_type><title>x</title></item>",
    ],
)
def test_a_feed_that_says_nothing_is_no_article(body: bytes, raw: Raw) -> None:
    """One sentence; a poller takes it for a feed without news."""
    with pytest.raises(NoArticle, match=r"\.$"):
        normalize(raw(body))


@pytest.mark.parametrize("body", [b"words", b"<html/>", b"{}", b"\x89PNG", b""])
def test_what_cannot_be_split_is_said(body: bytes) -> None:
    """One sentence and no traceback."""
    with pytest.raises(InputError):
        split_feed(Reading(body))


def test_a_summary_is_an_excerpt_and_a_story_is_not(raw: Raw) -> None:
    """Short descriptions and texts that end in "read more" are excerpts; long ones and whole contents are not."""
    long = "".join(f"&lt;p&gt;{'Words of a story. ' * 30}&lt;/p&gt;" for _ in range(4))
    more = "<content:encoded><![CDATA[<p>First words [&hellip;]</p>]]></content:encoded>"
    whole_story = "<content:encoded><![CDATA[<p>A flash.</p>]]></content:encoded>"
    inner = [f"<description>{long}</description>", "<description>A summary.</description>", more, whole_story]
    extents = [normalize(raw(rss(item(one), spaces=CONTENT).encode()))[0].extent for one in inner]
    assert extents == ["full", "excerpt", "excerpt", "full"]


def test_only_published_posts_are_usable(raw: Raw) -> None:
    """What WordPress has not published, or guards with a password, is withheld, whatever it is called."""
    wp = ' xmlns:wp="http://wordpress.org/export/1.2/"' + CONTENT
    states = {
        "publish": "usable", "draft": "withheld", "pending": "withheld", "private": "withheld", "future": "withheld",
        "trash": "withheld", "auto-draft": "withheld",
    }  # fmt: skip
    posts = "".join(
        f"<item><title>{status}</title><guid>{status}</guid><content:encoded>Words.</content:encoded>"
        f"<wp:status>{status}</wp:status><wp:post_type>post</wp:post_type></item>"
        for status in states
    )
    guarded = posts[posts.index("<item>") : posts.index("</item>")].replace("publish</title>", "guarded</title>")
    guarded = guarded.replace("<guid>publish", "<guid>guarded") + "<wp:post_password>x</wp:post_password></item>"
    found = {one.headline: one.status for one in normalize(raw(rss(posts + guarded, spaces=wp).encode()))}
    assert found == states | {"guarded": "withheld"}


def test_an_entry_of_a_stream_is_the_entry_of_the_feed() -> None:
    """Who reads a large export element by element gets the items that `split_feed` gives."""
    body = (GOLDENS / "rss" / "rss_2.xml").read_bytes()
    root = etree.fromstring(body)
    channel = channel_of(root, root[0])
    streamed = [entry_item(element, channel) for element in root.iter("item")]
    assert streamed == [one.body for one in split_feed(Reading(body)).entries]


@pytest.mark.parametrize(
    ("inner", "needed"),
    [
        (
            "<link>https://a.example/x</link><description>&lt;a href=&quot;http://b.example&quot;&gt;</description>",
            False,
        ),
        ("<link>/x</link>", True),
        ('<link>https://a.example/x</link><description>&lt;img src="/p.jpg"&gt;</description>', True),
        (
            "<link>https://a.example/x</link><description>&lt;img src=&quot;//a.example/p.jpg&quot;&gt;</description>",
            True,
        ),
        ("<link>https://a.example/x</link><enclosure url='p.jpg'/>", True),
        ("<link>https://a.example/x</link><description><![CDATA[<a href='#top'>]]></description>", False),
    ],
)
def test_a_base_goes_along_only_where_it_is_needed(inner: str, needed: bool) -> None:
    """Two feeds of one site give the same bytes for the same entry, unless it has an address that needs theirs."""
    bodies = set()
    for section in ("world", "home"):
        feed = rss(f"<item><title>x</title>{inner}</item>").replace("odd.example/", f"odd.example/{section}/")
        (one,) = split_feed(Reading(feed.encode())).entries
        bodies.add(one.body)
    assert len(bodies) == 1 + needed
    assert any(b"xml:base" in body for body in bodies) is needed


@pytest.mark.parametrize("odd", ODD_FEEDS, ids=lambda odd: odd.name)
def test_an_odd_entry_stands_alone(odd: Odd, raw: Raw) -> None:
    """The items that a poller makes of odd feeds are well formed, or at least read with the same words."""
    for one in split_feed(Reading(odd.body)).entries:
        (read,) = normalize(raw(one.body, media_type=one.media_type))
        assert (read.headline, read.published_at) == (one.draft.headline, one.draft.published_at)
        assert read.text == "\n\n".join(one.draft.paragraphs)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://A.example/x", "https://a.example/x", True),
        ("https://a.example/x?utm_source=rss&b=1", "https://a.example:443/x/?b=1#xtor=RSS-3", True),
        ("https://a.example/x?b=1&a=2", "https://a.example/x?a=2&b=1", True),
        ("https://a.example/x?id=1", "https://a.example/x?id=2", False),
        ("https://a.example/live#post-1", "https://a.example/live#post-2", False),
        ("https://a.example/x?ref=budget", "https://a.example/x?ref=rss", False),
        ("https://a.example/x?ref=rss", "https://a.example/x", True),
    ],
)
def test_links_are_compared_without_disguise(one: str, other: str, same: bool) -> None:
    """What only counts readers tells no two links apart; everything else does."""
    assert (canonical_link(one) == canonical_link(other)) is same


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("/x", "https://a.example/b/", "https://a.example/x"),
        ("x", None, None),
        ("javascript:alert(1)", "https://a.example/", None),
        ("https://[broken", "https://a.example/", None),
        (" https://a.example/\n x ", None, "https://a.example/x"),
        ("x" * 5000, "https://a.example/", None),
    ],
)
def test_only_addresses_are_links(link: str, base: str | None, expected: str | None) -> None:
    """Relative ones are made whole, others than http and https are none."""
    assert whole(link, base) == expected


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("ada@odd.example (Ada Quill)", "Ada Quill"),
        ("Ada Quill <ada@odd.example>", "Ada Quill"),
        ("By Ada Quill", "Ada Quill"),
        ("ada@odd.example", None),
        ("", None),
        ("x" * 400, None),
    ],
)
def test_a_byline_is_a_name(given: str, name: str | None) -> None:
    """Mail addresses are nobody's byline."""
    assert person(given) == name


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Prices &lt;fall&gt; &amp; rise", "Prices <fall> & rise"),
        ("<b>Dam</b>&nbsp;fails<br/>again", "Dam fails again"),
        ("a < b > c", "a < b > c"),
        ("&amp;amp;", "&amp;"),
    ],
)
def test_a_headline_is_decoded_once(written: str, words: str) -> None:
    """Tags of HTML go, entities are decoded once, angles stay."""
    assert line_of(written) == words


def test_shares_and_teasers_are_no_paragraphs() -> None:
    """What a feed's plug-ins add to every story is none of its words."""
    text = (
        "<p>Forty homes are gone.</p><div class='feedflare'>Share</div><div class='sharedaddy sd-block'>Tweet</div>"
        "<p>The post <a href='x'>Dam fails</a> appeared first on <a href='y'>Odd Wire</a>.</p>"
    )
    assert markup_body(text).paragraphs == ["Forty homes are gone."]


@pytest.mark.parametrize("written", ["Mon, 03 Mar 2025 10:00:00 XYZ", "2025-03-03T10:00", "soon", "", "x" * 500])
def test_an_unknown_zone_is_left_to_the_date_reader(written: str) -> None:
    """What is not understood is not changed: the warning quotes what was written."""
    assert plain(written) == written
    assert read_instant(plain(written)).warning


@pytest.mark.parametrize(
    "body",
    [
        rss("<item>" * 60_000).encode(),
        rss("<item><title>x</title>" * 20_000).encode(),
        rss(item("<category>a</category>" * 100_000)).encode(),
        rss(item("".join(f"<category>{n}</category>" for n in range(100_000)))).encode(),
        rss(item("".join(f"<pubDate>{n}</pubDate>" for n in range(100_000)))).encode(),
        rss(item("<media:description/><media:content url='https://x.example/'/>" * 40_000)).encode(),
        rss(item(f"<description>{'[caption ' * 100_000}</description>")).encode(),
        rss(item(f"<description>{'&lt;a ' * 200_000}</description>")).encode(),
        rss(item(f"<description>{'The post ' * 100_000}</description>")).encode(),
        rss(item(f"<description>{'&lt;figure&gt;' * 100_000}</description>")).encode(),
        rss(item(f"<description>{'&lt;p class=wp-caption&gt;' * 100_000}x</description>")).encode(),
        rss(item("<description>Words.</description>") * 20_000).encode(),
        rss(
            "<item><title>x</title></item>" * 5_000, spaces=f' xml:base="https://x.example/{"y" * 1_000_000}"'
        ).encode(),
        atom(f"<author><name>{'x' * 1_000_000}</name></author>" + entry("<title>x</title>") * 5_000).encode(),
        b"<?xml " * 100_000 + b"<rss version=",
        b'{"version": "https://jsonfeed.org/version/1", "items": ['
        + b'{"id": 1},' * 100_000
        + b'{"id": 2, "title": "x"}]}',
        b'"version" : "https://' * 100_000,
    ],
    ids=lambda body: f"{body[90:130]!r}",
)
@pytest.mark.timeout(20)
def test_hostile_repetition(body: bytes, raw: Raw) -> None:
    """Nothing in a feed costs more than its bytes."""
    for read in (lambda: normalize(raw(body)), lambda: split_feed(Reading(body))):
        with contextlib.suppress(InputError):
            assert read() is not None


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=12),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "url"]), inner)),
    max_leaves=5,
)
ITEM_KEYS = (
    "id url external_url title content_html content_text summary image banner_image date_published date_modified "
    "author authors tags language attachments _copytaster"
)
ITEMS = st.dictionaries(st.sampled_from(ITEM_KEYS.split()), VALUES, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    items=st.lists(ITEMS, max_size=4), head=st.dictionaries(st.sampled_from(["title", "language", "authors"]), VALUES)
)
def test_a_json_feed_with_any_values(items: list[dict[str, object]], head: dict[str, object], raw: Raw) -> None:
    """Fields with the wrong kind of value are absent fields, in a feed and in each item that leaves it."""
    named = [{**item, "id": f"urn:x:{number}"} for number, item in enumerate(items)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", **head, "items": named}).encode()
    for one in split_feed(Reading(body)).entries:
        with contextlib.suppress(NoArticle):
            (read,) = normalize(raw(one.body, media_type=one.media_type))
            assert read.headline == repaired(one.draft.headline)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(fields=st.lists(st.tuples(st.sampled_from(FIELD_NAMES), st.text(max_size=20)), max_size=8))
def test_an_item_with_any_words(fields: list[tuple[str, str]], raw: Raw) -> None:
    """Whatever stands in the fields of an item, it gives the same article in its feed and alone."""
    inner = "".join(f"<{name}>{escape(words)}</{name}>" for name, words in fields)
    for one in split_feed(Reading(rss(f"<item>{inner}</item>", spaces=CONTENT).encode())).entries:
        with contextlib.suppress(NoArticle):
            (read,) = normalize(raw(one.body, media_type=one.media_type))
            assert (read.headline, read.published_at) == (repaired(one.draft.headline), one.draft.published_at)
