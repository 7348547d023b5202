"""Countries of a text: what "Supreme Court" or "Portland, Maine" means there."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.tables import rows
from pipeline.stages.entities.titles import Links, states, titles

_SHARE: Final = 0.6
"""Part of the mentions of countries that one must have to be the country of a text."""

_OF: Final = re.compile(r"(.+) of (?:the )?(.+)")
_OF_GAPS: Final = frozenset({" of ", " of the "})
_GAPS: Final = frozenset({" ", "'s ", "’s ", " 's ", "' ", "’ "})


@cache
def _institutions() -> dict[str, dict[str, str]]:
    """Return the names that many countries have, to country, to title."""
    found: dict[str, dict[str, str]] = {}
    for country, title, spellings in rows("institutions.tsv"):
        for spelling in spellings.split("|"):
            found.setdefault(spelling.replace("'s", " 's"), {})[country] = title
    return found


@cache
def _peoples() -> dict[str, str]:
    """Return the country of each adjective or noun for a people."""
    return {spelling: code for code, names in rows("demonyms.tsv") if code != "-" for spelling in names.split("|")}


class Countries:
    """What the names of one text say of countries."""

    def __init__(self, text: str, found: list[Candidate], lexicon: Lexicon) -> None:
        """Read the countries and towns off the names of a text, which are in order."""
        self._lexicon = lexicon
        self._states, _ = states()
        self._peoples, self._institutions = _peoples(), _institutions()
        self._near: dict[str, str] = {}
        """Names of institutions with the country that stands right beside them."""
        self.towns: dict[str, Links] = {}
        """Towns of the text that a state follows."""
        votes: Counter[str] = Counter()
        codes: dict[str, str] = {}
        institutions = self._institutions
        before: Candidate | None = None
        code_before = ""
        for one in found:
            code = codes.get(one.name)
            if code is None:
                code = codes[one.name] = self._code(one.name)
            if code and one.name not in institutions:
                votes[code] += 1
            if before is not None and (code or code_before):
                gap = text[before.end : one.start]
                if code_before and gap in _GAPS and one.name in institutions:
                    self._near.setdefault(one.name, code_before)
                elif code and gap in _OF_GAPS and before.name in institutions:
                    self._near.setdefault(before.name, code)
            if text.startswith(", ", one.end) and one.type not in {"person", "organization"}:
                self._read_town(text, one)
            before, code_before = one, code
        best = votes.most_common(1)
        self._home = best[0][0] if best and best[0][1] >= _SHARE * votes.total() else ""

    def _code(self, name: str) -> str:
        """Return the country of a country, people or state; "" for any other name."""
        code = self._peoples.get(name)
        if code is not None:
            return code
        entry = self._lexicon.entries.get(name)
        if entry is not None and entry.links and entry.links[0][0] == "iso3166":
            return entry.links[0][1]
        state = self._states.get(name)
        return "" if state is None else state[0]

    def _read_town(self, text: str, one: Candidate) -> None:
        known, pattern = states()
        state = pattern.match(text, one.end)
        entry = self._lexicon.entries.get(one.name)
        if state is None or one.name in known or entry is None or entry.type != "place":
            return
        whole = f"{one.spelling}, {known[state[1]][1]}"
        if whole not in titles():
            self.towns.setdefault(one.name, (("wikipedia", whole),))

    def institution(self, one: Candidate) -> Links | None:
        """Return the link of an institution that many countries have; None where the name is no such institution."""
        known = self._institutions
        name, code = one.name, ""
        if name in known:
            code = self._near.get(name) or self._home
        elif " of " in name and (of := _OF.fullmatch(name)) and of[1] in known:
            name, code = of[1], self._code(of[2])
        else:
            first, _, rest = name.partition(" ")
            rest = rest.removeprefix("'s ")
            if rest not in known:
                return None
            name, code = rest, self._code(first)
        title = known[name].get(code)
        if title is not None:
            return (("wikipedia", title),)
        return () if code and (name != one.name or name in self._near) else None
