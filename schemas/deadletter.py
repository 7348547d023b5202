"""DeadLetter: a record that could not be processed, whole, with what is needed to send it back."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Instant, Payload, Record


class SourcePosition(Record):
    """Where a record stood on the broker."""

    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)


class DeadLetter(Record):
    """A failed record. Key of `news.deadletter`: the key as received."""

    value: Payload = Field(description="The value as received, byte for byte.")
    key: Payload | None = None
    headers: tuple[tuple[str, Payload | None], ...] = ()
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="Bounded error code; see pipeline.errors.")
    message: str = Field(description="One sentence for a person.")
    stage: str = Field(description="decode, normalize, entities, figures or sink.")
    position: SourcePosition
    failed_at: Instant
    traceparent: str | None = Field(None, description="W3C trace context of the record, where it had one.")
    trace: str | None = Field(None, description="Stack of an unexpected error, shortened.")
