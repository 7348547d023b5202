"""`copytaster enrich`: files in, enriched articles out, no broker."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.console import EXIT_SOME_FAILED, people, say, write_line
from pipeline.cli.options import Source, settings_from

if TYPE_CHECKING:
    from pipeline.batch import Outcome
    from pipeline.intake import Placed, Rejected


def enrich(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, directories, or - for stdin.")],
    source: Source = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, max=256, help="Processes; as many as cores without it.", show_default=False
        ),
    ] = None,
    tagger: Annotated[
        str | None, typer.Option("--tagger", help="trained, rules or spacy; else the setting.", show_default=False)
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option("--aliases", help="A table of names of your own.", show_default=False)
    ] = None,
) -> None:
    """Print one enriched article per line of JSON, in the order of the input. Needs no broker.

    Reads NewsML, NITF, ninjs, ANPA, IPTC 7901, feeds, e-mail, HTML, archive pages and text, also within folders, ZIP
    and WARC archives, mailboxes and JSON Lines. What cannot be read is named on stderr, the rest is done, and the exit
    code is 1.
    """
    from pipeline.batch import Failed, enrich_all  # noqa: PLC0415 - the stages are slow to load
    from pipeline.enrich import Tagging  # noqa: PLC0415 - the same

    settings = settings_from(source=source, tagger=tagger, aliases=aliases)
    name, tagging = settings.source, Tagging(settings.tagger, settings.tagger_model, settings.aliases)
    items = chain.from_iterable(_items(path, name) for path in paths)
    failed = False
    with closing(enrich_all(items, jobs=jobs or _cores(), tagging=tagging)) as outcomes:
        for outcome in _shown(outcomes):
            if isinstance(outcome, Failed):
                failed = True
                say(f"copytaster: {outcome.where}: {outcome.reason}")
                continue
            for line in outcome.lines:
                write_line(line)
            # A reader at the other end of a pipe wants each line when it is there.
            sys.stdout.flush()
    sys.exit(EXIT_SOME_FAILED if failed else 0)


def _items(path: str, source: str) -> Iterator[Placed | Rejected]:
    from pipeline.intake import read_placed  # noqa: PLC0415 - the stages are slow to load

    now = datetime.now(UTC)
    if path != "-":
        yield from read_placed(path, source=source, received_at=now)
        return
    # Not sys.stdin: a thread that hangs in a read of it when the program ends would block the end.
    with open(0, "rb", buffering=0, closefd=False) as stdin:
        yield from read_placed(stdin, source=source, received_at=now)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shown(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Pass outcomes on and show their progress, where a person looks on and the terminal is not full of JSON."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from outcomes
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - slow to load

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} items"), TimeElapsedColumn())
    with Progress(*columns, console=people(), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None)
        for outcome in outcomes:
            yield outcome
            progress.advance(task)
