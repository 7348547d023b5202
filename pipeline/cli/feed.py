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


@app.command("rss")
def rss(
    urls: Annotated[list[str] | None, typer.Argument(metavar="URL…", help="RSS, Atom or JSON Feed.")] = None,
    *,
    opml: Annotated[
        list[Path] | None, typer.Option("--opml", metavar="FILE", help="A list of feeds.", show_default=False)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Look at each feed once and leave.")] = False,
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Take what a feed has at the first look as read.")
    ] = False,
    pages: Annotated[
        bool, typer.Option("--pages", help="Publish the linked page where it says more than the entry.")
    ] = False,
    min_interval: Annotated[
        float, typer.Option("--min-interval", metavar="SECONDS", min=1, help="Shortest time between two looks.")
    ] = 60.0,
    max_interval: Annotated[
        float, typer.Option("--max-interval", metavar="SECONDS", min=1, help="Longest time between two looks.")
    ] = 3600.0,
    pause: Annotated[
        float, typer.Option("--pause", metavar="SECONDS", min=0, help="Between two requests to one host.")
    ] = 1.0,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="HOST", help="A host or network that is not public.", show_default=False),
    ] = None,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="Where is kept what was read.", show_default=False)
    ] = None,
    source: Source = None,
    metrics: MetricsAt = None,
    brokers: Brokers = None,
    prefix: Prefix = None,
) -> None:
    """Poll feeds and publish each entry once, an edited one as a new version.

    How often follows from how often a feed has news and from what it asks for. What was read is written down only
    after the broker has acknowledged it; while the broker is away, entries wait. The wire is called by --source, else
    by the host of the feed.
    """
    from pipeline.cli.polling import Wanted, poll  # noqa: PLC0415 - `--help` need not wait for clients

    settings = settings_from(brokers=brokers, prefix=prefix, source=source)
    wanted = Wanted(
        urls or [],
        opml or [],
        once,
        skip_existing,
        pages,
        min_interval,
        max_interval,
        pause,
        allow or [],
        state,
        metrics,
    )
    done = poll(settings, wanted)
    say(
        f"copytaster: {done.looks:,} looks, {done.new:,} new entries and {done.edited:,} edits published,"
        f" {done.rejected:,} rejected, {len(done.failing):,} feeds failing"
    )
    if done.rejected or (once and (done.failing or done.gone)):
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
