"""Tables on stdout: aligned columns for people, JSON lines for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.cli.console import data, write_line
from pipeline.cli.safe import safe


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their column names; numbers go to the right, None stays empty; without rows nothing."""
    if not rows:
        return
    from rich import box  # noqa: PLC0415 - a third of the time of --help
    from rich.table import Table  # noqa: PLC0415 - the same

    table = Table(box=box.SIMPLE_HEAD if data().is_terminal else None, pad_edge=False)
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | None) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    data().print(table)


def print_lines(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print each row as one line of JSON."""
    import orjson  # noqa: PLC0415 - a command without --json needs none

    for row in rows:
        write_line(orjson.dumps(row))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else safe(str(value))
