"""The lines of a telegraph text: typesetting codes become plain characters, soft returns are joined, tables are kept.

A line that begins with `^` is set apart: a headline, a byline, a word to editors. `<` ends it, or a paragraph; `=`
ends a centred one; a tab or two spaces begin a paragraph. `_` between spaces is a dash, two grave accents and two
apostrophes are quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import normalize

from pipeline.parsers.canonical import fold

_INSTRUCTION = re.compile(r"\x0c[^\x0b\x0c\n]{0,200}\x0b")
_PADS = re.compile("[\x00\x16\x7f\x0e\x0f\x11-\x14\x1b\x0b\x0c]+")
# En, em and thin spaces and the leaders of typesetting: Python would take some of them for line ends.
_SPACES = re.compile("[\x1c-\x1f]")
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", '"': "\u0308", "\xa8": "\u0308", ",": "\u0327"}
_OVERSTRUCK = re.compile("([A-Za-z])\x08(['`^~\"\xa8,])|(['`^~\"\xa8])\x08([A-Za-z])")
_DASH = re.compile(r"(?<=\s)_{1,2}(?=\s)|(?<=\w)--(?=\w)")
# A thin space between a number and a fraction: three and a half metres are sent as 3, thin space, 1-2.
_FRACTION = re.compile("(?<=[0-9])[\x1c-\x1f]([1-9])-([2-9]|1[06]|32|64)(?![0-9-])")
_COLUMNS = re.compile(r"\S(?: {3,}|\t| ?\.{3,} ?)\S")
_RULE = re.compile(r"[-_=*.~# ]{3,}|[-_—]+")


class Line(NamedTuple):
    """A line or paragraph, folded; `marked` where it began with `^`, `closed` where a code ends it."""

    text: str
    marked: bool = False
    closed: bool = False


def plain(text: str) -> str:
    """Return a text without padding and typesetting codes; the codes of line ends and marks stay."""
    if "\x0c" in text:
        text = _INSTRUCTION.sub("", text)
    if "\x08" in text:
        text = _OVERSTRUCK.sub(_accented, text).replace("\x08", "")
    if "\x18" in text:
        text = "\n".join(map(_without_killed, text.split("\n")))
    text = _FRACTION.sub(r" \1/\2", text)
    text = _SPACES.sub(" ", _PADS.sub("", text)).replace("``", "“").replace("''", "”")
    return _DASH.sub("—", text)


def lines_of(text: str, *, tabular: bool = False) -> list[Line]:
    """Return the set-apart lines and the paragraphs of a plain text, in order; of a tabular one, each line."""
    found = []
    for block, marked, closed in _blocks(text, tabular=tabular):
        words = fold(" ".join(block) if len(block) > 1 else block[0])
        if words and (words[0].isalnum() or not _RULE.fullmatch(words)):
            found.append(Line(words, marked, closed))
    return found


def _blocks(text: str, *, tabular: bool) -> Iterator[tuple[list[str], bool, bool]]:
    """Yield the lines that belong together, whether a mark begins them, and whether a code ends them."""
    block: list[str] = []
    marked = False
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = raw.strip()
        table = tabular or (_may_have_columns(raw) and _COLUMNS.search(line) is not None)
        if block and (not line or line[0] == "^" or raw[0] == "\t" or raw[:2] == "  " or table):
            yield block, marked, False
            block, marked = [], False
        if not line:
            continue
        if line[0] == "^":
            marked = True
            line = line.lstrip("^").strip()
        closed = line.endswith("<") or (marked and line.endswith(("=", "@")))
        block.append(line.rstrip("<@=").rstrip() if closed else line)
        if closed or table:
            yield block, marked, closed
            block, marked = [], False
    if block:
        yield block, marked, False


def _may_have_columns(line: str) -> bool:
    return "   " in line or "\t" in line or "..." in line


def _accented(found: re.Match[str]) -> str:
    letter, accent = (found[1], found[2]) if found[1] else (found[4], found[3])
    return normalize("NFC", letter + _ACCENTS[accent])


def _without_killed(line: str) -> str:
    """Take out each word that a kill-word code (CAN) follows."""
    kept: list[str] = []
    for letter in line:
        if letter != "\x18":
            kept.append(letter)
            continue
        while kept and kept[-1] == " ":
            kept.pop()
        while kept and kept[-1] != " ":
            kept.pop()
    return "".join(kept)
