"""The rules that decide between readings: dialect, charset, dateline, caption, date, language, identity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import NoArticle
from pipeline.parsers import Reading, detect
from pipeline.parsers.canonical import fold, paragraphs_of, unescape
from pipeline.parsers.caption import find_caption, read_caption
from pipeline.parsers.dateline import read_dateline
from pipeline.parsers.dates import find_date, read_instant
from pipeline.parsers.language import guess_language, language_tag
from pipeline.parsers.web.page import without_site
from pipeline.parsers.zones import find_time, zone_offset
from pipeline.stages.normalize import normalize
from schemas import RawItem
from schemas.ids import article_id


@pytest.mark.parametrize(
    ("body", "media_type", "name", "dialect"),
    [
        (b'{"text": "x"}', "text/html", "a.html", "json-article"),
        (b"\xef\xbb\xbf [ {", None, "a.txt", "json-article"),
        ('{"text": "x"}'.encode("utf-16"), None, None, "json-article"),
        (b"<!-- x --><!DOCTYPE html><p>x", "application/json", "a.json", "web-page"),
        (b"Some words", "text/plain", "a.json", "plain-text"),
        (b"<p>Words of a story.</p><p>More.</p>", None, "a.txt", "web-page"),
        (b"<3 is what fans wrote on walls.", None, None, "plain-text"),
        (b"<BREAKING> words of a flash", None, None, "plain-text"),
        (b"Some words", None, "a.json", "json-article"),
        (b"<p>words", "text/html; charset=utf-8", "a.txt", "web-page"),
        (b"[BREAKING] Words", None, "a.txt", "plain-text"),
        (b"Head | The Site\nMedia ID: 3\n\nWords", "text/plain", None, "page-dump"),
        (b"Words | in a sentence.\n\nMore", None, None, "plain-text"),
    ],
)
def test_content_wins_over_labels(body: bytes, media_type: str | None, name: str | None, dialect: str) -> None:
    """Content decides about the dialect, then the media type, then the file name."""
    assert dialect == detect(Reading(body, media_type, name)).NAME


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><urlset><url><loc>https://x.example/</loc></url></urlset>',
        b"<catalogue><entry>Words of an entry.</entry></catalogue>\n",
        '<?xml version="1.0" encoding="utf-16"?><n:report xmlns:n="u">Words.</n:report>'.encode("utf-16"),
    ],
)
def test_xml_of_no_known_kind_is_no_text(body: bytes) -> None:
    """Tags never become words: XML that nobody reads is refused by the name of its root."""
    with pytest.raises(NoArticle, match="root of no format"):
        detect(Reading(body))


@pytest.mark.parametrize(
    ("body", "media_type", "text"),
    [
        ("Zürich ist groß".encode(), "text/plain; charset=iso-8859-1", "Zürich ist groß"),
        ("Zürich ist groß".encode("latin-1"), "text/plain; charset=iso-8859-1", "Zürich ist groß"),
        ("Москва не спит".encode("koi8-r"), "text/plain; charset=koi8-r", "Москва не спит"),
        ("Words in UTF-16".encode("utf-16"), None, "Words in UTF-16"),
        ("It’s so in all the three towns".encode("cp1252"), "text/plain; charset=hex", None),
    ],
)
def test_charsets(body: bytes, media_type: str | None, text: str | None) -> None:
    """Valid UTF-8 wins over a wrong label; a charset that is no charset is never used."""
    reading = Reading(body, media_type)
    if text is None:
        assert reading.decoded.warning is not None
    else:
        assert reading.text == text


@pytest.mark.parametrize(
    ("opening", "place", "date"),
    [
        ("MOSUL, Iraq (Reuters) - Forces", "Mosul, Iraq", None),
        ("GENEVA, March 6 (AP) — The", "Geneva", None),
        ("GENEVA, March 6, 2017 (AP) — The", "Geneva", "2017-03-06"),
        ("BAGHDAD/MOSUL – The", "Baghdad/Mosul", None),
        ("Geneva, 6 March 2017 (WHO) – The", "Geneva", "2017-03-06"),
        ("Geneva, 6 March 2017 – The", "Geneva", "2017-03-06"),
        ("London, Asharq Al-Awsat – The", "London", None),
        ("RIYADH: The", "Riyadh", None),
        ("NEW YORK, Sept. 3, 2019 /PRNewswire/ -- The", "New York", "2019-09-03"),
        ("WASHINGTON, D.C. (AP) _ The", "Washington, D.C.", None),
        ("RIO DE JANEIRO -- The", "Rio de Janeiro", None),
        ("AL-HASAKAH, Syria - The", "Al-Hasakah, Syria", None),
        ("ST. JOHN'S, Canada (CP) — The", "St. John's, Canada", None),
        ("(Reuters) - The", None, None),
        ("DÜSSELDORF (dpa) - The", "Düsseldorf", None),
    ],
)
def test_datelines(opening: str, place: str | None, date: str | None) -> None:
    """The usual forms of datelines are taken apart."""
    found = read_dateline(opening)
    assert found is not None
    assert (found.dateline.place, found.dateline.date) == (place, date)
    assert opening[found.end :].split(maxsplit=1)[0] in {"Forces", "The"}


@pytest.mark.parametrize(
    "opening",
    [
        "The minister said – and nobody doubted it – that",
        "Germany - the largest economy - grew",
        "A well-known man went home",
        "UN - the",
        "WARNING! Do not use - the",
        "Note: the",
        "Paris, Texas - a film",
        "He came. THEN - he went",
        "",
    ],
)
def test_sentences_are_no_datelines(opening: str) -> None:
    """A dash in a sentence makes no dateline."""
    assert read_dateline(opening) is None


@pytest.mark.parametrize(
    ("line", "caption", "credit", "taken_on", "place"),
    [
        (
            "Smoke is seen in Harbour City, Norland, March 6, 2017. HERONS/Ida Al-Vester",
            "Smoke is seen in Harbour City, Norland, March 6, 2017.",
            "HERONS/Ida Al-Vester",
            "2017-03-06",
            "Harbour City, Norland",
        ),
        (
            "A boat near Askeby on 3 May 2019 (Photo: Eva Holm)",
            "A boat near Askeby on 3 May 2019",
            "Eva Holm",
            "2019-05-03",
            "Askeby",
        ),
        ("A boat. (AFP)", "A boat.", "AFP", None, None),
        ("The mayor speaks. AP Photo/Jo Ek", "The mayor speaks.", "AP Photo/Jo Ek", None, None),
        ("The mayor speaks.", "The mayor speaks.", None, None, None),
    ],
)
def test_captions(line: str, caption: str, credit: str | None, taken_on: str | None, place: str | None) -> None:
    """A caption gives its credit, its day and its place."""
    media = read_caption(line)
    assert (media.caption, media.credit, media.taken_on, media.place) == (caption, credit, taken_on, place)


@pytest.mark.parametrize(
    "line",
    [
        "The mayor speaks. HERONS/Jo Ek",
        "The mayor speaks. Photo: Jo Ek",
        "The mayor speaks (Photo by Jo Ek)",
        "The mayor on May 3, 2019. (HERONS)",
    ],
)
def test_captions_are_told_from_paragraphs(line: str) -> None:
    """A credit with a label, a slash or a full date marks a caption."""
    assert find_caption(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "The union is short of money. (HERONS)",
        "The union said on May 3, 2019 that 12 of its members had left.",
        "It rained.",
        "Prices rose 3 percent, the ministry said in its report for March 2017.",
    ],
)
def test_paragraphs_are_no_captions(line: str) -> None:
    """A sentence of the story never vanishes into a caption."""
    assert find_caption(line) is None


@pytest.mark.parametrize(
    ("value", "instant", "accuracy", "warned"),
    [
        ("2020-03-06T10:00:00+02:00", "2020-03-06T08:00:00+00:00", None, False),
        ("20200306T100000Z", "2020-03-06T10:00:00+00:00", None, False),
        ("Fri, 06 Mar 2020 10:00:00 GMT", "2020-03-06T10:00:00+00:00", None, False),
        ("March 6, 2020", "2020-03-06T00:00:00+00:00", "day", False),
        ("2020-03", "2020-03-01T00:00:00+00:00", "month", False),
        (1583488800, "2020-03-06T10:00:00+00:00", None, False),
        ("1583488800000", "2020-03-06T10:00:00+00:00", None, False),
        ("2020-03-06 10:00", "2020-03-06T10:00:00+00:00", None, True),
        ("2020-02-30", None, None, True),
        ("0001-01-01T00:00:00+14:00", None, None, True),
        ("9999-12-31T23:59:59-14:00", None, None, True),
        (1e300, None, None, True),
        ([], None, None, True),
        (True, None, None, True),
        ("yesterday", None, None, True),
        ("2017-03-06 10:15 EST", "2017-03-06T15:15:00+00:00", None, False),
        ("Mon, 06 Mar 2017 10:15:00 CET", "2017-03-06T09:15:00+00:00", None, False),
        ("March 6, 2017 10 p.m. ET", "2017-03-07T03:00:00+00:00", None, False),
        ("July 6, 2017, 10:30 a.m. ET", "2017-07-06T14:30:00+00:00", None, False),
        ("6 March 2017, 18h00 CET", "2017-03-06T17:00:00+00:00", None, False),
        ("0001 GMT, 7 March 2017", "2017-03-07T00:01:00+00:00", None, False),
        ("March 6, 2017, noon", "2017-03-06T12:00:00+00:00", None, True),
        ("March 6, 2017 GMT", "2017-03-06T00:00:00+00:00", "day", False),
        ("March 36, 2017 10 p.m. ET", None, None, True),
        ("9999-12-31 23:59 PST", None, None, True),
    ],
)
def test_instants(value: object, instant: str | None, accuracy: str | None, warned: bool) -> None:
    """A date is read with its accuracy, or answered with a warning; never with a crash."""
    moment = read_instant(value)
    assert (moment.at.isoformat() if moment.at else None) == instant
    assert moment.accuracy == accuracy
    assert (moment.warning is not None) == warned


def test_find_date_prefers_the_longer_reading() -> None:
    """Of two readings of the same words the complete one counts, and impossible days are passed over."""
    assert (found := find_date("on February 30, 2017 or March 6, 2017, they said")) is not None
    assert found.iso == "2017-03-06"
    assert find_date("in 1994 and 12 others") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council said on Monday that it would close the road to the harbour.", "en"),
        ("Quake kills 12; Brandt resigns", "und"),
        ("Le conseil a annoncé lundi que la route vers le port serait fermée dans les jours à venir.", "fr"),
        ("El consejo anunció el lunes que la carretera al puerto se cerrará por las obras.", "es"),
        ("Der Rat teilte am Montag mit, dass die Straße zum Hafen nicht mehr befahrbar ist.", "de"),
        ("O conselho anunciou que a estrada para o porto não será aberta até ao fim do mês.", "pt"),
        ("Il consiglio ha annunciato che la strada per il porto non sarà aperta nella notte.", "it"),
        ("قال المجلس إن الطريق إلى الميناء مغلق منذ يوم الاثنين بعد الفيضان الذي ضرب المدينة", "ar"),
        ("Rada miejska ogłosiła w poniedziałek, że droga do portu zostanie zamknięta.", "pl"),
        ("Askeby 18 30:6 Nordvik 18 20:16", "und"),
        ("", "und"),
    ],
)
def test_languages(text: str, language: str) -> None:
    """A clear vote names the language, everything else stays undetermined."""
    assert guess_language(text) == language


def test_language_tags() -> None:
    """Stated languages come out as BCP 47 tags, nonsense as nothing."""
    assert [language_tag(value) for value in ("en_us", "EN", "zh-Hant-TW", "english language", 3)] == [
        "en-US",
        "en",
        "zh-Hant-TW",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("Dam holds | The Post", None, "Dam holds"),
        ("Dam holds - The Post", "The Post", "Dam holds"),
        ("Dam holds - for now", "The Post", "Dam holds - for now"),
        ("Dam holds | World | The Post", None, "Dam holds"),
        ("The Post", "The Post", "The Post"),
    ],
)
def test_site_suffix(title: str, site: str | None, headline: str) -> None:
    """The site's name leaves the headline, a dash within the headline stays."""
    assert without_site(title, site) == headline


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One line\nwrapped here.\n\nTwo.", ["One line wrapped here.", "Two."]),
        ("   One starts\nand ends.\n   Two starts\nand ends.", ["One starts and ends.", "Two starts and ends."]),
        ("One ends here.\nTwo goes\non.", ["One ends here.", "Two goes on."]),
        ("L" + "o" * 101 + "ng.\nShort.", ["L" + "o" * 101 + "ng.", "Short."]),
        ("A\u2029B\x85\x85C", ["A B", "C"]),
    ],
)
def test_paragraphs(text: str, paragraphs: list[str]) -> None:
    """Wrapped lines are joined, paragraphs are kept."""
    assert paragraphs_of(text) == paragraphs


