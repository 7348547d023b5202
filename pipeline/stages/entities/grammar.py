"""Grammar of names: questions about a stretch `words[i:j]` of a run, answered by the word classes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.scan import APOSTROPHE, POSSESSIVE
from schemas.entity import EntityType

MARKS: Final = frozenset({POSSESSIVE, APOSTROPHE})
ORDINALS: Final = frozenset({"II", "III", "IV", "VI", "VII", "VIII", "Jr.", "Sr."})
ARABIC_ARTICLE: Final = "al"
"""The one small word with which a name may begin: "al Qaeda"."""

ARTICLES: Final = frozenset({"The", "A", "An"})
_ROAD: Final = re.compile(r"(?:RN|NH|BR|I|AH|SR)-?\d{1,4}")
_ROADS: Final = frozenset({"Autoroute", "Expressway", "Highway", "Interstate", "Motorway", "Route"})
_MAX_SHIP: Final = 4
"""Words of a ship's name with its prefix."""

_MAX_TITLED: Final = 5
"""Words of a personal name in a headline."""

_SURNAME_MONTHS: Final = frozenset({"May", "March", "August", "Ramadan", "Christmas", "Easter"})
_CLOSING: Final = frozenset({"Inc.", "Corp.", "Co.", "Ltd."})
_LINKING: Final = frozenset({"of", "for", "and", "the", "to", "on", "y", "e", "et"}) | ARTICLES


def _is_date(word: str, before: str, lexicon: Lexicon) -> bool:
    if word not in lexicon.cues["calendar"] or word in ORDINALS:
        return False
    return word not in _SURNAME_MONTHS or (before not in lexicon.given_names and before not in lexicon.cues["titles"])


