"""Pictures and their captions: in the record's media, never in its text."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest

from pipeline.parsers import Draft
from tests.parsers.web.conftest import STORY

Read = Callable[..., Draft]
CAPTION = "The bridge in Vik on May 3, 2024."


@pytest.mark.parametrize(
    ("markup", "picture", "caption", "credit"),
    [
        (
            f"<figure><img src=/a.jpg><figcaption>{CAPTION} HERONS/Jo Ek</figcaption></figure>",
            "/a.jpg",
            CAPTION,
            "HERONS/Jo Ek",
        ),
        (
            f"<figure><img src=/a.jpg><figcaption>{CAPTION}<i class=credit>(Jo Ek/Herons)</i></figcaption></figure>",
            "/a.jpg",
            CAPTION,
            "Jo Ek/Herons",
        ),
        (
            f"<figure><img src=/a.jpg><figcaption><span>{CAPTION}</span><span>Jo Ek</span></figcaption></figure>",
            "/a.jpg",
            CAPTION,
            "Jo Ek",
        ),
        (
            f'<div class="wp-caption"><img src=/a.jpg><p class="wp-caption-text">{CAPTION}</p></div>',
            "/a.jpg",
            CAPTION,
            None,
        ),
        (f'<div class="image-block"><img src=/a.jpg><div>{CAPTION}</div></div>', "/a.jpg", CAPTION, None),
        (
            f'<figure><img src="data:image/gif;base64,R0" data-src=/a.jpg><figcaption>{CAPTION}</figcaption></figure>',
            "/a.jpg",
            CAPTION,
            None,
        ),
        (
            f'<figure><img srcset="/s.jpg 300w, /l.jpg 900w"><figcaption>{CAPTION}</figcaption></figure>',
            "/l.jpg",
            CAPTION,
            None,
        ),
        (
            f"<figure><picture><source srcset=/a.webp></picture><figcaption>{CAPTION}</figcaption></figure>",
            "/a.webp",
            CAPTION,
            None,
        ),
        (f"<figure><amp-img src=/a.jpg></amp-img><figcaption>{CAPTION}</figcaption></figure>", "/a.jpg", CAPTION, None),
        (
            '<figure><img src=/a.jpg alt="The bridge in Vik at dawn"></figure>',
            "/a.jpg",
            "The bridge in Vik at dawn",
            None,
        ),
        ("<figure><img src=/a.jpg alt=logo></figure>", "/a.jpg", None, None),
    ],
)
def test_picture(markup: str, picture: str, caption: str | None, credit: str | None, read: Read) -> None:
    """Whatever the content system, a picture has its address, its caption and its credit, and the text has neither."""
    draft = read(body=f"<article><h1>Bridge shut</h1>{markup}{STORY}</article>")
    (media,) = draft.media
    assert (media.id, media.caption, media.credit) == (picture, caption, credit)
    assert len(draft.paragraphs) == 2


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="story"><img src=/a.jpg><p class="caption">{CAPTION}</p>{STORY * 3}</div>',
        f'<div class="photo story">{STORY * 9}<img src=/a.jpg><p class="caption">{CAPTION}</p></div>',
        f"<figure><img src=/a.jpg>{STORY * 9}</figure>",
        f'<div class="image-block"><img src=/a.jpg>{STORY * 9}</div>',
    ],
)
def test_a_story_is_no_caption(body: str, read: Read) -> None:
    """However a page marks what surrounds a picture, the story in it stays text."""
    paragraphs = read(body=f"<main><h1>Bridge shut</h1>{body}</main>").paragraphs
    assert len(paragraphs) == body.count("<p>")
    assert CAPTION not in paragraphs


def test_caption_within_a_story(read: Read) -> None:
    """A caption that stands among the paragraphs belongs to the image before it."""
    (media,) = read(body=f"<div><h1>A</h1><img src=/a.jpg><p class=caption>{CAPTION}</p>{STORY * 3}</div>").media
    assert (media.id, media.caption) == ("/a.jpg", CAPTION)


def test_gallery(read: Read) -> None:
    """Each picture of a gallery is one of its own."""
    inner = "".join(f"<figure><img src=/{n}.jpg><figcaption>Picture {n}.</figcaption></figure>" for n in range(3))
    draft = read(body=f"<article><h1>A</h1><figure>{inner}</figure>{STORY}</article>")
    assert [media.id for media in draft.media] == ["/0.jpg", "/1.jpg", "/2.jpg"]


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        (
            "<figure><table><tr><td>Vik</td><td>14</td></tr></table><figcaption>Cracks by town</figcaption></figure>",
            "Vik 14",
        ),
        ("<figure><blockquote><p>It held for 90 years.</p></blockquote></figure>", "It held for 90 years."),
    ],
)
def test_text_in_figures(markup: str, line: str, read: Read) -> None:
    """A figure that holds a table or a quotation is text."""
    draft = read(body=f"<article><h1>A</h1>{STORY}{markup}{STORY}</article>")
    assert line in draft.paragraphs
    assert draft.media == []


def test_images_in_data(read: Read) -> None:
    """The data's captions and credits fill up what the page shows, and add what it does not."""
    images = [
        {"@type": "ImageObject", "url": "/a.jpg?w=9", "caption": CAPTION, "creditText": "Jo Ek"},
        {"@type": "ImageObject", "url": "/b.jpg", "caption": "The mayor."},
        "https://a.example/c.jpg",
    ]
    data = orjson.dumps({"@type": "NewsArticle", "image": images}).decode()
    head = f'<script type="application/ld+json">{data}</script>'
    draft = read(head, body=f"<article><h1>A</h1><figure><img src=/a.jpg></figure>{STORY}</article>")
    assert [(media.id, media.caption, media.credit) for media in draft.media] == [
        ("/a.jpg", CAPTION, "Jo Ek"),
        ("/b.jpg", "The mayor.", None),
    ]


def test_teasers_are_no_pictures(read: Read) -> None:
    """Pictures of other stories stay with them."""
    related = "<aside class=related><figure><img src=/x.jpg><figcaption>Another story.</figcaption></figure></aside>"
    assert read(body=f"<article><h1>A</h1>{STORY}{related}</article>").media == []
