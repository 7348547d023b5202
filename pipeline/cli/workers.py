"""`copytaster worker`: the stream processors."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.console import say
from pipeline.cli.options import Brokers, Prefix, settings_from


def worker(
    workers: Annotated[int, typer.Option("--workers", "-n", min=1, max=256, help="Worker processes.")] = 1,
    brokers: Brokers = None,
    prefix: Prefix = None,
    group: Annotated[str | None, typer.Option("--group", help="Consumer group of the workers.")] = None,
) -> None:
    """Enrich what arrives on the raw topic, until Ctrl-C or SIGTERM.

    Dead worker processes are started again. Stopping finishes what is in hand, within ten seconds.
    """
    from pipeline.worker.supervisor import Supervisor  # noqa: PLC0415 - commands that need no broker start faster

    settings = settings_from(brokers=brokers, prefix=prefix, group=group)
    say(f"copytaster: {workers} worker(s) on {settings.brokers}, group {settings.group}; Ctrl-C stops")
    Supervisor(settings, workers).run()
