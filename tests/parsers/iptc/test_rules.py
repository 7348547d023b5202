"""Rules of the IPTC readers that a golden would show only in passing."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError, MalformedItem, NoArticle, UnsafeItem
from pipeline.intake import raw_item
from pipeline.parsers import Reading, detect
from pipeline.parsers.dates import read_instant
from pipeline.parsers.iptc.codes import local_part, subject_code
from pipeline.parsers.iptc.pictures import MAX_PICTURES
from pipeline.parsers.iptc.settling import MAX_STORIES
from pipeline.stages.normalize import normalize
from schemas import Article, RawItem
from tests.fuzz.checking import one_sentence
from tests.parsers.conftest import RECEIVED
from tests.parsers.test_goldens import INPUTS

IPTC = ("newsml-g2", "newsml-1", "nitf", "ninjs")
Raw = Callable[..., RawItem]


def nitf(docdata: str = "", body: str = "<p>Words.</p>") -> bytes:
    return (
        f"<nitf><head>{docdata}</head><body><body.head><hedline><hl1>Head</hl1></hedline></body.head>"
        f"<body.content>{body}</body.content></body></nitf>"
    ).encode()


def g2(guid: str, *, kind: str = "text", links: str = "", status: str = "usable", text: str = "Words.") -> str:
    content = (
        f"<contentMeta><description>Caption of {guid}</description></contentMeta>"
        if kind == "picture"
        else f"<contentSet><inlineData>{text}</inlineData></contentSet>"
    )
    return (
        f'<newsItem guid="{guid}" version="1"><itemMeta><itemClass qcode="ninat:{kind}"/>'
        f'<pubStatus qcode="stat:{status}"/>{links}</itemMeta>{content}</newsItem>'
    )


def message(*items: str) -> bytes:
    return f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>".encode()


def newsml(inside: str) -> bytes:
    return (
        "<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>N1</NewsItemId></NewsIdentifier>"
        f"</Identification>{inside}</NewsItem></NewsML>"
    ).encode()


SILENT = [
    (b'<conceptItem guid="c"/>', "a vocabulary"),
    (b'<knowledgeItem guid="k"/>', "is a vocabulary"),
    (b'<planningItem guid="p"/>', "announces coverage"),
    (b'<catalogItem guid="p"/>', "lists vocabularies"),
    (b'<packageItem guid="p"><groupSet><group><itemRef residref="x"/></group></groupSet></packageItem>', "refers to"),
    (b'<newsItem guid="n"/>', "neither a text nor a headline"),
    (message(), "no item"),
    (message('<conceptItem guid="c"/>', '<planningItem guid="p"/>'), "none of the 2 items"),
    (b"<NewsML><NewsEnvelope/></NewsML>", "no NewsItem"),
    (newsml('<NewsComponent><NewsItemRef NewsItem="x"/></NewsComponent>'), "no words"),
    (newsml('<Update><Replace DuidRef="x"/></Update>'), "full revisions"),
    (b"<nitf><head/><body/></nitf>", "neither a text nor a headline"),
    (b'{"uri": "u:1", "type": "composite", "pubstatus": "usable", "headline": "Top"}', "only refers"),
    (b'{"uri": "u:1", "type": "event", "pubstatus": "usable"}', "ninjs event"),
]


@pytest.mark.parametrize(("body", "words"), SILENT, ids=[row[0][:60].decode() for row in SILENT])
def test_what_tells_no_story_says_why(body: bytes, words: str, raw: Raw) -> None:
    """An item without words is no article, and its error says what it is."""
    with pytest.raises(NoArticle, match=words):
        normalize(raw(body))


@pytest.mark.parametrize(
    ("docdata", "wire", "version"),
    [
        ('<doc-id id-string="20190101-7"/>', "20190101-7", None),
        ('<doc-id regsrc="TW" id-string="20190101-7:3"/>', "TW:20190101-7", "3"),
        ('<doc-id regsrc="TW" id-string="urn:x:20190101-7:12"/>', "urn:x:20190101-7", "12"),
        ('<doc-id regsrc="TW" id-string="iptc:32"/>', "iptc:32", None),
        ('<doc-id id-string="a"/><du-key key="K-77" generation="2" version="0"/>', "K-77", "2.0"),
        ('<date.issue norm="20190203T101500Z"/><du-key key="FLOOD"/>', "FLOOD@20190203", None),
        ('<date.issue norm="2019-02-03"/><doc-id regsrc="TW"/><du-key key="FLOOD"/>', "TW:FLOOD@20190203", None),
        ("", None, None),
    ],
)
def test_nitf_identity(docdata: str, wire: str | None, version: str | None) -> None:
    """All versions of a story share an id, and a desk's word for it does not join two days."""
    reading = Reading(nitf(f"<docdata>{docdata}</docdata>"))
    (draft,) = detect(reading).parse(reading)
    assert (draft.wire_id, draft.version) == (wire, version)
    assert detect(reading).wire_id(reading) == wire


