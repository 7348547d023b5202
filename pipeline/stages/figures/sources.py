"""Who says so: the source of a claim, the words that attribute it, and how far they commit themselves."""

from __future__ import annotations

from typing import Final

from pipeline.stages.figures.claims import Claim, Source
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.nouns import unit_of
from pipeline.stages.figures.places import Named
from pipeline.stages.figures.tokens import NUM, NUMERIC, SYMBOL, WORD, Tokens
from schemas.figure import Attribution

_CLOSED: Final = frozenset({",", "”", '"', "’", "'"})
_MAX_SOURCE: Final = 12  # tokens of the longest source


def _subject(t: Tokens, lex: Lexicon, verb: int) -> tuple[int, int] | None:
    """Return the noun phrase that is the subject of the verb at a token."""
    last = verb
    while last > 0 and t.low[last - 1] in lex.words("source_skips"):
        last -= 1
    if t.low[last - 1] == ",":  # "Ali Khan, the mayor, said"
        k = last - 2
        while k > 0 and t.word[k] != "," and last - k < _MAX_SOURCE:
            k -= 1
        last = k if t.low[k] == "," else last
    first = last
    while first > 0 and last - first < _MAX_SOURCE and _in_name(t, lex, first - 1):
        first -= 1
    while first < last and (t.low[first] in lex.words("source_inner") or t.low[first] in lex.words("article")):
        first += 1
    if first == last and t.low[last - 1] in lex.words("pronouns"):
        return last - 1, last
    return (first, last) if first < last else None


def _in_name(t: Tokens, lex: Lexicon, k: int) -> bool:
    low = t.low[k]
    if low in lex.words("source_inner") or (t.word[k].isupper() and len(low) > 1):  # WHO is no pronoun
        return True
    if t.kind[k] == SYMBOL or low in lex.words("not_source") or low in lex.words("pronouns"):
        return False
    if t.kind[k] == NUM or (low.endswith(lex.participles) and not t.capital(k)):
        return False
    return low not in lex.words("stop") and low not in lex.words("verbs")


def _tied(t: Tokens, k: int) -> bool:
    """Tell whether a word stands between two capitalized ones: "Food and Agriculture"."""
    return t.capital(k - 1) and t.capital(k + 1)


def _object(t: Tokens, lex: Lexicon, j: int) -> tuple[int, int] | None:
    """Return the noun phrase behind "according to" or "said"."""
    while t.low[j] in lex.words("article"):
        j += 1
    if t.low[j] in lex.words("definite"):
        j += 1
    last = j
    while last < t.size and last - j < _MAX_SOURCE:
        low = t.low[last]
        if low in lex.words("source_ends") and not (low in lex.words("and") and _tied(t, last)):
            break
        if t.kind[last] == SYMBOL and low not in ("-", "&", "'", "’", "."):
            break
        if low == "." and (last + 1 >= t.size or len(t.word[last - 1]) > 4):
            break
        if low in lex.words("weekdays") or t.kind[last] == NUM or low in lex.words("pronouns"):
            break
        last += 1
    return (j, last) if last > j else None


def _before_phrases(t: Tokens, lex: Lexicon) -> list[Source]:
    found = []
    phrases = lex.words("before")
    firsts = lex.words("before_first")
    for i in t.where(firsts):
        for size in (4, 3, 2, 1):
            if t.phrase(i, i + size) in phrases:
                name = _object(t, lex, i + size)
                if name is not None:
                    found.append(Source((i, i + size), name, leading=i < 2))
                break
    return found


def _speaking(t: Tokens, lex: Lexicon, i: int, earlier: list[Source]) -> Source | None:
    """Read a verb of saying at token i with its subject before or behind it."""
    before, cue = t.low[i - 1], (i, i + 1)
    gains = t.low[i] in lex.words("gaining") and (t.kind[i + 1] in NUMERIC or t.word[i + 1] in lex.money_ends)
    if gains or before in lex.words("passive") or (i and t.word[i][0].isupper()):
        return None  # "the Dow added 349 points"
    if before in lex.words("and"):  # "reported 12 strikes and said …"
        return Source(cue, earlier[-1].name, leading=True) if earlier else None
    behind = _object(t, lex, i + 1) if before in _CLOSED and t.kind[i + 1] == WORD else None
    if behind is not None and t.low[i + 1] not in lex.words("not_source"):
        return Source(cue, behind, leading=False)
    subject = _subject(t, lex, i)
    if subject is None or (t.low[i] in lex.words("unsure") and not _agent(t, lex, subject, i)):
        return None
    return Source(cue, subject, leading=not _trails(t, lex, subject[0], i + 1))


