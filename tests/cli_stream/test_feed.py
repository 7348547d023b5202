"""`feed` and `replay` as processes: what was taken is on the topic, whatever happens to the process."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

from pipeline.settings import Settings, load_settings
from tests.apache.properties import free_ports
from tests.cli_stream.commands import DEADLINE, everything, first, own_topics, records, run, running, wait_for
from tests.embedded_broker import EmbeddedKafka
from tests.feeds.archives import line, name, write


def names(settings: Settings) -> list[str]:
    """Return what is on the raw topic, sorted."""
    return sorted(name(event.record) for event in everything(settings, "raw"))  # type: ignore[arg-type] # raw items


def test_a_line_is_on_the_topic_while_stdin_is_open(broker_address: str) -> None:
    """Standard input is a live wire: nothing waits for its end, and a bad line stops nothing."""
    settings = own_topics(broker_address)
    with running(settings, "feed", "stdin", "--source", "desk") as feed:
        assert feed.stdin is not None
        feed.stdin.write(line("one", 1).encode() + b"\n")
        feed.stdin.flush()
        assert first(settings, "raw", 1)[0].record.source == "desk"  # type: ignore[union-attr] # a raw item
        feed.stdin.write(b"no json\n" + line("two", 2).encode() + b"\n")
        feed.stdin.flush()
        first(settings, "raw", 2)
        _, said = feed.communicate(timeout=DEADLINE)
    assert feed.returncode == 1
    complaint, counts = said.decode().splitlines()
    assert "-:2" in complaint
    assert "JSON" in complaint
    assert counts == "copytaster: 2 items published, 1 rejected"


def test_a_page_on_stdin_is_one_item(embedded_address: str) -> None:
    """What is no JSON Lines is taken whole; stdout stays empty, because it is for data."""
    settings = own_topics(embedded_address)
    page = b"Ferry Runs Aground\n\nMANILA - A ferry with 120 people ran aground on Monday.\n"
    done = run(settings, "feed", "stdin", given=page)
    assert (done.returncode, done.stdout) == (0, b"")
    assert [event.record.body for event in everything(settings, "raw")] == [page]  # type: ignore[union-attr] # the same


def test_without_a_broker_there_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 3 and what to do; the file that was to be published stays."""
    settings = load_settings(brokers=f"127.0.0.1:{free_ports(1)[0]}")
    path = write(tmp_path / "a.jsonl", ("one", 1))
    for command in (["feed", "stdin"], ["feed", "watch", tmp_path, "--once"], ["replay", path], ["tail"]):
        done = run(settings, *command, state=tmp_path / "state")
        assert done.returncode == 3, done.stderr
        assert done.stderr.decode().count("\n") == 1
        assert "no broker answers" in done.stderr.decode()
    assert path.exists()


def test_a_watch_survives_its_restart(broker_address: str, tmp_path: Path) -> None:
    """Files are published once, before and after a restart; SIGTERM ends the watch in peace."""
    settings = own_topics(broker_address)
    folder = tmp_path / "drop"
    folder.mkdir()
    for round_, stop in enumerate((signal.SIGTERM, signal.SIGINT)):
        with running(settings, "feed", "watch", folder, "--settle", "60") as watch:
            write(folder / "new.part", (f"story {round_}", round_)).rename(folder / f"{round_}.jsonl")
            # A rename from an ignored name needs no settle time, if the watch saw the ignored name; an old file never.
            wait_for(partial(_taken, folder, round_), "the file is put away")
            watch.send_signal(stop)
            _, said = watch.communicate(timeout=DEADLINE)
            assert watch.returncode == 0, said
            assert b"1 files, 1 items published, 0 files failed" in said
    assert names(settings) == ["story 0", "story 1"]
    assert records(settings, "raw") == 2


