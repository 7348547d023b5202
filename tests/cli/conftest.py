"""A line of its own for each test: a prefix and a group that nobody else uses on the broker."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass

import pytest

from pipeline.settings import Settings, load_settings
from tests.cli.program import Ran, run


@dataclass(frozen=True)
class Desk:
    """A user whose environment points at a broker."""

    settings: Settings
    environment: dict[str, str]

    def __call__(self, *arguments: str | os.PathLike[str], **more: str) -> Ran:
        """Run a command."""
        return run(*arguments, env=self.environment | more)

    def topic(self, name: str) -> str:
        """Return a topic's full name."""
        return self.settings.topic(name)


def _desk(address: str) -> Desk:
    name = f"t{uuid.uuid4().hex[:10]}"
    wanted = {"brokers": address, "prefix": name, "group": name, "partitions": "3"}
    environment = {f"COPYTASTER_{key.upper()}": value for key, value in wanted.items()}
    return Desk(load_settings(**wanted), environment)


@pytest.fixture
def desk(broker_address: str) -> Desk:
    """Return a user of a broker on which the user's topics are not there yet."""
    return _desk(broker_address)


@pytest.fixture
def ready_desk(desk: Desk) -> Desk:
    """Return a user whose topics are there."""
    assert desk("topics", "create").code == 0
    return desk
