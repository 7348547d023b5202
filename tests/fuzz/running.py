"""One target of the fuzz run: its damaged inputs, one after the other, in a process with its memory capped."""

from __future__ import annotations

import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from pipeline.limits import MAX_ITEM_BYTES
from tests.fuzz.bombs import BOMBS
from tests.fuzz.checking import Check, check_input, check_item
from tests.fuzz.corpus import archives, dialects
from tests.fuzz.mutation import mutated, random_bytes

MEMORY_BYTES = 2 * 1024**3
"""Address space of a process: the interpreter and its libraries take a quarter of it."""

SLOW_SECONDS = 1.0
STREAM_SECONDS = 10.0
"""More that an archive or stream may take for each megabyte: half a million bad lines may be in one, each said."""

RANDOM_SHARE = 0.1
THOROUGH_EVERY = 16
"""One input in so many is read twice and sent through JSON."""

WARMING = ("Habari za leo kutoka mji mkuu wa nchi yetu, wananchi wamesema.", "<html><body><p>Words of a page.</p>")
"""A language that no function words tell, and a page."""

FOUND = Path(".fuzz")


@dataclass(slots=True)
class Outcome:
    """What became of the inputs of one target."""

    target: str
    inputs: int = 0
    results: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    seconds: float = 0.0
    peak_bytes: int = 0
    found: list[str] = field(default_factory=list)


def run(target: str, inputs: int, seed: int) -> Outcome:
    """Read the damaged inputs of one target."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    items = dialects()
    bodies = items[target] if target in items else archives()[target]
    others = [body for found in items.values() for body in found]
    outcome = Outcome(target)
    _warm_up()
    for number in range(inputs):
        chance = Random(f"{seed}/{target}/{number}")
        body = (
            random_bytes(chance) if chance.random() < RANDOM_SHARE else mutated(chance, chance.choice(bodies), others)
        )
        check = partial(check_item, thorough=number % THOROUGH_EVERY == 0) if target in items else check_input
        _one(outcome, number, body, check)
    outcome.peak_bytes = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return outcome


def _warm_up() -> None:
    """Load tables and models, which is no input's fault."""
    for text in WARMING:
        check_item(text.encode())


def explode() -> Outcome:
    """Read the bombs, each as an input and, where it is small enough to travel, as an item."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    outcome = Outcome("bombs")
    _warm_up()
    for number, (name, make) in enumerate(BOMBS.items()):
        body = make()
        for check in (check_input, check_item) if len(body) <= MAX_ITEM_BYTES else (check_input,):
            _one(outcome, number, body, check, name)
    outcome.peak_bytes = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return outcome


def _one(outcome: Outcome, number: int, body: bytes, check: Check, name: str = "") -> None:
    begin = time.process_time()
    try:
        outcome.results[check(body)] += 1
    except BaseException as error:  # whatever it is, it is what was looked for
        outcome.found.append(
            _keep(outcome.target, number, body, f"{name} {type(error).__name__}: {str(error)[:200]!r}")
        )
    took = time.process_time() - begin
    outcome.inputs += 1
    outcome.slowest = max(outcome.slowest, took)
    outcome.seconds += took
    megabytes = len(body) / 2**20 if check is check_input else 0
    if took > SLOW_SECONDS + STREAM_SECONDS * megabytes:
        outcome.found.append(_keep(outcome.target, number, body, f"{name} took {took:.1f} s of CPU"))


def _keep(target: str, number: int, body: bytes, what: str) -> str:
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{target}-{number}.bin"
    path.write_bytes(body)
    return f"{path}: {what} ({len(body)} bytes)"