def is_common(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a capitalised word is an ordinary one and no given name."""
    plain = word.lower()
    common = plain in lexicon.common_words or plain.partition("-")[0] in lexicon.cues["numerals"]
    return common and word not in lexicon.given_names and word not in lexicon.surnames


def cut_short(words: list[str], end: int, lexicon: Lexicon) -> bool:
    """Tell whether a known name that ends at `end` is but the beginning of another: "Department of State Services"."""
    if end >= len(words) or not words[end][0].isupper() or words[end - 1] == POSSESSIVE:
        return False
    linked = "of" in words[max(0, end - 3) : end]
    return linked and words[block_end(words, end, lexicon) - 1] in lexicon.heads


def in_capitals(words: list[str], i: int, end: int) -> bool:
    """Tell whether an acronym stands among capitals, where "US" may be a word."""
    if end > i + 1:
        return False
    following = words[i + 1] if i + 1 < len(words) else ""
    return len(words[i]) <= 3 and words[i].isupper() and len(following) > 3 and following.isupper()


def block_end(words: list[str], i: int, lexicon: Lexicon) -> int:
    """Return the end of the words from `i` on that no small English word, possessive or date divides."""
    cues, k = lexicon.cues, i + 1
    while k < len(words):
        word, before = words[k], words[k - 1]
        if word in MARKS:
            if before not in cues["possessive_heads"] or k + 1 >= len(words):
                break
        elif word in _LINKING or word[0].isdigit() or before in _CLOSING or _is_date(word, before, lexicon):
            break
        k += 1
    while k > i + 1 and words[k - 1][0].islower() and words[k - 1] in cues["particles"]:
        k -= 1
    return k


def leads_on(words: list[str], end: int, lexicon: Lexicon) -> bool:
    """Tell whether "Court of Cassation" or the like goes on at `end`."""
    return end + 1 < len(words) and words[end] in {"of", "for"} and words[end - 1] in lexicon.cues["org_prefixes"]


def goes_on(words: list[str], end: int, lexicon: Lexicon) -> bool:
    """Tell whether "and" at `end` joins two parts of one name: subjects of a ministry, two professions."""
    if end + 1 < len(words) and words[end] == "of":
        return words[end - 1] in lexicon.cues["continuing"]
    if end + 1 >= len(words) or words[end] != "and":
        return False
    before, after = words[end - 1], words[end + 1]
    plural = before.endswith("s") and after.endswith("s")
    unknown = after not in lexicon.entries and before not in lexicon.entries
    return after in lexicon.cues["policy_nouns"] or (plural and unknown)


def joins_subjects(words: list[str], end: int, lexicon: Lexicon) -> bool:
    """Tell whether "and" at `end` stands between two subjects of one name: "Search and Rescue Agency"."""
    if end + 1 >= len(words) or words[end] != "and":
        return False
    subjects = lexicon.cues["policy_nouns"]
    return words[end - 1] in subjects and words[end + 1] in subjects


def office_end(words: list[str], j: int, lexicon: Lexicon) -> int | None:
    """Return where the person begins after an office that goes on with "of" at `j`: "Secretary of State"."""
    if j + 2 >= len(words) or words[j] != "of" or words[j - 1] not in lexicon.cues["titles"]:
        return None
    office = words[j + 1] in lexicon.cues["policy_nouns"] or words[j + 1] in lexicon.cues["modifiers"]
    person = words[j + 2][0].isupper() and words[block_end(words, j + 2, lexicon) - 1] not in lexicon.heads
    return j + 2 if office and person else None


def title_end(words: list[str], i: int, j: int, lexicon: Lexicon) -> int | None:
    """Return the index after the last title that has a name behind it within [i, j)."""
    titles, modifiers = lexicon.cues["titles"], lexicon.cues["modifiers"]
    for k in range(j - 2, i - 1, -1):
        if words[k] in titles:
            end = k + 1
            while end < j - 1 and words[end] in modifiers and words[end] not in lexicon.given_names:
                end += 1
            return end
    return None


def title_start(words: list[str], i: int, end: int, lexicon: Lexicon) -> int:
    """Return where the title that ends at `end` begins; what stands before is no part of it."""
    cues, k = lexicon.cues, end - 1
    while k > i and (words[k - 1] in cues["titles"] or words[k - 1] in cues["modifiers"]):
        if words[k - 1] in cues["org_heads"]:
            break
        k -= 1
    return k


def seat_end(words: Sequence[str], i: int, j: int, lexicon: Lexicon) -> int | None:
    """Return the end of the place in [i, j) that only an office follows: "Virginia Governor"; None for all else."""
    if j - i < 2 or words[j - 1] not in lexicon.cues["offices"]:
        return None
    entry = lexicon.entries.get(" ".join(words[i : j - 1]))
    return j - 1 if entry is not None and entry.type == "place" else None


def says_enough(words: list[str], i: int, known: tuple[Entry, int], lexicon: Lexicon) -> bool:
    """Tell whether the words of a doubtful entry give its type: several countries have a "National Disaster Agency"."""
    entry, end = known
    return entry.weak and end - i > 1 and lexicon.heads.get(words[end - 1]) == entry.type


def opened(words: list[str], i: int, j: int, lexicon: Lexicon) -> EntityType | None:
    """Return the type that the first of several words gives: "Banco de Bogotá", "Estadio Azteca", "Air Tahiti"."""
    if j - i < 2:
        return None
    if words[i] in lexicon.cues["org_openers"]:
        return "organization"
    if words[i] in lexicon.cues["facility_openers"]:
        return "facility"
    hit = lexicon.longest(words, i + 1, j) if words[i] == "Air" else None
    return "organization" if hit is not None and hit[1] == j and hit[0].type == "place" else None


def numbered_end(words: list[str], i: int, lexicon: Lexicon) -> int | None:
    """Return the end of a road by its number or a ship by its prefix: "RN7", "Route 66", "USS Cole"."""
    word = words[i]
    if _ROAD.fullmatch(word):
        return i + 1
    if i + 1 >= len(words):
        return None
    if words[i + 1].isdigit() and word in _ROADS:
        return i + 2
    if word in lexicon.cues["ship_prefixes"] and words[i + 1][0].isupper():
        end = block_end(words, i + 1, lexicon)
        return end if end - i <= _MAX_SHIP and not words[i + 1].isupper() else None
    return None


def titled_person_end(words: list[str], i: int, lexicon: Lexicon) -> int | None:
    """Return the end of the given name and surnames at `i` of a headline; None where words could be ordinary ones."""
    if i + 1 >= len(words) or not _is_given(words[i], lexicon):
        return None
    k = i + 1
    while k < len(words) and k - i < _MAX_TITLED:
        word = words[k]
        particle = word.lower() in lexicon.cues["particles"] and k + 1 < len(words)
        if not particle and not _is_unknown(words, k, lexicon):
            break
        k += 1
    while k > i + 1 and words[k - 1].lower() in lexicon.cues["particles"]:
        k -= 1
    return k if k > i + 1 else None


def _is_given(word: str, lexicon: Lexicon) -> bool:
    usual = word.title() if word.isupper() else word
    first = usual.partition("-")[0]
    return (usual in lexicon.given_names or first in lexicon.given_names) and first.lower() not in lexicon.common_words


def _is_unknown(words: list[str], k: int, lexicon: Lexicon) -> bool:
    """Tell whether a word of a headline is neither an ordinary word nor the beginning of a known name."""
    usual = words[k].title() if words[k].isupper() else words[k]
    plain = usual.lower()
    if plain in lexicon.cues["small_words"] or usual in lexicon.cues["openers"]:
        return False
    if not usual[0].isupper() or usual in lexicon.heads or usual in lexicon.cues["titles"] or plain in lexicon.nouns:
        return False
    if usual in lexicon.surnames or usual in lexicon.given_names:
        return True
    stems = (
        plain,
        plain.removesuffix("s"),
        plain.removesuffix("es"),
        plain.removesuffix("ed"),
        plain.removesuffix("d"),
    )
    return lexicon.longest(words, k, len(words)) is None and lexicon.common_words.isdisjoint(stems)


def may_be_surnames(words: list[str], i: int, j: int, lexicon: Lexicon) -> bool:
    """Tell whether [i, j) can follow a given name: no organisation, people or country, not all ordinary words."""
    for k in range(i, j):
        hit = lexicon.longest(words, k, j)
        if hit is None or hit[0].weak:
            continue
        entry, stop = hit
        country = bool(entry.links) and entry.links[0][0] == "iso3166"
        if stop - k > 1 or country or entry.type in {"organization", "group"}:
            return False
    common = [is_common(word, lexicon) for word in words[i:j]]
    return not all(common) or (j - i == 1 and (not words[i].endswith("s") or words[i - 1] not in lexicon.entries))
