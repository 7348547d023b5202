"""Looks at feeds on a real server that misbehaves: each entry once, each edit once, nothing lost, nobody pestered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.bus.events import header, raw_event
from pipeline.errors import DeliveryError
from pipeline.feeds.syndication import Options, Pace
from pipeline.parsers.reading import Reading
from pipeline.stages.normalize import normalize
from schemas import Article, RawItem
from tests.feeds.archives import MemoryPublisher
from tests.feeds.syndication.desk import NOON, Desk, Story, edited, feed, stories
from tests.http_server import (
    Reply,
    Script,
    WebServer,
    broken_off,
    drip,
    packed,
    redirect,
    reply,
    too_many,
    unless_known,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def article(raw: RawItem) -> Article:
    (found,) = normalize(raw)
    return found


def ids(items: list[RawItem]) -> list[str | None]:
    return [item.hints.wire_id for item in items]


def event_id(raw: RawItem) -> str | None:
    return header(raw_event(raw).headers, "ce_id")


def test_every_entry_is_published_once_in_the_order_it_came_out(desk: Desk) -> None:
    """The first look publishes the whole feed, oldest first, as items that stand alone; the next ones nothing."""
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(3, 2, 1))))
        done = [desk.poll(server.url("/feed")) for _ in range(3)]
    assert ids(desk.sent) == ["guid-1", "guid-2", "guid-3"]
    assert [one.new for one in done] == [3, 0, 0]
    one = desk.sent[0]
    assert (one.uri, one.source, one.media_type) == ("https://wire.example/story-1", "desk", "application/rss+xml")
    read = article(one)
    assert (read.article_id, read.headline, read.text) == (one.item_id, "Story 1", "Story 1 has some words.")
    assert read.published_at == one.hints.published_at


def test_what_is_known_is_asked_for_by_its_validators(desk: Desk) -> None:
    """ETag and Last-Modified go back to the server, also after a restart; a 304 is no news."""
    body = feed(*stories(1))
    with WebServer() as server:
        server.on("/feed", unless_known(body, '"v1"', {"Last-Modified": "Mon, 03 Mar 2025 10:00:00 GMT"}))
        desk.poll(server.url("/feed"))
        assert desk.news(lambda: desk.poll(server.url("/feed"))) == []
        first, second = server.requests
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"v1"'
    assert second.headers["if-modified-since"] == "Mon, 03 Mar 2025 10:00:00 GMT"


def test_an_edit_is_a_new_version_under_the_same_id(desk: Desk) -> None:
    """Other words give another version of the same article; taking them back is a version too."""
    one, two = stories(1, 2)
    with WebServer() as server:
        server.on("/feed", *(reply(feed(*shown)) for shown in ((one, two), (edited(one), two), (one, two))))
        for _ in range(3):
            desk.poll(server.url("/feed"))
    versions = [raw for raw in desk.sent if raw.hints.wire_id == "guid-1"]
    assert len(desk.sent) == 4
    assert len({raw.item_id for raw in versions}) == 1
    assert len({raw.hints.version for raw in versions}) == len({event_id(raw) for raw in versions}) == 3
    assert [article(raw).text for raw in versions][1] == "Story 1 was edited."


@pytest.mark.parametrize(
    "disguise",
    [
        lambda story: replace(story, link=f"{story.link}?utm_source=rss&fbclid=x{story.number}#xtor=RSS-1"),
        lambda story: replace(story, link=story.link.replace("https", "http")),
        lambda story: replace(story, link=f"{story.link}/"),
        lambda story: replace(story, hour=story.hour),
    ],
    ids=["tracking", "http", "slash", "order"],
)
def test_a_disguise_is_no_news(desk: Desk, disguise) -> None:  # type: ignore[no-untyped-def] # story to story
    """Tracking parameters, another scheme, a closing slash, another order: nothing is sent again."""
    plain = [Story(number, link=f"https://wire.example/story-{number}") for number in (1, 2, 3)]
    with WebServer() as server:
        server.on("/feed", reply(feed(*plain)), reply(feed(*map(disguise, reversed(plain)))))
        desk.poll(server.url("/feed"))
        assert desk.news(lambda: desk.poll(server.url("/feed"))) == []


@pytest.mark.parametrize(
    "guids",
    [(None, None, None), ("new-1", "new-2", "new-3"), ("guid-2", "guid-3", "guid-1")],
    ids=["gone", "new", "swapped"],
)
def test_a_changed_guid_is_no_news(desk: Desk, guids: tuple[str | None, ...]) -> None:
    """Guids that vanish, change or go to another entry do not make an old story new."""
    before, after = stories(1, 2, 3), [Story(n, guid=guid) for n, guid in enumerate(guids, start=1)]
    with WebServer() as server:
        server.on("/feed", reply(feed(*before)), reply(feed(*after)), reply(feed(*before)))
        desk.poll(server.url("/feed"))
        assert desk.news(lambda: [desk.poll(server.url("/feed")) for _ in range(2)]) == []


def test_an_edit_under_a_changed_guid_keeps_its_article(desk: Desk) -> None:
    """The article stays what it was first, though guid and words change: `normalize` gives the id that the key has."""
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1, 2))), reply(feed(edited(Story(1, guid="other")), Story(2))))
        desk.poll(server.url("/feed"))
        (again,) = desk.news(lambda: desk.poll(server.url("/feed")))
    first = desk.sent[0]
    assert (again.item_id, again.hints.wire_id) == (first.item_id, "guid-1")
    assert article(again).article_id == first.item_id


def test_a_changed_title_is_an_edit(desk: Desk) -> None:
    """A new headline is a new version of the same article, not a new one."""
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1))), reply(feed(Story(1, title="Another headline"))))
        desk.poll(server.url("/feed"))
        (again,) = desk.news(lambda: desk.poll(server.url("/feed")))
    assert again.item_id == desk.sent[0].item_id
    assert article(again).headline == "Another headline"


def test_guids_that_count_places_do_not_mix_stories_up(desk: Desk) -> None:
    """A feed that numbers its entries from the top gives old guids to new stories; each story stays itself."""
    before = [Story(2, guid="1"), Story(1, guid="2")]
    after = [Story(3, guid="1"), Story(2, guid="2"), Story(1, guid="3")]
    with WebServer() as server:
        server.on("/feed", reply(feed(*before)), reply(feed(*after)))
        desk.poll(server.url("/feed"))
        (new,) = desk.news(lambda: desk.poll(server.url("/feed")))
    assert article(new).headline == "Story 3"
    assert new.item_id not in {raw.item_id for raw in desk.sent[:2]}
    assert article(new).article_id == new.item_id


def test_a_feed_without_ids_has_articles_all_the_same(desk: Desk) -> None:
    """Neither guid nor link: title and date name the entry."""
    bare = [Story(n, guid=None, link=None) for n in (1, 2)]
    with WebServer() as server:
        server.on("/feed", reply(feed(*bare)), reply(feed(*bare, head="<ttl>5</ttl>")))
        desk.poll(server.url("/feed"))
        assert desk.news(lambda: desk.poll(server.url("/feed"))) == []
    assert [article(raw).article_id for raw in desk.sent] == [raw.item_id for raw in desk.sent]
    assert len({raw.item_id for raw in desk.sent}) == 2


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("breaks", ["unacknowledged", "killed"])
def test_nothing_is_written_down_before_the_broker_has_it(tmp_path: Path, breaks: str) -> None:
    """A look that ends between publishing and remembering is done again, and its repeats have the same ids."""

    class Broken(MemoryPublisher):
        """Sends everything, then fails as asked."""

        def flush(self) -> None:
            """Fail instead of waiting."""
            raise DeliveryError("not in time") if breaks == "unacknowledged" else Killed

    broken, whole = Desk(tmp_path, Broken()), Desk(tmp_path)
    whole.time.at += 500
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1, 2)), headers={"ETag": '"v1"'}))
        with pytest.raises((DeliveryError, Killed)):
            broken.poll(server.url("/feed"))
        whole.poll(server.url("/feed"))
        assert "if-none-match" not in server.requests[-1].headers
    assert len(whole.sent) == 2
    assert [event_id(raw) for raw in whole.sent] == [event_id(raw) for raw in broken.sent]


class Stuck(MemoryPublisher):
    """Acknowledges nothing."""

    def flush(self) -> None:
        """Wait in vain."""
        raise DeliveryError("not in time")


def test_an_outage_of_the_broker_is_waited_for(tmp_path: Path) -> None:
    """The same entries go out again when the broker is back, said once, and only then are they counted."""
    stuck, well = Stuck(), MemoryPublisher()
    desk = Desk(tmp_path, [stuck, well])
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1, 2))))
        desk.poll(server.url("/feed"), looks=3)
    assert stuck.abandoned
    assert [event_id(raw) for raw in well.sent] == [event_id(raw) for raw in stuck.sent]
    assert [line for line in desk.said if "broker" in line] == [
        "copytaster: not in time; entries wait until the broker is back",
        "copytaster: the broker answers again",
    ]
    assert [(source, items, size) for source, items, _, size, _ in desk.noted] == [
        ("desk", 1, len(raw.body)) for raw in well.sent
    ]


def test_a_poller_can_be_stopped_during_an_outage(tmp_path: Path) -> None:
    """Nothing was acknowledged, so nothing is written down: the next start publishes it all."""
    desk, later = Desk(tmp_path, [Stuck()]), Desk(tmp_path)
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1))))
        desk.poll(server.url("/feed"), looks=4)
        assert desk.noted == []
        later.poll(server.url("/feed"))
    assert ids(later.sent) == ["guid-1"]


def test_the_first_look_may_skip_what_is_there(desk: Desk) -> None:
    """--skip-existing: old entries are known, not published; new ones and edits are."""
    desk.options = replace(desk.options, skip_existing=True)
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1, 2))), reply(feed(Story(3), edited(Story(2)), Story(1))))
        assert desk.news(lambda: desk.poll(server.url("/feed"))) == []
        assert ids(desk.news(lambda: desk.poll(server.url("/feed")))) == ["guid-2", "guid-3"]


BROKEN: dict[str, Script] = {
    "truncated gzip": packed(feed(*stories(1)), keep=60),
    "broken off": broken_off(feed(*stories(1)), after=80),
    "not there": reply(b"", 404),
    "server error": reply(b"", 500),
    "too often": too_many("120"),
    "no feed": reply(b"<html><body>Please wait.</body></html>"),
    "empty": reply(b""),
    "a bomb": reply(b'<!DOCTYPE rss [<!ENTITY a "x">]><rss><channel><item><title>&a;</title></item></channel></rss>'),
    "elsewhere": redirect("http://10.0.0.1/feed"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_costs_one_sentence_and_no_entry(desk: Desk, fault: str) -> None:
    """Whatever the server does: one sentence, no traceback, and the entries come when it is well again."""
    with WebServer() as server:
        server.on("/feed", BROKEN[fault], reply(feed(*stories(1))))
        failed = desk.poll(server.url("/feed"))
        assert (len(failed.failing), len(desk.said), desk.sent) == (1, 1, [])
        desk.time.at += 3600
        well = desk.poll(server.url("/feed"))
    assert (len(well.failing), well.new, ids(desk.sent)) == (0, 1, ["guid-1"])


def test_a_redirect_loop_and_a_slow_drip_end(desk: Desk) -> None:
    """Neither holds the other feeds up: they are read meanwhile."""
    desk.policy = replace(desk.policy, total=1.0)
    with WebServer() as server:
        server.on("/loop", redirect("/loop2"))
        server.on("/loop2", redirect("/loop"))
        server.on("/drip", drip(feed(*stories(9)), every=0.3))
        server.on("/well", reply(feed(*stories(1))))
        done = desk.poll(*map(server.url, ("/loop", "/drip", "/well")))
    assert len(done.failing) == 2
    assert ids(desk.sent) == ["guid-1"]


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (feed(Story(1, text="Müller zählt 40 Häuser.")), "application/rss+xml; charset=iso-8859-1"),
        (feed(Story(1, text="Müller zählt 40 Häuser.")).decode().encode("latin-1"), "text/xml; charset=utf-8"),
        (feed(Story(1, text="Müller zählt 40 Häuser.")), "text/plain"),
    ],
)
def test_a_label_that_lies_costs_no_letter(desk: Desk, body: bytes, label: str) -> None:
    """The bytes say which charset and which dialect it is."""
    with WebServer() as server:
        server.on("/feed", reply(body, headers={"Content-Type": label}))
        desk.poll(server.url("/feed"))
    assert article(desk.sent[0]).text == "Müller zählt 40 Häuser."


def test_a_cut_feed_is_read_up_to_its_last_whole_entry(desk: Desk) -> None:
    """The entry that the cut goes through waits until it is whole; the feed is asked for unconditionally."""
    whole = feed(*stories(1, 2))
    with WebServer() as server:
        server.on("/feed", reply(whole[:-60], headers={"ETag": '"cut"'}), reply(whole))
        desk.poll(server.url("/feed"))
        assert ids(desk.sent) == ["guid-1"]
        assert ids(desk.news(lambda: desk.poll(server.url("/feed")))) == ["guid-2"]
        assert "if-none-match" not in server.requests[-1].headers


def test_one_bad_byte_or_a_nul_hides_no_entry(desk: Desk) -> None:
    """A broken letter costs itself, with a warning on its own article only."""
    body = feed(Story(1, text="Forty\0 homes."), Story(2, text="Ten \xfe stand — still.")).replace(b"\xc3\xbe", b"\xfe")
    with WebServer() as server:
        server.on("/feed", reply(body))
        desk.poll(server.url("/feed"))
    one, two = map(article, desk.sent)
    assert (one.text, one.provenance.warnings) == ("Forty homes.", ())
    assert two.text == "Ten \ufffd stand — still."
    assert "lost" in two.provenance.warnings[-1]


def test_a_moved_feed_is_asked_for_where_it_is(desk: Desk) -> None:
    """301 and 308 are remembered over restarts, 302 is not; the articles stay the same."""
    with WebServer() as server:
        server.on("/old", redirect("/new", 301))
        server.on("/new", reply(feed(*stories(1))), reply(feed(*stories(1, 2))))
        desk.poll(server.url("/old"))
        assert ids(desk.news(lambda: desk.poll(server.url("/old")))) == ["guid-2"]
        assert [request.path for request in server.requests] == ["/old", "/new", "/new"]
        server.on("/temporary", redirect("/new", 302))
        for _ in range(2):
            desk.poll(server.url("/temporary"))
        assert [request.path for request in server.requests[3:]] == ["/temporary", "/new"] * 2
    assert sum("has moved" in line for line in desk.said) == 1


def test_a_feed_that_is_gone_is_no_longer_read(desk: Desk) -> None:
    """410 ends a feed with a sentence, and the poller when it was the last."""
    with WebServer() as server:
        server.on("/feed", reply(b"", 410))
        done = desk.poll(server.url("/feed"), looks=50)
        assert len(server.requests) == 1
    assert len(done.gone) == 1
    assert "gone for good" in desk.said[0]


def test_a_host_that_asks_for_quiet_gets_it(desk: Desk) -> None:
    """429 with Retry-After: no request to that host before its time, over a restart too."""
    with WebServer() as server:
        server.on("/a", too_many("7200"), reply(feed(*stories(1))))
        server.on("/b", reply(feed(*stories(2))))
        desk.poll(server.url("/a"), server.url("/b"))
        assert [request.path for request in server.requests] == ["/a"]
        desk.time.at += 3600
        desk.poll(server.url("/a"))
        assert len(server.requests) == 1
        assert "asked to be left alone" in desk.said[-1]
        desk.time.at += 3601
        desk.poll(server.url("/a"), server.url("/b"))
    assert sorted(map(str, ids(desk.sent))) == ["guid-1", "guid-2"]


def test_failures_are_asked_about_later_and_later(desk: Desk) -> None:
    """The pause doubles with each failure, is said once, and ends when the feed answers."""
    with WebServer() as server:
        server.on("/feed", *[reply(b"", 500)] * 4, reply(feed(*stories(1))))
        desk.poll(server.url("/feed"), looks=5)
    assert desk.time.waits[:4] == [45.0, 90.0, 180.0, 360.0]
    assert [line.rpartition("/feed")[2] for line in desk.said] == [
        ": fails (500)",
        " answers again",
        ": Desk, 1 entries, 1 published",
    ]


def test_a_busy_feed_is_looked_at_more_often_than_a_quiet_one(tmp_path: Path) -> None:
    """The interval follows from the entries' dates, between the shortest and the longest."""
    waits = {}
    for name, hours in {"busy": [11, 11, 11, 11], "quiet": [1, 4, 7, 10]}.items():
        desk = Desk(tmp_path / name)
        with WebServer() as server:
            server.on("/feed", reply(feed(*(Story(10 * n, hour=hour) for n, hour in enumerate(hours)))))
            desk.poll(server.url("/feed"), looks=1)
        waits[name] = desk.time.waits[0]
    assert waits == {"busy": 300.0, "quiet": 3600.0}