def test_a_watch_waits_for_its_broker(tmp_path: Path) -> None:
    """A broker that is away for longer than a delivery may take: the file stays, and is published when it is back."""
    with EmbeddedKafka(tmp_path) as broker:
        settings, folder = own_topics(broker.address), tmp_path / "drop"
        folder.mkdir()
        env = {"COPYTASTER_DELIVERY_TIMEOUT": "2", "COPYTASTER_REQUEST_TIMEOUT": "1"}
        with running(settings, "feed", "watch", folder, "--settle", "0", state=tmp_path / "state", env=env) as watch:
            write(folder / "0.jsonl", ("story 0", 0))
            wait_for(lambda: (folder / ".done" / "0.jsonl").exists(), "the first file is put away")
            broker.kill()
            write(folder / "1.jsonl", ("story 1", 1))
            assert watch.stderr is not None
            # kafka-python leaves sockets to the garbage collector when it cannot connect: only our sentences count.
            spoken = (line for line in iter(watch.stderr.readline, b"") if line.startswith(b"copytaster: "))
            assert b"watching" in next(spoken)
            assert b"files stay where they are" in next(spoken)
            assert (folder / "1.jsonl").exists()
            broker.start()
            wait_for(lambda: (folder / ".done" / "1.jsonl").exists(), "the second file is put away")
            watch.send_signal(signal.SIGTERM)
            _, said = watch.communicate(timeout=DEADLINE)
        assert watch.returncode == 0
        assert [line for line in said.decode().splitlines() if line.startswith("copytaster: ")] == [
            "copytaster: the broker acknowledges again",
            "copytaster: 2 files, 2 items published, 0 files failed",
        ]
        assert names(settings) == ["story 0", "story 1"]


def _taken(folder: Path, round_: int) -> bool:
    """Say whether a file is put away; until then make it old, as a file is that came over the network."""
    path = folder / f"{round_}.jsonl"
    if path.exists():
        os.utime(path, (1_600_000_000, 1_600_000_000))
        path.rename(folder / "moved.part")
        (folder / "moved.part").rename(path)
    return (folder / ".done" / path.name).exists()


def test_once_takes_what_is_there(embedded_address: str, tmp_path: Path) -> None:
    """For cron: publish, put away, leave; a file that is no item is said and makes the exit code 1."""
    settings = own_topics(embedded_address)
    write(tmp_path / "a.jsonl", ("one", 1), ("two", 2))
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00")
    done = run(settings, "feed", "watch", tmp_path, "--once", "--settle", "0.2")
    assert done.returncode == 1
    assert "picture.txt" in done.stderr.decode()
    assert names(settings) == ["one", "two"]
    assert sorted(path.name for path in (tmp_path / ".failed").iterdir()) == ["picture.txt", "picture.txt.reason"]


def test_a_killed_replay_goes_on_and_skips_nothing(broker_address: str, tmp_path: Path) -> None:
    """After kill -9 the same command sends the rest: every item is there, and it did not begin anew."""
    settings = own_topics(broker_address)
    expected = [f"{number:04}" for number in range(400)]
    path = write(tmp_path / "a.jsonl", *((item, int(item)) for item in expected))
    state = tmp_path / "state"
    with running(settings, "replay", path, "--rate", "150", state=state) as replay:
        wait_for(lambda: len(list(state.rglob("*.json"))) == 1, "a position is saved")
        replay.kill()
        replay.wait(DEADLINE)
    done = run(settings, "replay", path, state=state)
    assert done.returncode == 0, done.stderr
    assert "going on after item" in done.stderr.decode()
    assert names(settings) == expected
    assert 400 <= records(settings, "raw") < 800
    assert not list(state.rglob("*.json"))


def test_an_interrupted_replay_says_where_it_stopped(embedded_address: str, tmp_path: Path) -> None:
    """Ctrl-C delivers what is in the air; going on sends the rest and not one item twice."""
    settings = own_topics(embedded_address)
    path = write(tmp_path / "a.jsonl", *((str(number), number) for number in range(300)))
    with running(settings, "replay", path, "--rate", "100", state=tmp_path / "state") as replay:
        first(settings, "raw", 20)
        replay.send_signal(signal.SIGINT)
        _, said = replay.communicate(timeout=DEADLINE)
    assert replay.returncode == 130
    assert "run it again to go on" in said.decode()
    assert run(settings, "replay", path, state=tmp_path / "state").returncode == 0
    assert records(settings, "raw") == 300


def test_a_replay_keeps_the_order_of_an_article(embedded_address: str, tmp_path: Path) -> None:
    """Versions of one story reach the topic by date, though the archive has them upside down."""
    settings = own_topics(embedded_address)
    (tmp_path / "new.jsonl").write_text(line("story", 5) + "\n" + line("story", 9) + "\n", encoding="utf-8")
    (tmp_path / "old.jsonl").write_text(line("story", 7) + "\n" + line("story", 2) + "\n", encoding="utf-8")
    assert run(settings, "replay", tmp_path, state=tmp_path / "state").returncode == 0
    bodies = [event.record.body for event in everything(settings, "raw")]  # type: ignore[union-attr] # raw items
    assert bodies == [line("story", hour).encode() for hour in (2, 5, 7, 9)]
