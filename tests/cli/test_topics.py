"""`copytaster topics` and `copytaster doctor`: what is there, what is wrong, what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson

from pipeline.bus.publisher import Publisher
from schemas import TOPICS, RawItem
from tests.cli.conftest import Desk
from tests.cli.program import NOBODY, Ran

NAMES = [spec.name for spec in TOPICS]


def _rows(ran: Ran) -> list[dict[str, object]]:
    assert "Traceback" not in ran.err
    assert ran.lines, ran.err
    return [orjson.loads(line) for line in ran.lines]


def _publish(desk: Desk, count: int) -> None:
    with Publisher(desk.settings) as publisher:
        for number in range(count):
            body = b"item %d" % number
            publisher.publish(RawItem(item_id=str(number), source="s", body=body, received_at=datetime.now(UTC)))


def test_create_is_idempotent(desk: Desk) -> None:
    """The first run creates all, the second finds all as they should be; both leave with 0."""
    first, second = desk("topics", "create", "--json"), desk("topics", "create", "--json")
    assert (first.code, second.code) == (0, 0)
    assert [(row["topic"], row["outcome"]) for row in _rows(first)] == [(desk.topic(n), "created") for n in NAMES]
    assert [(row["outcome"], row["differences"]) for row in _rows(second)] == [("exists", [])] * len(NAMES)


def test_create_changes_nothing_that_exists(ready_desk: Desk) -> None:
    """Where a topic is not as the settings say, that is said, and the topic stays as it is."""
    ran = ready_desk("topics", "create", "--partitions", "5")
    assert ran.code == 0
    assert len(ran.said) == len(NAMES)
    assert all("it has 3 partitions, the settings say 5" in sentence for sentence in ran.said)
    assert {row["partitions"] for row in _rows(ready_desk("topics", "list", "--json"))} == {3}


def test_list_shows_sizes_and_lag(ready_desk: Desk) -> None:
    """Records and the lag of the workers' group are those of the broker, in the table as in JSON."""
    _publish(ready_desk, 7)
    rows = {str(row["topic"]): row for row in _rows(ready_desk("topics", "list", "--json"))}
    raw, figures = rows[ready_desk.topic("raw")], rows[ready_desk.topic("figures")]
    assert list(rows) == [ready_desk.topic(name) for name in NAMES]
    assert (raw["records"], raw["lag"], raw["cleanup"], raw["retention_ms"]) == (7, 7, "delete", 14 * 86_400_000)
    assert (figures["records"], figures["lag"], figures["cleanup"]) == (0, None, "compact")
    table = ready_desk("topics", "list").out.decode().splitlines()
    assert table[0].split() == ["topic", "partitions", "records", "lag", "kept", "carries"]
    assert table[1].split()[:6] == [ready_desk.topic("raw"), "3", "7", "7", "14", "days"]


def test_describe_shows_each_partition(ready_desk: Desk) -> None:
    """One topic, partition by partition; the offsets add up to the records."""
    _publish(ready_desk, 7)
    [row] = _rows(ready_desk("topics", "describe", "raw", "--json"))
    offsets = row["offsets"]
    assert isinstance(offsets, list)
    assert [place["partition"] for place in offsets] == [0, 1, 2]
    assert sum(place["end"] - place["begin"] for place in offsets) == 7
    text = ready_desk("topics", "describe", ready_desk.topic("raw")).out.decode()
    assert text.startswith(f"{ready_desk.topic('raw')}: ")


def test_missing_topics_are_named(desk: Desk) -> None:
    """Before `topics create`, every missing topic is named with what to do, and the code says that it failed."""
    ran = desk("topics", "list")
    assert ran.code == 3
    assert all(desk.topic(name) in ran.err for name in NAMES)
    assert "`copytaster topics create`" in ran.err


def test_doctor_finds_all_well(ready_desk: Desk, tmp_path: Path) -> None:
    """A line that is as it should be gets only ticks and 0; each setting says where it comes from."""
    ran = ready_desk("doctor", "--group", "desk", COPYTASTER_DATA_DIR=str(tmp_path))
    text = ran.out.decode()
    assert (ran.code, ran.err, "✗" in text) == (0, "", False)
    assert f"✓ setting prefix: {ready_desk.settings.prefix}, from the environment" in text
    assert "✓ setting group: desk, from a flag" in text
    assert "✓ broker: " in text
    assert f"✓ topic {ready_desk.topic('raw')}: 3 partitions, 0 records" in text
    assert "✓ group desk: lag 0 records" in text
    assert f"for the embedded broker in {tmp_path}" in text


def test_doctor_says_what_to_do(desk: Desk, tmp_path: Path) -> None:
    """Missing topics, topics that differ and work that nobody does are crosses with advice, and code 1."""
    missing = desk("doctor", "--json", "--data-dir", tmp_path)
    assert missing.code == 1
    crosses = [row for row in _rows(missing) if not row["ok"]]
    assert [row["check"] for row in crosses] == [f"topic {desk.topic(name)}" for name in NAMES]
    assert {row["advice"] for row in crosses} == {"run `copytaster topics create`"}
    assert desk("topics", "create").code == 0
    _publish(desk, 2)
    ran = desk("doctor", COPYTASTER_PARTITIONS="4")
    text = ran.out.decode()
    assert ran.code == 1
    assert "it has 3 partitions, the settings say 4" in text
    assert "2 raw records wait, and no worker has done one yet" in text
    assert "→ run `copytaster worker`" in text


def test_doctor_tells_no_secret(ready_desk: Desk) -> None:
    """The password is named as set, and shown to nobody."""
    ran = ready_desk("doctor", COPYTASTER_SASL_PASSWORD="hunter2")
    assert b"setting sasl_password" in ran.out
    assert b"hunter2" not in ran.out + ran.err.encode()


def test_doctor_without_a_broker_leaves_with_3(ready_desk: Desk) -> None:
    """Without a broker the checks that need one are left out."""
    ran = ready_desk("doctor", "--json", "--brokers", NOBODY)
    assert ran.code == 3
    assert [row["check"] for row in _rows(ran) if not row["ok"]] == ["broker"]
    assert not any(str(row["check"]).startswith("topic") for row in _rows(ran))


def test_doctor_names_a_wrong_setting(desk: Desk) -> None:
    """A setting that cannot be read is a cross, not a traceback."""
    ran = desk("doctor", COPYTASTER_PARTITIONS="many")
    assert ran.code == 1
    assert "✗ settings: the setting partitions is wrong" in ran.out.decode()
