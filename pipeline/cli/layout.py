"""Lines of text with a hanging indent: a label on the left, wrapped words beside it, no trailing blanks."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

PIPE_WIDTH = 100
"""Columns where no terminal says how many it has."""

MOST_WIDTH = 120
"""Longer lines are hard to read, however wide the terminal is."""


_LEAST_WIDTH = 20
"""With less room beside it, a label stands on a line of its own."""


def data_console() -> Console:
    """Return the console on stdout: styled on a terminal, plain text in a pipe."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    width = min(console.width, MOST_WIDTH) if console.is_terminal else PIPE_WIDTH
    console.width = width
    return console


def put(console: Console, lines: Iterable[Text]) -> None:
    """Print lines that are laid out already, and hand them on at once."""
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    console.file.flush()


def hanging(console: Console, label: Text, body: Text, *, indent: int, column: int) -> list[Text]:
    """Return the body wrapped beside its label.

    Args:
        console: knows the width.
        label: stands left on the first line; pushes the body to the next line where it is longer than its column.
        body: what is wrapped.
        indent: blanks before the label.
        column: where the body begins, counted from the left edge.
    """
    if console.width - column < _LEAST_WIDTH:
        column = indent + 2
    wrapped = body.wrap(console, max(console.width - column, 2))
    for line in wrapped:
        line.rstrip()
    first = Text(" " * indent) + label
    rows = [Text(" " * column) + line for line in wrapped]
    if first.cell_len < column and rows:
        rows[0] = first + " " * (column - first.cell_len) + wrapped[0]
    elif label.plain:
        rows.insert(0, first)
    return rows


def joined(parts: Iterable[Text | str | None], separator: str) -> Text:
    """Return the parts that are there with the separator between them."""
    return Text(separator).join(Text(part) if isinstance(part, str) else part for part in parts if part)
