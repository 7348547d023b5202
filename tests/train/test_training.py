"""Training: the same texts give the same model, read as they are read at run time, with a card that says from what."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline.stages.entities.model import MODEL
from pipeline.stages.entities.tokens import tokenize
from tools.train.__main__ import main
from tools.train.examples import examples, token_labels
from tools.train.texts import Span, Text, own_texts, read_conll

CONLL = """-DOCSTART-\tO

Ms\tO
Ada\tB-PER
Quill\tI-PER
of\tO
Brent\tB-ORG
Foods\tI-ORG
(\tO
London\tB-LOC
)\tO
said\tO
"\tO
no\tO
"\tO
.\tO

The\tO
Kenyan\tB-MISC
left\tO
.\tO

-DOCSTART-\tO

Nairobi\tB-LOC
Gate\tI-LOC
Bridge\tI-LOC
's\tO
owner\tO
sued\tO
.\tO
"""


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A folder with a tiny corpus."""
    folder = tmp_path / "corpora"
    folder.mkdir()
    (folder / "tiny.conll").write_text(CONLL, "utf-8")
    (folder / "tiny_documents.tsv").write_text(
        "document\ttitle\tauthor\tsource\nd\tTiny\tNobody\thttps://x.test\n", "utf-8"
    )
    return folder


def train(corpora: Path, out: Path) -> bytes:
    """Train on little, and return the model's bytes."""
    out.mkdir()
    (out / "variants.md").write_text("| a table |\n", "utf-8")
    assert main([str(corpora), "--out", str(out), "--sentences", "60", "--seed", "3"]) == 0
    return (out / MODEL).read_bytes()


def test_the_same_training_gives_the_same_bytes(corpora: Path, tmp_path: Path) -> None:
    """Whoever trains again gets the model that is shipped, bit for bit, and the same card."""
    first, second = train(corpora, tmp_path / "a"), train(corpora, tmp_path / "b")
    assert first == second
    assert (tmp_path / "a" / "MODEL_CARD.md").read_bytes() == (tmp_path / "b" / "MODEL_CARD.md").read_bytes()


def test_the_card_names_data_digest_and_authors(corpora: Path, tmp_path: Path) -> None:
    """A model without its origin is no model: digests of model and corpora, authors and addresses stand in the card."""
    content = train(corpora, tmp_path / "out")
    card = (tmp_path / "out" / "MODEL_CARD.md").read_text("utf-8")
    assert hashlib.sha256(content).hexdigest() in card
    assert hashlib.sha256((corpora / "tiny.conll").read_bytes()).hexdigest() in card
    assert "- Tiny. Nobody. <https://x.test>" in card
    assert "| a table |" in card
    assert "{" not in card.replace('{"', "")


def test_a_folder_without_corpora_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has no corpora reads where to say where they are."""
    assert main([str(tmp_path)]) == 2
    assert f"no training corpora (*.conll) in {tmp_path}" in capsys.readouterr().err


def test_corpora_become_running_text(corpora: Path) -> None:
    """Tokens are set as a newspaper sets them, and every name is the slice its span says."""
    first, second = read_conll(corpora / "tiny.conll")
    assert first.text == 'Ms Ada Quill of Brent Foods (London) said "no". The Kenyan left.'
    assert second.text == "Nairobi Gate Bridge's owner sued."
    names = [(first.text[start:end], label) for start, end, label in first.spans]
    assert names == [("Ada Quill", "PER"), ("Brent Foods", "ORG"), ("London", "LOC"), ("Kenyan", "MISC")]


def test_labels_of_the_corpora_become_ours(corpora: Path) -> None:
    """Peoples among MISC and facilities among LOC are told apart by what the product knows."""
    labels = {label for _, row in examples(read_conll(corpora / "tiny.conll")) for label in row}
    assert {"B-NORP", "B-FAC", "I-FAC", "B-PER", "B-ORG", "B-LOC"} <= labels
    assert "B-MISC" not in labels


def test_examples_are_the_windows_of_the_product() -> None:
    """A stretch without capitals trains nothing, as it is not looked at when texts are tagged."""
    text = "the rain went on and on, and nobody in the valley knew when Ada Quill would come back to it again."
    ((features, labels),) = examples([Text(text, (Span(60, 69, "PER"),))])
    assert labels == ["B-PER", "I-PER"]
    assert len(features) == len(labels)
    assert b"w=ada" in features[0]


def test_a_token_belongs_to_the_name_in_which_it_begins() -> None:
    """Labels follow spans, also where two names touch."""
    tokens = tokenize("Ada Quill, Oslo")
    assert token_labels(tokens, [Span(0, 9, "PER"), Span(11, 15, "LOC")]) == ["B-PER", "I-PER", "O", "B-LOC"]


def test_our_own_corpus_is_cut_as_the_record_is() -> None:
    """Names of the corpus are slices of their sentences and do not carry the article."""
    for text in own_texts(200, 5):
        for start, end, label in text.spans:
            assert 0 <= start < end <= len(text.text)
            assert not text.text[start:end].startswith(("the ", "The "))
            assert label in {"PER", "ORG", "LOC", "FAC", "NORP", "EVENT", "PRODUCT"}