def test_what_left_a_feed_long_ago_is_forgotten(desk: Desk) -> None:
    """Memory is bounded: entries go some days after they left their feed, and those that are in it stay."""
    with WebServer() as server:
        server.on("/feed", *(reply(feed(*stories(n, n + 1))) for n in range(1, 40)))
        for _ in range(39):
            desk.poll(server.url("/feed"))
            desk.time.at += 5 * 86_400
    entries, names, articles = desk.memory()
    assert articles == entries <= 2 + 30 // 5 + 1
    assert names <= 3 * entries
    assert len(desk.sent) == 40


def test_guids_that_change_at_every_look_do_not_fill_the_memory(desk: Desk) -> None:
    """An entry keeps its last names only."""
    with WebServer() as server:
        server.on("/feed", *(reply(feed(Story(1, guid=f"session-{look}"))) for look in range(30)))
        for _ in range(30):
            desk.poll(server.url("/feed"))
    assert len(desk.sent) == 1
    assert desk.memory() == (1, 8 + 1 + 1, 1)


def test_pages_are_published_where_they_say_more(desk: Desk) -> None:
    """--pages: the page with the identity of its entry; the entry where the page cannot be had or says less."""
    desk.options = replace(desk.options, pages=True)
    page = (
        b"<html><head><title>Long</title></head><body><article><p>"
        + b"Many words of a story. " * 20
        + b"</p></article>"
    )
    html = {"Content-Type": "text/html; charset=utf-8"}
    with WebServer() as server:
        shown = [Story(n, link=server.url(f"/page-{n}")) for n in (1, 2, 3)]
        server.on("/feed", reply(feed(*shown)))
        server.on("/page-1", reply(page, headers=html))
        server.on("/page-2", reply(b"", 403))
        server.on("/page-3", reply(b"<html><body><p>Subscribe.</p></body></html>", headers=html))
        done = desk.poll(server.url("/feed"))
    assert [raw.media_type for raw in desk.sent] == [html["Content-Type"], *["application/rss+xml"] * 2]
    assert (done.pages, ids(desk.sent)) == (1, ["guid-1", "guid-2", "guid-3"])
    read = article(desk.sent[0])
    assert (read.article_id, read.text.count("Many words")) == (desk.sent[0].item_id, 20)
    assert read.published_at == desk.sent[0].hints.published_at


