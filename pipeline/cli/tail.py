"""`copytaster tail`: read any topic, as a person or as a pipe."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.console import EXIT_SOME_FAILED, say, write_line
from pipeline.cli.options import Brokers, Prefix, settings_from
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.bus.reader import Received, Start
    from pipeline.cli.where import Where

_AGO = re.compile(r"-(\d+(?:\.\d+)?)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def start_from(text: str, now: datetime) -> Start:
    """Read `--from`: earliest, latest, an ISO 8601 time (UTC where it has no zone), or `-10m` before now.

    Raises:
        ConfigError: it is none of these.
    """
    if text == "earliest":
        return "earliest"
    if text == "latest":
        return "latest"
    try:
        if ago := _AGO.fullmatch(text):
            return now - timedelta(**{_UNITS[ago[2]]: float(ago[1])})
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ConfigError(
            f"--from {text} is no start; write earliest, latest, a time like 2025-02-03T05:40Z, or -10m (s, m, h, d)"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def tail(
    topic: Annotated[str, typer.Argument(help="news.figures, or figures.")] = "articles",
    *,
    start: Annotated[
        str, typer.Option("--from", metavar="START", help="earliest, latest, an ISO time, or -10m (s, m, h, d).")
    ] = "earliest",
    where: Annotated[
        str | None, typer.Option("--where", metavar="EXPR", help="Show records of which this JMESPath is true.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON line per record; a tombstone shows its key.")] = False,
    group: Annotated[
        str | None, typer.Option("--group", help="Remember how far this group has read; share the topic within it.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Leave after so many records.")] = None,
    idle: Annotated[
        float | None,
        typer.Option("--exit-when-idle", metavar="SECONDS", min=0.1, help="Leave after so long without a record."),
    ] = None,
    brokers: Brokers = None,
    prefix: Prefix = None,
) -> None:
    """Read a topic from START and follow it until Ctrl-C.

    Every event is shown once, also where a worker repeated it after a crash.

    For example: copytaster tail figures --where "figure.term == 'killed'"

    As a pipe: copytaster tail --from -10m --json | jq .headline
    """
    # What reads from Kafka is imported here: `--help` need not wait for it.
    from pipeline.bus.reader import subscribe  # noqa: PLC0415 - see above
    from pipeline.cli.stopping import stop_on_signals  # noqa: PLC0415 - see above
    from pipeline.cli.where import Where  # noqa: PLC0415 - see above

    settings = settings_from(brokers=brokers, prefix=prefix)
    begin = start_from(start, datetime.now(UTC))
    output = _Output(Where(where) if where is not None else None, _as_json if json else _readable())
    with stop_on_signals() as stopping:
        events = subscribe(
            topic,
            group=group,
            start=begin,
            settings=settings,
            until_idle=idle,
            stop=lambda: stopping.is_set() or output.shown == limit,
        )
        for event in events:
            output.take(event)
    if output.failed:
        raise typer.Exit(EXIT_SOME_FAILED)


class _Output:
    """What was asked for, and how much of it was shown."""

    def __init__(self, where: Where | None, show: Callable[[Received], None]) -> None:
        self._where = where
        self._show = show
        self.shown = 0
        self.failed = 0

    def take(self, event: Received) -> None:
        """Show an event if it is wanted."""
        import orjson  # noqa: PLC0415 - `--help` need not wait for it

        try:
            if self._where is None or self._where(orjson.loads(event.value) if event.value is not None else None):
                self._show(event)
                self.shown += 1
        except orjson.JSONDecodeError as error:
            say(f"copytaster: {event.topic}/{event.partition}/{event.offset} holds no JSON: {error}")
            self.failed += 1


def _as_json(event: Received) -> None:
    import sys  # noqa: PLC0415 - only here

    import orjson  # noqa: PLC0415 - `--help` need not wait for it

    if event.value is None:
        key = (event.key or b"").decode("utf-8", "replace")
        write_line(orjson.dumps({"tombstone": key}))
    else:
        # Another client's record may be no JSON, or JSON on several lines; on stdout each line is a JSON value.
        value = orjson.loads(event.value)
        write_line(orjson.dumps(value) if b"\n" in event.value else event.value)
    sys.stdout.flush()


def _readable() -> Callable[[Received], None]:
    from pipeline.cli.layout import data_console, put  # noqa: PLC0415 - `--help` need not wait for it
    from pipeline.cli.view import event_lines  # noqa: PLC0415 - the same

    console = data_console()
    return lambda event: put(console, event_lines(console, event))