def test_canonical_characters() -> None:
    """Entities are decoded once, invisible characters vanish before composition, joiners stay."""
    assert unescape("&amp;amp; &copy &eacute; &#233; R&D;") == "&amp; &copy é é R&D;"
    assert fold(" e\u200b\u0301 \x00\xa0x\ufeff\u00ady ") == "é xy"
    assert fold("می\u200cخواهم") == "می\u200cخواهم"


def test_identity_order(raw: Callable[..., RawItem]) -> None:
    """The id comes from the item, then from the feed, then from the address, then from the content."""
    body = b'{"id": "own", "text": "Words."}'
    hinted = {"hints": {"wire_id": "hint", "version": "7"}, "uri": "file:a"}
    assert normalize(raw(body, **hinted))[0].article_id == article_id("test-wire", wire_id="own", uri=None, body=b"")
    found = normalize(raw(b"Some words.", **hinted))[0]
    assert (found.article_id, found.version) == (article_id("test-wire", wire_id="hint", uri=None, body=b""), "7")
    by_uri = normalize(raw(b"Some words.", uri="file:a"))[0]
    assert by_uri.article_id == article_id("test-wire", wire_id=None, uri="file:a", body=b"")
    assert by_uri.version != normalize(raw(b"Other words.", uri="file:a"))[0].version
    assert normalize(raw(b"Some words."))[0].article_id == article_id(
        "test-wire", wire_id=None, uri=None, body=b"Some words."
    )


