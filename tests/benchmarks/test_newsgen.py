"""The generated articles are what the load and kill tests count on: known, varied, the same every time."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import orjson
import pytest

from benchmarks.newsgen import POISON_KINDS, Item, expected, generate, items
from benchmarks.newsgen_text import MAX_BODY, MIN_BODY

ROOT = Path(__file__).parents[2]
COUNT = 2_000
POISON = 40


@pytest.fixture(scope="module")
def made() -> list[Item]:
    return list(items(COUNT, poison=POISON))


@pytest.fixture(scope="module")
def articles(made: list[Item]) -> list[dict]:
    return [orjson.loads(item.line) for item in made if not item.poison]


def by_version(articles: list[dict]) -> dict[tuple[str, str], dict]:
    return {(a["uri"], a["version"]): a for a in articles}


def test_the_same_arguments_give_the_same_bytes(made: list[Item]) -> None:
    """Determinism: a run can be repeated byte for byte."""
    assert list(generate(COUNT, poison=POISON)) == [item.line for item in made]


def test_another_process_gives_the_same_bytes() -> None:
    """Determinism: nothing depends on the hash seed of the interpreter, and the command line writes the same."""
    command = [sys.executable, "-m", "benchmarks.newsgen", "--count", "50", "--poison", "4", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert done.stdout.splitlines() == list(generate(50, seed=3, poison=4))
    assert done.stderr == b""


def test_another_seed_gives_other_articles_under_other_uris() -> None:
    """Uniqueness: two runs with different seeds can share a broker."""
    one, two = expected(200, seed=1), expected(200, seed=2)
    assert not set(one.latest) & set(two.latest)
    assert not set(generate(200, seed=1)) & set(generate(200, seed=2))


def test_a_shorter_run_is_the_beginning_of_a_longer_one() -> None:
    """Determinism: a shorter run without poison is the beginning of a longer one."""
    assert list(generate(300))[:100] == list(generate(100))


def test_expected_is_what_the_lines_say(made: list[Item], articles: list[dict]) -> None:
    """Known answer: the forecast, made without writing a body, equals what the lines contain."""
    forecast = expected(COUNT, poison=POISON)
    assert forecast.versions == tuple((a["uri"], a["version"]) for a in articles)
    assert forecast.versions == tuple((i.uri, i.version) for i in made if not i.poison)
    assert forecast.latest == {a["uri"]: a["version"] for a in articles}
    assert forecast.poison_positions == tuple(i.number for i in made if i.poison)


def test_each_version_of_each_uri_comes_once_and_in_order(articles: list[dict]) -> None:
    """Uniqueness: versions of one uri count 1, 2, 3 … in the order of the lines."""
    seen: Counter[str] = Counter()
    for article in articles:
        seen[article["uri"]] += 1
        assert article["version"] == str(seen[article["uri"]])


def test_about_one_in_twenty_is_an_update(made: list[Item]) -> None:
    """Load is realistic: 5 percent of the lines replace an earlier version."""
    updates = sum(item.kind == "update" for item in made)
    assert 0.035 < updates / COUNT < 0.065


def test_an_update_keeps_the_story_and_changes_its_figures(articles: list[dict]) -> None:
    """Load is realistic: names stay, numbers move, the times say which is newer."""
    known = by_version(articles)
    pairs = [(known[uri, "1"], article) for (uri, version), article in known.items() if version == "2"]
    assert len(pairs) > 50
    for first, second in pairs:
        assert (first["byline"], first["located"]) == (second["byline"], second["located"])
        assert first["body_text"] != second["body_text"]
        assert first["firstcreated"] == second["firstcreated"] < second["versioncreated"]
        assert "UPDATES" in second["ednote"]


@pytest.mark.parametrize(("count", "poison"), [(1, 1), (7, 3), (100, 100), (1_000, 10), (20_000, 200)])
def test_poison_is_exactly_as_many_and_evenly_spread(count: int, poison: int) -> None:
    """Known answer: as many poison lines as asked for, no two gaps differing by more than one line."""
    positions = expected(count, poison=poison).poison_positions
    assert len(positions) == len(set(positions)) == poison
    gaps = {b - a for a, b in pairwise(positions)}
    assert not gaps or max(gaps) - min(gaps) <= 1
    assert positions[0] >= 0
    assert positions[-1] < count


def test_every_kind_of_poison_occurs_equally_often(made: list[Item]) -> None:
    """Known answer: poison comes in all its kinds."""
    kinds = Counter(item.kind for item in made if item.poison)
    assert kinds == dict.fromkeys(POISON_KINDS, POISON // len(POISON_KINDS))


def test_poison_is_poison(made: list[Item]) -> None:
    """Known answer: none of it can be read as an article by any reader, however lenient."""
    for item in (i for i in made if i.poison):
        if item.kind in {"broken_json", "binary"}:
            with pytest.raises(orjson.JSONDecodeError):
                orjson.loads(item.line)
            assert item.kind == "broken_json" or b"\0" in item.line
        else:
            record = orjson.loads(item.line)
            assert "headline" not in record
            assert not record.get("body_text", "").strip()


def test_a_record_is_one_line(made: list[Item]) -> None:
    """JSON Lines: no line feed or carriage return inside a record, poison included."""
    assert not any(b"\n" in item.line or b"\r" in item.line for item in made)


def test_bodies_vary_in_length_as_on_a_wire(articles: list[dict]) -> None:
    """Load is realistic: bodies of 0.5 to 8 KB, about 3 KB on average, short ones more often than long ones."""
    sizes = sorted(len(article["body_text"].encode()) for article in articles)
    assert sizes[0] >= MIN_BODY
    assert sizes[-1] <= MAX_BODY
    assert 2_500 < sum(sizes) / len(sizes) < 3_500
    assert sizes[len(sizes) // 10] < 1_100
    assert sizes[len(sizes) * 9 // 10] > 5_000


def test_bodies_are_filled_and_full_of_figures(articles: list[dict]) -> None:
    """Load is realistic: no slot left open, no doubled hedge, several figures in every article."""
    twice = re.compile(
        r"(?:nearly|almost|about|up to|some|than|at least) (?:nearly|almost|about|up to|fewer|more) ", re.IGNORECASE
    )
    for article in articles:
        text = article["headline"] + "\n" + article["body_text"]
        assert "{" not in text
        assert not twice.search(text)
        assert len(re.findall(r"\d[\d,.]*", article["body_text"])) >= 2


def test_bodies_differ(articles: list[dict]) -> None:
    """Load is realistic: no two items have the same text, so no cache and no deduplication flatters a measurement."""
    assert len({article["body_text"] for article in articles}) == len(articles)


@pytest.mark.parametrize(("count", "poison"), [(10, 11), (10, -1), (-1, 0)])
def test_impossible_numbers_are_refused_at_once(count: int, poison: int) -> None:
    """Bad configuration stops at once, not at the first line."""
    with pytest.raises(ValueError, match="may be negative"):
        generate(count, poison=poison)
