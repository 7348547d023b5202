"""News text made harmless for a terminal: nothing in it can move the cursor, change a title or hide a word."""

from __future__ import annotations

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u00ad\u200b\u2060\ufeff\ufff9\ufffa\ufffb"
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_C1 = dict.fromkeys(range(0x80, 0xA0), "\ufffd")
_LAYOUT = dict.fromkeys(map(ord, "\t\n\r\v\f\x85\u2028\u2029"), " ")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")

_SAFE: dict[int, int | str | None] = {
    **_PICTURES,
    **_C1,
    **_SURROGATES,
    **_LAYOUT,
    **dict.fromkeys(map(ord, _BIDI), "\ufffd"),
    **dict.fromkeys(map(ord, _INVISIBLE), None),
}


def safe(text: str) -> str:
    """Return the text on one line, with no character left that a terminal obeys instead of showing.

    Control characters become their pictures (ESC is shown as ␛), direction overrides and C1 controls U+FFFD, line
    breaks and tabs one space; characters without width go. Everything else stays.
    """
    return text.translate(_SAFE)


def shortened(text: str, width: int) -> str:
    """Return at most `width` characters of the safe text; an ellipsis says that there was more."""
    clean = " ".join(safe(text).split())
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"
