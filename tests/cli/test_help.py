"""Help is there at once and says what is true."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from pipeline.cli.main import app
from pipeline.settings import DEFAULT_BROKERS
from tests.cli.program import run

SLOW = ("pydantic", "pydantic_settings", "kafka", "faust", "aiokafka", "rich", "orjson", "lxml", "schemas")


def _paths() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    root = typer.main.get_group(app)
    for name, command in sorted(root.commands.items()):
        found.append((name,))
        found += [(name, sub) for sub in sorted(getattr(command, "commands", ()))]
    return found


def test_help_loads_nothing_slow() -> None:
    """`--help` and completion wait for no library that a command needs only when it runs."""
    code = f"import sys, pipeline.cli.main; print(*(name for name in {SLOW!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", _paths(), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    """Each command has help that says what it does, on stdout, and leaves with 0."""
    ran = run(*path, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(b"Usage: ")
    purpose = next(line for line in ran.out.decode().splitlines()[1:] if line.strip())
    assert purpose.startswith("  ")
    assert len(purpose.split()) > 3


def test_help_names_the_default_broker() -> None:
    """The address in the help is the one that is used; it stands there in words because settings load slowly."""
    assert DEFAULT_BROKERS.encode() in run("topics", "list", "--help").out


@pytest.mark.parametrize("arguments", [["nonsense"], ["enrich"], ["topics", "list", "--nonsense"]])
def test_wrong_usage_leaves_with_2(arguments: list[str]) -> None:
    """Wrong usage is told from failed work by the exit code."""
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == b""
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["topics", "list"],
        ["topics", "create"],
        ["topics", "describe"],
        ["deadletter", "list"],
        ["deadletter", "show", "0/0"],
        ["deadletter", "redrive", "--all"],
        ["worker"],
    ],
)
def test_without_a_broker_one_sentence_and_3(arguments: list[str]) -> None:
    """Who has no broker learns it in one sentence that says what to do."""
    ran = run(*arguments)
    assert ran.code == 3
    assert ran.out == b""
    assert "`copytaster broker`" in ran.said[-1]
    assert "Traceback" not in ran.err


def test_a_wrong_setting_is_named() -> None:
    """A wrong variable stops the command before it does anything, and the sentence names the variable."""
    ran = run("topics", "list", env={"COPYTASTER_PARTITIONS": "many"})
    assert ran.code == 2
    assert "COPYTASTER_PARTITIONS" in ran.err
