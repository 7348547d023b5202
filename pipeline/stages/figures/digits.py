"""Digit strings in every grouping that English news prints: 40,000, 2,14,000, 1.111,11, 3.2, .5, 1e6."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from schemas.base import MAX_DIGITS, MAX_EXPONENT

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z|\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?\Z")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+\Z|\d{1,3}(?:\.\d{3}){2,}\Z")
_COMMA = re.compile(r"\d+,\d{1,2}\Z")
_MAX_CHARS = 40  # longer strings of digits are no figures; they are not even looked at
_PLAIN = Decimal(10) ** MAX_DIGITS
_AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}\Z")


def read_digits(text: str, *, english: bool) -> Decimal | None:
    """Return the number that a digit string states, or nothing where it is a list, an address or too long.

    Outside English a lone separator before three digits may mean thousands or decimals, and is not read at all.
    """
    if len(text) > _MAX_CHARS:
        return None
    plain = text
    if "," in text or text.count(".") > 1:
        if _GROUPED.match(text):
            plain = text.replace(",", "")
        elif _DOTTED.match(text):
            plain = text.replace(".", "").replace(",", ".")
        elif _COMMA.match(text):
            plain = text.replace(",", ".")
        else:
            return None
    if not english and _AMBIGUOUS.match(text):
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