def test_an_entry_that_is_deleted_at_its_source_is_killed(desk: Desk) -> None:
    """A deleted entry of Atom cancels the article that its id named."""
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>Desk</title>'
    entry = "<entry><id>urn:1</id><title>Story</title><content>Words.</content></entry></feed>"
    deleted = '<at:deleted-entry ref="urn:1" when="2025-03-03T11:00:00Z"/></feed>'
    with WebServer() as server:
        server.on("/feed", reply((head + entry).encode()), reply((head + deleted).encode()))
        desk.poll(server.url("/feed"))
        desk.poll(server.url("/feed"))
    assert [article(raw).status for raw in desk.sent] == ["usable", "cancelled"]
    assert len({article(raw).article_id for raw in desk.sent}) == 1


def test_a_json_feed_is_split_too(desk: Desk) -> None:
    """Items of JSON Feed stand alone as well, and keep their article under a changed id."""
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Desk", "language": "en", "items": [{"id": "%s",'
        ' "url": "https://wire.example/1", "content_text": "%s", "date_published": "2025-03-03T10:00:00Z"}]}'
    )
    with WebServer() as server:
        server.on("/feed", reply((body % ("1", "Words.")).encode()), reply((body % ("9", "Other words.")).encode()))
        desk.poll(server.url("/feed"))
        desk.poll(server.url("/feed"))
    assert [article(raw).text for raw in desk.sent] == ["Words.", "Other words."]
    assert {article(raw).article_id for raw in desk.sent} == {desk.sent[0].item_id}
    assert article(desk.sent[0]).language == "en"


