"""`copytaster enrich`: everything in order, bad input named, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest

from pipeline import batch
from pipeline.batch import Enriched, Failed, Outcome, enrich_all
from pipeline.enrich import enrich_item
from pipeline.errors import StageError
from pipeline.intake import Placed, Rejected, read_items, read_placed
from schemas import EnrichedArticle, RawItem
from tests.cli.program import Ran, run, start

SEEDS = Path(__file__).parents[2] / "seeds"
STORY = "Floods killed at least {number} people in Kabul on Monday, police said. About 300 homes were destroyed."
SERIAL_ITEMS = 50
"""So many are done before the pool starts."""


def _line(number: int) -> bytes:
    return orjson.dumps({"uri": f"urn:x:{number}", "version": "1", "body_text": STORY.format(number=number)}) + b"\n"


def _lines(count: int) -> bytes:
    return b"".join(map(_line, range(count)))


def _without_timings(ran: Ran) -> list[bytes]:
    documents = map(orjson.loads, ran.lines)
    return [orjson.dumps({name: value for name, value in d.items() if name != "timings"}) for d in documents]


def _uris(ran: Ran) -> list[str]:
    return [orjson.loads(line)["uri"] for line in ran.lines]


def test_prints_what_the_library_returns() -> None:
    """The command and the library are one: same articles, same order, no broker."""
    ran = run("enrich", SEEDS)
    items = read_items(SEEDS, source="local", received_at=datetime.now(UTC))
    articles = [article for item in items if not isinstance(item, Rejected) for article in enrich_item(item)]
    expected = [orjson.loads(article.to_json()) for article in articles]
    assert (ran.code, ran.err) == (0, "")
    assert len(expected) > 10
    assert list(map(orjson.loads, _without_timings(ran))) == [
        {name: value for name, value in document.items() if name != "timings"} for document in expected
    ]


def test_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    """One process or three, the output is the same but for the timings, and in the order of the input."""
    path = tmp_path / "wire.jsonl"
    path.write_bytes(_lines(4 * SERIAL_ITEMS))
    runs = [run("enrich", path, "--jobs", jobs) for jobs in ("1", "2", "3")]
    assert [ran.code for ran in runs] == [0, 0, 0]
    assert _uris(runs[0]) == [f"urn:x:{number}" for number in range(4 * SERIAL_ITEMS)]
    assert _without_timings(runs[0]) == _without_timings(runs[1]) == _without_timings(runs[2])


def test_timings_say_when() -> None:
    """Each article says when it was received and enriched; a source that was named is on it."""
    ran = run("enrich", "-", "--source", "agency", given=_line(1))
    article = orjson.loads(ran.lines[0])
    assert article["source"] == "agency"
    assert article["timings"]["received"] <= article["timings"]["normalized"] <= article["timings"]["enriched"]


BAD = {
    "malformed.jsonl": (b'{"broken": \n', ":1: "),
    "binary.dat": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ": "),
    "empty.txt": (b"", ": "),
    "latin.txt": (b"Flood kills 20\n\nAbout 20 people \xff\xfe\x81\x8d died in Kabul, police said.\n", ": "),
    "no_article.json": (b'{"nothing": 1}', ":1: "),
    "torn.gz": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc", ": "),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence_and_the_rest_is_done(name: str, tmp_path: Path) -> None:
    """A bad file between two good ones: both articles, one sentence that names it, exit 1."""
    content, behind = BAD[name]
    for good in ("a", "z"):
        (tmp_path / f"{good}.jsonl").write_bytes(_line(ord(good)))
    bad = tmp_path / name
    bad.write_bytes(content)
    ran = run("enrich", tmp_path / "a.jsonl", bad, tmp_path / "z.jsonl")
    assert ran.code == 1
    assert _uris(ran) == ["urn:x:97", "urn:x:122"]
    assert len(ran.said) == 1
    assert ran.said[0].startswith(f"copytaster: {bad}{behind}")
    assert len(ran.said[0]) > len(f"copytaster: {bad}{behind}")


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    """A mistyped name does not stop the others."""
    ran = run("enrich", tmp_path / "nowhere.txt", "-", given=_line(1))
    assert (ran.code, _uris(ran), len(ran.said)) == (1, ["urn:x:1"], 1)
    assert "nowhere.txt" in ran.said[0]


def test_a_malformed_line_is_named_by_its_number() -> None:
    """Also among hundreds that other processes work on, each bad line is named once, and the rest is in order."""
    lines = list(map(_line, range(3 * SERIAL_ITEMS)))
    lines[7] = b'{"uri": "urn:x:7", \n'
    lines[SERIAL_ITEMS + 33] = b"{}\xff\n"
    ran = run("enrich", "-", "--jobs", "2", given=b"".join(lines))
    assert ran.code == 1
    assert _uris(ran) == [f"urn:x:{n}" for n in range(3 * SERIAL_ITEMS) if n not in {7, SERIAL_ITEMS + 33}]
    assert [sentence.split(": ")[1] for sentence in ran.said] == ["-:8", f"-:{SERIAL_ITEMS + 34}"]


def test_a_long_line_is_passed_over_in_flat_memory(tmp_path: Path) -> None:
    """A line of 50 MB is one sentence, the next line is done, and memory does not grow with the line."""
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"body_text":"')
        for _ in range(50):
            file.write(b"a" * 1024 * 1024)
        file.write(b'"}\n' + _line(2))
    usual = run("enrich", "-", given=_line(2))
    ran = run("enrich", path)
    assert (ran.code, _uris(ran), len(ran.said)) == (1, ["urn:x:2"], 1)
    assert ran.said[0].startswith(f"copytaster: {path}:1: ")
    # The cap is 16 MiB, and a buffer that grows holds it twice for a moment.
    assert ran.peak_kb - usual.peak_kb < 40 * 1024


def _read_line(process: subprocess.Popen[bytes], seconds: float = 60) -> bytes:
    assert process.stdout is not None
    line, deadline = b"", time.monotonic() + seconds
    while not line.endswith(b"\n") and time.monotonic() < deadline:
        if select.select([process.stdout], [], [], 0.2)[0]:
            line += os.read(process.stdout.fileno(), 1)
    return line


@contextlib.contextmanager
def _streaming(*options: str) -> Iterator[subprocess.Popen[bytes]]:
    with start("enrich", "-", *options) as process:
        try:
            yield process
        finally:
            process.kill()


def _send(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.flush()


def test_a_slow_pipe_streams() -> None:
    """A line in is a line out, before the next one comes: at the start, and when other processes do the work."""
    with _streaming("--jobs", "2") as process:
        for number in range(SERIAL_ITEMS + 10):
            _send(process, _line(number))
            assert orjson.loads(_read_line(process))["uri"] == f"urn:x:{number}"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def _with_pool(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Feed until the pool works, and return its processes."""
    for number in range(SERIAL_ITEMS + 5):
        _send(process, _line(number))
        assert _read_line(process)
    return [child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)])
