"""Digit strings in every grouping that news prints: 40,000, 2,14,000, 1.111,11, 3.2, .5, 1e6."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from schemas.base import MAX_DIGITS, MAX_EXPONENT

# With the marks of the language put as "," between groups and "." before decimals.
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z|\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?\Z")
_SWAPPED = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+\Z|\d{1,3}(?:\.\d{3}){2,}\Z")  # the other way round, and no doubt
_SWAPPED_DECIMAL = re.compile(r"\d+,\d{1,2}\Z")
_MAX_CHARS = 40  # longer strings of digits are no figures; they are not even looked at
_PLAIN = Decimal(10) ** MAX_DIGITS
_AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}\Z")


@dataclass(frozen=True, slots=True)
class Digits:
    """How a language writes numbers in digits."""

    decimal: str = "."
    group: str = ","
    sure: bool = False
    """False where the language is unknown: a lone mark before three digits may be either, and is not read."""
    _plain: dict[int, str] | None = field(init=False)

    def __post_init__(self) -> None:
        canonical = (self.decimal, self.group) == (".", ",")
        marks = None if canonical else str.maketrans({self.group: ",", self.decimal: "."})
        object.__setattr__(self, "_plain", marks)

    def read(self, text: str) -> Decimal | None:
        """Return the number that a digit string states, or nothing where it is a list, an address or too long."""
        if len(text) > _MAX_CHARS:
            return None
        plain = text if self._plain is None else text.translate(self._plain)
        if "," in plain or plain.count(".") > 1:
            if _GROUPED.match(plain):
                plain = plain.replace(",", "")
            elif _SWAPPED.match(plain):
                plain = plain.replace(".", "").replace(",", ".")
            elif _SWAPPED_DECIMAL.match(plain):
                plain = plain.replace(",", ".")
            else:
                return None
        if not self.sure and _AMBIGUOUS.match(text):
            return None
        try:
            return Decimal(plain)
        except InvalidOperation:
            return None


def printable(value: Decimal) -> Decimal | None:
    """Return the value rounded to what a record can carry, or nothing where it is beyond every news figure."""
    if value == value.to_integral_value() and abs(value) < _PLAIN:
        return value
    if not value.is_finite() or value.adjusted() >= MAX_EXPONENT or value.adjusted() < -MAX_EXPONENT:
        return None
    digits = len(value.as_tuple().digits)
    if digits <= MAX_DIGITS:
        return value
    stripped = value.normalize()
    return stripped if len(stripped.as_tuple().digits) <= MAX_DIGITS else None


def rounded(value: Decimal) -> Decimal:
    """Return a quotient rounded to the digits that a record can carry."""
    if len(value.as_tuple().digits) <= MAX_DIGITS:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - MAX_DIGITS))
