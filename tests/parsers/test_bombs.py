"""Bombs: refused in one sentence or read, in memory that does not grow; `make fuzz` holds them to a second as well."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from tests.fuzz.bombs import BOMBS
from tests.fuzz.checking import check_input

MEMORY_BYTES = 1024**3
SILENT = "billion laughs", "a file of the machine"


@pytest.mark.parametrize("name", [name for name in BOMBS if not name.startswith("50 MB")])
def test_a_bomb_is_refused_or_read(name: str) -> None:
    """No bomb raises, and what declares entities of its own is refused before anything is expanded."""
    result = check_input(BOMBS[name]())
    if name.startswith(SILENT):
        assert result == "unsafe_item"
    if "1000:1" in name or name.startswith(("gzip in", "zip in")):
        assert result in {"item_too_large", "unsafe_item", "binary_item", "empty_item"} or "of lines" in name


def test_bombs_stay_within_the_memory() -> None:
    """All of them, those of 50 MB too, pass through a process of one gigabyte of address space."""
    code = (
        "from tests.fuzz.bombs import BOMBS\nfrom tests.fuzz.checking import check_input\n"
        "for name, make in BOMBS.items():\n    print(name, check_input(make()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES)),
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(BOMBS)
    assert all(line.endswith("item_too_large") for line in done.stdout.splitlines() if line.startswith("50 MB"))
