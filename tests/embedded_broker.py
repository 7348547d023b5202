"""The embedded broker in a process of its own, with the same handles as `tests.apache.cluster.ApacheKafka`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.apache.properties import free_ports
from tests.guard import GuardedProcess

START_DEADLINE = 30.0


class EmbeddedKafka:
    """A broker that can be killed and started again on its old port and data.

    Args:
        directory: Where its data and `broker.log` live; kept.
    """

    def __init__(self, directory: Path):
        self._directory = directory
        self._port = free_ports(1)[0]
        self._process: GuardedProcess | None = None
        self.address = f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.stop()

    @property
    def pid(self) -> int:
        """Process id of the running broker."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it; returns when it has printed its address, fails with its log when it does not."""
        data = self._directory / "data"
        command = [sys.executable, "-m", "pipeline.embedded", "--data-dir", str(data), "--port", str(self._port)]
        # Retention and compaction are watched at work: often, as in `tests.apache.properties`.
        command += ["--maintenance-interval", "0.5"]
        with (self._directory / "broker.log").open("ab") as log:
            self._process = GuardedProcess(command, stdout=subprocess.PIPE, stderr=log)
        if (line := self._process.read_line(START_DEADLINE)) != self.address:
            self._process.stop()
            raise AssertionError(f"the embedded broker said {line!r}\n{(self._directory / 'broker.log').read_text()}")

    def kill(self) -> None:
        """End it with SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process = None
