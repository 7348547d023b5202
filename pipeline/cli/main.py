"""The command tree, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli import broker, deadletter, demo, doctor, enrich, feed, replay, schema, tail, topics, workers
from pipeline.cli.console import fail
from pipeline.errors import CopytasterError


class _Commands(TyperGroup):
    """Ends in peace when the reader of a pipe has left, as `head` does: else the library below would exit with 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Python would complain once more while it flushes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit from None


app = typer.Typer(
    name="copytaster",
    cls=_Commands,
    help="Reads every wire story as it arrives, for machines.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes around the help would double its time and break `| grep`
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("broker")(broker.broker)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("enrich")(enrich.enrich)
app.command("replay")(replay.replay)
app.command("tail")(tail.tail)
app.command("worker")(workers.worker)
app.add_typer(deadletter.app, name="deadletter")
app.add_typer(feed.app, name="feed")
app.add_typer(schema.app, name="schema")
app.add_typer(topics.app, name="topics")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only this option asks

        typer.echo(f"copytaster {version('copytaster')}")
        raise typer.Exit


@app.callback()
def _root(
    _version_flag: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Reads every wire story as it arrives, for machines."""


def main() -> None:
    """Run the command line; never ends in a traceback for what a user can cause."""
    try:
        app()
    except CopytasterError as error:
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)
