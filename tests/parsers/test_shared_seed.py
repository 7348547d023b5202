"""The archive page that the layout of `page_dump` was taken from, where it lies beside the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.stages.normalize import normalize
from schemas import Media, RawItem


def test_shared_seed(given_seed: Path, raw: Callable[..., RawItem]) -> None:
    """The given archive page comes out clean: headline, picture, day, paragraphs, and nothing of the site."""
    pages = sorted(given_seed.glob("*.txt"))
    assert pages
    for page in pages:
        body = page.read_bytes()
        article = normalize(raw(body, uri=f"file:{page.name}"))[0]
        assert article.provenance.parser == "page-dump"
        assert article.headline is not None
        assert f"\n{article.headline} | " in body.decode()
        assert article.language == "en"
        assert article.published_accuracy == "day"
        assert any("inferred" in warning for warning in article.provenance.warnings)
        paragraphs = article.text.split("\n\n")
        assert article.text.endswith(body.decode().rstrip()[-60:])
        assert all(paragraph in body.decode() for paragraph in paragraphs)
        assert not any(word in article.text for word in ("Select Page", "Media ID", " | "))
        check_picture(article.media, paragraphs, body.decode())


def check_picture(media: tuple[Media, ...], paragraphs: list[str], page: str) -> None:
    (picture,) = media
    assert f"Media ID: {picture.id}\n" in page
    assert picture.caption is not None
    assert picture.caption not in paragraphs
    assert f"{picture.caption} {picture.credit}\n" in page
    assert picture.place is not None
    assert f"{picture.place}, " in picture.caption
    assert picture.taken_on is not None
    assert picture.taken_on[:4] in picture.caption
