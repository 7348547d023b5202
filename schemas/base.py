"""What every record shares: frozen pydantic models, orjson bytes, exact numbers, tolerant readers."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

import orjson
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

SCHEMA_VERSION = "1.0"
"""Version of the record contract, sent with every record. The first number changes only on a break."""

MAX_DIGITS = 15
"""Most significant digits of a figure: every such number survives a round trip through a JSON number."""

MAX_EXPONENT = 24
"""Largest power of ten of a figure: a septillion is beyond any number in the news."""

_CONTROLS = bytes(code for code in range(32) if code not in b"\n\r\t")
_EXACT_IN_DOUBLE = Decimal(2**53)


def _payload_in(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, dict) and isinstance(value.get("base64"), str):
        try:
            return base64.b64decode(value["base64"], validate=True)
        except binascii.Error as error:
            raise ValueError(f"the base64 of these bytes is broken: {error}") from error
    raise ValueError('bytes are written as a string (UTF-8) or as {"base64": "…"}')


def _payload_out(value: bytes) -> str | dict[str, str]:
    # JSON writes a control character in six bytes: what is mostly that would outgrow every cap as a string.
    escapes = 5 * (len(value) - len(value.translate(None, _CONTROLS))) + value.count(b'"') + value.count(b"\\")
    if escapes * 3 <= max(len(value), 256):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return {"base64": base64.b64encode(value).decode("ascii")}


Payload = Annotated[
    bytes,
    PlainValidator(_payload_in),
    PlainSerializer(_payload_out),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"base64": {"type": "string", "contentEncoding": "base64"}},
                    "required": ["base64"],
                },
            ],
            "description": 'Bytes as received: a string where they are UTF-8, else {"base64": "…"}.',
        }
    ),
]
"""Bytes that stay readable in JSON where they are text, and exact where they are not."""


def _number(value: object) -> Decimal:
    """Read a JSON number or decimal text and give it its one canonical form: no exponent, no idle zeros."""
    if type(value) is Decimal and value.is_finite() and 0 <= value.adjusted() < MAX_DIGITS:
        whole = int(value)
        if whole == value:  # most numbers of the news, at a third of the price
            return Decimal(whole)
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError("a number is needed")  # noqa: TRY004 - pydantic turns only ValueError into its own error
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(f"{value!r} is no decimal number") from error
    if not number.is_finite():
        raise ValueError("a number must be finite")
    # Reals, not quantities of digits: 3.20 and 3.2 are one figure.
    number = number.normalize() if number else Decimal(0)
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_EXPONENT:
        raise ValueError(f"a number has at most {MAX_DIGITS} significant digits, within 10^±{MAX_EXPONENT}")
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def json_number(value: Decimal) -> int | float:
    """Return the JSON number of a canonical Decimal; exact up to `MAX_DIGITS` significant digits."""
    whole = abs(value) <= _EXACT_IN_DOUBLE and value == value.to_integral_value()
    return int(value) if whole else float(value)


Number = Annotated[
    Decimal,
    PlainValidator(_number),
    PlainSerializer(json_number, return_type=int | float, when_used="always"),
    WithJsonSchema({"type": "number", "description": "Decimal with at most 15 significant digits."}),
]
"""An exact number: Decimal in Python, a JSON number on the wire."""


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment in UTC. A time without a zone is refused: guessing the zone is the normalizer's work."""

Identifier = Annotated[str, Field(min_length=1, max_length=256)]
"""A deterministic id (see `schemas.ids`)."""


def to_bytes(plain: Any) -> bytes:
    """Return plain data of records as UTF-8 JSON, with times in UTC and a Z."""
    return orjson.dumps(plain, option=orjson.OPT_UTC_Z)


class Record(BaseModel):
    """A frozen record. Unknown fields are ignored, so that old readers survive new writers."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601")

    def to_plain(self) -> dict[str, Any]:
        """Return the record as plain data, as `to_bytes` takes it; fields without a value are left out."""
        return self.model_dump(exclude_none=True)

    def to_json(self) -> bytes:
        """Return the record as UTF-8 JSON; fields without a value are left out, the order is the model's."""
        return to_bytes(self.to_plain())

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read a record back.

        Raises:
            pydantic.ValidationError: the data is JSON, but not this record.
            orjson.JSONDecodeError: the data is not JSON.
        """
        return cls.model_validate(orjson.loads(data))


class Span(Record):
    """A stretch of the article's text: Unicode code points, end-exclusive."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
