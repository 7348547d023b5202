"""Mojibake is put right where it clearly is some, and nothing else is ever touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.parsers.repair import repair
from pipeline.stages.normalize import normalize
from schemas import RawItem
from tests.parsers.test_languages import ROWS

CLEAN = [
    "São Paulo – “é” à la carte, 40 % de plus",
    "D’après lui, « 40 % » des œufs… coûtent 3 €",
    "DÉJÀ VU” – ÇA VA… CITTÀ”",
    "Đà Nẵng, Huế và Hà Nội",
    "À “TOI”, voilà“ — naïve café—“quoted”",
    "25 °C, ½ m², 3 × 4 µm ± 1 §",
    "Å, Ä, Ö – åäö; Ł, ł, ą, ę",
]


@pytest.mark.parametrize("text", CLEAN + [text for _, _, text in ROWS])
def test_clean_text_stays(text: str) -> None:
    """Clean text in any language comes out as it went in."""
    assert repair(text) == text


@pytest.mark.parametrize("charset", ["latin-1", "cp1252"])
def test_garbled_text_is_restored(charset: str) -> None:
    """UTF-8 that was read as Latin-1 or windows-1252 is restored in nine texts of ten, and never made worse."""
    outcomes = []
    for _, _, text in ROWS:
        try:
            garbled = text.encode().decode(charset)
        except UnicodeDecodeError:
            continue
        if garbled != text:
            assert repair(garbled) in {text, garbled}
            outcomes.append(repair(garbled) == text)
    assert outcomes.count(True) >= 9 * outcomes.count(False)
    assert len(outcomes) > 20


def test_twice_garbled_text_is_restored() -> None:
    """A text that went through the wrong charset twice is restored as well."""
    assert repair("Die ZÃƒÂ¼ge fahren wieder nach KÃƒÂ¶ln") == "Die Züge fahren wieder nach Köln"


def test_the_record_says_so(raw: Callable[..., RawItem]) -> None:
    """Headline and text are restored before anything is read from them, and a warning says that they were."""
    body = '{"id": "1", "headline": "ZÃ¼ge fahren", "body_text": "KÃ–LN (dpa) - Die ZÃ¼ge fahren wieder."}'
    article = normalize(raw(body.encode()))[0]
    assert (article.headline, article.text) == ("Züge fahren", "KÖLN (dpa) - Die Züge fahren wieder.")
    assert [line for line in article.provenance.warnings if "wrong charset" in line]
    assert not normalize(raw(b'{"id": "1", "body_text": "Plain words."}'))[0].provenance.warnings


@pytest.mark.parametrize("piece", ["Ã", "Ã¼", "â€", "\x85", "Ãƒ", "Ð", "Ã ", "à ", "Ã¢â‚¬", "ï»¿"])
@pytest.mark.timeout(20)
def test_hostile_text(piece: str) -> None:
    """Whatever repeats, repair costs time in proportion."""
    repair(piece * (49_000 // len(piece)))
    repair(piece * 500_000)