def test_feeds_of_one_host_take_turns(tmp_path: Path) -> None:
    """Between two requests to one host lies the pause; one feed that is named twice is asked once."""
    desk = Desk(tmp_path, options=Options(Pace(60.0, 3600.0), pause=2.5))
    with WebServer() as server:
        for path in ("/a", "/b", "/c"):
            server.on(path, reply(feed(Story(ord(path[1])))))
        desk.poll(*map(server.url, ("/a", "/b", "/a", "/c")))
        assert sorted(request.path for request in server.requests) == ["/a", "/b", "/c"]
    assert desk.time.at == NOON + 5.0


def test_an_item_is_what_the_feed_had(desk: Desk) -> None:
    """The body of a raw item is XML that any reader of feeds takes: the entry, with its namespaces and its base."""
    with WebServer() as server:
        server.on("/feed", reply(feed(Story(1, link="/story-1"), head="<language>en-gb</language>")))
        desk.poll(server.url("/feed"))
    (raw,) = desk.sent
    root = Reading(raw.body).xml.root
    space = "{http://www.w3.org/XML/1998/namespace}"
    assert (root.tag, root.get(f"{space}lang"), root.get(f"{space}base")) == ("item", "en-GB", "https://wire.example/")
    assert raw.uri == "https://wire.example/story-1"
    assert article(raw).language == "en-GB"


