"""Options that many commands share, and the way from flags to settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.settings import Settings

Brokers = Annotated[
    str | None,
    typer.Option(
        "--brokers",
        metavar="HOST:PORT,…",
        help="Kafka brokers; else COPYTASTER_BROKERS, else copytaster.toml, else 127.0.0.1:9092.",
        show_default=False,
    ),
]

Prefix = Annotated[
    str | None,
    typer.Option("--prefix", help="Topic prefix; else COPYTASTER_PREFIX, else news.", show_default=False),
]

Source = Annotated[
    str | None,
    typer.Option("--source", help="Name of the wire for items that carry none.", show_default=False),
]

MetricsAt = Annotated[
    str | None,
    typer.Option(
        "--metrics", metavar="HOST:PORT", help="Serve metrics for Prometheus there, under /metrics.", show_default=False
    ),
]


def settings_from(**flags: object) -> Settings:
    """Return the settings with these flags on top; flags that are None were not given.

    Raises:
        ConfigError: a setting is wrong.
    """
    from pipeline.settings import load_settings  # noqa: PLC0415 - pydantic would treble the time of --help

    return load_settings(**flags)
