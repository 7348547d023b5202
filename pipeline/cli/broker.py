"""`copytaster broker`: the embedded broker in the foreground."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import say, write_line
from pipeline.errors import ConfigError

_LIMITS = "one machine, one process, loopback only; beyond that run Apache Kafka, all else stays the same"
_HOME = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
DEFAULT_DATA_DIR = f"~/{_HOME}/copytaster/broker"
"""Where this system keeps such data."""

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        envvar="COPYTASTER_DATA_DIR",
        help=f"Where the embedded broker keeps its topics; else {DEFAULT_DATA_DIR}.",
        show_default=False,
    ),
]


def data_dir_or_default(given: Path | None) -> Path:
    """Return the data directory of the embedded broker."""
    return given or Path(DEFAULT_DATA_DIR).expanduser()


def broker(
    data_dir: DataDir = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="On 127.0.0.1; 0 takes a free one.")] = 9092,
) -> None:
    """Run a small durable Kafka broker until Ctrl-C or SIGTERM; print its address when it is ready.

    It keeps topics, groups and committed offsets across restarts. One machine, one process, loopback only: beyond
    that run Apache Kafka.
    """
    from pipeline.embedded import BrokerStartError, run  # noqa: PLC0415 - the broker is slow to load

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="copytaster: broker: %(message)s")
    home = data_dir_or_default(data_dir)

    def ready(address: str) -> None:
        write_line(address.encode())
        sys.stdout.flush()
        say(f"copytaster: broker on {address}, data in {home}; Ctrl-C stops")
        say(f"copytaster: {_LIMITS}")

    try:
        run(home, port=port, on_ready=ready)
    except BrokerStartError as error:
        raise ConfigError(f"the broker cannot start: {error}") from error
