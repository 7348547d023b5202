"""`copytaster doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.broker import DataDir, data_dir_or_default
from pipeline.cli.console import say, write_line
from pipeline.cli.options import Brokers, Prefix, settings_from
from pipeline.cli.safe import safe
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.doctor import Check


def doctor(
    *,
    brokers: Brokers = None,
    prefix: Prefix = None,
    group: Annotated[str | None, typer.Option("--group", help="Consumer group of the workers.")] = None,
    data_dir: DataDir = None,
    forget: Annotated[
        str | None, typer.Option("--forget", metavar="SOURCE", help="Forget a source that is gone for good, and leave.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each check.")] = False,
) -> None:
    """Check settings, sources, broker, topics, lag and disk; leave with 0 if all is fine, 3 without a broker, else 1.

    A source fails its check when it is quiet far beyond its habit, by the hours it keeps.
    """
    if forget is not None:
        _forget(forget, brokers=brokers, prefix=prefix, group=group)
        return
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
    yield from examine(settings, given, data_dir, datetime.now(UTC))


def _forget(source: str, **flags: object) -> None:
    from pipeline.sources import forget_source  # noqa: PLC0415 - `--help` need not wait for it

    settings = settings_from(**flags)
    try:
        known = forget_source(settings.state_dir, source)
    except OSError as error:
        raise ConfigError(str(error)) from error
    if not known:
        raise ConfigError(f"no feed has noted a source {source}; `copytaster doctor` lists them")
    say(f"copytaster: {source} is forgotten")


def _print(check: Check, as_json: bool) -> None:
    if as_json:
        import orjson  # noqa: PLC0415 - nobody but this line needs it

        write_line(orjson.dumps(check.as_dict()))
        return
    mark = typer.style("✓", fg="green") if check.fine else typer.style("✗", fg="red")
    typer.echo(f"{mark} {safe(check.name)}: {safe(check.found)}")
    if check.advice:
        typer.echo(f"  → {safe(check.advice)}")
