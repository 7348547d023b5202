"""`copytaster topics`: make the topics, and look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.console import say, write_line
from pipeline.cli.options import Brokers, Prefix, settings_from
from pipeline.cli.table import print_lines, print_table

if TYPE_CHECKING:
    from pipeline.bus.admin import TopicState
    from pipeline.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Create the topics, or see what is on them.", rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON for each instead of a table.")]
Group = Annotated[str | None, typer.Option("--group", help="Consumer group of the workers.", show_default=False)]

_HOUR_MS = 3_600_000


@app.command("create")
def create(
    brokers: Brokers = None,
    prefix: Prefix = None,
    partitions: Annotated[int | None, typer.Option("--partitions", help="Of each topic.", show_default=False)] = None,
    replication: Annotated[int | None, typer.Option("--replication", help="Copies.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Create the topics that are missing; leave alone those that exist and say where they differ."""
    from pipeline.bus.admin import Admin  # noqa: PLC0415 - the Kafka client is slow to load

    settings = settings_from(brokers=brokers, prefix=prefix, partitions=partitions, replication=replication)
    with Admin(settings) as admin:
        outcomes = admin.create()
    if as_json:
        print_lines([{"topic": o.topic, "outcome": o.outcome, "differences": o.differences} for o in outcomes])
    else:
        print_table(["topic", "outcome"], [[outcome.topic, outcome.outcome] for outcome in outcomes])
        for outcome in outcomes:
            for difference in outcome.differences:
                say(f"copytaster: {outcome.topic}: {difference}; it was left alone")


@app.command("list")
def list_topics(brokers: Brokers = None, prefix: Prefix = None, group: Group = None, as_json: AsJson = False) -> None:
    """List the topics with their sizes; lag is what the workers' group has yet to do."""
    settings = settings_from(brokers=brokers, prefix=prefix, group=group)
    states = _states(settings)
    if as_json:
        print_lines([_summary(state, settings) for state in states])
    else:
        columns = ["topic", "partitions", "records", "lag", "kept", "carries"]
        print_table(columns, [_row(state, settings) for state in states])
    _say_missing(states, settings)


@app.command("describe")
def describe(
    topics: Annotated[list[str] | None, typer.Argument(help="news.raw, or raw; all without it.")] = None,
    brokers: Brokers = None,
    prefix: Prefix = None,
    group: Group = None,
    as_json: AsJson = False,
) -> None:
    """Show each topic's partitions, settings, lag, and where it is not as the settings say."""
    from pipeline.bus.reader import topic_spec  # noqa: PLC0415 - the Kafka client is slow to load

    settings = settings_from(brokers=brokers, prefix=prefix, group=group)
    wanted = {topic_spec(topic, settings).name for topic in topics or ()}
    states = _states(settings)
    for state in states:
        if wanted and state.spec.name not in wanted:
            continue
        if as_json:
            print_lines([_summary(state, settings) | {"configs": state.configs, "offsets": _partitions(state)}])
        else:
            _print_topic(state, settings)
    _say_missing(states, settings, wanted)


def _states(settings: Settings) -> list[TopicState]:
    from pipeline.bus.admin import Admin  # noqa: PLC0415 - the Kafka client is slow to load

    with Admin(settings) as admin:
        return admin.describe()


def _say_missing(states: list[TopicState], settings: Settings, wanted: set[str] | None = None) -> None:
    """Name the topics that are not on the broker.

    Raises:
        TopicMissing: at least one that was asked for is not there.
    """
    from pipeline.errors import TopicMissing  # noqa: PLC0415 - beside the next
    from schemas.topics import TOPICS  # noqa: PLC0415 - pydantic would treble the time of --help

    present = {state.topic for state in states}
    names = [settings.topic(spec.name) for spec in TOPICS if not wanted or spec.name in wanted]
    if missing := [name for name in names if name not in present]:
        raise TopicMissing(f"missing on {settings.brokers}: {', '.join(missing)}; run `copytaster topics create`")


def _summary(state: TopicState, settings: Settings) -> dict[str, Any]:
    from pipeline.bus.admin import differences  # noqa: PLC0415 - the Kafka client is slow to load

    return {
        "topic": state.topic,
        "partitions": len(state.partitions),
        "records": state.records,
        "lag": _lag(state),
        "cleanup": state.configs.get("cleanup.policy"),
        "retention_ms": _milliseconds(state),
        "differences": differences(state.spec, settings, state.configs, len(state.partitions)),
    }


def _row(state: TopicState, settings: Settings) -> list[object]:
    summary = _summary(state, settings)
    changed = " (differs: see describe)" if summary["differences"] else ""
    return [
        state.topic,
        summary["partitions"],
        summary["records"],
        summary["lag"],
        _kept(state) + changed,
        state.spec.says,
    ]


def _print_topic(state: TopicState, settings: Settings) -> None:
    write_line(f"{state.topic}: {state.spec.says}; key: {state.spec.key}; kept: {_kept(state)}".encode())
    columns = ["partition", "begin", "end", "committed", "lag"]
    print_table(columns, [list(row.values()) for row in _partitions(state)])
    write_line(b"")
    for difference in _summary(state, settings)["differences"]:
        say(f"copytaster: {state.topic}: {difference}")


def _partitions(state: TopicState) -> list[dict[str, int | None]]:
    read = _lag(state) is not None
    return [
        {
            "partition": partition.partition,
            "begin": partition.begin,
            "end": partition.end,
            "committed": partition.committed,
            "lag": partition.lag if read else None,
        }
        for partition in state.partitions
    ]


def _lag(state: TopicState) -> int | None:
    """Return the lag of the workers' group; None for the topics that it only writes."""
    from schemas.topics import RAW  # noqa: PLC0415 - pydantic would treble the time of --help

    return state.lag if state.spec is RAW else None


def _milliseconds(state: TopicState) -> int | None:
    value = state.configs.get("retention.ms") if "delete" in state.configs.get("cleanup.policy", "") else None
    return int(value) if value is not None else None


def _kept(state: TopicState) -> str:
    milliseconds = _milliseconds(state)
    if milliseconds is None:
        return "last per key"
    if milliseconds < 0:
        return "for ever"
    hours = milliseconds / _HOUR_MS
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"
