"""The two consoles: data goes to stdout, people's text to stderr, plain where it is no terminal."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, NoReturn

from pipeline.cli.safe import safe
from pipeline.errors import CopytasterError

if TYPE_CHECKING:
    from rich.console import Console

EXIT_SOME_FAILED = 1
EXIT_USAGE = 2


@cache
def people() -> Console:
    """Return the console on stderr, for progress bars and colour."""
    from rich.console import Console  # noqa: PLC0415 - a third of the time of --help

    return Console(stderr=True, highlight=False, soft_wrap=True)


@cache
def data() -> Console:
    """Return the console on stdout, for tables; as wide as they need where stdout is no terminal."""
    from rich.console import Console  # noqa: PLC0415 - the same

    wide = None if sys.stdout.isatty() else 1000
    return Console(highlight=False, markup=False, emoji=False, width=wide)


def say(text: str) -> None:
    """Print text for people: no markup in it is obeyed, and no terminal command."""
    print("\n".join(map(safe, text.split("\n"))), file=sys.stderr, flush=True)  # noqa: T201 - this is where people are spoken to


def fail(error: CopytasterError) -> NoReturn:
    """Say what went wrong in one sentence and leave with the error's exit code."""
    say(f"copytaster: {error}")
    sys.exit(error.exit_code)


def write_line(line: bytes) -> None:
    """Write one line of data to stdout."""
    sys.stdout.buffer.write(line + b"\n")