def test_no_process_outlives_the_command(number: signal.Signals, code: int) -> None:
    """However the command ends, its processes end too, and nobody sees a traceback."""
    with _streaming("--jobs", "2") as process:
        pool = _with_pool(process)
        assert len(pool) == 2
        process.send_signal(number)
        assert process.wait(30) == code
        gone, alive = psutil.wait_procs(pool, timeout=20)
        assert (len(gone), alive) == (2, [])
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_a_killed_process_of_the_pool_is_a_sentence() -> None:
    """Work that somebody killed is not silently missing."""
    with _streaming("--jobs", "2") as process:
        for child in _with_pool(process):
            child.kill()
        _send(process, _line(1))
        assert process.wait(30) == 1
        assert process.stderr is not None
        said = process.stderr.read().decode().splitlines()
        assert len(said) == 1
        assert said[0].startswith("copytaster: a process of the pool ended")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`copytaster enrich … | head -1` ends in peace, also with a pool."""
    path = tmp_path / "wire.jsonl"
    path.write_bytes(_lines(6 * SERIAL_ITEMS))
    with start("enrich", path, "--jobs", "2") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.close()
        assert _read_line(process)
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_a_broken_stage_is_one_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item on which a stage breaks is named by its place, and the items around it are done."""

    def broken(raw: RawItem, **more: Any) -> list[EnrichedArticle]:
        if b"urn:x:1" in raw.body:
            raise StageError("figures", "the stage figures failed: KeyError: 'x'")
        return enrich_item(raw, **more)

    monkeypatch.setattr(batch.enriching, "enrich_item", broken)
    items = list(_items(3))
    outcomes: list[Outcome] = list(enrich_all(items, jobs=1))
    assert [type(outcome) for outcome in outcomes] == [Enriched, Failed, Enriched]
    assert outcomes[1] == Failed("-:2", "the stage figures failed: KeyError: 'x'")


def _items(count: int) -> Iterator[Placed | Rejected]:
    lines = b"".join(map(_line, range(count)))
    return read_placed(BytesIO(lines), source="s", received_at=datetime.now(UTC))
