"""`copytaster broker`: an address when it is ready, its data kept, one sentence when it cannot start."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import run, start


@contextlib.contextmanager
def _broker(data: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with start("broker", "--port", "0", "--data-dir", data) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().strip(), process
        finally:
            process.kill()


@pytest.mark.timeout(60)
def test_serves_and_keeps_its_data(tmp_path: Path) -> None:
    """The address on stdout works at once; what was created is there after a restart; Ctrl-C is a normal end."""
    for outcome in (b"created", b"exists"):
        with _broker(tmp_path) as (address, process):
            ran = run("topics", "create", "--brokers", address)
            assert ran.code == 0
            assert ran.out.count(outcome) == 7
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
            assert process.stderr is not None
            said = process.stderr.read().decode()
            assert f"data in {tmp_path}" in said
            assert "Apache Kafka" in said


@pytest.mark.timeout(60)
def test_cannot_start_is_one_sentence(tmp_path: Path) -> None:
    """A port that is taken, a folder in use, a folder that cannot be: one sentence each, and code 2."""
    (tmp_path / "file").write_bytes(b"")
    with _broker(tmp_path / "data") as (address, _):
        port = address.rpartition(":")[2]
        for taken, folder in ((port, "other"), ("0", "data"), ("0", "file/folder")):
            ran = run("broker", "--port", taken, "--data-dir", tmp_path / folder)
            assert (ran.code, ran.out, len(ran.said)) == (2, b"", 1)
            assert ran.said[0].startswith("copytaster: the broker cannot start: ")