def test_feed_time_beats_inferred_time(raw: Callable[..., RawItem]) -> None:
    """A feed's time of publication replaces one inferred from prose, together with its warning."""
    body = b"GENEVA, March 6, 2017 (Tern) -- Words were said in the hall."
    inferred = normalize(raw(body))[0]
    assert (inferred.published_accuracy, len(inferred.provenance.warnings)) == ("day", 1)
    stated = normalize(raw(body, hints={"published_at": "2017-03-07T01:02:03Z"}))[0]
    assert (stated.published_accuracy, stated.provenance.warnings) == (None, ())
    assert stated.published_at is not None
    assert stated.published_at.isoformat() == "2017-03-07T01:02:03+00:00"


@pytest.mark.parametrize(
    ("text", "at", "zone"),
    [
        ("at 10 p.m. ET on Monday", "22:00", "ET"),
        ("00:01 GMT, Tuesday 7 March 2017", "00:01", "GMT"),
        ("by 0001 GMT", "00:01", "GMT"),
        ("from 18h00 (CET)", "18:00", "CET"),
        ("12.01am", "00:01", None),
        ("noon EST", "12:00", "EST"),
        ("midnight", "00:00", None),
        ("1800 hrs local time", "18:00", None),
        ("um 18.00 Uhr", "18:00", None),
        ("in 2017 and 1800 others", None, None),
        ("25:61 GMT", None, None),
        ("13 p.m.", None, None),
        ("rose 3.25 percent", None, None),
        ("the 10-12 score", None, None),
    ],
)
def test_times_of_day(text: str, at: str | None, zone: str | None) -> None:
    """Times are found with their zone; years, scores and shares are none."""
    found = find_time(text)
    assert (f"{found.at:%H:%M}" if found else None, found.zone if found else None) == (at, zone)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2017-03-11", -5),
        ("2017-03-12", -4),
        ("2017-11-04", -4),
        ("2017-11-05", -5),
        ("2006-03-12", -5),
        ("2006-04-02", -4),
        ("2006-10-28", -4),
        ("2006-10-29", -5),
    ],
)
def test_eastern_time(day: str, hours: int) -> None:
    """ET is summer time by the rule of the year; EST never is."""
    noon = datetime.fromisoformat(f"{day}T12:00")
    assert zone_offset("ET", noon) == timedelta(hours=hours)
    assert zone_offset("EST", noon) == timedelta(hours=-5)
    assert zone_offset("XYZ", noon) is None


@pytest.mark.parametrize(("days", "flagged"), [(0, False), (0.9, False), (1.1, True), (400, True)])
def test_future_dates_are_flagged(days: float, flagged: bool, raw: Callable[..., RawItem]) -> None:
    """Publication more than a day after receipt is kept, with a warning; clocks and zones may differ by less."""
    received = datetime(2025, 1, 1, tzinfo=UTC)
    stamp = (received + timedelta(days=days)).isoformat()
    body = b'{"id": "1", "body_text": "Some words.", "versioncreated": "%s"}' % stamp.encode()
    article = normalize(raw(body, received_at=received))[0]
    assert article.published_at is not None
    assert any("after the item was received" in line for line in article.provenance.warnings) == flagged
