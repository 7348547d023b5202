"""Syndication: RSS, Atom, JSON Feed and WordPress exports, as feeds and as single entries.

A feed is an item with many articles. For pollers and for large files it is split: `split_feed` gives each entry as an
item that stands alone, and `entry_item` makes one such item of an element that somebody else has read.
"""

from pipeline.parsers.syndication.channel import Channel, channel_of
from pipeline.parsers.syndication.entries import Entry, Feed, entry_item
from pipeline.parsers.syndication.splitting import known_as, split_feed

__all__ = ["Channel", "Entry", "Feed", "channel_of", "entry_item", "known_as", "split_feed"]
