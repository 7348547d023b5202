"""Rules that cut runs of capitalised words into candidates and type those whose own words say enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.stages.entities import grammar
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.layout import Lines, datelines
from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.scan import Run, runs
from schemas.entity import EntityType

_COURTESY: Final = frozenset({"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Mister", "Madam", "Madame"})
_MAX_NAME: Final = 5
"""Most words of a personal name."""

_MAX_ACRONYM: Final = 6
_SHORTEST_DAY: Final = 3


def recognize(text: str, lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates of an English text by gazetteer and rules (a `Recognizer`)."""
    found: list[Candidate] = []
    lines, heads = Lines(text), datelines(text)
    places = {line.place[0]: line.place[1] for line in heads}
    for run in runs(text):
        cutter = _Cutter(run, lexicon, found)
        if run.starts[0] in places:
            cutter.cut_dateline(places[run.starts[0]])
        elif lines.in_headline(run.starts[0]):
            cutter.cut_headline()
        else:
            cutter.cut()
    agencies = {line.agency for line in heads if line.agency}
    for one in found:
        if one.entry is None and (one.start, one.end) in agencies:
            one.type, one.confidence, one.fixed = "organization", 0.8, True
    return found


@dataclass(slots=True)
class _Cutter:
    """Cuts one run; `found` receives the candidates from left to right."""

    run: Run
    lexicon: Lexicon
    found: list[Candidate]

    def cut_dateline(self, end: int) -> None:
        """Take the words up to the character `end` as a place, and cut the rest of the run."""
        words = self.run.words
        j = next((k + 1 for k, stop in enumerate(self.run.ends) if stop >= end), len(words))
        hit = self.lexicon.longest(words, 0, j)
        if hit is not None and hit[0].type == "place":
            self._emit_entry(0, hit[1], hit[0]._replace(weak=False)).fixed = True
            j = hit[1]
        else:
            self._emit(0, j, "place", 0.8).fixed = True
        self.cut(j)

    def cut(self, i: int = 0) -> None:
        """Cut a run of running text from its word `i` on."""
        while i < len(self.run.words):
            i = self._step(i)

    def cut_headline(self) -> None:
        """Cut a run of a headline, where capitals say nothing: what the lexicon knows, given names with a surname."""
        words, i = self.run.words, 0
        while i < len(words):
            hit = self.lexicon.longest(words, i, len(words))
            person = None if hit is not None and hit[1] > i + 1 else grammar.titled_person_end(words, i, self.lexicon)
            if person is not None:
                self._emit(i, person, "person", 0.8).fixed = True
                i = person
                continue
            if hit is not None and not hit[0].weak:
                self._emit_entry(i, hit[1], hit[0]).fixed = True
            i = hit[1] if hit is not None else i + 1

    def _step(self, i: int) -> int:
        words, lexicon = self.run.words, self.lexicon
        word = words[i]
        if (word.islower() and word != grammar.ARABIC_ARTICLE) or word in grammar.MARKS or word[0].isdigit():
            return i + 1
        end = i + 1
        if end < len(words):
            end = grammar.block_end(words, i, lexicon)
            while grammar.joins_subjects(words, end, lexicon):
                end = grammar.block_end(words, end + 1, lexicon)
        if (end_of := grammar.numbered_end(words, i, lexicon)) is not None:
            self._emit(i, end_of, "product" if word in lexicon.cues["ship_prefixes"] else "facility", 0.85).fixed = True
            return end_of
        hit = known = lexicon.longest(words, i, len(words))
        if hit is not None and (grammar.in_capitals(words, i, hit[1]) or grammar.cut_short(words, hit[1], lexicon)):
            hit = None
        if hit is None or hit[1] == i + 1:
            if word in grammar.ARTICLES or word.startswith("I'") or (hit is None and word in lexicon.cues["calendar"]):
                return i + 1
            if self._opens_only(i, end):
                return i + 1
        return self._block(i, max(end, hit[1]) if hit else end, known)

    def _opens_only(self, i: int, end: int) -> bool:
        """Tell whether the word at `i` merely opens a sentence or phrase before a name."""
        words, lexicon, cues = self.run.words, self.lexicon, self.lexicon.cues
        word, opens, more = words[i], self.run.opens and i == 0, end > i + 1
        titled = more and (word in cues["titles"] or word in cues["modifiers"])
        if titled and grammar.title_end(words, i, end, lexicon):
            return False
        headed = more and words[end - 1] in lexicon.heads
        if word in cues["openers"] and (opens or not more):
            soft = word in cues["soft_openers"] and headed
            return not soft and not grammar.leads_on(words, end, lexicon)
        if not opens or not more:
            return False
        if word in cues["event_openers"] or word in cues["place_openers"]:
            return False
        plain = word.lower()
        return (grammar.is_common(word, lexicon) and not headed) or (
            (plain in lexicon.nouns or plain.removesuffix("s") in lexicon.nouns) and word not in cues["titles"]
        )

    def _emit(self, i: int, j: int, kind: EntityType | None, confidence: float) -> Candidate:
        run = self.run
        opens = run.opens and i == 0
        one = Candidate(run.starts[i], run.ends[j - 1], tuple(run.words[i:j]), kind, confidence, opens=opens)
        self.found.append(one)
        return one

    def _emit_entry(self, i: int, j: int, entry: Entry) -> Candidate:
        one = self._emit(i, j, entry.type, 0.5 if entry.weak else 0.9)
        one.entry = entry
        # "Calif." behind a town: nothing else is written so.
        one.fixed = entry.type == "place" and self.run.words[j - 1].endswith(".")
        return one

    def _block(self, i: int, j: int, known: tuple[Entry, int] | None) -> int:
        """Cut the block [i, j), of which the lexicon has what is `known`; return where the next one may begin."""
        words, lexicon = self.run.words, self.lexicon
        if known is not None and known[1] >= j and not grammar.says_enough(words, i, known, lexicon):
            self._emit_entry(i, known[1], known[0])
            return known[1]
        if i + 1 == j == len(words):
            # One word at the end of a run: none of the longer forms can be there.
            if words[i] not in lexicon.heads:
                self._unknown(i, j)
            return j
        office = grammar.office_end(words, j, lexicon)
        if office is not None:
            end = grammar.block_end(words, office, lexicon)
            self._titled(i, office, end, grammar.title_start(words, i, j, lexicon))
            return end
        extended = self._extended(i, j)
        if extended is not None:
            return extended
        title = grammar.title_end(words, i, j, lexicon)
        if title is not None and words[j - 1] not in lexicon.heads:
            self._titled(i, title, j, grammar.title_start(words, i, title, lexicon))
        elif not self._headed(i, j):
            self._plain(i, j)
        return j

    def _extended(self, i: int, j: int) -> int | None:
        """Take "Ministry of Health and Population", "Battle of Mosul", "Gulf of Aden" as one name."""
        words, lexicon = self.run.words, self.lexicon
        if j >= len(words) or words[j] not in {"of", "for"} or words[j - 1] in lexicon.cues["titles"]:
            return None
        kind = lexicon.prefixes.get(words[j - 1])
        k = j + (2 if words[j + 1 : j + 2] == ["the"] else 1)
        if kind is None or k >= len(words) or (kind != "organization" and words[j] == "for"):
            return None
        if words[k] in lexicon.given_names and words[j - 1] not in lexicon.cues["named_after"]:
            return None
        end = grammar.block_end(words, k, lexicon)
        while grammar.goes_on(words, end, lexicon):
            end = grammar.block_end(words, end + 1, lexicon)
        hit = lexicon.longest(words, i, j)
        if hit is not None and hit[0].type in {"group", "place"} and hit[1] < j and kind != "organization":
            self._emit_entry(i, hit[1], hit[0])
            i = hit[1]
        self._emit(i, end, kind, 0.75)
        return end

    def _titled(self, i: int, title: int, j: int, k: int) -> None:
        """Cut "Federal Police Brigadier General Shaalan Ali Saleh": the title is [k, title), the person follows."""
        words, cues, lexicon = self.run.words, self.lexicon.cues, self.lexicon
        role_from = k
        plain = k - i == 1 and (words[i] in cues["org_heads"] or grammar.is_common(words[i], lexicon))
        if plain and words[i] not in lexicon.entries:
            role_from = i
        elif k > i:
            before = len(self.found)
            self._block(i, k, lexicon.longest(words, i, len(words)))
            lead = self.found[before:]
            if len(lead) == 1 and lead[0].type == "organization" and lead[0].start == self.run.starts[i]:
                role_from = i
        if all(w in cues["modifiers"] or w in cues["titles"] or w in grammar.ORDINALS for w in words[title:j]):
            return
        role = " ".join(w for w in words[role_from:title] if w not in _COURTESY)
        self._emit(title, min(j, title + _MAX_NAME), "person", 0.85).role = role.replace(" 's", "'s") or None

    def _headed(self, i: int, j: int) -> bool:
        """Take a block that ends in a word like "University", "Airport" or "Province" as one name."""
        words, lexicon = self.run.words, self.lexicon
        kind = lexicon.heads.get(words[j - 1])
        if kind is None and words[i] in lexicon.cues["event_openers"] and j - i > 1:
            kind = "event"
        if kind is None:
            return False
        if j - i == 1:
            return True
        if j - i == 2 and words[i] in lexicon.given_names and words[j - 1] in lexicon.cues["surname_heads"]:
            return False
        if not self._people_and_known(i, j, lexicon.longest(words, i, j)):
            self._emit(i, j, kind, 0.75)
        return True

    def _people_and_known(self, i: int, j: int, hit: tuple[Entry, int] | None) -> bool:
        """Cut "Kurdish Peshmerga" in two, but keep "Indonesian Red Cross": many peoples have one."""
        words, lexicon = self.run.words, self.lexicon
        if hit is None or hit[0].type not in {"group", "place"} or hit[1] >= j:
            return False
        inner = lexicon.longest(words, hit[1], j)
        if inner is None or inner[1] != j or inner[0].weak:
            return False
        if " ".join(words[hit[1] : j]) in lexicon.cues["generic_names"]:
            self._emit(i, j, inner[0].type, 0.75)
        elif hit[0].type == "place":
            return False
        else:
            self._emit_entry(i, hit[1], hit[0]).fixed = True
            self._emit_entry(hit[1], j, inner[0]).fixed = True
        return True

    def _plain(self, i: int, j: int) -> None:
        """Cut a block without title or head word: personal names, entries of the lexicon, the unknown."""
        words, lexicon = self.run.words, self.lexicon
        j = grammar.seat_end(words, i, j, lexicon) or j
        given = words[i] in lexicon.given_names and words[i] not in lexicon.cues["place_openers"]
        if given and 2 <= j - i <= _MAX_NAME and grammar.may_be_surnames(words, i + 1, j, lexicon):
            self._emit(i, j, "person", 0.8)
            return
        first = lexicon.longest(words, i, j)
        if self._people_and_known(i, j, first):
            return
        opener = grammar.opened(words, i, j, lexicon)
        if opener is not None and (first is None or first[1] < j):
            self._emit(i, j, opener, 0.75)
            return
        k, unknown = i, i
        while k < j:
            hit = first if k == i else lexicon.longest(words, k, j)
            surname = k > unknown and words[k] in lexicon.cues["surname_places"]
            if hit is None or (hit[0].weak and j - i > 1) or surname:
                k += 1
                continue
            whole = self._compound(unknown, k, hit, j)
            if whole is None:
                self._unknown(unknown, k)
                self._emit_entry(k, hit[1], hit[0])
                whole = hit[1]
            k = unknown = whole
        self._unknown(unknown, j)

    def _compound(self, unknown: int, k: int, hit: tuple[Entry, int], j: int) -> int | None:
        """Take "East Perth", "Sony Australia", "Boston Bruins" as one name; return the index after it."""
        words, lexicon, (entry, end) = self.run.words, self.lexicon, hit
        if entry.type == "place" and k == unknown + 1 and words[unknown] in lexicon.cues["directions"]:
            self._emit(unknown, end, "place", 0.6)
            return end
        if entry.type == "place" and k == unknown + 1 and end == j and _is_acronym(words[unknown]):
            self._emit(unknown, end, "organization", 0.6)
            return end
        if end >= j or k > unknown:
            return None
        following = lexicon.longest(words, end, j)
        if following is not None:
            country = bool(following[0].links) and following[0].links[0][0] == "iso3166"
            whole = entry.type == "organization" and country and following[1] == j
        else:
            plural = end == j - 1 and words[end].endswith("s") and words[end][1:].islower()
            whole = entry.type == "place" and plural and not grammar.is_common(words[end], lexicon)
        if whole:
            self._emit(k, j, "organization", 0.6)
        return j if whole else None

    def _unknown(self, i: int, j: int) -> None:
        words, cues = self.run.words, self.lexicon.cues
        particles, titles, modifiers = cues["particles"], cues["titles"], cues["modifiers"]
        while i < j and ((words[i] in particles and words[i] != grammar.ARABIC_ARTICLE) or words[i] in grammar.MARKS):
            i += 1
        while j > i and (words[j - 1] in particles or words[j - 1] in grammar.MARKS):
            j -= 1
        if all(words[k] in titles or words[k] in modifiers for k in range(i, j)):
            return
        if words[j - 1] in titles and words[i] not in self.lexicon.given_names:
            return
        if j - i > 1:
            place = words[i] in cues["place_openers"]
            firm = "&" in words[i:j]
            self._emit(i, j, "place" if place else "organization" if firm else None, 0.75 if place else 0.55)
        elif len(words[i]) > 1 and words[i] not in cues["units"] and not words[i].endswith(".") and not self._is_day(i):
            self._emit(i, j, "organization" if _is_acronym(words[i]) else None, 0.5)

    def _is_day(self, i: int) -> bool:
        """Tell whether the word at `i` is a day or month in capitals: "MONDAY, NOV 16"."""
        word = self.run.words[i]
        return word.isupper() and len(word) >= _SHORTEST_DAY and word.title() in self.lexicon.cues["calendar"]


def _is_acronym(word: str) -> bool:
    return 2 <= len(word) <= _MAX_ACRONYM and word.isupper() and word.isalpha()
