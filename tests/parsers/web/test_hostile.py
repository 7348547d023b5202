"""Pages that only want time and memory: refused before they are parsed, or read in proportion to their bytes."""

from __future__ import annotations

import pytest

from pipeline.errors import InputError, UnsafeItem
from pipeline.limits import MAX_HTML_ATTRIBUTES, MAX_HTML_TAGS
from pipeline.parsers import Draft, Reading
from pipeline.parsers.markup import tree_of
from pipeline.parsers.web import extractor, page

PARAGRAPH = "<p>Words of a paragraph that is long enough, 12 of them in one.</p>"


def parsed(body: str) -> Draft | None:
    try:
        return page.parse(Reading(f"<html><body>{body}</body></html>".encode()))[0]
    except InputError:
        return None


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + "deep",
        PARAGRAPH * 100_000,
        "<h1>" * 3_000 + "deep",
        "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">Words.</p>",
        "<p " + "".join(f'a{number}=">"' for number in range(100_000)) + ">Words.</p>",
        "<p " + "/".join(f"a{number}" for number in range(100_000)) + ">Words.</p>",
        "<p " + "\"'" * 3 + " ".join(f"b{number}" for number in range(100_000)) + ">Words.</p>",
    ],
    ids=lambda body: body[:30],
)
@pytest.mark.timeout(20)
def test_crowds_are_refused(body: str) -> None:
    """A page with far more tags, attributes or levels than any has is refused in one sentence, at once."""
    with pytest.raises(UnsafeItem, match=r"limit\.$|cannot be read\.$"):
        tree_of(body)


@pytest.mark.parametrize(
    "body",
    [
        '<p class="' + "share " * 300_000 + f'">x</p>{PARAGRAPH}',
        f'<img srcset="{"a 1w, " * 200_000}">{PARAGRAPH}',
        f'<p style="{"x" * 3_000_000}">Words of it.</p>',
        f'<img src="data:image/png;base64,{"A" * 3_000_000}">{PARAGRAPH}',
        '<div data-json="' + "a=1 b=2 " * 100_000 + f'">{PARAGRAPH}</div>',
    ],
    ids=lambda body: body[:30],
)
@pytest.mark.timeout(20)
def test_long_values_are_no_crowd(body: str) -> None:
    """However long the value of an attribute is, it is one."""
    assert parsed(body) is not None


@pytest.mark.parametrize(
    "body",
    [
        PARAGRAPH * 11_000,
        ("<div>" * 70 + "<a href=x>l</a>" + "</div>" * 70) * 160,
        "<div>" * 60 + "<a href=x>link</a> words " * 11_000,
        "<ul>" * 60 + "<li>item words here now</li>" * 11_000,
        "<ul><li>w " * 35 + "<li>item words here now</li>" * 11_000,
        "<table><tr><td>" * 25 + "<tr><td>cell words 1</td><td>2</td></tr>" * 3_500,
        "<blockquote><p>w " * 35 + "<p>quote words here</p>" * 10_000,
        "<div class=caption>" * 1_500 + "words",
        "<figure><img src=a><figcaption>Of May 3, 2019.</figcaption></figure>" * 5_000 + PARAGRAPH,
        "<article>" * 1_000 + PARAGRAPH * 3_000,
        "<form>" * 70 + PARAGRAPH * 3_000 + "<form>x</form>" * 3_000,
        "<div rel=author>" * 1_500 + "word " * 200_000,
        "<p>" + "<b>w</b>" * 11_500,
        "<pre>" + "a   b\n" * 200_000,
        "<p><time>x</time>" * 11_000,
        '<script type="application/ld+json">{' + " " * 2_000_000 + f",</script>{PARAGRAPH}",
        '<script type="application/ld+json">' + "[" * 100_000 + f"</script>{PARAGRAPH}",
        '<script type="application/ld+json">{"@graph":['
        + '{"@type":"NewsArticle"},' * 99_000
        + f"]}}</script>{PARAGRAPH}",
        '<meta name="keywords" content="a,b,c">' * 30_000 + PARAGRAPH,
    ],
    ids=lambda body: body[:40],
)
@pytest.mark.timeout(20)
def test_repetition(body: str) -> None:
    """Depth and repetition within the limits cost time in proportion to the bytes."""
    parsed(body)


def test_the_judge_is_not_asked_about_nested_crowds() -> None:
    """A page on which trafilatura would walk for seconds is read without it."""
    assert extractor.story_lines(tree_of("<div>" * 60 + "<a href=x>link</a> words " * 5_000)) is None
    assert extractor.story_lines(tree_of(PARAGRAPH * 9_000)) is None
    assert extractor.story_lines(tree_of(PARAGRAPH * 50))


def test_limits_are_limits() -> None:
    """What is just within a limit is read."""
    assert len(list(tree_of("<br>" * (MAX_HTML_TAGS - 10)).iter("br"))) == MAX_HTML_TAGS - 10
    names = " ".join(f'a{number}="1"' for number in range(MAX_HTML_ATTRIBUTES - 10))
    assert next(tree_of(f"<p {names}>Words.</p>").iter("p")).get("a7") == "1"


@pytest.mark.parametrize("odd", ["\ufffe", "&#xFFFE;", "\x01", "&#1;", "&#xD800;", "\x0c", "&#0;"])
def test_odd_characters(odd: str) -> None:
    """Characters that no XML may hold neither stop the reader nor reach the text."""
    menu = f"<nav>Home</nav>{odd}<figure>x{odd}</figure>{odd}"
    body = f"<html><body>{menu}<p>One{odd} line of a story, with 9 words.</p>{menu}</body></html>"
    (draft,) = page.parse(Reading(body.encode()))
    assert any(line.startswith("One") and "line of a story, with 9 words." in line for line in draft.paragraphs)