def test_a_damaged_answer_is_no_reason_to_forget(desk: Desk) -> None:
    """After an empty feed and a broken one, old entries are still known."""
    with WebServer() as server:
        server.on("/feed", *(reply(body) for body in (feed(*stories(1)), feed(), b"<rss><chan", feed(*stories(1)))))
        for _ in range(4):
            desk.poll(server.url("/feed"))
    assert ids(desk.sent) == ["guid-1"]


def in_turn(desk: Desk, server: WebServer, *paths: str) -> None:
    """Look at one feed after the other; together they may be read in any order."""
    for path in paths:
        desk.poll(server.url(path))


def test_a_story_in_two_feeds_of_one_wire_is_published_once(desk: Desk) -> None:
    """Section feeds share stories: by guid or by link, one of them speaks for each; edits come once too."""
    with WebServer() as server:
        server.on("/a", reply(feed(*stories(1, 2))), reply(feed(Story(1), edited(Story(2)))))
        b = [Story(2, guid="other"), Story(3)]
        server.on("/b", reply(feed(*b)), reply(feed(edited(b[0]), b[1])))
        in_turn(desk, server, "/a", "/b")
        assert sorted(map(str, ids(desk.sent))) == ["guid-1", "guid-2", "guid-3"]
        # The second feed has the edit first; the one that speaks for the story tells it, in its own look.
        assert ids(desk.news(lambda: in_turn(desk, server, "/b", "/a"))) == ["guid-2"]
        assert article(desk.sent[-1]).text == "Story 2 was edited."
        assert desk.news(lambda: in_turn(desk, server, "/a", "/b")) == []


