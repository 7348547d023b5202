"""`tail` as a process: for eyes, for pipes, for groups."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime

import pytest

from pipeline.bus.events import article_events
from pipeline.bus.publisher import Publisher
from pipeline.settings import Settings
from schemas import RawItem
from tests.cli_stream.commands import DEADLINE, own_topics, read_line, run, running
from tests.cli_stream.test_view import EVIL, article, figure

NOW = datetime(2025, 2, 3, tzinfo=UTC)


@pytest.fixture
def settings(embedded_address: str) -> Settings:
    """Topics with ten raw items, of which each has a size of its own."""
    settings = own_topics(embedded_address)
    put_raw(settings, range(10))
    return settings


def put_raw(settings: Settings, numbers: range) -> None:
    with Publisher(settings) as publisher:
        for number in numbers:
            item = RawItem(item_id=f"i{number}", source=f"wire {number}", body=b"x" * number, received_at=NOW)
            publisher.publish(item)


def sources(lines: bytes) -> list[str]:
    return sorted(json.loads(line)["source"] for line in lines.splitlines())


def test_json_is_one_record_a_line(settings: Settings) -> None:
    """A pipe gets every record once, as JSON, and nothing else."""
    done = run(settings, "tail", "raw", "--json", "--exit-when-idle", "1")
    assert done.returncode == 0
    assert sources(done.stdout) == [f"wire {number}" for number in range(10)]
    assert done.stderr == b""


def test_where_selects(settings: Settings) -> None:
    """Only records of which the expression is true are shown, and only these count towards the limit."""
    wanted = ["tail", f"{settings.prefix}.raw", "--json", "--where", "length(body) > `3`"]
    done = run(settings, *wanted, "--exit-when-idle", "1")
    assert sources(done.stdout) == [f"wire {number}" for number in range(4, 10)]
    done = run(settings, *wanted, "--limit", "6")
    assert sources(done.stdout) == [f"wire {number}" for number in range(4, 10)]


def test_a_bad_expression_is_a_usage_error(settings: Settings) -> None:
    """Exit code 2, the place is marked, nothing is read."""
    done = run(settings, "tail", "raw", "--where", "length(body) >> `3`")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines()[-1] == " " * 16 + "^"


def test_a_group_goes_on_where_it_stopped(settings: Settings) -> None:
    """Records shown before --limit are not shown again to the same group."""
    begin = run(settings, "tail", "raw", "--json", "--group", settings.group, "--limit", "4")
    assert (begin.returncode, len(begin.stdout.splitlines())) == (0, 4)
    rest = run(settings, "tail", "raw", "--json", "--group", settings.group, "--limit", "6")
    assert sources(begin.stdout + rest.stdout) == [f"wire {number}" for number in range(10)]


def test_a_start_in_the_past_skips_what_is_older(settings: Settings) -> None:
    """--from takes an age; latest shows nothing of what is there."""
    assert sources(run(settings, "tail", "raw", "--json", "--from", "-1h", "--exit-when-idle", "1").stdout)
    assert run(settings, "tail", "raw", "--json", "--from", "latest", "--exit-when-idle", "1").stdout == b""


def test_it_follows_and_stops_on_a_signal(settings: Settings) -> None:
    """New records are shown as they come; Ctrl-C is the normal end."""
    with running(settings, "tail", "raw", "--json") as tail:
        seen = [read_line(tail) for _ in range(10)]
        put_raw(settings, range(10, 11))
        seen.append(read_line(tail))
        tail.send_signal(signal.SIGINT)
        rest, said = tail.communicate(timeout=DEADLINE)
    assert (tail.returncode, rest, said) == (0, b"", b"")
    assert json.loads(seen[-1])["source"] == "wire 10"


def test_a_reader_that_leaves_the_pipe_is_no_error(settings: Settings) -> None:
    """`tail | head` ends in silence."""
    with running(settings, "tail", "raw", "--json") as tail:
        read_line(tail)
        assert tail.stdout is not None
        assert tail.stderr is not None
        tail.stdout.close()
        put_raw(settings, range(20, 25))
        assert tail.wait(DEADLINE) == 0
        assert tail.stderr.read() == b""


def test_what_is_no_json_is_said_and_the_rest_is_done(settings: Settings) -> None:
    """Another writer's bytes on a topic cost one sentence and exit code 1."""
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=settings.brokers)
    producer.send(settings.topic("raw"), b"no json").get(DEADLINE)
    producer.close()
    done = run(settings, "tail", "raw", "--json", "--exit-when-idle", "1")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 10
    assert "holds no JSON" in done.stderr.decode()


def test_eyes_get_the_story(embedded_address: str) -> None:
    """The readable view shows an article and its end, and obeys nothing that the wire wrote."""
    settings = own_topics(embedded_address)
    killed = article(EVIL, figure(value=34, term="killed"), status="cancelled")
    with Publisher(settings) as publisher:
        for event in article_events(killed, time=NOW, trace=None):
            publisher.send(event)
    done = run(settings, "tail", "--exit-when-idle", "1")
    text = done.stdout.decode()
    assert "Quake kills 34␛[2J" in text
    assert "cancelled" in text
    assert "a1 is gone" in text
    assert not set(done.stdout) & (set(range(32)) - {10})
