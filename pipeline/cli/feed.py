"""`copytaster feed`: live wires onto the raw topic."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import feed_http
from pipeline.cli.console import EXIT_SOME_FAILED, say
from pipeline.cli.options import Brokers, MetricsAt, Prefix, Source, settings_from

app = typer.Typer(help="Put live wires on the raw topic.", no_args_is_help=True)
app.command("http")(feed_http.http)


@app.command("stdin")
def stdin(*, source: Source = None, metrics: MetricsAt = None, brokers: Brokers = None, prefix: Prefix = None) -> None:
    """Publish standard input: JSON Lines, each line as it comes, or one file.

    A line that is no item is said on stderr, the rest is done, and the exit code is 1.
    """
    from pipeline.bus.publisher import Publisher  # noqa: PLC0415 - `--help` need not wait for a Kafka client
    from pipeline.feeds.lines import Counts, publish_all  # noqa: PLC0415 - the same
    from pipeline.intake import read_items  # noqa: PLC0415 - the same
    from pipeline.sources import Ledger  # noqa: PLC0415 - the same
    from pipeline.sources.metrics import serve_metrics  # noqa: PLC0415 - the same

    settings = settings_from(brokers=brokers, prefix=prefix, source=source)
    counts, opened, interrupted = Counts(), datetime.now(UTC), False
    with (
        Publisher(settings) as publisher,
        Ledger(settings.state_dir, "stdin", say) as ledger,
        serve_metrics(metrics, ledger, _now),
    ):
        try:
            items = read_items(sys.stdin.buffer, source=settings.source, received_at=opened)
            publish_all(
                items,
                publisher,
                complain=say,
                counts=counts,
                ledger=ledger,
                source=settings.source,
                opened=opened,
                now=_now,
            )
        except KeyboardInterrupt:
            interrupted = True  # what was read is still delivered
    say(f"copytaster: {counts.published:,} items published, {counts.rejected:,} rejected")
    if interrupted:
        raise KeyboardInterrupt
    if counts.rejected:
        raise typer.Exit(EXIT_SOME_FAILED)


@app.command("watch")
def watch(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder into which others drop files.")],
    *,
    settle: Annotated[
        float, typer.Option("--settle", metavar="SECONDS", min=0, help="Nobody has written for so long: complete.")
    ] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Leave when what is there now is done.")] = False,
    source: Source = None,
    metrics: MetricsAt = None,
    brokers: Brokers = None,
    prefix: Prefix = None,
) -> None:
    """Publish each complete file of a folder, then move it to DIR/.done, or to DIR/.failed beside its reason.

    A file moves only after the broker has acknowledged all of it. Write under a name that starts with a dot or ends in
    .tmp or .part and rename: then it is taken at once, without the settle time. While the broker is away the files
    stay, and the watch waits; with --once it leaves.
    """
    from pipeline.bus.publisher import Publisher  # noqa: PLC0415 - `--help` need not wait for a Kafka client
    from pipeline.cli.stopping import stop_on_signals  # noqa: PLC0415 - the same
    from pipeline.feeds.folder import Folder  # noqa: PLC0415 - the same
    from pipeline.feeds.watch import Watch, alone_in  # noqa: PLC0415 - the same
    from pipeline.sources import Ledger  # noqa: PLC0415 - the same
    from pipeline.sources.metrics import serve_metrics  # noqa: PLC0415 - the same

    settings = settings_from(brokers=brokers, prefix=prefix, source=source)
    with (
        alone_in(directory),
        Ledger(settings.state_dir, "watch", say) as ledger,
        serve_metrics(metrics, ledger, _now),
        closing(
            Watch(
                Folder(directory, settle),
                lambda: Publisher(settings),
                source=settings.source,
                ledger=ledger,
                complain=say,
            )
        ) as watched,
        stop_on_signals() as stopping,
    ):
        if not once:
            say(f"copytaster: watching {directory} for {settings.brokers}; Ctrl-C stops")
        watched.run(stopping.wait, once=once)
    done = watched.done
    say(f"copytaster: {done.files:,} files, {done.items:,} items published, {done.failed:,} files failed")
    if done.failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def _now() -> datetime:
    return datetime.now(UTC)