@pytest.mark.parametrize(
    ("docdata", "status", "until"),
    [
        ('<docdata><date.issue norm="20190101T100000Z"/>', "usable", None),
        ('<docdata><date.issue norm="20190101T100000Z"/><date.release norm="20190101T100000Z"/>', "usable", None),
        (
            '<docdata><date.issue norm="20190101T100000Z"/><date.release norm="20190102T000000Z"/>',
            "usable",
            "2019-01-02T00:00:00+00:00",
        ),
        (
            '<docdata management-status="embargoed"><date.release norm="20190102T000000Z"/>',
            "usable",
            "2019-01-02T00:00:00+00:00",
        ),
        ('<docdata management-status="embargoed"><date.release norm="soon"/>', "withheld", None),
        ('<docdata management-status="embargoed">', "withheld", None),
        ('<docdata management-status="withheld">', "withheld", None),
    ],
)
def test_nitf_embargo(docdata: str, status: str, until: str | None, raw: Raw) -> None:
    """A release after the issue is an embargo; one that nobody can read holds for ever."""
    (article,) = normalize(raw(nitf(f"{docdata}</docdata>")))
    assert article.status == status
    assert (article.embargoed_until.isoformat() if article.embargoed_until else None) == until


@pytest.mark.parametrize(
    ("now", "then", "status", "held"),
    [
        ("Embargoed", "Usable", "usable", True),
        ("Withheld", "Usable", "usable", True),
        ("Embargoed", None, "withheld", False),
        ("Withheld", None, "withheld", False),
        ("Usable", "Canceled", "usable", False),
        ("Canceled", "Usable", "cancelled", False),
    ],
)
def test_newsml_1_embargo(now: str, then: str | None, status: str, held: bool, raw: Raw) -> None:
    """What will be usable at a time is embargoed until then; a change to anything else is none."""
    change = (
        f'<StatusWillChange><FutureStatus FormalName="{then}"/><DateAndTime>20200102T000000Z</DateAndTime>'
        "</StatusWillChange>"
        if then
        else ""
    )
    management = f'<NewsManagement><Status FormalName="{now}"/>{change}</NewsManagement>'
    words = "<NewsComponent><ContentItem><DataContent>Words.</DataContent></ContentItem></NewsComponent>"
    (article,) = normalize(raw(newsml(management + words)))
    assert (article.status, article.embargoed_until is not None) == (status, held)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("medtop:20000056", "medtop:20000056"),
        ("iptccat:20000056", "medtop:20000056"),
        ("20000056", "medtop:20000056"),
        ("04005000", "subj:04005000"),
        ("http://cv.iptc.org/newscodes/mediatopic/20000056", "medtop:20000056"),
        ("http://cv.iptc.org/newscodes/subjectcode/04005000", "subj:04005000"),
        ("http://cv.iptc.org/newscodes/genre/Current", "http://cv.iptc.org/newscodes/genre/Current"),
        ("N2:GB", "N2:GB"),
        (" ", None),
        (None, None),
    ],
)
def test_subject_codes(given: str | None, code: str | None) -> None:
    """A code has one form, whatever alias or address the wire gives it."""
    assert subject_code(given, {"iptccat": "http://cv.iptc.org/newscodes/mediatopic/"}) == code
    assert local_part("http://cv.iptc.org/newscodes/signal/correction/") == local_part("sig:Correction") == "correction"


