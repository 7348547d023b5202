"""`copytaster schema`: the contract for readers in any language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import say, write_line
from pipeline.errors import ConfigError

app = typer.Typer(no_args_is_help=True, help="The records on the topics, as JSON Schema.", rich_markup_mode=None)


@app.command("export")
def export(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write one file per record into DIR instead.", show_default=False),
    ] = None,
) -> None:
    """Print the JSON Schema 2020-12 of every record as one document."""
    from schemas.export import bundle, to_text  # noqa: PLC0415 - pydantic would treble the time of --help
    from schemas.export import export as write  # noqa: PLC0415 - the same

    if out is None:
        write_line(to_text(bundle()).rstrip())
        return
    try:
        written = write(out)
    except OSError as error:
        raise ConfigError(f"the schemas cannot be written to {out}: {error.strerror}") from error
    say(f"copytaster: {len(written)} schemas are in {out}")
