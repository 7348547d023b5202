"""Lists of feeds: every feed once, however deep it stands."""

from __future__ import annotations

import pytest

from pipeline.errors import InputError, UnsafeItem
from pipeline.feeds.syndication.opml import read_opml


def test_outlines_in_outlines_are_read() -> None:
    """Folders hold feeds and folders; addresses that are none, and those that are named twice, are left out."""
    opml = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Desk</title></head><body>
    <outline text="World"><outline text="East"><outline type="rss" xmlUrl="https://a.example/rss?x=1&amp;y=2"/></outline>
    <outline type="atom" xmlUrl="HTTP://b.example/atom"/></outline>
    <outline text="c" xmlurl="https://c.example/"/><outline xmlUrl="ftp://d.example/"/><outline type="link" xmlUrl="https://e.example"/>
    <outline xmlUrl="https://c.example/"/></body></opml>"""
    assert read_opml(opml) == ["https://a.example/rss?x=1&y=2", "HTTP://b.example/atom", "https://c.example/"]


@pytest.mark.parametrize("body", [b"", b"words", b"<rss/>", b"<opml><body><outline text='x'/></body></opml>"])
def test_what_names_no_feed_is_said(body: bytes) -> None:
    """One sentence for a person."""
    with pytest.raises(InputError, match=r"\.$"):
        read_opml(body)


def test_a_list_with_a_dtd_is_refused() -> None:
    """Lists come from strangers as feeds do."""
    with pytest.raises(UnsafeItem):
        read_opml(b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml>&x;</opml>')