def test_pictures_go_to_the_story_that_links_to_them(raw: Raw) -> None:
    """Of two stories the one that names the picture gets it; a cancelled picture stays an item of its own."""
    items = (
        g2("one"),
        g2("two", links='<link residref="pic"/>'),
        g2("pic", kind="picture"),
        g2("killed", kind="picture", status="canceled"),
        g2("alone", kind="picture"),
    )
    articles = normalize(raw(message(*items)))
    assert [article.text for article in articles] == ["Words.", "Words.", "", "Caption of alone"]
    assert [len(article.media) for article in articles] == [0, 1, 1, 1]
    assert articles[1].media[0].caption == "Caption of pic"
    assert [article.status for article in articles] == ["usable", "usable", "cancelled", "usable"]


def test_the_only_story_takes_the_pictures_of_its_message() -> None:
    """One story and its pictures are one article, under the id of the story."""
    body = message(g2("pic", kind="picture"), g2("story"))
    item = raw_item(body, source="test-wire", received_at=RECEIVED, uri="file:x")
    (article,) = normalize(item)
    assert (article.article_id, len(article.media)) == (item.item_id, 1)


@pytest.mark.parametrize("path", [path for path in INPUTS if path.parent.name in IPTC], ids=lambda path: path.name)
def test_the_cheap_id_is_the_id(path: object) -> None:
    """What a publisher takes as the key of an item is the id of its article, where it has one."""
    item = raw_item(path.read_bytes(), source="test-wire", received_at=RECEIVED, uri="file:x")  # type: ignore[attr-defined]
    articles = normalize(item)
    assert len(articles) > 1 or articles[0].article_id == item.item_id
    assert len({article.article_id for article in articles}) == len(articles)


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p>One.<br/>Still one.</p><p>Two &amp;amp; three.</p>", ["One. Still one.", "Two &amp; three."]),
        ("Bare words\nwrapped.\n\nSecond.", ["Bare words wrapped.", "Second."]),
        ("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", ["a 1", "b 2"]),
        (
            "<pre>Team   Pts\nOrme    12\n\nWrapped prose\nruns on.</pre>",
            ["Team Pts", "Orme 12", "Wrapped prose runs on."],
        ),
        ("<ol><li>one</li><li>two</li></ol><bq><block><p>q</p></block></bq>", ["one", "two", "q"]),
        ("<block><hl2>Sub</hl2><p>x<media><media-caption>c</media-caption></media>y</p></block>", ["Sub", "x", "y"]),
    ],
)
def test_blocks_of_nitf(body: str, paragraphs: list[str], raw: Raw) -> None:
    """Blocks are paragraphs, rows of a table are lines, captions are not text."""
    assert normalize(raw(nitf(body=body)))[0].text.split("\n\n") == paragraphs


@pytest.mark.parametrize(
    "data",
    [
        "<p>Rain &amp; wind.</p><p>Then sun.</p>",
        "<![CDATA[<p>Rain &amp; wind.</p><p>Then sun.</p>]]>",
        "&lt;p&gt;Rain &amp;amp; wind.&lt;/p&gt;&lt;p&gt;Then sun.&lt;/p&gt;",
        "Rain &amp; wind.\n\nThen sun.",
        "<![CDATA[<nitf><body><body.content><p>Rain &amp; wind.</p><p>Then sun.</p></body.content></body></nitf>]]>",
        "<nitf><body><body.content><p>Rain &amp; wind.</p><p>Then sun.</p></body.content></body></nitf>",
        "<body><body.content><p>Rain &amp; wind.</p><p>Then sun.</p></body.content></body>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Rain &amp; wind.</p><p>Then sun.</p></body></html>',
    ],
)
def test_content_in_any_wrapping(data: str, raw: Raw) -> None:
    """The same words come out of elements, escapes and character data, decoded once."""
    body = newsml(f"<NewsComponent><ContentItem><DataContent>{data}</DataContent></ContentItem></NewsComponent>")
    assert normalize(raw(body))[0].text == "Rain & wind.\n\nThen sun."


