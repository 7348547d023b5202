"""A corpus of our own: news sentences with their names marked, made from hand-written patterns and lists of names.

    generate(sentences, seed)   sentences with spans, the same ones for the same arguments
    bio(sentence)               the same as tokens with BIO tags over PER, ORG, LOC, MISC

How patterns and lists are written stands in `grammar.py` and `lexicon.py`.
"""

from tools.corpus.bio import bio
from tools.corpus.generate import generate
from tools.corpus.records import LABELS, Sentence, Span

__all__ = ["LABELS", "Sentence", "Span", "bio", "generate"]
