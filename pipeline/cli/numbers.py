"""Figures as a person reads them: 1.5 billion, ≥ 34, 20–25."""

from __future__ import annotations

from decimal import Decimal

from schemas import Figure

_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
_SIGNS = {
    "about": "≈ ",
    "more_than": "> ",
    "less_than": "< ",
    "at_least": "≥ ",
    "at_most": "≤ ",
    "several": "several ",
}
_SPOKEN = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}
"""UCUM codes that no reader knows, for figures whose text names no unit: "Doimari, 46"."""

_LONGEST_SCALED = 6
_LONGEST_EXACT = 9
_LONGEST_UNIT = 14


def number(value: Decimal) -> str:
    """Return a number with thousands separators, or in millions and more where that is exact and short."""
    for size, name in _SCALES:
        scaled = (value / size).normalize()
        if abs(value) >= size and len(scaled.as_tuple().digits) < _LONGEST_SCALED:
            return f"{scaled:,f} {name}"
    if len(value.as_tuple().digits) > _LONGEST_EXACT and value != value.to_integral_value():
        # Two-thirds is 0.666666666666667 in the record; a person reads 0.667.
        value = Decimal(f"{value:.3g}")
    return f"{value:,f}"


def amount(figure: Figure) -> str:
    """Return value, range and approximation of a figure with its unit: `> 200`, `20–25 min`, `USD ≈ 4.2 million`.

    Bounds that the sign does not imply follow in parentheses.
    """
    low, high, value = figure.low, figure.high, figure.value
    spread = None
    if value is None:
        text = _open_range(low, high)
    else:
        text = _SIGNS.get(figure.approximation, "") + number(value)
        if low is not None and high is not None and not low == high == value:
            spread = f"{number(low)}–{number(high)}"
    text = _with_unit(figure, text)
    return f"{text} ({spread})" if spread else text


def _open_range(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"{number(low)}–{number(high)}"
    if low is not None:
        return f"≥ {number(low)}"
    return f"≤ {number(high)}" if high is not None else "several"


def _with_unit(figure: Figure, text: str) -> str:
    unit = figure.unit
    if figure.kind == "ordinal" and figure.value is not None:
        return f"{text}{_ordinal_ending(figure.value)}"
    if figure.kind == "money" and unit is not None:
        return f"{unit} {text}"
    if unit is None or figure.kind not in {"measure", "percent"}:
        return text
    words = figure.unit_text
    # As the text says it, "4 years": few readers know that UCUM writes "4 a".
    readable = figure.kind == "measure" and words is not None and len(words) <= _LONGEST_UNIT and words.isprintable()
    return f"{text} {words if readable else _SPOKEN.get(unit, unit)}"


def _ordinal_ending(value: Decimal) -> str:
    if value % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(int(value % 10), "th")