def test_a_dtd_within_is_refused(raw: Raw) -> None:
    """Declarations are refused where they hide in an escaped document, too."""
    inner = '<![CDATA[<!DOCTYPE nitf [<!ENTITY a "b">]><nitf>&a;</nitf>]]>'
    body = newsml(f"<NewsComponent><ContentItem><DataContent>{inner}</DataContent></ContentItem></NewsComponent>")
    with pytest.raises(UnsafeItem):
        normalize(raw(body))


def test_a_crowd_is_refused_and_a_gallery_cut(raw: Raw) -> None:
    """Numbers beyond any wire cost no time: too many stories are refused, too many pictures cut with a warning."""
    with pytest.raises(MalformedItem, match=f"at most {MAX_STORIES}"):
        normalize(raw(message(*map(g2, map(str, range(MAX_STORIES + 1))))))
    pictures = "".join(f'<media><media-reference source="{number}.jpg"/></media>' for number in range(MAX_PICTURES + 1))
    (article,) = normalize(raw(nitf(body=f"<p>Words.</p>{pictures}")))
    assert len(article.media) == MAX_PICTURES
    assert f"the first {MAX_PICTURES} were read" in article.provenance.warnings[-1]


@pytest.mark.parametrize("value", ["20170306T101500+0100", "20170306T091500Z", "2017-03-06T10:15:00+01:00"])
def test_compact_dates(value: str) -> None:
    """The compact dates of NewsML 1 and NITF are the same instants as the long ones."""
    moment = read_instant(value)
    assert moment.at is not None
    assert moment.at.isoformat() == "2017-03-06T09:15:00+00:00"
    assert (read_instant("20170306").accuracy, read_instant("20170306T101500").warning is not None) == ("day", True)


NAMES = (
    "version type pubStatus versionCreated firstCreated contentCreated embargoedUntil urgency language slugline edNote "
    "by located headlines descriptions bodies body_text body_html genres keywords subjects people signals associations"
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "value", "role", "contentType", "uri", "code", "type"]), inner),
    ),
    max_leaves=6,
)


@settings(max_examples=max(300, settings.default.max_examples), deadline=None)
@given(item=st.dictionaries(st.sampled_from(NAMES.split()), VALUES, max_size=12))
@example(item={"type": "0\n0"})
def test_ninjs_with_any_values(item: dict[str, object]) -> None:
    """A ninjs object whose fields hold the wrong kind of value is read or refused in a sentence, never a crash."""
    body = (
        orjson.dumps({"uri": "u:1", "pubstatus": "usable", **item}, option=orjson.OPT_NON_STR_KEYS)
        if fits(item)
        else b"{}"
    )
    try:
        raw = raw_item(body, source="test-wire", received_at=RECEIVED, uri="file:x")
        articles = normalize(raw)
    except InputError as error:
        one_sentence(str(error))
        return
    assert [Article.from_json(article.to_json()) for article in articles] == articles
    assert articles[0].article_id == raw.item_id


def fits(value: object) -> bool:
    """Whether JSON as orjson writes it can hold a value: its integers have 64 bits."""
    if isinstance(value, dict):
        return all(map(fits, value.values()))
    if isinstance(value, list):
        return all(map(fits, value))
    return not isinstance(value, int) or -(2**63) <= value < 2**64
