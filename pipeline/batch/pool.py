"""A pool of processes that cannot outlive this one: each ends when its pipe does, however that comes about.

`concurrent.futures` leaves its processes behind when the parent is killed, and queues without a bound.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, Self, TypeVar

from pipeline.errors import CopytasterError

_Chunk = TypeVar("_Chunk")
_Result = TypeVar("_Result")

_GRACE_SECONDS = 2.0


class WorkerDied(CopytasterError):
    """A process of the pool was ended from outside, most likely for its memory."""

    code = "worker_died"
    retriable = True


class Pool(Generic[_Chunk, _Result]):
    """Processes that each hold one chunk at a time; use it as a context manager.

    One chunk each, answered before the next is sent: so neither side can block on a full pipe.
    """

    def __init__(self, processes: int, function: Callable[[_Chunk], _Result]) -> None:
        context = multiprocessing.get_context("spawn")
        self.idle: list[Connection] = []
        self.busy: dict[Connection, int] = {}
        self._processes: dict[Connection, BaseProcess] = {}
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, function), daemon=True)
            process.start()
            theirs.close()
            self._processes[ours] = process
            self.idle.append(ours)

    def send(self, number: int, chunk: _Chunk) -> None:
        """Give a chunk to an idle process.

        Raises:
            WorkerDied: it is no more.
        """
        connection = self.idle.pop()
        self.busy[connection] = number
        try:
            connection.send(chunk)
        except OSError as error:
            raise self._died(connection) from error

    def results(self, timeout: float | None) -> dict[int, _Result]:
        """Wait for results, and return those there are by the numbers of their chunks.

        Raises:
            WorkerDied: a process is no more.
        """
        found = {}
        for connection in wait(list(self.busy), timeout):
            assert isinstance(connection, Connection)  # noqa: S101 - only such were waited for
            try:
                found[self.busy.pop(connection)] = connection.recv()
            except (EOFError, OSError) as error:
                raise self._died(connection) from error
            self.idle.append(connection)
        return found

    def _died(self, connection: Connection) -> WorkerDied:
        process = self._processes[connection]
        process.join(_GRACE_SECONDS)
        return WorkerDied(f"a process of the pool ended with code {process.exitcode}; try fewer with --jobs")

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, at once where they still work."""
        for connection, process in self._processes.items():
            connection.close()
            process.terminate()
        for process in self._processes.values():
            process.join(_GRACE_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()


def _serve(connection: Connection, function: Callable[[_Chunk], _Result]) -> None:
    # Ctrl-C goes to the whole group; the parent decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    while True:
        try:
            chunk = connection.recv()
        except EOFError:
            return
        try:
            connection.send(function(chunk))
        except BrokenPipeError:
            return
