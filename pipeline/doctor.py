"""Checks of settings and broker, each with what to do when it fails."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource

from pipeline.bus.admin import Admin, TopicState, differences
from pipeline.errors import BrokerError
from pipeline.settings import CONFIG_FILE, Settings
from pipeline.sources import read_sources
from schemas.topics import DEADLETTER, RAW, TOPICS

_LEAST_FREE_BYTES = 2 * 1024**3
"""Less than this fills within hours at the retention that is the default."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was found, and what to do where it is not fine."""

    name: str
    fine: bool
    found: str
    advice: str | None = None
    exit_code: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Return the check as it is written to JSON."""
        return {"check": self.name, "ok": self.fine, "found": self.found, "advice": self.advice}


def examine(settings: Settings, flags: Collection[str], data_dir: Path, now: datetime) -> Iterator[Check]:
    """Check everything in the order in which things depend on each other; without a broker the rest is left out.

    Args:
        settings: what is checked.
        flags: names of the settings that came by a flag.
        data_dir: where the embedded broker keeps its data, if it was ever used.
        now: current time, against which the quiet of each source is measured.
    """
    yield from _settings(settings, flags)
    yield from _disk(data_dir)
    yield from _sources(settings, now)
    try:
        with Admin(settings) as admin:
            yield Check("broker", True, f"{settings.brokers} answers; it knows the requests of Kafka {admin.version()}")
            states = admin.describe()
    except BrokerError as error:
        yield Check("broker", False, str(error), exit_code=error.exit_code)
        return
    yield from _topics(settings, {state.spec.name: state for state in states})


def _settings(settings: Settings, flags: Collection[str]) -> Iterator[Check]:
    sources = [
        ("a flag", flags),
        ("the environment", EnvSettingsSource(Settings)()),
        (CONFIG_FILE, TomlConfigSettingsSource(Settings)()),
    ]
    for name in sorted(settings.model_fields_set):
        source = next(source for source, names in sources if name in names)
        # A secret shows itself as asterisks.
        yield Check(f"setting {name}", True, f"{getattr(settings, name)}, from {source}")
    if not settings.model_fields_set:
        yield Check("settings", True, "all are the defaults")


def _disk(data_dir: Path) -> Iterator[Check]:
    if not data_dir.exists():
        return
    free = shutil.disk_usage(data_dir).free
    found = f"{free / 1024**3:,.1f} GB free for the embedded broker in {data_dir}"
    advice = "free some, give `copytaster broker` another --data-dir, or lower retention_hours"
    yield Check("disk", free >= _LEAST_FREE_BYTES, found, None if free >= _LEAST_FREE_BYTES else advice)


def _sources(settings: Settings, now: datetime) -> Iterator[Check]:
    try:
        states = read_sources(settings.state_dir)
    except OSError as error:
        yield Check("sources", False, str(error), "remove the file; the habits of the sources are learned anew")
        return
    for state in states:
        name = f"source {state.source} ({state.feed})"
        verdict = state.verdict(now)
        if verdict is None or state.last is None:
            yield Check(name, True, f"nothing published yet, {state.rejected:,} rejected")
            continue
        usual = f"usually every {spoken(verdict.usual)}" if verdict.usual else "its habit is still being learned"
        found = f"{state.items:,} items, the last one at {state.last:%Y-%m-%d %H:%M} UTC, {usual}"
        if verdict.silent:
            advice = (
                f"see whether `copytaster feed {state.feed}` runs and what its wire says; if it is gone for good: "
                f"`copytaster doctor --forget {shlex.quote(state.source)}`"
            )
            yield Check(name, False, f"silent for {spoken(verdict.quiet)}: {found}", advice)
        else:
            yield Check(name, True, found)


def spoken(span: timedelta) -> str:
    """Return a span in the two largest units that say something."""
    minutes = max(round(span.total_seconds() / 60), 1)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (rest, "min")) if number]
    return " ".join(parts[:2])


def _topics(settings: Settings, states: dict[str, TopicState]) -> Iterator[Check]:
    for spec in TOPICS:
        name = f"topic {settings.topic(spec.name)}"
        state = states.get(spec.name)
        if state is None:
            yield Check(name, False, "it is missing", "run `copytaster topics create`")
            continue
        found = differences(spec, settings, state.configs, len(state.partitions))
        if found:
            advice = "change the setting to what the topic is, or the topic with your broker's tools"
            yield Check(name, False, "; ".join(found), advice)
        else:
            yield Check(name, True, f"{len(state.partitions)} partitions, {state.records:,} records")
    if RAW.name in states:
        yield _group(settings, states[RAW.name])
    if DEADLETTER.name in states:
        yield _dead_letters(states[DEADLETTER.name])


def _group(settings: Settings, raw: TopicState) -> Check:
    name = f"group {settings.group}"
    if raw.records and all(partition.committed is None for partition in raw.partitions):
        found = f"{raw.records:,} raw records wait, and no worker has done one yet"
        return Check(name, False, found, "run `copytaster worker`, or give --group if your workers have another name")
    return Check(name, True, f"lag {raw.lag:,} records")


def _dead_letters(state: TopicState) -> Check:
    if not state.records:
        return Check("dead letters", True, "none")
    return Check("dead letters", True, f"{state.records:,} kept; `copytaster deadletter list` says why")
