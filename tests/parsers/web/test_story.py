"""Which blocks of a page are its story, rule by rule; and the markup of paragraphs, rows and tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.parsers import Draft
from pipeline.parsers.markup import paragraphs_of_markup
from pipeline.parsers.web.fragment import read_fragment
from tests.parsers.web.conftest import STORY

Read = Callable[..., Draft]
LINES = [
    "The council closed the bridge on Monday after a survey found 14 cracks in its piers.",
    "Repairs will take nine weeks and cost 3.2 million crowns, the mayor said.",
]


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=newsletter-box><p>Sign up for our letter, free, every weekday.</p></div>",
        "<div class=shareTools><p>Send this to a friend of yours</p></div>",
        "<aside><p>Ten walks to do in autumn with children</p></aside>",
        "<ul class=related-links><li><a href=/1>Bridge had passed inspection</a></li></ul>",
        "<div><p>Read also</p><p><a href=/1>Bridge had passed its inspection in May</a></p></div>",
        "<div style='display: none'><p>The council closed it, said the player.</p></div>",
        "<div hidden><p>The council closed it, said the player.</p></div>",
        "<p class=timestamp>Published 3 May 2024, 9:00 BST</p>",
        "<form><p>Your address, please, and we shall write.</p></form>",
        "<div class=comments><p>I crossed that bridge every day of my life and saw the cracks grow.</p></div>",
        "<script>var story = '<p>no text</p>';</script>",
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_furniture_stays_out(markup: str, place: str, read: Read) -> None:
    """What the site puts among the paragraphs is no paragraph."""
    first, second = (f"<p>{line}</p>" for line in LINES)
    body = f"{first}{markup}{second}" if place == "middle" else f"{first}{second}{markup}"
    assert read(body=f"<article><h1>Bridge shut</h1>{body}</article>").paragraphs == LINES


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("<ul><li>Length: 310 m</li></ul>", "Length: 310 m"),
        ("<h2>What now</h2>", "What now"),
        ("<p>No.</p>", "No."),
        ("<div>It opened in 1934.</div>", "It opened in 1934."),
        ("<table><tr><td>Vik</td><td>14</td></tr></table>", "Vik 14"),
        ("<blockquote><footer>Ida Moor, engineer</footer></blockquote>", "Ida Moor, engineer"),
        (
            "<p><a href=/r>The survey, which has 212 pages, names no culprit.</a></p>",
            "The survey, which has 212 pages, names no culprit.",
        ),
        ("<p>Since 11 August:</p>", "Since 11 August:"),
    ],
)
def test_what_is_short_stays(markup: str, line: str, read: Read) -> None:
    """Between two paragraphs of a story, short lines belong to it: figures stand in them."""
    first, second = (f"<p>{line}</p>" for line in LINES)
    assert read(body=f"<article><h1>Bridge shut</h1>{first}{markup}{second}</article>").paragraphs == [
        LINES[0],
        line,
        LINES[1],
    ]


def test_standfirst(read: Read) -> None:
    """The lines under the headline that say something belong to the story; who wrote it and when do not."""
    above = (
        "<h2>Traffic must go round by Holm until July</h2><p>By Ida Moor</p><p>3 May 2024, 10:05</p><span>News</span>"
    )
    draft = read(body=f"<main><h1>Bridge shut</h1>{above}<article>{STORY}</article></main>")
    assert draft.paragraphs == ["Traffic must go round by Holm until July", *LINES]


def test_main_story_of_several(read: Read) -> None:
    """Teasers with articles of their own are other stories."""
    teaser = "<article><h2><a href=/1>Museum opens late</a></h2><p>The museum stays open until eight.</p></article>"
    assert read(body=f"<article><h1>Bridge shut</h1>{STORY}</article>{teaser}{teaser}").paragraphs == LINES


@pytest.mark.parametrize("name", ["promo-free", "social story", "read-more-body", "with-sidebar"])
def test_doubtful_words(name: str, read: Read) -> None:
    """A wrapper of paragraphs is no furniture because of a word in its class."""
    more = "".join(f"<p>{line} It was said {number} times.</p>" for number in range(6) for line in LINES)
    draft = read(body=f"<main><h1>Bridge shut</h1><div>{more}</div><div class='{name}'>{more}</div></main>")
    assert len(draft.paragraphs) == 24


def test_story_in_several_articles(read: Read) -> None:
    """Posts that are an article element each are one story."""
    posts = "".join(
        f"<article><p>{line}</p></article>" for line in (*LINES, "It was built in 1934 and widened in 1971.")
    )
    assert len(read(body=f"<main><h1>Bridge shut</h1>{posts}</main>").paragraphs) == 3


def test_headline_is_no_paragraph(read: Read) -> None:
    """The headline stands in its field, also where the page has it in a plain element."""
    draft = read(
        "<title>Bridge shut for nine weeks</title>", body=f"<div>Bridge shut for nine weeks</div><div>{STORY}</div>"
    )
    assert (draft.headline, draft.paragraphs) == ("Bridge shut for nine weeks", LINES)


def test_text_that_only_the_data_have(read: Read) -> None:
    """Where a script would show the story, articleBody is read: as text or as markup."""
    for body in ("\\n\\n".join(LINES), "".join(f"<p>{line}</p>" for line in LINES)):
        head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'
        assert read(head, body="<div id=root></div>").paragraphs == LINES


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("<table><tr><td><p>Vik</p></td><td><p>14</p></td></tr></table>", ["Vik 14"]),
        ("<table><tr><td>Vik<br>town</td><td>14</td></tr></table>", ["Vik town 14"]),
        ("<table><tr><td>One.<br><br>Two.</td><td>x</td></tr></table>", ["One.", "Two.", "x"]),
        ("<table><tr><td><h1>Head</h1>One.</td><td>x</td></tr></table>", ["Head", "One.", "x"]),
        ("<table><tr><td>One cell.</td></tr></table>", ["One cell."]),
        (f"<table><tr><td>{'Long. ' * 80}</td><td>x</td></tr></table>", [("Long. " * 80).strip(), "x"]),
        ("<pre>Name   Points\nVik    14\nHolm   9</pre>", ["Name Points", "Vik 14", "Holm 9"]),
        ("<pre>A line that was\nwrapped.</pre>", ["A line that was wrapped."]),
        ("One<br>line.<br><br>Two.", ["One line.", "Two."]),
        ("Holm 3 Vik 1<br>Askeby 0\nLenz 0<br>2 Moss<br>", ["Holm 3 Vik 1", "Askeby 0 Lenz 0", "2 Moss"]),
        ("The road was<br>shut and opened<br>Again.", ["The road was shut and opened Again."]),
        ("<p>H<sub>2</sub>O <a href=x>link</a>.</p>", ["H2O link."]),
    ],
)
def test_lines_of_markup(markup: str, paragraphs: list[str]) -> None:
    """A row of a table is a line, whatever its cells are made of; a row that lays out a page is none."""
    assert paragraphs_of_markup(markup) == paragraphs


def test_fragments() -> None:
    """The body of another format is one story: pictures go to media, share buttons go, the rest stays."""
    fragment = read_fragment(
        "<figure><img src=/a.jpg><figcaption>The bridge in Vik.</figcaption></figure><p>Short.</p>"
        "<ul><li><a href=/1>A linked item</a></li></ul><div class=sharedaddy><p>Click to share this</p></div>"
    )
    assert fragment.paragraphs == ["Short.", "A linked item"]
    assert [(media.id, media.caption) for media in fragment.media] == [("/a.jpg", "The bridge in Vik.")]
    assert read_fragment("<div class=comments>All of it.</div>").paragraphs == ["All of it."]
    assert read_fragment("plain words & more").paragraphs == ["plain words & more"]
