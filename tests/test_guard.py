"""Processes that tests start do not outlive them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.guard import GuardedProcess

DEADLINE = 30.0
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait_until_gone(*pids: int) -> None:
    deadline = time.monotonic() + DEADLINE
    while not all(_gone(pid) for pid in pids):
        assert time.monotonic() < deadline, f"one of {pids} still runs"
        time.sleep(0.05)


def _stubborn() -> GuardedProcess:
    process = GuardedProcess([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    assert process.read_line(DEADLINE) == "up"
    return process


def test_stop_ends_a_process_that_ignores_the_polite_signal() -> None:
    """After the grace comes the final signal."""
    process = _stubborn()
    assert process.stop(grace=0.3) == 128 + signal.SIGKILL
    _wait_until_gone(process.pid)


def test_kill_ends_the_children_too(tmp_path: Path) -> None:
    """The whole group of the command goes, not only its first process."""
    note = tmp_path / "pid"
    child = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); "
    child += f"open({str(note)!r}, 'w').write(str(p.pid)); print('up', flush=True); p.wait()"
    process = GuardedProcess([sys.executable, "-c", child], stdout=subprocess.PIPE)
    assert process.read_line(DEADLINE) == "up"
    process.kill()
    _wait_until_gone(process.pid, int(note.read_text()))


def test_exit_status() -> None:
    """The status of the command is the status one waits for."""
    process = GuardedProcess([sys.executable, "-c", "raise SystemExit(3)"])
    assert process.wait(DEADLINE) == 3
    process.stop()


def test_a_command_that_does_not_exist() -> None:
    """What cannot be started is an error at once."""
    with pytest.raises(OSError, match="could not be started"):
        GuardedProcess(["/no/such/program"], stderr=subprocess.DEVNULL)


def test_the_owners_death_ends_the_process() -> None:
    """An owner that is killed leaves nothing behind."""
    code = "import os, signal, subprocess, sys\nfrom tests.guard import GuardedProcess\n"
    code += f"p = GuardedProcess([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.PIPE)\n"
    code += "p.read_line(20)\nprint(p.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    root = Path(__file__).resolve().parents[1]
    owner = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        timeout=DEADLINE + DEADLINE,
        check=False,
        cwd=root,
    )
    _wait_until_gone(int(owner.stdout))
