"""The two consoles: people's text goes to stderr, plain where stderr is no terminal."""

from __future__ import annotations

import sys
from typing import NoReturn

from rich.console import Console

from pipeline.errors import CopytasterError

EXIT_SOME_FAILED = 1
EXIT_USAGE = 2

people = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print one line for people, as it is: news text may hold anything that looks like markup."""
    people.print(text, markup=False)


def fail(error: CopytasterError) -> NoReturn:
    """Say what went wrong in one sentence and leave with the error's exit code."""
    say(f"copytaster: {error}")
    sys.exit(error.exit_code)


def write_line(data: bytes) -> None:
    """Write one line of data to stdout."""
    sys.stdout.buffer.write(data + b"\n")
