"""N worker processes, each started again when it dies, all stopped together."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import IO

from pipeline.bus.admin import Admin
from pipeline.errors import ConfigError
from pipeline.limits import STOP_SECONDS
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 10.0
_HEALTHY_SECONDS = 30.0
_TICK = 0.1


class _Worker:
    """One place in the row of workers, and whoever fills it now."""

    def __init__(self, settings: bytes, errors: IO[bytes] | None) -> None:
        self._settings = settings
        self._errors = errors
        self._pause = _FIRST_PAUSE
        self._not_before = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = threading.Event()

    def start(self) -> None:
        """Start a process and hand it the settings."""
        self.ready.clear()
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.worker.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        assert self.process.stdin is not None  # noqa: S101 - PIPE was asked for
        try:
            self.process.stdin.write(self._settings)
            self.process.stdin.flush()
        except BrokenPipeError:
            return  # it died at once; the next look restarts it
        threading.Thread(target=self._wait_ready, args=(self.process,), daemon=True).start()

    def _wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        try:
            line = process.stdout.readline()
        except ValueError:
            return  # the process was given up, and its pipe closed, before this thread came to read
        if line:
            self.ready.set()

    def look_after(self) -> None:
        """Start the process again where it died, later and later if it keeps dying.

        Raises:
            ConfigError: it ended because of its settings; starting it again would not help.
        """
        code = None if self.process is None else self.process.poll()
        if code is not None:
            self.process = None
            if code == ConfigError.exit_code:
                raise ConfigError("a worker refuses its settings; see its message above")
            if time.monotonic() - self._started > _HEALTHY_SECONDS:
                self._pause = _FIRST_PAUSE
            logger.warning("a worker ended with code %d; a new one starts in %.1f s", code, self._pause)
            self._not_before = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        if self.process is None and time.monotonic() >= self._not_before:
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> int | None:
        """Wait for the end until the deadline, then force it; return the exit code."""
        if self.process is None:
            return None
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.warning("worker %d did not stop in time and was killed", self.process.pid)
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return self.process.returncode


class Supervisor:
    """Keeps `count` workers alive between `start` and `stop`; one thread may look after them while another stops them.

    Args:
        settings: what every worker gets.
        count: how many.
        errors: an open file for what the workers say; this process's stderr without it.
    """

    def __init__(self, settings: Settings, count: int, *, errors: IO[bytes] | None = None) -> None:
        self._settings = settings
        handed = settings.handed_over()
        self._workers = [_Worker(handed, errors) for _ in range(count)]
        self._stopped = False
        self._turn = threading.Lock()

    def start(self) -> None:
        """Start the workers.

        Raises:
            BrokerError: the broker is absent or topics are missing; nothing was started.
        """
        with Admin(self._settings) as admin:
            admin.require()
        for worker in self._workers:
            worker.start()

    def look_after(self) -> None:
        """Restart the dead; call it often. After `stop` it does nothing."""
        with self._turn:
            if not self._stopped:
                for worker in self._workers:
                    worker.look_after()

    def wait_ready(self, timeout: float) -> bool:
        """Wait until every worker is connected and in the group; return whether all are."""
        deadline = time.monotonic() + timeout
        while not all(worker.ready.is_set() for worker in self._workers):
            if time.monotonic() > deadline:
                return False
            self.look_after()
            time.sleep(_TICK / 2)
        return True

    def pids(self) -> list[int]:
        """Return the process ids of the workers that run."""
        return [worker.process.pid for worker in self._workers if worker.process is not None]

    def stop(self) -> list[int | None]:
        """Ask all to stop, wait, and force who hangs; return their exit codes, 0 for who stopped in time."""
        with self._turn:
            self._stopped = True
            for worker in self._workers:
                worker.ask_to_stop()
            deadline = time.monotonic() + STOP_SECONDS + 1
            return [worker.end(deadline) for worker in self._workers]

    def run(self) -> None:
        """Start the workers and keep them alive until SIGTERM or SIGINT.

        Raises:
            BrokerError: see `start`.
            ConfigError: a worker refuses its settings.
        """
        stopping = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            stopping.set()

        previous = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.start()
            while not stopping.wait(_TICK):
                self.look_after()
        finally:
            self.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)
