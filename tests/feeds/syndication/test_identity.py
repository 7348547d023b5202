"""Which entry is which: at most one known entry for each, and no id for two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.syndication import Subscription
from pipeline.feeds.syndication.identity import digest_of, identify
from pipeline.feeds.syndication.state import FeedState, Seen, State
from pipeline.parsers.reading import Reading
from pipeline.parsers.syndication import Channel, split_feed
from tests.feeds.syndication.desk import Story, feed

FEED = Subscription("https://wire.example/feed", "desk")
STORIES = st.lists(
    st.builds(
        Story,
        number=st.integers(1, 6),
        guid=st.one_of(st.none(), st.sampled_from(["", "a", "b", "https://wire.example/story-1"])),
        link=st.one_of(
            st.none(), st.sampled_from(["", "https://wire.example/", "https://wire.example/x?utm_source=1"])
        ),
        title=st.sampled_from(["", "Same title"]),
    ),
    max_size=6,
)


def look(state: State, stories: list[Story], now: float) -> list[Seen]:
    """Look at a feed and remember it, as the poller does."""
    entries = split_feed(Reading(feed(*stories))).entries
    seen = identify(state, FEED, Channel(link="https://wire.example/"), entries)
    fresh = [
        Seen(replace(one.known, digest=digest_of(entry.draft)), one.names)
        for one, entry in zip(seen, entries, strict=True)
    ]
    state.record(FEED, FeedState(), fresh, {}, now=now, forget_before=0.0)
    return seen


@given(looks=st.lists(STORIES, min_size=1, max_size=4))
def test_no_two_entries_share_an_id(looks: list[list[Story]]) -> None:
    """Whatever a publisher does with ids, links and titles, one look never takes two entries for one."""
    with State(Path(":memory:")) as state:
        for number, shown in enumerate(looks):
            seen = look(state, shown, float(number))
            assert len({one.known.wire_id for one in seen}) == len(seen)


@given(shown=STORIES)
def test_a_feed_that_did_not_change_has_nothing_new(shown: list[Story]) -> None:
    """The same feed again: every entry is the one that it was, under the same id."""
    with State(Path(":memory:")) as state:
        first, second = (look(state, shown, float(number)) for number in range(2))
        assert [one.known.wire_id for one in first] == [one.known.wire_id for one in second]
        assert all(one.known.digest for one in second)


def test_a_site_s_front_names_no_entry(tmp_path: Path) -> None:
    """A feed of one entry whose link is always the site: each new entry is an article of its own."""
    with State(tmp_path / "state") as state:
        ids = {look(state, [Story(n, link="https://wire.example/")], float(n))[0].known.wire_id for n in range(1, 4)}
    assert len(ids) == 3
