"""Rules that cut runs of capitalised words into candidates and type those whose own words say enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.scan import POSSESSIVE, Run, runs
from schemas.entity import EntityType

_COURTESY: Final = frozenset(
    {"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Mister", "Dr", "Dr.", "Madam", "Madame"}
)
_LINKING: Final = frozenset({"of", "for", "and", "the", "to", "on", "&", "y", "e", "et"})
_ORDINALS: Final = frozenset({"II", "III", "IV", "VI", "VII", "VIII", "Jr.", "Sr."})
_MAX_NAME: Final = 5
"""Most words of a personal name."""

_HEADS: Final[tuple[tuple[str, EntityType], ...]] = (
    ("event_heads", "event"),
    ("facility_heads", "facility"),
    ("org_heads", "organization"),
    ("place_heads", "place"),
)
_PREFIXES: Final[tuple[tuple[str, EntityType], ...]] = (
    ("org_prefixes", "organization"),
    ("event_prefixes", "event"),
    ("place_prefixes", "place"),
    ("facility_heads", "facility"),
)


def recognize(text: str, lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates of an English text by gazetteer and rules (a `Recognizer`)."""
    found: list[Candidate] = []
    for run in runs(text):
        _Cutter(run, lexicon, found).cut()
    return found


@dataclass(slots=True)
class _Cutter:
    """Cuts one run; `found` receives the candidates from left to right."""

    run: Run
    lexicon: Lexicon
    found: list[Candidate]

    def cut(self) -> None:
        words, i = self.run.words, 0
        while i < len(words):
            i = self._step(i, words)

    def _step(self, i: int, words: list[str]) -> int:
        word, cues = words[i], self.lexicon.cues
        if not (word[0].isupper() or word[-1].isupper() or "-" in word or word[1:2].isupper() or "'" in word[:3]):
            return i + 1
        if word == POSSESSIVE or word[0].isdigit():
            return i + 1
        hit = self.lexicon.longest(words, i, len(words))
        if hit is None or hit[1] == i + 1:
            if word in cues["calendar"] and hit is None:
                return i + 1
            if word in {"The", "A", "An"} or word.startswith("I'"):
                return i + 1
            opens = self.run.opens and i == 0
            end = self._block_end(i, words)
            if word in cues["openers"] and (opens or end == i + 1) and not self._leads_on(end):
                soft = word in cues["soft_openers"] and end > i + 1 and self._head(i, end)
                if not soft:
                    return i + 1
            if opens and end > i + 1 and self._is_common(word) and not self._head(i, end):
                return i + 1
        end = self._block_end(i, words)
        if hit is not None and hit[1] > end:
            end = hit[1]
        return self._block(i, end)

    def _block_end(self, i: int, words: list[str]) -> int:
        """Return the end of the words from `i` on that no small English word, possessive or date divides."""
        cues, k = self.lexicon.cues, i + 1
        while k < len(words):
            word = words[k]
            if word == POSSESSIVE:
                if words[k - 1] not in cues["possessive_heads"] or k + 1 >= len(words):
                    break
            elif (word in cues["calendar"] and word not in _ORDINALS) or word in _LINKING or word in {"The", "A", "An"}:
                break
            elif word[0].isdigit():
                break
            if words[k - 1] in {"Inc.", "Corp.", "Co.", "Ltd."}:
                break
            k += 1
        while k > i + 1 and words[k - 1][0].islower() and words[k - 1] in cues["particles"]:
            k -= 1
        return k

    def _leads_on(self, end: int) -> bool:
        """Tell whether "Court of Cassation" or the like goes on at `end`."""
        words, cues = self.run.words, self.lexicon.cues
        return end + 1 < len(words) and words[end] in {"of", "for"} and words[end - 1] in cues["org_prefixes"]

    def _is_common(self, word: str) -> bool:
        return word.lower() in self.lexicon.common_words and word not in self.lexicon.given_names

    def _head(self, i: int, j: int) -> EntityType | None:
        last = self.run.words[j - 1]
        for name, kind in _HEADS:
            if last in self.lexicon.cues[name]:
                return kind
        return None

    def _emit(self, i: int, j: int, kind: EntityType | None, confidence: float, **more: Entry | str | None) -> None:
        run = self.run
        entry, role = more.get("entry"), more.get("role")
        self.found.append(
            Candidate(
                run.starts[i],
                run.ends[j - 1],
                tuple(run.words[i:j]),
                kind,
                confidence,
                entry if isinstance(entry, Entry) else None,
                role if isinstance(role, str) else None,
                run.opens and i == 0,
            )
        )

    def _block(self, i: int, j: int) -> int:
        """Cut the block [i, j); return where the next one may begin."""
        hit = self.lexicon.longest(self.run.words, i, len(self.run.words))
        if hit is not None and hit[1] >= j:
            self._emit_entry(i, hit[1], hit[0])
            return hit[1]
        extended = self._extended(i, j)
        if extended is not None:
            return extended
        title = self._title_end(i, j)
        if title is not None and self._head(i, j) is None:
            return self._titled(i, title, j)
        if self._headed(i, j):
            return j
        self._plain(i, j)
        return j

    def _emit_entry(self, i: int, j: int, entry: Entry) -> None:
        self._emit(i, j, entry.type, 0.5 if entry.weak else 0.9, entry=entry)

    def _extended(self, i: int, j: int) -> int | None:
        """Take "Ministry of Health and Population", "Battle of Mosul", "Gulf of Aden" as one name."""
        words, cues = self.run.words, self.lexicon.cues
        if j >= len(words) or words[j] not in {"of", "for"}:
            return None
        kind = next((kind for name, kind in _PREFIXES if words[j - 1] in cues[name]), None)
        k = j + (2 if words[j + 1 : j + 2] == ["the"] else 1)
        if kind is None or k >= len(words) or (kind != "organization" and words[j] == "for"):
            return None
        if words[j - 1] in cues["titles"]:
            return None
        end = self._block_end(k, words)
        while end + 1 < len(words) and words[end] == "and" and self._goes_on(end):
            end = self._block_end(end + 1, words)
        first = i
        hit = self.lexicon.longest(words, i, j)
        if hit is not None and hit[0].type in {"group", "place"} and hit[1] < j and kind != "organization":
            self._emit_entry(i, hit[1], hit[0])
            first = hit[1]
        self._emit(first, end, kind, 0.75)
        return end

    def _goes_on(self, end: int) -> bool:
        """Tell whether "and" at `end` joins two parts of one name: subjects of a ministry, two professions."""
        words = self.run.words
        before, after = words[end - 1], words[end + 1]
        plural = before.endswith("s") and after.endswith("s") and after not in self.lexicon.entries
        return after in self.lexicon.cues["policy_nouns"] or (plural and before not in self.lexicon.entries)

    def _title_end(self, i: int, j: int) -> int | None:
        """Return the index after the last title that has a name behind it within the block."""
        words, titles = self.run.words, self.lexicon.cues["titles"]
        for k in range(j - 2, i - 1, -1):
            if words[k] in titles:
                return k + 1
        return None

    def _titled(self, i: int, title: int, j: int) -> int:
        """Cut "Federal Police Brigadier General Shaalan Ali Saleh": what the title leads, the role, the person."""
        words, cues = self.run.words, self.lexicon.cues
        k = title - 1
        while k > i and words[k - 1] in cues["titles"] | cues["modifiers"] and words[k - 1] not in cues["org_heads"]:
            k -= 1
        before = len(self.found)
        role_from = k
        if k > i:
            generic = k - i == 1 and words[i] in cues["org_heads"] and words[i] not in self.lexicon.entries
            if generic:
                role_from = i
            else:
                self._block(i, k)
                lead = self.found[before:]
                if len(lead) == 1 and lead[0].type == "organization" and lead[0].start == self.run.starts[i]:
                    role_from = i
        rest = words[title:j]
        if all(w in cues["modifiers"] or w in cues["titles"] or w in _ORDINALS for w in rest):
            return j
        role_words = [w for w in words[role_from:title] if w not in _COURTESY]
        end = min(j, title + _MAX_NAME)
        self._emit(title, end, "person", 0.85, role=" ".join(role_words).replace(" 's", "'s") or None)
        return j

    def _headed(self, i: int, j: int) -> bool:
        """Take a block that ends in a word like "University", "Airport" or "Province" as one name."""
        words, cues = self.run.words, self.lexicon.cues
        kind = self._head(i, j)
        if kind is None:
            return False
        if j - i == 1:
            return True
        if j - i == 2 and words[i] in self.lexicon.given_names and words[j - 1] in cues["surname_heads"]:
            return False
        hit = self.lexicon.longest(words, i, j)
        if hit is not None and hit[0].type == "group":
            inner = self.lexicon.longest(words, hit[1], j)
            if inner is not None and inner[1] == j and not inner[0].weak:
                self._emit_entry(i, hit[1], hit[0])
                self._emit_entry(hit[1], j, inner[0])
                return True
        self._emit(i, j, kind, 0.75)
        return True

    def _plain(self, i: int, j: int) -> None:
        """Cut a block without title or head word: personal names, entries of the lexicon, the unknown."""
        words, lexicon = self.run.words, self.lexicon
        if words[i] in lexicon.given_names and 2 <= j - i <= _MAX_NAME and self._all_may_be_name(i + 1, j):
            self._emit(i, j, "person", 0.8)
            return
        k, unknown = i, i
        while k < j:
            hit = lexicon.longest(words, k, j)
            if (
                hit is None
                or (hit[0].weak and j - i > 1)
                or (k > unknown and words[k] in lexicon.cues["surname_places"])
            ):
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
        words, cues, (entry, end) = self.run.words, self.lexicon.cues, hit
        if entry.type == "place" and k == unknown + 1 and words[unknown] in cues["directions"]:
            self._emit(unknown, end, "place", 0.6)
            return end
        if end >= j or k > unknown:
            return None
        following = self.lexicon.longest(words, end, j)
        if entry.type == "organization" and following and following[1] == j and following[0].links[:1]:
            if following[0].links[0][0] == "iso3166":
                self._emit(k, j, "organization", 0.6)
                return j
        plural = end == j - 1 and words[end].endswith("s") and following is None and words[end][1:].islower()
        if entry.type == "place" and plural and not self._is_common(words[end]):
            self._emit(k, j, "organization", 0.6)
            return j
        return None

    def _all_may_be_name(self, i: int, j: int) -> bool:
        """Tell whether no word of [i, j) is an entry that cannot be a surname."""
        for k in range(i, j):
            hit = self.lexicon.longest(self.run.words, k, j)
            if hit is None:
                continue
            entry = hit[0]
            if (
                hit[1] - k > 1
                or entry.type in {"organization", "group"}
                or entry.links[:1]
                and entry.links[0][0] == "iso3166"
            ):
                return False
        return True

    def _unknown(self, i: int, j: int) -> None:
        words = self.run.words
        while i < j and (
            words[i][0].islower() and words[i] in self.lexicon.cues["particles"] or words[i] == POSSESSIVE
        ):
            i += 1
        while j > i and (words[j - 1] == POSSESSIVE or words[j - 1] in self.lexicon.cues["particles"]):
            j -= 1
        if i >= j:
            return
        cues = self.lexicon.cues
        if all(w in cues["titles"] or w in cues["modifiers"] for w in words[i:j]):
            return
        if words[j - 1] in cues["titles"] and words[i] not in self.lexicon.given_names:
            return
        if j - i == 1:
            self._emit(i, j, "organization" if _is_acronym(words[i]) else None, 0.5)
        else:
            acronym = any(_is_acronym(w) for w in words[i:j])
            self._emit(i, j, None, 0.4 if acronym else 0.5)


def _is_acronym(word: str) -> bool:
    return 2 <= len(word) <= 6 and word.isupper() and word.isalpha()
