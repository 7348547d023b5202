"""Canonical text: what every dialect's words go through before they enter an Article.

Entities are decoded once, control and invisible characters go out, white space is folded, the result is NFC. Only
then do offsets into the text mean the same thing to everybody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import normalize

PARAGRAPH_BREAK = "\n\n"
WRAP_COLUMNS = 100
"""Lines up to this length may have been wrapped by a machine; longer ones are paragraphs of their own."""

# C0 and C1 controls, soft hyphen, zero-width space, direction overrides and embeddings, byte order mark, lone
# surrogates, noncharacters. The joiners U+200C and U+200D and the marks U+200E and U+200F stay: scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ud800-\udfff\ufffe\uffff]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_INDENTED = re.compile(r"(?:\t|  )")
_ENDS_SENTENCE = re.compile(r"[.!?:…؟。][\"'”’»)\]]*$")


def unescape(text: str) -> str:
    """Decode HTML entities once; an ampersand that starts no entity stays."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def fold(text: str) -> str:
    """Return one line or paragraph in canonical form: no controls, single spaces, NFC."""
    if not text.isprintable():
        text = " ".join(_UNWANTED.sub("", text).split())
    elif "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return text if text.isascii() else normalize("NFC", text)


def join(paragraphs: Iterable[str]) -> str:
    """Return the canonical text of folded paragraphs."""
    return PARAGRAPH_BREAK.join(paragraph for paragraph in paragraphs if paragraph)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with its entities decoded, unfolded, whatever ends them."""
    return unescape(text).splitlines()


def paragraphs_of(text: str) -> list[str]:
    """Return the folded paragraphs of plain text (see `paragraphs_from`)."""
    return paragraphs_from(lines_of(text))


def paragraphs_from(lines: list[str]) -> list[str]:
    """Return the folded paragraphs of the unfolded lines of a text.

    Where a line is longer than `WRAP_COLUMNS`, no line was wrapped and each is a paragraph. Otherwise a paragraph
    ends at a blank line or before an indented one; where the text has neither, at a line that ends a sentence.
    """
    if any(len(line) > WRAP_COLUMNS for line in lines):
        return [folded for line in lines if (folded := fold(line))]
    return [folded for block in _blocks(lines) if (folded := fold(" ".join(block)))]


def _blocks(lines: list[str]) -> list[list[str]]:
    inner = _trimmed(lines)
    marked = any(not line.strip() or _INDENTED.match(line) for line in inner[1:])
    blocks: list[list[str]] = [[]]
    for line in inner:
        blank = not line.strip()
        # Of blank lines in a row only the first ends a block: damage makes a million of them.
        if blocks[-1] and (blank or _INDENTED.match(line)):
            blocks.append([])
        if blank:
            continue
        blocks[-1].append(line)
        if not marked and _ENDS_SENTENCE.search(line.rstrip()):
            blocks.append([])
    return blocks


def _trimmed(lines: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


@cache
def _boilerplate() -> tuple[frozenset[str], tuple[str, ...]]:
    path = Path(__file__).parent / "data" / "boilerplate.txt"
    entries = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    starts = tuple(entry[:-1].rstrip() for entry in entries if entry.endswith("*"))
    return frozenset(entry for entry in entries if not entry.endswith("*")), starts


def is_boilerplate(line: str) -> bool:
    """Tell whether a whole line is navigation or a site's own notice, never part of a story."""
    if len(line) > WRAP_COLUMNS:
        return False
    words, starts = _boilerplate()
    folded = line.casefold().strip(" :|»›>•·-–—.")
    return folded in words or folded.startswith(starts)
