"""Feeds that break the rules: what is in them is read all the same."""

from __future__ import annotations

import pytest

from pipeline.parsers.reading import Reading
from pipeline.parsers.syndication import Entry, split_feed
from tests.parsers.odd_feeds import ODD_FEEDS, Odd


def found_in(entry: Entry) -> dict[str, str | None]:
    """Return what the fields of an odd feed are compared with."""
    draft = entry.draft
    return {
        "id": draft.wire_id,
        "title": draft.headline,
        "link": draft.uri,
        "author": draft.byline,
        "published": draft.published_at.isoformat() if draft.published_at else "",
        "media": draft.media[0].id if draft.media else None,
    }


@pytest.mark.parametrize("odd", ODD_FEEDS, ids=lambda odd: odd.name)
def test_an_odd_feed_is_read(odd: Odd) -> None:
    """Bad entities, labels, names, nesting, dates and ends cost at most themselves."""
    feed = split_feed(Reading(odd.body, "application/rss+xml"))
    assert len(feed.entries) == odd.count
    entry = feed.entries[odd.at]
    found = found_in(entry)
    assert {name: found[name] for name in found if getattr(odd, name) is not None} == {
        name: getattr(odd, name) for name in found if getattr(odd, name) is not None
    }
    text = "\n".join(entry.draft.paragraphs)
    assert all(words in text for words in odd.words), text
    assert not any(words in text for words in odd.absent), text
