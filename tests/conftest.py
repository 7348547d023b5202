"""Which tests run, and the two brokers they run on.

By default the tests that need Apache Kafka (`apache`) and the long ones (`complete`) stay out, and the summary says so
aloud. `--apache` adds the first kind. `--complete`, or `CI=true`, or `COPYTASTER_TEST_COMPLETE=1`, runs everything; a
missing Java or Maven is then an error, never a skip.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.apache.jars import MissingToolError, fetch
from tests.embedded_broker import EmbeddedKafka

# Importing kafka-python reads its schemas by a call that Python 3.11 and 3.12 call deprecated. Conftests of sub-folders
# may be imported before `pytest_configure` runs, so the first import happens here.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("kafka")

# A busy machine is no failure: what bounds the work of a stage is counted in its own tests, never timed.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
settings.register_profile("fuzz", max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))

LEFT_OUT = pytest.StashKey[int]()
COORDINATED_GROUPS = 24
GIVEN_SEED = Path(__file__).parents[2] / "shared" / "seeds"
EVALUATION_SETS = Path(__file__).parents[2] / "shared" / "eval"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("copytaster")
    group.addoption("--apache", action="store_true", help="also run the tests that need Apache Kafka")
    group.addoption("--update-goldens", action="store_true", help="write what comes out today as what is expected")
    group.addoption("--complete", action="store_true", help="run every test, as CI does")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "ignore:read_text is deprecated:DeprecationWarning")


def _everything(config: pytest.Config) -> bool:
    asked = config.getoption("--complete") or os.environ.get("CI") == "true"
    return bool(asked or os.environ.get("COPYTASTER_TEST_COMPLETE") == "1")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _everything(config):
        return
    unwanted = {"complete"} if config.getoption("--apache") else {"apache", "complete"}
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unwanted)]
    config.stash[LEFT_OUT] = len(left_out)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish(session: pytest.Session) -> None:
    # Outside every test's own deadline: the first download may take minutes.
    needs_jars = not (session.config.option.collectonly or os.environ.get("COPYTASTER_TEST_KAFKA"))
    if needs_jars and any(item.get_closest_marker("apache") for item in session.items):
        with contextlib.suppress(MissingToolError):
            fetch()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over from a parallel worker, which alone has collected, how many tests it left out."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["left_out"] = session.config.stash.get(LEFT_OUT, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"NOT RUN: {count} tests (Apache Kafka, long ones). `pytest --complete` runs them all.",
            yellow=True,
            bold=True,
        )


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be written anew."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture(scope="session")
def given_seed(request: pytest.FixtureRequest) -> Path:
    """The folder of the archive page that came with the project's task; it stays outside the repository."""
    return _given(request.config, GIVEN_SEED, "the given archive page was not read")


@pytest.fixture(scope="session")
def evaluation_sets(request: pytest.FixtureRequest) -> Path:
    """The folder of the evaluation sets, which are never part of this repository."""
    named = os.environ.get("COPYTASTER_EVAL")
    folder = Path(named) if named else EVALUATION_SETS
    return _given(request.config, folder, "nothing was compared with the evaluation sets")


def _given(config: pytest.Config, folder: Path, consequence: str) -> Path:
    if not folder.is_dir():
        message = f"NOT CHECKED: {folder} is absent, so {consequence}"
        if _everything(config):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def apache_address() -> Iterator[str]:
    """`HOST:PORT` of an Apache Kafka: that of COPYTASTER_TEST_KAFKA, else one started for this session."""
    if given := os.environ.get("COPYTASTER_TEST_KAFKA"):
        yield given
        return
    from tests.apache.cluster import ApacheKafka

    with ApacheKafka() as cluster:
        _wake_coordinators(cluster.address)
        yield cluster.address


def _wake_coordinators(address: str) -> None:
    """Wait until a fresh broker coordinates groups: it makes the topic of their offsets at the first request."""
    from kafka import KafkaConsumer, TopicPartition

    for number in range(COORDINATED_GROUPS):
        consumer = KafkaConsumer(bootstrap_servers=address, group_id=f"wake-up-{number}", enable_auto_commit=False)
        consumer.committed(TopicPartition("wake-up", 0))
        consumer.close(autocommit=False)


@pytest.fixture(scope="session")
def embedded_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`HOST:PORT` of an embedded broker in a process of its own, with an empty data directory."""
    with EmbeddedKafka(tmp_path_factory.mktemp("embedded")) as broker:
        yield broker.address


@pytest.fixture(params=["embedded", pytest.param("apache", marks=pytest.mark.apache)], scope="session")
def broker_address(request: pytest.FixtureRequest) -> str:
    """`HOST:PORT` of each broker in turn: a test that takes this runs on both."""
    return str(request.getfixturevalue(f"{request.param}_address"))
