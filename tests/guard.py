"""A child process that cannot outlive the tests: it ends when its owner does, however the owner ends.

`GuardedProcess` starts the command under a small guard process (this module run as a script). The guard holds
one end of a pipe; when the owner closes it, or dies by any signal, the guard ends the command and then itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

GRACE = 10.0
"""Seconds between the polite signal and the final one."""

ORPHAN_GRACE = 2.0
"""The same when the owner is gone: nobody waits for an orderly end any more."""

PR_SET_PDEATHSIG = 1


class GuardedProcess:
    """A running command in its own process group.

    Args:
        command: Program and arguments.
        stdout: Where the command's output goes: an open file, or `subprocess.PIPE` to read it from `.stdout`.
        stderr: The same for its errors; `subprocess.STDOUT` joins them.
        env: Environment of the command; by default that of this process.
    """

    def __init__(
        self,
        command: list[str],
        *,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        env: dict[str, str] | None = None,
    ):
        report, write_end = os.pipe()
        with os.fdopen(report, "rb") as reader:
            self._guard = subprocess.Popen(
                [sys.executable, str(Path(__file__).resolve()), str(write_end), *command],
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
                env=env,
                pass_fds=(write_end,),
                start_new_session=True,
            )
            os.close(write_end)
            answer = reader.read()
        if not answer:
            self._close_pipes()
            raise OSError(f"{command[0]} could not be started")
        self.pid = int(answer)

    @property
    def stdout(self) -> IO[bytes] | None:
        """The command's output when it was started with `stdout=subprocess.PIPE`."""
        return self._guard.stdout

    def read_line(self, timeout: float) -> str:
        """The next line of the output (stripped), or what there is of it when the output ends or time is over."""
        assert self._guard.stdout is not None
        line, deadline = b"", time.monotonic() + timeout
        while not line.endswith(b"\n") and time.monotonic() < deadline:
            if select.select([self._guard.stdout], [], [], 0.2)[0]:
                # One byte at a time: what follows the line stays in the pipe.
                byte = os.read(self._guard.stdout.fileno(), 1)
                if not byte:
                    break
                line += byte
        return line.decode().strip()

    def poll(self) -> int | None:
        """Exit status, 128 + n after signal n, or None while the command runs."""
        return self._guard.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raises `subprocess.TimeoutExpired` after `timeout` seconds."""
        return self._guard.wait(timeout)

    def terminate(self) -> None:
        """Ask the command to end (SIGTERM) and return at once."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the command at once (SIGKILL to its group) and wait until it is gone."""
        self._signal(signal.SIGKILL)
        self._guard.wait(GRACE)
        self._close_pipes()

    def stop(self, grace: float = GRACE) -> int:
        """SIGTERM, then SIGKILL after `grace` seconds; returns the exit status."""
        self.terminate()
        try:
            self._guard.wait(grace)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._guard.wait(GRACE)
        self._close_pipes()
        return self._guard.returncode

    def _signal(self, number: signal.Signals) -> None:
        if self._guard.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def _close_pipes(self) -> None:
        for pipe in (self._guard.stdin, self._guard.stdout):
            if pipe is not None:
                pipe.close()
        self._guard.wait(GRACE + GRACE)


def _die_with_guard() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_with_owner(child: subprocess.Popen[bytes]) -> None:
    # The owner never writes: a return from read means that its end of the pipe is gone.
    os.read(0, 1)
    child.terminate()
    try:
        child.wait(ORPHAN_GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)


def _guard(report: int, command: list[str]) -> int:
    os.set_inheritable(report, False)
    # The guard has one thread until here, which is what makes preexec_fn safe.
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_guard,  # noqa: PLW1509 - single-threaded, see above
    )
    os.write(report, str(child.pid).encode())
    os.close(report)
    threading.Thread(target=_end_with_owner, args=(child,), daemon=True).start()
    status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(_guard(int(sys.argv[1]), sys.argv[2:]))
