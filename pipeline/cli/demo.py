"""`copytaster demo`: the whole line at work, without any setup."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.console import EXIT_SOME_FAILED, people, say
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

    from pipeline.bus.reader import Received
    from pipeline.demo import Demo, Tally
    from pipeline.feeds.archive import Archive

_MOST_FIGURES = 8
_LABELS = 12


def demo(
    seeds: Annotated[
        list[Path] | None,
        typer.Option("--seeds", metavar="PATH", help="News to replay: files, folders; the repository's seeds else."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the broker's data and the logs on disk.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most N items.")] = None,
) -> None:
    """Show news flow: an embedded broker, a worker, a replay, and the articles that come out.

    Nothing to install, nothing left behind. Ends by itself when every item has become an article or a dead letter.
    """
    from pipeline.cli.layout import data_console  # noqa: PLC0415 - `--help` need not wait for it
    from pipeline.cli.stopping import interrupt_on_sigterm  # noqa: PLC0415 - the same
    from pipeline.demo import Demo  # noqa: PLC0415 - the same
    from pipeline.feeds.archive import Archive  # noqa: PLC0415 - the same

    archive = Archive(seeds or [_own_seeds()], source="demo", received_at=datetime.now(UTC))
    console = data_console()
    with interrupt_on_sigterm(), Demo(keep=keep) as line:
        with _status("starting a broker and a worker"):
            line.start()
            archive.index(lambda sentence: say(f"copytaster: {sentence}"))
        _publish(line, archive, limit)
        for event in line.flow():
            _show(console, event)
        _summary(console, line.tally, archive.rejected)
        complete, directory = line.tally.complete, line.directory
    if keep:
        say(f"copytaster: kept in {directory}; look again: copytaster broker --data-dir {directory / 'broker'}")
    if not complete:
        say(f"copytaster: not everything came out: {line.tally.missing} missing")
    if line.tally.items and not line.tally.articles:
        say("copytaster: not one article came out; the dead letters above say why")
    if archive.rejected or not complete or not line.tally.articles:
        raise typer.Exit(EXIT_SOME_FAILED)


def _own_seeds() -> Path:
    """Return the seeds of the repository that this package lies in.

    Raises:
        ConfigError: it lies in none, as after an installation from a wheel.
    """
    seeds = Path(__file__).parents[2] / "seeds"
    if not (seeds / "README.md").is_file():
        raise ConfigError("this installation brings no seeds; say what to replay: copytaster demo --seeds PATH")
    return seeds


@contextmanager
def _status(words: str) -> Iterator[None]:
    console = people()
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield


def _publish(line: Demo, archive: Archive, limit: int | None) -> None:
    with line.publisher() as publisher:
        for place, item in enumerate(archive):
            if place == limit:
                break
            line.tally.sent(item.raw)
            publisher.publish(item.raw)


def _show(console: Console, event: Received) -> None:
    from pipeline.cli.layout import put  # noqa: PLC0415 - imported by now
    from pipeline.cli.view import article_lines, event_lines  # noqa: PLC0415 - the same
    from schemas import EnrichedArticle  # noqa: PLC0415 - the same

    record = event.record
    if isinstance(record, EnrichedArticle):
        put(console, [*article_lines(console, record, most_figures=_MOST_FIGURES, links=False), _blank()])
    else:
        put(console, [*event_lines(console, event), _blank()])


def _summary(console: Console, tally: Tally, rejected: int) -> None:
    from rich.text import Text  # noqa: PLC0415 - imported by now

    from pipeline.cli.layout import put  # noqa: PLC0415 - the same

    pace = f"{tally.articles / tally.seconds:,.0f} articles/s over {tally.seconds:.2f} s" if tally.seconds else "—"
    refused = f" ({rejected:,} more were no items)" if rejected else ""
    rows = [
        ("items in", f"{tally.items:,}{refused}"),
        ("articles", f"{tally.articles:,} with {tally.entities:,} entities and {tally.figures:,} figures"),
        ("dead letters", f"{tally.dead_letters:,}"),
        ("throughput", f"{pace}, one worker"),
        ("latency", f"p50 {1000 * tally.latency(50):,.0f} ms, p95 {1000 * tally.latency(95):,.0f} ms, topic to sink"),
    ]
    lines = [Text(f"{label:<{_LABELS}}  ", style="dim").append(words, style="not dim bold") for label, words in rows]
    lines += [_blank(), *(Text(hint, style="dim") for hint in _NEXT)]
    put(console, lines)


_NEXT = (
    "Next: copytaster enrich FILE       the same on one file, no broker",
    "      copytaster broker            a broker that stays; then `topics create`, `worker`, `replay`",
    "      copytaster tail figures      every figure as it is detected",
)


def _blank() -> Text:
    from rich.text import Text  # noqa: PLC0415 - imported by now

    return Text()
