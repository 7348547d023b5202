"""The broker's jars: fetched once by Maven, kept in a cache, checked for a Java that can run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
OLDEST_JAVA = 17
FETCH_DEADLINE = 600.0


class MissingToolError(RuntimeError):
    """Java or Maven is missing, too old, or failed; the message says what to install."""


def kafka_version() -> str:
    """Version of Apache Kafka that the pom names."""
    found = ET.parse(POM).getroot().findtext(".//{*}kafka.version")  # noqa: S314 - our own file
    if not found:
        raise MissingToolError(f"{POM} names no kafka.version")
    return found


def cache_directory() -> Path:
    """Where the jars of this version live: under `$COPYTASTER_CACHE`, else `~/.cache/copytaster`."""
    root = os.environ.get("COPYTASTER_CACHE") or Path.home() / ".cache" / "copytaster"
    return Path(root).expanduser() / f"kafka-{kafka_version()}"


def java() -> str:
    """Path of a Java that runs Kafka; `JAVA_HOME` comes before `PATH`.

    Raises:
        MissingToolError: No Java, or one older than 17.
    """
    home = os.environ.get("JAVA_HOME")
    program = shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java")
    if program is None:
        raise MissingToolError(
            "Apache Kafka needs Java 17 or newer, and there is none on this machine: install one (Debian, "
            "Ubuntu: openjdk-17-jre-headless; Homebrew: openjdk), or put the address of a running broker into "
            "COPYTASTER_TEST_KAFKA."
        )
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    if found is None or int(found[1]) < OLDEST_JAVA:
        version = found[1] if found else "unknown"
        raise MissingToolError(
            f"{program} is Java {version}; Apache Kafka {kafka_version()} needs Java {OLDEST_JAVA} or newer. "
            "Install one and let JAVA_HOME point at it."
        )
    return program


def fetch() -> Path:
    """Directory with every jar of the broker; downloads only when the cache does not have it.

    Raises:
        MissingToolError: Maven is missing or could not get the jars.
    """
    target = cache_directory()
    if target.is_dir():
        return target
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingToolError(
            f"The jars of Apache Kafka {kafka_version()} are not in {target}, and Maven, which fetches them, is "
            "not installed: install it (Debian, Ubuntu, Homebrew: maven), or put the address of a running broker "
            "into COPYTASTER_TEST_KAFKA."
        )
    java()
    target.parent.mkdir(parents=True, exist_ok=True)
    print(f"Fetching Apache Kafka {kafka_version()} into {target}", file=sys.stderr)  # noqa: T201 - slow step
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kafka-") as staging:
        _copy_dependencies(maven, Path(staging) / "jars")
        _publish(Path(staging) / "jars", target)
    return target


def _copy_dependencies(maven: str, directory: Path) -> None:
    command = [maven, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={directory}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_DEADLINE, check=False)
    if result.returncode != 0 or not list(directory.glob("kafka_*.jar")):
        reason = "\n".join((result.stdout + result.stderr).strip().splitlines()[-15:])
        raise MissingToolError(f"Maven could not fetch Apache Kafka {kafka_version()}:\n{reason}")


def _publish(staged: Path, target: Path) -> None:
    # A rename is atomic: a directory of that name is always complete, also with two runs at once.
    try:
        staged.rename(target)
    except OSError:
        if not target.is_dir():
            raise