def test_a_feed_takes_over_what_another_has_dropped(desk: Desk) -> None:
    """An edit that only the quieter feed has is published once the other has the story no more."""
    with WebServer() as server:
        server.on("/a", reply(feed(*stories(1, 2))), reply(feed(*stories(3))))
        server.on("/b", *[reply(feed(edited(Story(2)), head=f"<ttl>{n}</ttl>")) for n in range(2)])
        in_turn(desk, server, "/a", "/b")
        assert len(desk.sent) == 2
        in_turn(desk, server, "/a", "/b")
    assert [article(raw).text for raw in desk.sent[2:]] == ["Story 3 has some words.", "Story 2 was edited."]
    assert desk.sent[-1].item_id in {raw.item_id for raw in desk.sent[:2]}


def test_the_feed_that_says_most_speaks_for_a_story(desk: Desk) -> None:
    """A feed of summaries never replaces the whole text that another feed of the wire has, a fuller one does."""
    long = Story(1, text="Story 1 has some words. " * 40)
    with WebServer() as server:
        server.on("/long", reply(feed(long)))
        server.on("/short", reply(feed(Story(1))))
        desk.poll(server.url("/long"))
        assert desk.news(lambda: desk.poll(server.url("/short"))) == []
        server.on("/longer", reply(feed(replace(long, text=long.text * 2))))
        (again,) = desk.news(lambda: desk.poll(server.url("/longer")))
    assert article(again).article_id == desk.sent[0].item_id


def test_a_status_that_nobody_expects_is_said(desk: Desk) -> None:
    """An odd status is a failure like another."""
    with WebServer() as server:
        server.on("/feed", Reply(418))
        desk.poll(server.url("/feed"))
    assert "fails (418)" in desk.said[0]
