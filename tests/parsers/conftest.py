"""The flag that writes the golden records anew, and raw items for tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from schemas import RawItem

RECEIVED = datetime(2025, 1, 1, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    # pytest reads this file before the command line only in `pytest tests/parsers …`; elsewhere the variable serves.
    parser.addoption("--update-goldens", action="store_true", help="write the expected records of the parsers anew")


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    asked = request.config.getoption("--update-goldens", default=False)
    return bool(asked) or os.environ.get("COPYTASTER_UPDATE_GOLDENS") == "1"


@pytest.fixture
def raw() -> Callable[..., RawItem]:
    """A raw item of some bytes; any field can be given."""

    def make(body: bytes, **fields: object) -> RawItem:
        known = {"item_id": "item", "source": "test-wire", "received_at": RECEIVED}
        return RawItem.model_validate({**known, "body": body, **fields})

    return make
