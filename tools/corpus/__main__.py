"""`python -m tools.corpus`: print samples for the eye, or what the corpus is made of."""

from __future__ import annotations

import argparse
from collections import Counter

from tools.corpus.generate import generate
from tools.corpus.lexicon import load, patterns
from tools.corpus.records import Sentence


def marked(sentence: Sentence) -> str:
    """Return the text with each name in brackets, its label first."""
    parts, at = [], 0
    for span in sentence.spans:
        parts += [sentence.text[at : span.start], f"[{span.label} {sentence.text[span.start : span.end]}]"]
        at = span.end
    return "".join([*parts, sentence.text[at:]])


def statistics(sentences: int, seed: int) -> str:
    """Return counts of patterns, of names in each list and culture, and the shares of the labels."""
    lexicon = load()
    registers = Counter(register for register, _ in patterns())
    labels = Counter(span.label for sentence in generate(sentences, seed) for span in sentence.spans)
    total = labels.total()
    rows = [f"{registers.total()} patterns"]
    rows += [f"  {register:24} {count}" for register, count in sorted(registers.items())]
    rows += [f"{len(lexicon.cultures)} cultures: given names, surnames"]
    rows += [f"  {name:24} {len(c.given):4} {len(c.surname):4}" for name, c in sorted(lexicon.cultures.items())]
    cities = sum(map(len, lexicon.cities.values()))
    rows += [f"{len(lexicon.lists)} lists, {len(lexicon.countries)} countries, {cities} cities"]
    rows += [f"  {lexicon.labels[name] or '-':8} {name:24} {len(es)}" for name, es in sorted(lexicon.lists.items())]
    rows += [f"{total} names in {sentences} sentences"]
    rows += [f"  {label:24} {count / total:6.1%}" for label, count in labels.most_common()]
    return "\n".join(rows)


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.corpus", description=__doc__)
    parser.add_argument("--sentences", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--register", default="", help="only sentences of this register")
    parser.add_argument("--stats", action="store_true", help="print what the corpus is made of instead")
    args = parser.parse_args()
    if args.stats:
        print(statistics(args.sentences, args.seed))
        return
    for sentence in generate(args.sentences, args.seed):
        if args.register in {"", sentence.register}:
            print(f"{sentence.register}: {marked(sentence)}")


if __name__ == "__main__":
    main()
