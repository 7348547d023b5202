"""`copytaster doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.broker import DataDir, data_dir_or_default
from pipeline.cli.console import write_line
from pipeline.cli.options import Brokers, Prefix, settings_from
from pipeline.cli.safe import safe
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.doctor import Check


def doctor(
    brokers: Brokers = None,
    prefix: Prefix = None,
    group: Annotated[str | None, typer.Option("--group", help="Consumer group of the workers.")] = None,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each check.")] = False,
) -> None:
    """Check settings, broker, topics, lag and disk; leave with 0 if all is fine, 3 without a broker, else 1."""
    code = 0
    for check in _checks(data_dir_or_default(data_dir), brokers=brokers, prefix=prefix, group=group):
        _print(check, as_json)
        if not check.fine:
            code = max(code, check.exit_code)
    sys.exit(code)


def _checks(data_dir: Path, **flags: object) -> Iterator[Check]:
    from pipeline.doctor import Check, examine  # noqa: PLC0415 - the Kafka client is slow to load

    try:
        settings = settings_from(**flags)
    except ConfigError as error:
        yield Check("settings", False, str(error))
        return
    given = [name for name, value in flags.items() if value is not None]
    yield from examine(settings, given, data_dir)


def _print(check: Check, as_json: bool) -> None:
    if as_json:
        import orjson  # noqa: PLC0415 - nobody but this line needs it

        write_line(orjson.dumps(check.as_dict()))
        return
    mark = typer.style("✓", fg="green") if check.fine else typer.style("✗", fg="red")
    typer.echo(f"{mark} {safe(check.name)}: {safe(check.found)}")
    if check.advice:
        typer.echo(f"  → {safe(check.advice)}")
