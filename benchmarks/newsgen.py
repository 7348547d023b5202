"""News-like articles for load and kill tests: the same numbers in, the same bytes out.

Every line is one wire item in the shape of `seeds/wire.jsonl` (IPTC ninjs names). A share of the lines are updates
that repeat an earlier `uri` with the next version; some may be poison, spread evenly, at known positions. So a test
can say beforehand which (uri, version) must come out at the far end and how many dead letters there must be:

    python -m benchmarks.newsgen --count 20000 --poison 200 > articles.jsonl
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any, Final, Literal

import orjson

from benchmarks.newsgen_text import Text, body, words

Kind = Literal["new", "update", "broken_json", "no_text", "binary", "empty_body"]
"""What a line is; all but the first two are poison."""

POISON_KINDS: Final[tuple[Kind, ...]] = ("broken_json", "no_text", "binary", "empty_body")
UPDATE_SHARE: Final = 0.05
"""Of the lines that are not poison; how many of them replace an earlier version."""

_START: Final = datetime(2024, 1, 1, tzinfo=UTC)
_PACE: Final = timedelta(seconds=7)


@dataclass(frozen=True, slots=True)
class Item:
    """One generated line. `uri` and `version` are what must come out of it: None where it is poison."""

    number: int
    kind: Kind
    uri: str | None
    version: str | None
    line: bytes

    @property
    def poison(self) -> bool:
        """Whether the line must end as a dead letter."""
        return self.kind in POISON_KINDS


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run over the generated lines must leave behind."""

    versions: tuple[tuple[str, str], ...]
    """Each (uri, version) once, in the order of the lines."""
    latest: dict[str, str]
    """The version of each uri that a compacted topic converges to."""
    poison_positions: tuple[int, ...]
    """Line numbers from 0, ascending."""


@dataclass(frozen=True, slots=True)
class _Slot:
    number: int
    kind: Kind
    story: int
    version: int


def generate(count: int, *, seed: int = 0, poison: int = 0) -> Iterator[bytes]:
    """Return `count` lines without line feeds, `poison` of them unreadable.

    Raises:
        ValueError: a number is negative, or there is more poison than lines.
    """
    return (item.line for item in items(count, seed=seed, poison=poison))


def items(count: int, *, seed: int = 0, poison: int = 0) -> Iterator[Item]:
    """Return the same lines as `generate`, each with what it is."""
    return (_item(slot, seed) for slot in _plan(count, seed, poison))


def expected(count: int, *, seed: int = 0, poison: int = 0) -> Expected:
    """Return what the lines of `generate` with the same arguments must leave behind, without writing them."""
    slots = list(_plan(count, seed, poison))
    versions = tuple((_uri(seed, s.story), str(s.version)) for s in slots if s.kind not in POISON_KINDS)
    return Expected(versions, dict(versions), tuple(s.number for s in slots if s.kind in POISON_KINDS))


def _plan(count: int, seed: int, poison: int) -> Iterator[_Slot]:
    if not 0 <= poison <= count:
        raise ValueError(f"neither poison ({poison}) nor count ({count}) may be negative, nor poison exceed count")
    positions = {(2 * i + 1) * count // (2 * poison) for i in range(poison)}
    return _slots(count, positions, Random(f"plan {seed}"))


def _slots(count: int, positions: set[int], random: Random) -> Iterator[_Slot]:
    kinds = cycle(POISON_KINDS)
    stories: list[int] = []
    newest: dict[int, int] = {}
    for number in range(count):
        if number in positions:
            yield _Slot(number, next(kinds), number, 1)
        elif stories and random.random() < UPDATE_SHARE:
            story = random.choice(stories)
            newest[story] += 1
            yield _Slot(number, "update", story, newest[story])
        else:
            stories.append(number)
            newest[number] = 1
            yield _Slot(number, "new", number, 1)


def _uri(seed: int, story: int) -> str:
    return f"https://newsgen.example/{seed}/{story:08d}"


def _item(slot: _Slot, seed: int) -> Item:
    if slot.kind in POISON_KINDS:
        return Item(slot.number, slot.kind, None, None, _poison_line(slot, seed))
    line = orjson.dumps(_article(slot, seed))
    return Item(slot.number, slot.kind, _uri(seed, slot.story), str(slot.version), line)


def _poison_line(slot: _Slot, seed: int) -> bytes:
    random = Random(f"poison {seed} {slot.number}")
    match slot.kind:
        case "broken_json":
            line = orjson.dumps(_article(slot, seed))
            return line[: random.randrange(len(line) // 4, len(line) - 1)]
        case "binary":
            junk = random.randbytes(random.randrange(200, 4_000))
            # Magic bytes of gzip; a line feed inside would make two records of one.
            return b"\x1f\x8b\x08\x00" + junk.translate(None, b"\r\n")
        case "empty_body":
            return orjson.dumps(_envelope(slot, seed) | {"body_text": " \n\n "})
        case _:
            return orjson.dumps(_envelope(slot, seed))


def _envelope(slot: _Slot, seed: int) -> dict[str, Any]:
    return {
        "uri": _uri(seed, slot.story),
        "type": "text",
        "version": str(slot.version),
        "pubstatus": "usable",
        "firstcreated": _stamp(slot.story),
        "versioncreated": _stamp(slot.number),
        "language": "en",
    }


def _stamp(number: int) -> str:
    return (_START + number * _PACE).strftime("%Y-%m-%dT%H:%M:%SZ")


def _article(slot: _Slot, seed: int) -> dict[str, Any]:
    # Two streams of chance: an update keeps cast and sentences of its story and changes the figures.
    shape = Random(f"story {seed} {slot.story}")
    text = Text(shape, Random(f"figures {seed} {slot.story} {slot.version}"))
    topic = shape.choice(words()["topics"])
    article = _envelope(slot, seed) | {
        "urgency": topic["urgency"],
        "headline": text.fill(shape.choice(topic["headlines"])),
        "slugline": f"{topic['slug']}-{slot.story}",
        "byline": text.name(),
        "located": f"{text.cast['place']}, {text.cast['country']}",
        "subject": [dict(zip(("code", "name"), topic["subject"], strict=True))],
    }
    if slot.kind == "update":
        article["ednote"] = f"UPDATES figures; replaces version {slot.version - 1}"
    return article | {"body_text": body(text, topic, shape)}


def main() -> None:
    """Write the lines to standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.newsgen", description="Write news-like JSON Lines.")
    parser.add_argument("--count", type=int, required=True, help="lines in all, poison included")
    parser.add_argument("--poison", type=int, default=0, help="how many of them nobody can read (default 0)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other articles under other uris (default 0)")
    options = parser.parse_args()
    try:
        lines = generate(options.count, seed=options.seed, poison=options.poison)
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.buffer.writelines(line + b"\n" for line in lines)


if __name__ == "__main__":
    main()
