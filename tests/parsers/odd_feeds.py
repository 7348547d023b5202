"""Feeds as they should not be: what each holds, and what a reader must still find in it."""

# ruff: noqa: E501 - a feed is one line, so that the list can be read as a table

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Odd:
    """One odd feed: how many entries a reader must find, and what the entry `at` must hold.

    `words` must all stand in its text, `absent` must not; `published` is ISO in UTC, empty where there must be none.
    """

    name: str
    body: bytes
    count: int = 1
    at: int = 0
    id: str | None = None
    title: str | None = None
    link: str | None = None
    author: str | None = None
    published: str | None = None
    words: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    media: str | None = None


def rss(inner: str, head: str = "", spaces: str = "") -> str:
    """Wrap items in a feed of RSS 2.0."""
    channel = f"<title>Odd Wire</title><link>https://odd.example/</link>{head}"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"{spaces}><channel>{channel}{inner}</channel></rss>'


def item(inner: str) -> str:
    """Return an item with the fields that a test does not care about."""
    return f"<item><title>Dam fails</title><link>https://odd.example/dam</link><guid>odd-1</guid>{inner}</item>"


def atom(inner: str, attributes: str = "") -> str:
    """Wrap entries in a feed of Atom."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"{attributes}>'
        f"<title>Odd Wire</title><id>urn:odd</id><updated>2025-03-01T00:00:00Z</updated>{inner}</feed>"
    )


def entry(inner: str) -> str:
    """Return an entry of Atom with the fields that a test does not care about."""
    return f'<entry><id>urn:odd:1</id><link href="https://odd.example/dam"/>{inner}</entry>'


CONTENT = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/"'
TEN = "2025-03-03T10:00:00+00:00"


def dated(name: str, written: str, read: str) -> Odd:
    """Return a feed with one odd date."""
    return Odd(
        name, rss(item(f"<pubDate>{written}</pubDate><description>Words.</description>")).encode(), published=read
    )


ODD_FEEDS: tuple[Odd, ...] = (
    Odd("bare ampersand", rss(item("<description>AT&T and R&D spent 12 & 14 million.</description>")).encode(), words=("AT&T and R&D spent 12 & 14 million.",)),
    Odd("bare ampersand in a title", rss("<item><title>Profits at AT&T fall</title><guid>odd-1</guid><description>Words.</description></item>").encode(), title="Profits at AT&T fall", words=("Words.",)),
    Odd("entities of HTML in XML", rss(item("<description>Caf&eacute;s in S&atilde;o Tom&eacute; &ndash; 40&nbsp;open</description>")).encode(), words=("Cafés in São Tomé – 40 open",)),
    Odd("unknown entity", rss(item("<description>Costs rose &bogus; sharply, 40 said.</description>")).encode(), words=("Costs rose", "sharply, 40 said.")),
    Odd("twice escaped title", rss("<item><title>Cod &amp;amp; haddock &amp;#8211; fewer</title><guid>odd-1</guid><description>Words.</description></item>").encode(), title="Cod & haddock – fewer"),
    Odd("markup in a title", rss("<item><title>&lt;b&gt;Dam&lt;/b&gt; &lt;i&gt;fails&lt;/i&gt;</title><guid>odd-1</guid><description>Words.</description></item>").encode(), title="Dam fails"),
    Odd("markup in a title, in CDATA", rss("<item><title><![CDATA[Dam <em>fails</em> at Tessen &amp; Orsk]]></title><guid>odd-1</guid><description>Words.</description></item>").encode(), title="Dam fails at Tessen & Orsk"),
    Odd("an angle that is no tag, in a title", rss("<item><title>Index &lt; 200 as 5 &gt; 3</title><guid>odd-1</guid><description>Words.</description></item>").encode(), title="Index < 200 as 5 > 3"),
    Odd("latin-1 bytes under an UTF-8 label", rss(item("<description>Bürgermeister Müller zählt 40 Häuser.</description>")).encode("latin-1"), words=("Bürgermeister Müller zählt 40 Häuser.",)),
    Odd("UTF-8 bytes under a latin-1 label", rss(item("<description>Bürgermeister Müller zählt 40 Häuser.</description>")).replace("UTF-8", "ISO-8859-1").encode(), words=("Bürgermeister Müller zählt 40 Häuser.",)),
    Odd("windows-1252 quotes under a latin-1 label", rss(item("<description>\u201cForty\u201d \u2013 he said</description>")).replace("UTF-8", "iso-8859-1").encode("cp1252"), words=("“Forty” – he said",)),
    Odd("UTF-16 with a mark", rss(item("<description>Forty homes – gone.</description>")).replace("UTF-8", "UTF-16").encode("utf-16"), words=("Forty homes – gone.",)),
    Odd("UTF-16 with an UTF-8 label", rss(item("<description>Forty homes – gone.</description>")).encode("utf-16"), words=("Forty homes – gone.",)),
    Odd("one broken byte", rss(item("<description>Forty – homes gone near the old \xfe mill.</description>")).encode().replace(b"\xc3\xbe", b"\xfe"), words=("Forty – homes gone near the old",)),
    Odd("NUL bytes", rss(item("<description>Forty\0 homes gone.</description>")).encode(), words=("Forty homes gone.",)),
    Odd("control characters", rss(item("<description>Forty \x0bhomes\x08 gone.</description>")).encode(), words=("Forty homes gone.",)),
    Odd("blank lines before the declaration", b"\n\n  \r\n" + rss(item("<description>Words.</description>")).encode(), words=("Words.",)),
    Odd("a warning of PHP before the declaration", b"<br />\n<b>Warning</b>:  Cannot modify header in <b>/srv/feed.php</b> on line <b>3</b><br />\n" + rss(item("<description>Words.</description>")).encode(), title="Dam fails", words=("Words.",)),
    Odd("words before the declaration", b"Notice: undefined index\n" + rss(item("<description>Words.</description>")).encode(), title="Dam fails", words=("Words.",)),
    Odd("no declaration", rss(item("<description>W\u00f6rds.</description>")).partition("?>")[2].encode(), words=("Wörds.",)),
    Odd("comments after the end", rss(item("<description>Words.</description>")).encode() + b"\n<!-- cached 0.2 s -->\n<script>1</script>", words=("Words.",)),
    Odd("cut off in the second item", rss(item("<description>Words.</description>") + "<item><title>Next story</title><guid>odd-2</guid><description>Half a sen").partition("</channel>")[0].encode(), count=2, words=("Words.",)),
    Odd("cut off in CDATA", rss(item("<description>Words.</description>") + "<item><title>Next story</title><guid>odd-2</guid><description><![CDATA[<p>Half a sen").partition("</channel>")[0].encode(), count=2, at=1, title="Next story", words=("Half a sen",)),
    Odd("end tags in disorder", rss("<item><title>Dam fails</title><guid>odd-1</guid><description>Words.</title></item>" + "<item><title>Next story</title><guid>odd-2</guid><description>More.</description></item>").encode(), count=2, at=1, title="Next story", words=("More.",)),
    Odd("breaks that are not closed", rss("<item><title>Dam fails</title><description>One<br>two<br>three</description><guid>odd-1</guid><link>https://odd.example/dam</link></item>").encode(), id="odd-1", link="https://odd.example/dam", words=("One", "three")),
    Odd("markup that is not escaped", rss(item("<description><p>Forty <b>homes</b> gone.</p><p>Ten stand.</p></description>")).encode(), words=("Forty homes gone.", "Ten stand.")),
    Odd("CDATA in CDATA", rss(item("<description><![CDATA[One <![CDATA[two]]> three]]></description>")).encode(), words=("One", "three")),
    Odd("CDATA around escaped markup", rss(item("<description><![CDATA[&lt;p&gt;Forty homes.&lt;/p&gt;]]></description>")).encode(), words=("Forty homes.",)),
    Odd("prefixes that nobody declares", rss(item("<dc:creator>Ada Quill</dc:creator><content:encoded><![CDATA[<p>Forty homes.</p>]]></content:encoded><media:content url='https://odd.example/p.jpg'/>")).encode(), author="Ada Quill", words=("Forty homes.",), media="https://odd.example/p.jpg"),
    Odd("other prefixes", rss(item("<x:encoded><![CDATA[<p>Forty homes.</p>]]></x:encoded><d:creator>Ada Quill</d:creator>"), spaces=CONTENT.replace("content=", "x=") + DC.replace("dc=", "d=")).encode(), author="Ada Quill", words=("Forty homes.",)),
    Odd("a default namespace of RSS 2.0's own", rss(item("<description>Words.</description>"), spaces=' xmlns="http://backend.userland.com/rss2"').encode(), title="Dam fails", words=("Words.",)),
    Odd("an unknown default namespace", rss(item("<description>Words.</description>"), spaces=' xmlns="https://odd.example/ns"').encode(), title="Dam fails", words=("Words.",)),
    Odd("tags in capitals", rss("<ITEM><TITLE>Dam fails</TITLE><LINK>https://odd.example/dam</LINK><PUBDATE>Mon, 03 Mar 2025 10:00:00 GMT</PUBDATE><DESCRIPTION>Words.</DESCRIPTION></ITEM>").encode(), title="Dam fails", link="https://odd.example/dam", published=TEN, words=("Words.",)),
    Odd("a DTD that only has a name", b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://odd.example/rss-0.91.dtd"><rss version="0.91"><channel><title>Odd</title><item><title>Dam fails</title><link>https://odd.example/dam</link><description>Words.</description></item></channel></rss>', title="Dam fails", words=("Words.",)),
    Odd("items without a channel", b'<rss version="2.0"><item><title>Dam fails</title><guid>odd-1</guid><description>Words.</description></item></rss>', title="Dam fails", words=("Words.",)),
    dated("British summer time", "Thu, 03 Jul 2025 11:00:00 BST", "2025-07-03T10:00:00+00:00"),
    dated("Central European time", "Mon, 03 Mar 2025 11:00:00 CET", TEN),
    dated("Eastern time", "Mon, 03 Mar 2025 05:00:00 EST", TEN),
    dated("an offset with a colon", "Mon, 03 Mar 2025 11:00:00 +01:00", TEN),
    dated("an offset behind GMT", "Mon, 03 Mar 2025 12:00:00 GMT+0200", TEN),
    dated("no seconds", "Mon, 03 Mar 2025 10:00 GMT", TEN),
    dated("no weekday, a single digit", "3 Mar 2025 10:00:00 +0000", TEN),
    dated("a wrong weekday", "Fri, 03 Mar 2025 10:00:00 +0000", TEN),
    dated("a long month", "Monday, 03 March 2025 10:00:00 GMT", TEN),
    dated("ISO in pubDate", "2025-03-03T05:00:00-05:00", TEN),
    dated("a space in ISO", "2025-03-03 10:00:00 UTC", TEN),
    dated("a clock of twelve hours", "Mon, 03 Mar 2025 10:00:00 AM GMT", TEN),
    Odd("an impossible date", rss(item("<pubDate>Mon, 45 Foo 2025 99:00:00 GMT</pubDate><description>Words.</description>")).encode(), words=("Words.",), published=""),
    Odd("a date of Dublin Core only", rss(item("<dc:date>2025-03-03T10:00:00Z</dc:date><description>Words.</description>"), spaces=DC).encode(), published=TEN),
    Odd("relative links in RSS", rss("<item><title>Dam fails</title><link>/dam?x=1</link><description>Words.</description></item>").encode(), link="https://odd.example/dam?x=1"),
    Odd("relative links under xml:base", atom('<entry xml:base="world/"><id>urn:odd:1</id><title>Dam fails</title><link href="dam"/><content type="html">&lt;p&gt;Words.&lt;/p&gt;</content></entry>', ' xml:base="https://odd.example/news/"').encode(), link="https://odd.example/news/world/dam"),
    Odd("white space in a link", rss("<item><title>Dam fails</title><link>\n   https://odd.example/dam \n</link><description>Words.</description></item>").encode(), link="https://odd.example/dam"),
    Odd("a guid that is no link", rss('<item><title>Dam fails</title><guid isPermaLink="false">https://odd.example/?p=1</guid><link>https://odd.example/dam</link><description>Words.</description></item>').encode(), id="https://odd.example/?p=1", link="https://odd.example/dam"),
    Odd("a guid that is the only link", rss("<item><title>Dam fails</title><guid>https://odd.example/dam</guid><description>Words.</description></item>").encode(), link="https://odd.example/dam"),
    Odd("Atom's link in RSS", rss('<item><title>Dam fails</title><atom:link href="https://odd.example/dam"/><description>Words.</description></item>', spaces=' xmlns:atom="http://www.w3.org/2005/Atom"').encode(), link="https://odd.example/dam"),
    Odd("one guid for every item", rss("<item><title>Dam fails</title><guid>odd</guid><link>https://odd.example/1</link><description>One.</description></item><item><title>Mill burns</title><guid>odd</guid><link>https://odd.example/2</link><description>Two.</description></item>").encode(), count=2, at=1, title="Mill burns", link="https://odd.example/2"),
    Odd("content beside a description", rss(item("<description>Short.</description><content:encoded><![CDATA[<p>Forty homes.</p><p>Ten stand.</p>]]></content:encoded>"), spaces=CONTENT).encode(), words=("Forty homes.", "Ten stand.")),
    Odd("content before a description", rss(item("<content:encoded><![CDATA[<p>Forty homes.</p>]]></content:encoded><description>Short.</description>"), spaces=CONTENT).encode(), words=("Forty homes.",)),
    Odd("an author with an address", rss(item("<author>ada@odd.example (Ada Quill)</author><description>Words.</description>")).encode(), author="Ada Quill"),
    Odd("an empty title and a link as title", rss("<item><title/><link>https://odd.example/dam</link><description>Words of the story.</description></item>").encode(), link="https://odd.example/dam", words=("Words of the story.",)),
    Odd("media with another title", rss("<item><media:group><media:title>Picture title</media:title><media:content url='https://odd.example/p.jpg' medium='image'/></media:group><title>Dam fails</title><guid>odd-1</guid><description>Words.</description></item>", spaces=MEDIA).encode(), title="Dam fails", media="https://odd.example/p.jpg"),
    Odd("a namespace of media without its slash", rss(item("<media:content url='https://odd.example/p.jpg' type='image/jpeg'/><description>Words.</description>"), spaces=MEDIA.replace("mrss/", "mrss")).encode(), media="https://odd.example/p.jpg"),
    Odd("an enclosure", rss(item("<enclosure url='https://odd.example/p.jpg' type='image/jpeg' length='0'/><description>Words.</description>")).encode(), media="https://odd.example/p.jpg"),
    Odd("a podcast", rss(item("<itunes:author>Ada Quill</itunes:author><itunes:summary>Forty homes.</itunes:summary>"), spaces=' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"').encode(), author="Ada Quill", words=("Forty homes.",)),
    Odd("Atom in XHTML", atom(entry('<title>Dam fails</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Forty homes.</p><p>Ten <b>stand</b>.</p></div></content>')).encode(), words=("Forty homes.", "Ten stand.")),
    Odd("Atom in XHTML with a prefix", atom(entry('<title>Dam fails</title><content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>Forty homes.</h:p><h:p>Ten stand.</h:p></h:div></content>')).encode(), words=("Forty homes.", "Ten stand."), absent=("h:p",)),
    Odd("Atom in plain text with angles", atom(entry('<title type="text">Index &lt;200&gt; falls</title><content type="text">It fell &lt;by half&gt; on Monday.</content>')).encode(), title="Index <200> falls", words=("It fell <by half> on Monday.",)),
    Odd("Atom in HTML", atom(entry('<title type="html">Dam &lt;b&gt;fails&lt;/b&gt; &amp;amp; floods</title><content type="html">&lt;p&gt;Forty &amp;amp; more.&lt;/p&gt;</content>')).encode(), title="Dam fails & floods", words=("Forty & more.",)),
    Odd("Atom with a summary only", atom(entry("<title>Dam fails</title><summary>Forty homes.</summary>")).encode(), words=("Forty homes.",)),
    Odd("Atom without its namespace", atom(entry("<title>Dam fails</title><content>Forty homes.</content>")).replace(' xmlns="http://www.w3.org/2005/Atom"', "").encode(), title="Dam fails", words=("Forty homes.",), link="https://odd.example/dam"),
    Odd("Atom with a prefix", atom("").replace("<feed xmlns=", "<a:feed xmlns:a=").replace("</feed>", "<a:entry><a:id>urn:odd:1</a:id><a:title>Dam fails</a:title><a:content>Forty homes.</a:content></a:entry></a:feed>").encode(), title="Dam fails", words=("Forty homes.",)),
    Odd("Atom updated before it is published", atom(entry("<title>Dam fails</title><published>2025-03-03T10:00:00Z</published><updated>2025-03-01T10:00:00Z</updated><content>Words.</content>")).encode(), published=TEN),
    Odd("Atom with the feed's author", atom("<author><name>Ada Quill</name></author>" + entry("<title>Dam fails</title><content>Words.</content>")).encode(), author="Ada Quill"),
    Odd("Atom of 2004", b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Odd</title><entry><title mode="escaped">Dam &amp;amp; mill</title><id>urn:odd:1</id><issued>2025-03-03T10:00:00Z</issued><content type="text/html" mode="escaped">&lt;p&gt;Forty homes.&lt;/p&gt;</content></entry></feed>', title="Dam & mill", published=TEN, words=("Forty homes.",)),
    Odd("RSS 1.0", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://odd.example/"><title>Odd</title><link>https://odd.example/</link></channel><item rdf:about="https://odd.example/dam"><title>Dam fails</title><link>https://odd.example/dam</link><description>Words.</description><dc:date>2025-03-03T10:00:00Z</dc:date></item></rdf:RDF>', title="Dam fails", link="https://odd.example/dam", published=TEN, words=("Words.",)),
    Odd("RSS 0.90", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Odd</title><link>https://odd.example/</link></channel><item><title>Dam fails</title><link>https://odd.example/dam</link></item></rdf:RDF>', title="Dam fails", link="https://odd.example/dam"),
)  # fmt: skip
