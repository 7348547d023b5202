"""Whatever the bytes: an InputError or articles that keep the promises of the contract, nothing else."""

from __future__ import annotations

from random import Random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.checking import check_input, check_item
from tests.fuzz.corpus import archives, dialects
from tests.fuzz.mutation import mutated, random_bytes

BODIES = dialects()
OTHERS = [body for bodies in BODIES.values() for body in bodies]
ARCHIVES = archives()
MEDIA_TYPES = (None, None, "text/html", "text/plain", "application/json", "text/html; charset=utf-7", "x/y;charset")
DAMAGED = 250
"""Damaged inputs per dialect in the fast tests; `make fuzz` takes 100,000."""


@settings(max_examples=max(300, settings.default.max_examples), deadline=None)
@given(
    body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)),
    media_type=st.sampled_from(MEDIA_TYPES),
)
def test_random_bytes(body: bytes, media_type: str | None) -> None:
    """Random bytes under any label are refused in one sentence or read within the contract."""
    check_item(body, media_type)


@pytest.mark.parametrize("dialect", BODIES)
def test_damaged_goldens(dialect: str) -> None:
    """Damaged items of each dialect are refused in one sentence or read within the contract, under any label."""
    for number in range(DAMAGED):
        chance = Random(f"{dialect}/{number}")
        check_item(mutated(chance, chance.choice(BODIES[dialect]), OTHERS), chance.choice(MEDIA_TYPES))


@pytest.mark.parametrize("kind", ARCHIVES)
def test_damaged_archives(kind: str) -> None:
    """Damaged archives give the items that are whole and one sentence for what is not."""
    for number in range(DAMAGED):
        chance = Random(f"{kind}/{number}")
        check_input(mutated(chance, chance.choice(ARCHIVES[kind]), OTHERS))


def test_pieces_of_items() -> None:
    """What items are made of, thrown together, is refused in one sentence or read within the contract."""
    for number in range(DAMAGED):
        check_item(random_bytes(Random(number)))


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "value", "x"]), inner)
    ),
    max_leaves=6,
)
KEY_NAMES = (
    "uri id version pubstatus headline body_text body_html byline dateline located language published_at "
    "versioncreated updated_at embargoed urgency slug genre keywords subject associations media "
    "correction ednote signal"
)
KEYS = st.sampled_from(KEY_NAMES.split())


@settings(max_examples=max(400, settings.default.max_examples), deadline=None)
@given(item=st.dictionaries(KEYS, JSON_VALUES, max_size=12))
def test_json_with_any_values(item: dict[str, object]) -> None:
    """A JSON article whose fields hold the wrong kind of value never breaks the stage."""
    check_item(orjson.dumps({"body_text": "Some words.", **item}), "application/json")


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 100_000 + b"deep words",
        b"[" * 100_000,
        b'{"text":' * 5_000,
        b"<html><body><p>" + b"&#x41;" * 200_000,
        b"A" * 1_000_000,
        b"MOSUL, " * 100_000,
        b"Photo " * 100_000 + b"/",
        b"<?xml" + b" " * 500_000,
        "\u0301".encode() * 200_000,
        b"March 6, " * 50_000,
        b"<!--" * 100_000,
        b"&" * 1_000_000,
        b"A/B " * 200_000,
        b" | " * 300_000,
        b"A." * 300_000 + b"x.\n\nWords",
        b"<!---->" * 70 + b"<p>",
        b"<html><body>" + b"<article>" * 50_000 + b"words",
        b"<html><body>" + b"<h1>" * 50_000 + b"words",
        b"<html><body>" + b"<figure><figcaption>" * 20_000 + b"words",
        b"<html><title>" + b"a | " * 50_000 + b"</title><p>words",
        b'{"text": "Words.", "published": "' + b"May 1 " * 100_000 + b'"}',
        b'{"text": "Words.", "media": [{"caption": "' + b"May 1 " * 100_000 + b'"}]}',
        b"Head | Site\n\nx. A/" + b"A" * 70 + b"!\n\nWords",
        b"Head | Site\n\nx, " + b"A-" * 40 + b"!, y, March 6, 2017. AP/A\n\nWords",
        b"Head | Site\n\nin " + b"A-" * 40 + b"a!, March 6, 2017. AP/A\n\nWords",
        b"By " + b"A " * 400_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02" + b"^One<\r\n" * 100_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02" + b"\x01a1\x02" * 100_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"\x0c" * 500_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"a\x08" * 200_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"a\x18" * 300_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b" _" * 300_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"\x1b(K}" * 200_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"\x1b-R" + b"\xc2" * 500_000,
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"\x0e" * 500_000 + b"\x1b-A",
        b"\x01a0123 r i BC-X 03-06 0450\r\n\x02Words " + b"z{" * 300_000,
        b"\x01a0123 r i " + b"A-" * 500 + b"\x02Words of the story.",
        b"\x01abc001 3 pl 120\r\n\x02" + b"Line=\r\n" * 100_000 + b"Words",
        b"\x01abc001 3 pl 120\r\n\x02" + b"a b c d " * 100_000,
        b"\x01abc001 3 pl 120\r\n\x02Words.\r\n" + b"dpa ab cd z2\r\n" * 50_000,
        b"\x00" * 1_000_000 + b"\x01abc001 3 pl 120\r\n\x02Words of the story.",
        b"From: a@b.example\nMessage-ID: <1@b>\n\n" + b"-- \n" * 200_000 + b"Words",
        b"From: a@b.example\nMessage-ID: <1@b>\n\nWords\n" + b"____________\n" * 50_000,
        b"From: a@b.example\nMessage-ID: <1@b>\n\nWords\n" + b"unsubscribe\n\n" * 50_000,
        b"From: a@b.example\n" + b" x\n" * 300_000,
        b"A: " * 300_000,
        b"Head\n\n" + b"EMBARGOED UNTIL " * 50_000,
        b"Head\n\n" + b"This story has been " * 50_000,
        b"Head\n\n(Corrects " + b"((" * 200_000,
        b"Head\n\nFOR RELEASE " + b"1 a.m. " * 100_000,
        b"Head\n\n" + "Ã¼Ã".encode() * 200_000,
    ],
    ids=lambda body: repr(body[:40]),
)
@pytest.mark.timeout(20)
def test_hostile_repetition(body: bytes) -> None:
    """Depth and repetition cost time in proportion to the bytes, and no stack."""
    check_item(body)
