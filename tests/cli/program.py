"""The program under test, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass

COMMAND = [sys.executable, "-m", "pipeline"]
NOBODY = "127.0.0.1:1"
"""An address where no broker ever listens."""

_STATE = tempfile.TemporaryDirectory(prefix="copytaster-state-")
"""Where commands keep what they remember: never where a user's own feeds keep it."""


@dataclass(frozen=True)
class Ran:
    """What a finished run left behind; `peak_kb` is the largest resident set of its main process."""

    code: int
    out: bytes
    err: str
    peak_kb: int

    @property
    def lines(self) -> list[bytes]:
        """The lines on stdout."""
        return self.out.splitlines()

    @property
    def said(self) -> list[str]:
        """The sentences on stderr."""
        return self.err.splitlines()


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without settings of copytaster, with those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COPYTASTER_")}
    return kept | {"COPYTASTER_BROKERS": NOBODY, "COPYTASTER_STATE_DIR": _STATE.name} | more


def run(
    *arguments: str | os.PathLike[str], given: bytes = b"", timeout: float = 90, env: dict[str, str] | None = None
) -> Ran:
    """Run the program to its end; after `timeout` seconds it is killed and its code is -9.

    Args:
        arguments: command and options.
        given: bytes on its stdin.
        timeout: deadline in seconds.
        env: additional environment.
    """
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stdin.write(given)
        stdin.seek(0)
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=stdin,
            stdout=out,
            stderr=err,
            env=environment(**env or {}),
            start_new_session=True,
        )
        deadline = threading.Timer(timeout, process.kill)
        deadline.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            deadline.cancel()
        out.seek(0)
        err.seek(0)
        return Ran(process.returncode, out.read(), err.read().decode(), usage.ru_maxrss)


def start(*arguments: str | os.PathLike[str]) -> subprocess.Popen[bytes]:
    """Start the program with pipes on all sides; it ends with the `with` block that holds it."""
    pipe = subprocess.PIPE
    return subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, env=environment())