def _agent(t: Tokens, lex: Lexicon, name: tuple[int, int], verb: int) -> bool:
    """Tell whether a noun phrase can say something: a name, a person, a body that publishes."""
    told = t.kind[name[0] - 1] in NUMERIC or t.low[name[0] - 1] in lex.words("none")
    if told and t.kind[verb + 1] == SYMBOL:
        return False  # "no casualties reported", "12 deaths reported"
    last = name[1] - 1
    low = t.low[last]
    return t.capital(last) or low in lex.words("agents") or unit_of(lex.shapes[low].singular, lex) == "person"


def _trails(t: Tokens, lex: Lexicon, first: int, j: int) -> bool:
    """Tell whether a source stands behind what it says: after a comma or quote, or last in its sentence."""
    k = first - 1
    while t.low[k] in lex.words("determiner") or t.low[k] in lex.words("article"):
        k -= 1
    rest = t.low[j : t.size]
    closing = lex.words("closing")
    if k > 0 and t.low[k] in _CLOSED:
        return True
    return all(low in closing or kind == NUM for low, kind in zip(rest, t.kind[j : t.size], strict=True))


def _place_only(t: Tokens, lex: Lexicon, source: Source, named: list[Named]) -> bool:
    """Tell whether a place merely has a figure: "Lutec recorded 42 degrees"."""
    begin, end = t.start[source.name[0]], t.end[source.name[1] - 1]
    place = any(o.mention.start == begin and o.mention.end == end and o.entity.type == "place" for o in named)
    return place and t.low[source.cue[0]] in lex.words("unsure")


def find_sources(t: Tokens, lex: Lexicon, named: list[Named]) -> list[Source]:
    """Return the sources of a sentence, in order."""
    verbs = lex.words("saying")
    found = [] if lex.words("before_first").isdisjoint(t.seen) else _before_phrases(t, lex)
    if verbs.isdisjoint(t.seen):
        return found
    for i in t.where(verbs):
        if not any(s.cue[0] <= i < s.name[1] for s in found):
            source = _speaking(t, lex, i, found)
            if source is not None:
                found.append(source)
    found.sort(key=lambda source: source.cue)
    return [source for source in found if not _place_only(t, lex, source, named)]


def _choose(claim: Claim, sources: list[Source]) -> Source | None:
    """Return the source of one claim: the nearest that leads to it, else the next behind it, else one set in before."""
    q = claim.quantity
    free = [s for s in sources if s.name[1] <= q.first or s.name[0] >= q.last]
    leading = [s for s in free if s.leading and s.cue[1] <= q.first]
    trailing = [s for s in free if not s.leading]
    following = [s for s in trailing if s.cue[0] >= q.last]
    if leading:
        return leading[-1]
    return following[0] if following else trailing[-1] if trailing else None


def _hedge(t: Tokens, lex: Lexicon, claim: Claim, source: Source | None) -> str | None:
    hedges = lex.words("hedges")
    for k in range(max(0, claim.quantity.first - 4), claim.quantity.first):
        if t.low[k] in hedges:
            return t.word[k]
    if source is not None:
        return next((t.word[k] for k in range(*source.cue) if t.low[k] in hedges), None)
    return None


def attribution_of(  # noqa: PLR0917 - what a sentence knows of its speakers
    t: Tokens,
    lex: Lexicon,
    claim: Claim,
    sources: list[Source],
    named: list[Named],
    said: dict[tuple[int, str | None], Attribution],
) -> Attribution | None:
    """Return who states a claim; a hedge without a source is no attribution. `said` keeps those of the sentence."""
    source = _choose(claim, sources)
    if source is None:
        return None
    hedge = _hedge(t, lex, claim, source)
    key = (source.cue[0], hedge)
    if key not in said:
        begin, end = t.start[source.name[0]], t.end[source.name[1] - 1]
        inside = [one for one in named if begin <= one.mention.start and one.mention.end <= end]
        speakers = [one for one in inside if one.entity.type != "place"] or inside
        entity = speakers[-1].entity.entity_id if speakers else None
        said[key] = Attribution(entity_id=entity, text=t.text[begin:end], cue=t.slice(*source.cue), hedge=hedge)
    return said[key]
