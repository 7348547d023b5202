"""Feeds as wires: polled politely, each entry published once, an edited one as a new version.

`opml` lists feeds, `pace` decides when, `hosts` how gently, `identity` what an entry is the same as, `state` remembers,
`items` makes raw items, `poller` puts it together.
"""

from pipeline.feeds.syndication.options import Options, Polled, Subscription
from pipeline.feeds.syndication.pace import Pace
from pipeline.feeds.syndication.poller import Poller
from pipeline.feeds.syndication.state import State

__all__ = ["Options", "Pace", "Polled", "Poller", "State", "Subscription"]
