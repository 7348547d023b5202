"""`feed rss` as a process: what a feed had is on the topic once, whatever happens to the process."""

from __future__ import annotations

import signal
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from pipeline.feeds.syndication import State
from pipeline.settings import Settings, load_settings
from pipeline.stages.normalize import normalize
from schemas import RawItem
from tests.apache.properties import free_ports
from tests.cli_stream.commands import DEADLINE, everything, own_topics, records, run, running, wait_for
from tests.feeds.syndication.desk import Story, edited, feed, stories
from tests.http_server import WebServer, reply, too_many, unless_known

LOCAL = ("--allow", "127.0.0.1", "--pause", "0")


def raw_items(settings: Settings) -> list[RawItem]:
    """Return the distinct raw items on the topic."""
    return [event.record for event in everything(settings, "raw") if isinstance(event.record, RawItem)]


def has(settings: Settings, count: int) -> bool:
    """Tell whether so many records are on the raw topic."""
    return records(settings, "raw") >= count


def test_a_feed_is_published_once(broker_address: str, tmp_path: Path) -> None:
    """Two runs and an edit: each entry once, the edit under the same key, exit code 0, stdout empty."""
    settings = own_topics(broker_address)
    with WebServer() as server:
        shown = feed(*stories(1, 2, 3))
        server.on("/feed", unless_known(shown, '"1"'), unless_known(shown, '"1"'), reply(feed(edited(Story(2)))))
        command = ("feed", "rss", server.url("/feed"), "--once", *LOCAL)
        done = [run(settings, *command, state=tmp_path) for _ in range(3)]
    assert [(one.returncode, one.stdout) for one in done] == [(0, b"")] * 3
    said = [one.stderr.decode().splitlines()[-1].split(", ")[1] for one in done]
    expected = ((3, 0), (0, 0), (0, 1))
    assert said == [f"{new} new entries and {edits} edits published" for new, edits in expected]
    items = raw_items(settings)
    assert (len(items), len({item.item_id for item in items}), records(settings, "raw")) == (4, 3, 4)
    assert {item.source for item in items} == {f"127.0.0.1:{server.port}"}
    assert all(normalize(item)[0].article_id == item.item_id for item in items)


def test_a_kill_between_publishing_and_remembering_loses_nothing(broker_address: str, tmp_path: Path) -> None:
    """Kill -9 after the broker has the entries and before the state does: they come again, with the same ids."""
    settings = own_topics(broker_address)
    state = tmp_path / "state.sqlite3"
    with State(state):
        pass
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(*range(1, 21)))))
        command = ("feed", "rss", server.url("/feed"), "--state", state, *LOCAL)
        # Whoever holds the database lets the poller publish, but not remember.
        holder = sqlite3.connect(state, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with running(settings, *command) as poller:
            wait_for(partial(has, settings, 20), "the entries are published")
            poller.kill()
            poller.wait(DEADLINE)
        holder.execute("ROLLBACK")
        holder.close()
        done = run(settings, *command, "--once")
        assert run(settings, *command, "--once").returncode == 0
    assert done.returncode == 0, done.stderr
    assert records(settings, "raw") == 40
    ids = [item.hints.wire_id for item in raw_items(settings)]
    assert sorted(map(str, ids)) == sorted(f"guid-{number}" for number in range(1, 21))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_poller_in_peace(embedded_address: str, tmp_path: Path, stop: signal.Signals) -> None:
    """What was published is remembered, the summary is said, the exit code is 0."""
    settings = own_topics(embedded_address)
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1, 2))))
        with running(settings, "feed", "rss", server.url("/feed"), *LOCAL, state=tmp_path) as poller:
            wait_for(partial(has, settings, 2), "the entries are published")
            poller.send_signal(stop)
            _, said = poller.communicate(timeout=DEADLINE)
        assert poller.returncode == 0, said
        assert "2 new entries" in said.decode().splitlines()[-1]
        assert run(settings, "feed", "rss", server.url("/feed"), "--once", *LOCAL, state=tmp_path).returncode == 0
    assert records(settings, "raw") == 2


def test_a_list_of_feeds_is_polled_and_its_faults_are_said(embedded_address: str, tmp_path: Path) -> None:
    """One sentence for each feed that failed, the others are read, the exit code is 1."""
    settings = own_topics(embedded_address)
    with WebServer() as server:
        server.on("/well", reply(feed(*stories(1))))
        server.on("/gone", reply(b"", 410))
        server.on("/busy", too_many("600"))
        server.on("/page", reply(b"<html><body>No feed here.</body></html>"))
        names = ("well", "gone", "page", "busy")
        outlines = "".join(
            f'<outline text="x"><outline xmlUrl="{server.url("/" + name)}"/></outline>' for name in names
        )
        (tmp_path / "list.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", encoding="utf-8")
        command = ("feed", "rss", "--opml", tmp_path / "list.opml", "--once", "--source", "desk", *LOCAL)
        done = run(settings, *command, state=tmp_path)
    assert done.returncode == 1
    *sentences, summary = done.stderr.decode().splitlines()
    assert len(sentences) == 4
    assert [sum(word in line for line in sentences) for word in ("gone for good", "no feed", "too often")] == [1, 1, 1]
    assert summary == "copytaster: 4 looks, 1 new entries and 0 edits published, 0 rejected, 2 feeds failing"
    assert [item.source for item in raw_items(settings)] == ["desk"]


def test_wrong_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    """No feed, no address, no list, no sense: exit code 2; no broker: 3."""
    nobody = load_settings(brokers=f"127.0.0.1:{free_ports(1)[0]}")
    (tmp_path / "list.opml").write_text("<opml/>", encoding="utf-8")
    wrong: list[tuple[int, list[str | Path]]] = [
        (2, []),
        (2, ["ftp://wire.example/feed"]),
        (2, ["--opml", tmp_path / "absent.opml"]),
        (2, ["--opml", tmp_path / "list.opml"]),
        (2, ["http://wire.example/", "--min-interval", "90", "--max-interval", "60"]),
        (2, ["http://wire.example/", "--state", tmp_path / "list.opml"]),
        (3, ["http://wire.example/", "--once"]),
    ]
    for code, arguments in wrong:
        done = run(nobody, "feed", "rss", *arguments, state=tmp_path / "state")
        assert (done.returncode, done.stderr.count(b"\n")) == (code, 1), done.stderr


def test_private_addresses_are_not_fetched(embedded_address: str, tmp_path: Path) -> None:
    """Without --allow nothing on this machine or network is asked."""
    settings = own_topics(embedded_address)
    with WebServer() as server:
        server.on("/feed", reply(feed(*stories(1))))
        done = run(settings, "feed", "rss", server.url("/feed"), "--once", state=tmp_path)
        assert (done.returncode, server.requests) == (1, [])
