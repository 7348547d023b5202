"""Commands as processes: started with a broker, ended by a signal, never left behind."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from pipeline.bus.admin import Admin
from pipeline.bus.reader import Received, subscribe
from pipeline.settings import Settings, load_settings

DEADLINE = 40.0
"""Seconds that any one step may take on a busy machine; a test that needs them has failed."""

COPYTASTER = (sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-m", "pipeline")
"""A warning that a user would see is an error here."""

_STATE = tempfile.TemporaryDirectory(prefix="copytaster-state-")
"""Where commands keep what they remember, unless a test says otherwise: never where a user's own feeds keep it."""


def own_topics(address: str) -> Settings:
    """Create topics under a prefix of their own and return the settings that reach them."""
    name = f"c{uuid.uuid4().hex[:10]}"
    settings = load_settings(brokers=address, prefix=name, group=name, partitions=2)
    with Admin(settings) as admin:
        admin.create()
    return settings


def environment(settings: Settings, state: Path | None = None) -> dict[str, str]:
    """Return the environment in which a command finds these topics."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COPYTASTER_")}
    kept |= {"COPYTASTER_BROKERS": settings.brokers, "COPYTASTER_PREFIX": settings.prefix, "TERM": "dumb"}
    return kept | {"COPYTASTER_STATE_DIR": str(state or _STATE.name)}


def run(
    settings: Settings, *arguments: str | Path, given: bytes = b"", state: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end."""
    return subprocess.run(
        [*COPYTASTER, *map(str, arguments)],
        input=given,
        capture_output=True,
        env=environment(settings, state),
        timeout=DEADLINE,
        check=False,
    )


@contextmanager
def running(
    settings: Settings, *arguments: str | Path, state: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command beside the test; whatever happens, it and what it started are gone afterwards."""
    process = subprocess.Popen(
        [*COPYTASTER, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(settings, state) | (env or {}),
    )
    try:
        yield process
    finally:
        end_tree(process.pid)
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()
        process.wait(DEADLINE)


def end_tree(pid: int) -> None:
    """Kill a process and all that it started."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue


def read_line(process: subprocess.Popen[bytes]) -> bytes:
    """Return the next line on stdout, or fail."""
    assert process.stdout is not None
    line, deadline = b"", time.monotonic() + DEADLINE
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        assert left > 0, f"no line on stdout in time, only {line!r}"
        if select.select([process.stdout], [], [], min(left, 0.5))[0]:
            data = os.read(process.stdout.fileno(), 1)
            assert data, "stdout has ended"
            line += data
    return line


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until something has come about, or fail."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.05)


def first(settings: Settings, topic: str, count: int) -> list[Received]:
    """Return the first `count` distinct events of a topic, or fail."""
    events: list[Received] = []
    begin = time.monotonic()
    for event in subscribe(
        topic, settings=settings, stop=lambda: len(events) >= count or time.monotonic() - begin > DEADLINE
    ):
        events.append(event)
        if len(events) >= count:
            break
    assert len(events) == count, f"{topic} holds {len(events)} events in time, not {count}"
    return events


def everything(settings: Settings, topic: str) -> list[Received]:
    """Return the distinct events that a topic holds now."""
    return list(subscribe(topic, settings=settings, until_idle=1.0))


def records(settings: Settings, topic: str) -> int:
    """Return how many records a topic holds, repeats too."""
    with Admin(settings) as admin:
        (state,) = [state for state in admin.describe() if state.spec.name == topic]
    return state.records
