"""The corpus of our own: what the generator promises to those who train on it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from random import Random

import pytest

from tools.corpus import LABELS, Sentence, Span, bio, generate
from tools.corpus.fill import Filler, acronym
from tools.corpus.generate import trees
from tools.corpus.grammar import Choice, Mark, Slot, parse
from tools.corpus.lexicon import WELL_KNOWN, homes, load, patterns
from tools.corpus.records import PatternError
from tools.corpus.scene import Scene, pick_country

ROUND = len(trees())
"""Sentences in which every pattern comes once."""


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return list(generate(ROUND, seed=7))


def test_same_seed_same_corpus():
    """The same seed gives the same sentences, another seed gives others."""
    first, again, other = (list(generate(40, seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_spans_are_names_of_their_text(sentences):
    """Every span lies inside its text, in order, apart from the next, and holds a name without blanks around it."""
    for sentence in sentences:
        at = 0
        for span in sentence.spans:
            name = sentence.text[span.start : span.end]
            assert at <= span.start < span.end <= len(sentence.text), sentence
            assert name == name.strip(), sentence
            assert not name.startswith("the "), sentence
            assert span.label in LABELS, sentence
            at = span.end


def test_nothing_of_the_grammar_is_left_in_the_text(sentences):
    """No bracket of the slot grammar, no doubled blank or stop reaches a sentence."""
    for sentence in sentences:
        text = sentence.text.removeprefix("* ").replace("#MeToo", "")
        assert not re.search(r"[{}<>\[\]*#]|  |(?<!\.)\.\.(?!\.)", text), sentence
        assert sentence.text == sentence.text.strip(), sentence


def test_every_pattern_is_used_before_one_comes_again(sentences):
    """A round of sentences uses every pattern of every register."""
    assert Counter(s.register for s in sentences) == Counter(register for register, _ in patterns())


def test_patterns_are_written_once():
    """No pattern stands twice: a second copy would only weigh."""
    seen = Counter(pattern for _, pattern in patterns())
    assert [pattern for pattern, count in seen.items() if count > 1] == []


def _slots(nodes):
    for node in nodes:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _slots(option)
        elif isinstance(node, Mark):
            yield from _slots(node.inner)


def test_every_slot_has_a_list():
    """Each slot of a pattern or of a list entry names something that fills it."""
    lexicon = load()
    known = set(lexicon.lists) | set(lexicon.groups) | {"per", "country", "city", "surname", "given"}
    written = [nodes for _, nodes in trees()]
    written += [entry.nodes for entries in lexicon.lists.values() for entry in entries]
    assert {slot.name for nodes in written for slot in _slots(nodes)} - known == set()
    assert {name for members in lexicon.groups.values() for name in members} - known == set()


def test_a_list_that_no_pattern_asks_for_is_found():
    """Every list is reached from some pattern."""
    lexicon = load()
    reached = {slot.name for _, nodes in trees() for slot in _slots(nodes)}
    while True:
        more = {m for group in reached for m in lexicon.groups.get(group, ())}
        more |= {s.name for name in reached for e in lexicon.lists.get(name, ()) for s in _slots(e.nodes)}
        if more <= reached:
            break
        reached |= more
    assert set(lexicon.lists) - reached == set()


def test_names_are_of_the_whole_world():
    """At least 35 cultures have 60 given names and 60 surnames, and no country asks for a culture that is not there."""
    lexicon = load()
    rich = [
        name
        for name, c in lexicon.cultures.items()
        if name != WELL_KNOWN and len(set(c.given)) >= 60 and len(set(c.surname)) >= 60
    ]
    assert len(rich) >= 35
    assert {culture for country in lexicon.countries for culture in country.cultures} <= set(lexicon.cultures)


def test_every_list_entry_can_be_written():
    """Each entry of each list fills its slots, so that no seed meets an error later."""
    lexicon = load()
    for name, entries in lexicon.lists.items():
        for entry in entries:
            scene = Scene(lexicon, Random(name), pick_country(lexicon, Random(1)))
            text = Filler(scene).write(entry.nodes).text
            assert text, (name, entry)
            assert text == text.strip(), (name, entry)


def test_registers_of_a_region_play_there():
    """A file of patterns may say in which countries its sentences play."""
    codes = {country.iso for country in load().countries}
    assert "NG" in homes("africa")
    assert homes("sport") == frozenset()
    assert all(homes(register) <= codes for register, _ in patterns())


@pytest.mark.parametrize("broken", ["{", "{per", "[a|b", "<ORG {city}", "<THING x>", "a ] b", "{Per}"])
def test_a_broken_pattern_is_named(broken):
    """A pattern whose brackets do not match is refused with its own text."""
    with pytest.raises(PatternError, match=re.escape(broken)):
        parse(broken)


def test_a_slot_that_nothing_fills_is_named():
    """An unknown slot and an unknown form are errors, not empty text."""
    lexicon = load()
    scene = Scene(lexicon, Random(1), pick_country(lexicon, Random(1)))
    with pytest.raises(PatternError, match="nosuchlist"):
        Filler(scene).write(parse("{nosuchlist}"))
    with pytest.raises(PatternError, match="nosuchform"):
        Filler(scene).write(parse("{per.nosuchform}"))


def test_bio_says_what_the_spans_say(sentences):
    """The tags open and close where the spans do; fine tags keep the fine label."""
    sentence = Sentence(
        "The UN's Ban Ki-moon met Kurds.", (Span(4, 6, "ORG"), Span(9, 20, "PER"), Span(25, 30, "NORP")), "x"
    )
    tags = [tag for _, tag in bio(sentence)]
    assert tags == ["O", "B-ORG", "O", "O", "B-PER", "I-PER", "I-PER", "I-PER", "O", "B-MISC", "O"]
    assert [tag for _, tag in bio(sentence, fine=True)][9] == "B-NORP"
    for one in islice(sentences, 500):
        assert sum(tag.startswith("B-") for _, tag in bio(one)) == len(one.spans), one


@pytest.mark.parametrize(("name", "short"), [("World Health Organization", "WHO"), ("Reuters", "Reuters")])
def test_acronyms_are_initials(name, short):
    """An organisation without a written acronym is called by its initials; one word stands for itself."""
    assert acronym(name) == short


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("A <ORG AU> official", "An AU official"),
        ("a <LOC U.S.> ship", "a U.S. ship"),
        ("the <ORG the Fed>", "the Fed"),
        ("at <ORG Wall St.>.", "at Wall St."),
    ],
)
def test_articles_and_stops_meet_their_names(pattern, text):
    """A becomes "an" where it must; a name's own article and full stop are not doubled."""
    lexicon = load()
    scene = Scene(lexicon, Random(1), pick_country(lexicon, Random(1)))
    assert Filler(scene).write(parse(pattern)).text == text
