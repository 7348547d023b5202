"""Texts with labelled names: the openly licensed corpora, and our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_CLOSING = frozenset((*".,;:!?)]%'", "'s", "’s", "n't", "'re", "'ve", "'ll", "'d", "'m"))
"""Tokens that a text does not set a blank before."""

_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"'}
_OPENING = frozenset("([$")


class Span(NamedTuple):
    """A name: code points into the text, end-exclusive, and its label."""

    start: int
    end: int
    label: str


class Text(NamedTuple):
    """A text with its names, left to right."""

    text: str
    spans: tuple[Span, ...]


Sentence = list[tuple[str, str]]
"""Tokens with their BIO tags."""


def read_conll(path: Path) -> Iterator[Text]:
    """Yield the documents of a file in two columns, as running texts."""
    document: list[Sentence] = []
    sentence: Sentence = []
    for line in path.read_text("utf-8").splitlines():
        starts_document = line.startswith("-DOCSTART-")
        if line and not starts_document:
            token, _, tag = line.partition("\t")
            sentence.append((token, tag))
            continue
        if sentence:
            document.append(sentence)
            sentence = []
        if starts_document and document:
            yield join(document)
            document = []
    if sentence:
        document.append(sentence)
    if document:
        yield join(document)


def join(sentences: list[Sentence]) -> Text:
    """Set the tokens of a document into one text, with blanks where a newspaper would have them."""
    writer = _Writer()
    for sentence in sentences:
        writer.write(sentence)
    return Text(writer.text, tuple(Span(start, end, label) for start, end, label in writer.spans))


class _Writer:
    """Writes tokens into a text and remembers where the names came to stand."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[tuple[int, int, str]] = []

    def write(self, sentence: Sentence) -> None:
        """Write one sentence."""
        glued, quoted, inside = not self.text, False, ""
        if self.text:
            self.text += " "
            glued = True
        for raw, tag in sentence:
            word = _BRACKETS.get(raw, raw)
            blank = not glued and word not in _CLOSING
            if word == '"':
                blank, quoted = blank and not quoted, not quoted
            self.text += " " if blank else ""
            glued = word in _OPENING or (word == '"' and quoted)
            start = len(self.text)
            self.text += word
            inside = self._mark(start, tag, inside)

    def _mark(self, start: int, tag: str, inside: str) -> str:
        """Note a token's tag; return the label of the name that it belongs to."""
        label = tag[2:]
        if not label:
            return ""
        if tag[0] == "I" and inside == label:
            begin, _, _ = self.spans.pop()
            self.spans.append((begin, len(self.text), label))
        else:
            self.spans.append((start, len(self.text), label))
        return label


def own_texts(sentences: int, seed: int) -> Iterator[Text]:
    """Yield texts of our own corpus: invented sentences, filled with names from all parts of the world."""
    from tools.corpus.generate import generate  # noqa: PLC0415 - it reads its name lists when it is first needed

    for sentence in generate(sentences, seed):
        yield Text(
            sentence.text, tuple(_bare(sentence.text, span.start, span.end, span.label) for span in sentence.spans)
        )


def _bare(text: str, start: int, end: int, label: str) -> Span:
    """Cut the article off a name, as the record does."""
    article = text[start : start + 4] in {"The ", "the "} and end - start > len("the ")
    return Span(start + 4 if article else start, end, label)
