"""How a pattern is written, read into a tree.

    {city}            a name from the list `city`, marked with the label of its folder
    {per1} {per1.last}   the same person twice: a number binds, a dot asks for another form
    {per+}            two to four of them: "A, B and C"
    [said|told reporters|]   one of these, or nothing
    <ORG University of {city}>   one name made of words and slots; marks within it are dropped
    #                 a digit; the first of a run is never 0

Forms: per.last, per.first; country.adj, .people, .capital; any organisation's .short (its acronym).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.corpus.records import LABELS, PatternError

_SLOT = re.compile(r"([a-z_]+)(\d?)(?:\.([a-z]+))?(\+?)")
_SPECIAL = re.compile(r"[\[\]{}<>|]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a name: which list, bound to which number, in which form, and whether several are joined."""

    name: str
    bound: str
    form: str
    several: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    options: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A sequence that is one name."""

    label: str
    inner: tuple[Node, ...]


Node = str | Slot | Choice | Mark


def parse(pattern: str) -> tuple[Node, ...]:
    """Return the tree of a pattern; raises `PatternError` naming the pattern where brackets do not match."""
    nodes, rest = _sequence(pattern, 0, "")
    if rest != len(pattern):
        raise PatternError(f"Bracket that closes nothing at {rest} in: {pattern}")
    return nodes


def _sequence(text: str, at: int, closers: str) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    while at < len(text) and text[at] not in closers:
        found = _SPECIAL.search(text, at)
        stop = found.start() if found else len(text)
        if stop > at:
            nodes.append(text[at:stop])
            at = stop
        elif text[at] == "{":
            node, at = _slot(text, at)
            nodes.append(node)
        elif text[at] == "[":
            choice, at = _choice(text, at)
            nodes.append(choice)
        elif text[at] == "<":
            mark, at = _mark(text, at)
            nodes.append(mark)
        elif text[at] == "|":
            nodes.append("|")
            at += 1
        else:
            raise PatternError(f"Unexpected {text[at]} at {at} in: {text}")
    return tuple(nodes), at


def _slot(text: str, at: int) -> tuple[Slot, int]:
    end = text.find("}", at)
    match = _SLOT.fullmatch(text, at + 1, end) if end > 0 else None
    if match is None:
        raise PatternError(f"No slot at {at} in: {text}")
    name, bound, form, several = match.groups(default="")
    return Slot(name, bound, form, bool(several)), end + 1


def _choice(text: str, at: int) -> tuple[Choice, int]:
    options = []
    while True:
        nodes, at = _sequence(text, at + 1, "|]")
        options.append(nodes)
        if at >= len(text):
            raise PatternError(f"[ without ] in: {text}")
        if text[at] == "]":
            return Choice(tuple(options)), at + 1


def _mark(text: str, at: int) -> tuple[Mark, int]:
    label, _, _ = text[at + 1 :].partition(" ")
    if label not in LABELS:
        raise PatternError(f"No label after < at {at} in: {text}")
    nodes, at = _sequence(text, at + len(label) + 2, ">")
    if at >= len(text):
        raise PatternError(f"< without > in: {text}")
    return Mark(label, nodes), at + 1
