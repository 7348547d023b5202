"""Raw items for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from schemas import RawItem

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def raw() -> Callable[..., RawItem]:
    """A raw item of some bytes; any field can be given."""

    def make(body: bytes, **fields: object) -> RawItem:
        known = {"item_id": "item", "source": "test-wire", "received_at": RECEIVED}
        return RawItem.model_validate({**known, "body": body, **fields})

    return make
