"""What a person is told whose machine cannot run Apache Kafka."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apache.jars import MissingToolError, cache_directory, fetch, java, kafka_version


def _program(directory: Path, name: str, script: str) -> None:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(f"#!/bin/sh\n{script}\n")
    (directory / name).chmod(0o755)


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is the whole PATH, and an empty cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("COPYTASTER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "bin"


@pytest.mark.usefixtures("bare_machine")
def test_without_java() -> None:
    """The sentence names what to install, and the way around it."""
    with pytest.raises(MissingToolError, match=r"needs Java 17 or newer.*openjdk.*COPYTASTER_TEST_KAFKA"):
        java()


@pytest.mark.parametrize(("banner", "named"), [("1.8.0_402", "Java 8"), ("11.0.2", "Java 11")])
def test_with_an_old_java(bare_machine: Path, banner: str, named: str) -> None:
    """A Java that is too old is named with its version, also in the old way of counting."""
    _program(bare_machine, "java", f"""echo 'openjdk version "{banner}" 2024-01-16' >&2""")
    with pytest.raises(MissingToolError, match=f"is {named};.*needs Java 17"):
        java()


def test_with_a_good_java(bare_machine: Path) -> None:
    """A newer one will do."""
    _program(bare_machine, "java", """echo 'openjdk version "25" 2025-09-16' >&2""")
    assert java() == str(bare_machine / "java")


@pytest.mark.usefixtures("bare_machine")
def test_without_maven() -> None:
    """Maven is asked for only when the cache is empty."""
    with pytest.raises(MissingToolError, match=r"Maven.*not installed.*COPYTASTER_TEST_KAFKA"):
        fetch()
    cache_directory().mkdir(parents=True)
    assert fetch() == cache_directory()


def test_when_maven_fails(bare_machine: Path) -> None:
    """Maven's own words are passed on, and no half-filled cache stays behind."""
    _program(bare_machine, "java", """echo 'openjdk version "17.0.1"' >&2""")
    _program(bare_machine, "mvn", "echo 'the network is down'; exit 1")
    with pytest.raises(MissingToolError, match="the network is down"):
        fetch()
    assert not list(cache_directory().parent.iterdir())


def test_the_cache_is_filled_whole(bare_machine: Path) -> None:
    """What Maven copied is there under the version's name, and nothing else is."""
    _program(bare_machine, "java", """echo 'openjdk version "17.0.1"' >&2""")
    copy = (
        'for a in "$@"; do case $a in -DoutputDirectory=*) d=${a#*=};; esac; done; /bin/mkdir -p $d; : > $d/kafka_2.jar'
    )
    _program(bare_machine, "mvn", copy)
    jars = fetch()
    assert [path.name for path in jars.iterdir()] == ["kafka_2.jar"]
    assert [path.name for path in jars.parent.iterdir()] == [f"kafka-{kafka_version()}"]
