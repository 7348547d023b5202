"""Mojibake: UTF-8 that somebody read as windows-1252 or the like is put right, where that is clearly what happened.

ftfy decides, by how unlikely the letters are beside each other; only its repair of encodings is used, none of its other
normalizations. What it would have to guess at (lost bytes) stays as it is. A text is looked at only where two letters
stand together that mojibake makes, so that clean text costs one search.
"""

from __future__ import annotations

import re
from typing import Final

from ftfy import TextFixerConfig, fix_encoding

from pipeline.parsers.reading import Draft

MAX_CHARS: Final = 50_000
"""Longest paragraph that is looked at as one; a longer one is no prose."""

# First a letter that the lead byte of a UTF-8 sequence turns into, then one that a continuation byte turns into: read
# as Latin-1, windows-1252, windows-1251, Mac Roman or code page 437.
_LEADS: Final = "À-ïРСГВвр├┬Γ√¬∂‚Äƒ"
_FOLLOWS: Final = (
    "\u0080-¿ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЁЄЇІіґё№єјЅѕї╗║╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    "ÇüéâäàåçêëèïîìÄÅ©®√º∂∏π∞±≤≥¥∑"
)
# One class in front lets the search skip from candidate to candidate.
_SUSPECT = re.compile(f"[\u0080-\u009f{_LEADS}](?:(?<=[\u0080-\u009f])|[{_FOLLOWS}])")
_CONFIG: Final = TextFixerConfig(replace_lossy_sequences=False, explain=False)


def repair(text: str) -> str:
    """Return a text with its mojibake put right; the same text where there clearly is none."""
    if text.isascii() or len(text) > MAX_CHARS or _SUSPECT.search(text) is None:
        return text
    fixed = fix_encoding(text, _CONFIG)
    return text if "\ufffd" in fixed and "\ufffd" not in text else fixed


def repair_draft(draft: Draft) -> None:
    """Put right the mojibake in all words of a draft, with a warning where there was some."""
    before = (draft.headline, draft.byline, draft.slug, draft.dateline, draft.correction, *draft.paragraphs)
    draft.paragraphs = [repair(paragraph) for paragraph in draft.paragraphs]
    draft.headline, draft.byline, draft.slug = (
        repair(line) if line else line for line in (draft.headline, draft.byline, draft.slug)
    )
    draft.keywords = [repair(word) for word in draft.keywords]
    draft.notes = [repair(note) for note in draft.notes]
    if draft.dateline and draft.dateline.place:
        draft.dateline = draft.dateline.model_copy(update={"place": repair(draft.dateline.place)})
    if draft.correction and draft.correction.note:
        draft.correction = draft.correction.model_copy(update={"note": repair(draft.correction.note)})
    media = [
        picture.model_copy(
            update={name: repair(words) for name in ("caption", "credit", "place") if (words := getattr(picture, name))}
        )
        for picture in draft.media
    ]
    after = (draft.headline, draft.byline, draft.slug, draft.dateline, draft.correction, *draft.paragraphs)
    if before != after or media != draft.media:
        draft.warnings.append("text: letters that a wrong charset had garbled were restored")
    draft.media = media
