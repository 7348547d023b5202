"""Clusters: to which class of words a spelling belongs, and how often it is written with a capital."""

from __future__ import annotations

import gzip
from functools import cache
from typing import Final, NamedTuple

from pipeline.stages.entities.lexicon import DATA


class Cluster(NamedTuple):
    """What a row of the cluster file says, in the form that features take it."""

    whole: str
    """The Brown cluster, hexadecimal."""
    long: str
    """The first ten steps from the root of the tree of clusters, as bits."""
    middle: str
    """The first eight."""
    capital: str
    """Logarithm of how much more often the word has a capital than not; "-" where that says nothing."""


UNKNOWN: Final = Cluster("", "", "", "")
"""What is known of a spelling that the file lacks."""


@cache
def clusters() -> dict[str, Cluster]:
    """Return the cluster of each spelling; the first call reads the file."""
    found: dict[str, Cluster] = {}
    text = gzip.decompress((DATA / "clusters.tsv.gz").read_bytes()).decode("utf-8")
    for line in text.splitlines():
        whole, capital, words = line.split("\t")
        number = int(whole, 16)
        path = f"{number:b}"[::-1] if number else ""
        row = Cluster(whole if number else "", path[:10], path[:8], capital)
        for word in words.split(" "):
            found[word] = row
    return found
