"""`copytaster replay`: archives onto the raw topic, as if it were happening now."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.console import EXIT_SOME_FAILED, people, say
from pipeline.cli.options import Brokers, Prefix, Source, settings_from
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.feeds.replay import Progress

_DATE_CHARS = 10
_PLAIN_LINES_SECONDS = 10.0


def speed_of(text: str) -> float | None:
    """Read `--speed`: a factor, or max for None.

    Raises:
        ConfigError: it is neither.
    """
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise ConfigError(f"--speed {text} is no speed; write max, or a factor such as 1, 10 or 0.5")
    return speed


def moment_of(option: str, text: str | None, *, end: bool = False) -> datetime | None:
    """Read a moment in ISO 8601, UTC where it has no zone; a date alone is its first moment, or its last.

    Raises:
        ConfigError: it is no moment.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text} is no time; write 2025-02-03 or 2025-02-03T05:40Z") from None
    if end and len(text) <= _DATE_CHARS:
        moment += timedelta(days=1) - timedelta(microseconds=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def replay(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders of items.")],
    *,
    speed: Annotated[str, typer.Option("--speed", metavar="N|max", help="10 is ten times the original pace.")] = "max",
    rate: Annotated[float | None, typer.Option("--rate", metavar="N", help="At most N items a second.")] = None,
    loop: Annotated[int, typer.Option("--loop", metavar="N", min=1, help="Send everything N times; see below.")] = 1,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help="Leave out what is older.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Leave out what is newer.")] = None,
    resume: Annotated[bool, typer.Option("--resume/--no-resume", help="Go on where a replay stopped.")] = True,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="Where the position is kept.", show_default=False)
    ] = None,
    source: Source = None,
    brokers: Brokers = None,
    prefix: Prefix = None,
) -> None:
    """Publish archives to the raw topic, in the order of their dates and at the pace that is asked for.

    Items without a date follow the item before them; --since and --until leave out those that precede every date.

    A replay that was stopped goes on after the last item that the broker acknowledged when the same command is given
    again: same paths, sizes, source and selection.

    --loop is for load tests: each round sends the same items under the same ids, so the workers do the work again and
    readers drop the repeats.
    """
    if rate is not None and not 0 < rate < float("inf"):
        raise ConfigError(f"--rate {rate:g} is no rate; write how many items a second, above 0")
    factor = speed_of(speed)

    # What reads and sends is imported here: `--help` need not wait for it.
    from pipeline.bus.publisher import Publisher  # noqa: PLC0415 - see above
    from pipeline.cli.stopping import stop_on_signals  # noqa: PLC0415 - see above
    from pipeline.feeds.archive import Archive, Selection  # noqa: PLC0415 - see above
    from pipeline.feeds.position import Position  # noqa: PLC0415 - see above
    from pipeline.feeds.replay import Replay  # noqa: PLC0415 - see above

    settings = settings_from(brokers=brokers, prefix=prefix, source=source)
    selection = Selection(moment_of("--since", since), moment_of("--until", until, end=True))
    archive = Archive(paths, source=settings.source, received_at=datetime.now(UTC), selection=selection)
    digest = archive.digest()
    position = Position(state or settings.state_dir.expanduser() / "replay" / f"{digest}.json", digest)
    if not resume:
        position.forget()
    begin = position.load()
    with Publisher(settings) as publisher, stop_on_signals() as stopping:
        archive.index(say)
        if begin:
            say(f"copytaster: going on after item {begin:,} of {archive.total * loop:,}; --no-resume begins afresh")
        with _bar(archive.total * loop, begin, _remaining(archive.last, factor, rate)) as look:
            run = Replay(
                archive,
                publisher,
                position=position,
                speed=factor,
                rate=rate,
                loops=loop,
                now=time.monotonic,
                wait=stopping.wait,
                look=look,
            )
            finished = run.run()
    sent = run.progress.acknowledged - begin
    say(f"copytaster: {sent:,} items published, {archive.rejected:,} rejected")
    if not finished:
        say(f"copytaster: stopped after {run.progress.acknowledged:,} of {run.progress.total:,}; run it again to go on")
        raise KeyboardInterrupt
    if archive.rejected or not archive.total:
        raise typer.Exit(EXIT_SOME_FAILED)


def _remaining(
    last: datetime | None, speed: float | None, rate: float | None
) -> Callable[[Progress, float], float | None]:
    """Return what tells the seconds left from the progress and the items a second so far."""

    def remaining(progress: Progress, pace: float) -> float | None:
        left = progress.total - progress.sent
        estimates = []
        if speed is not None and progress.at is not None and last is not None:
            estimates.append((last - progress.at).total_seconds() / speed)
        elif pace > 0:
            estimates.append(left / pace)
        if rate is not None:
            estimates.append(left / rate)
        return max(estimates, default=None)

    return remaining


@contextmanager
def _bar(
    total: int, begin: int, remaining: Callable[[Progress, float], float | None]
) -> Iterator[Callable[[Progress], None]]:
    """Yield what shows the progress: a bar on a terminal, else a line now and then."""
    started = time.monotonic()

    def words(progress: Progress) -> str:
        pace = (progress.sent - begin) / max(time.monotonic() - started, 1e-6)
        left = remaining(progress, pace)
        eta = f", {timedelta(seconds=round(left))} left" if left is not None and progress.sent < total else ""
        return f"{progress.sent:,} of {total:,} items, {pace:,.0f}/s{eta}"

    if not sys.stderr.isatty():
        yield _lines(words, started)
        return
    from rich.progress import BarColumn, TextColumn  # noqa: PLC0415 - only a terminal has a bar
    from rich.progress import Progress as Bar  # noqa: PLC0415 - the same

    with Bar(BarColumn(), TextColumn("{task.description}"), console=people(), transient=True) as bar:
        task = bar.add_task("", total=total, completed=begin)
        yield lambda progress: bar.update(task, completed=progress.sent, description=words(progress))


def _lines(words: Callable[[Progress], str], started: float) -> Callable[[Progress], None]:
    said = started

    def look(progress: Progress) -> None:
        nonlocal said
        if time.monotonic() - said >= _PLAIN_LINES_SECONDS:
            said = time.monotonic()
            say(f"copytaster: {words(progress)}")

    return look
