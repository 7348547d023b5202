"""Outbound HTTP, the only place that does it: to public addresses, within caps and deadlines, without memory.

`locations` judges how an address is written, `addresses` where it leads, `gate` holds the connection to what was
judged, `inflating` decodes bodies under a cap, `answers` reads headers, `fetcher` puts the hops together.
"""

from pipeline.fetching.answers import Answer
from pipeline.fetching.fetcher import Fetcher
from pipeline.fetching.policy import Policy

__all__ = ["Answer", "Fetcher", "Policy"]
