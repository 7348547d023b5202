"""How a Figure reads in the conventions of the public figure sets (one value or range, one unit name)."""

from __future__ import annotations

from functools import cache
from typing import Any

from pipeline.stages.figures.tables import load
from schemas.figure import Figure

_CURRENCIES = {
    "USD": "dollar", "EUR": "euro", "GBP": "pound sterling", "JPY": "japanese yen", "CNY": "chinese yuan",
    "INR": "indian rupee", "MYR": "malaysian ringgit", "ZAR": "south african rand", "TRY": "turkish lira",
    "CHF": "swiss franc", "ILS": "shekel", "AUD": "australian dollar", "CAD": "canadian dollar",
    "HKD": "hong kong dollar", "NZD": "new zealand dollar", "DKK": "danish krone", "SEK": "swedish krona",
    "NOK": "norwegian krone", "KRW": "south korean won", "BRL": "brazilian real", "SGD": "singapore dollar",
    "MXN": "mexican peso", "FIM": "finnish markka", "RUB": "russian ruble", "THB": "thai baht", "BTC": "bitcoin",
    "DEM": "deutsche mark", "PHP": "philippine peso", "NGN": "nigerian naira", "KES": "kenyan shilling",
}  # fmt: skip
_SIGNS = {
    "exact": "=",
    "range": "=",
    "several": "=",
    "about": "~",
    "more_than": ">",
    "at_least": ">",
    "less_than": "<",
    "at_most": "<",
}
_PARTICIPLES = ("ed", "ing")


@cache
def _unit_names() -> dict[str, str]:
    lexicon = load("en")
    names = {unit.code: unit.name for unit in lexicon.symbols.values()}
    names |= {unit.code: unit.name for unit in lexicon.forms.values() if unit.kind == "measure"}
    return names | _CURRENCIES | {"%": "percentage", "[lb_av]": "pound-mass"}


def unit_name(figure: Figure) -> str:
    """Return the unit in words: "dollar per month", "year of age", "Syrian refugee"; "-" where there is none."""
    names = _unit_names()
    if figure.kind in ("count", "ordinal", "ratio"):
        return _counted(figure)
    if figure.unit is None:
        return "-"
    base, _, per = figure.unit.partition("/")
    if figure.unit in names:
        base, per = figure.unit, ""
    name = names.get(base, base)
    if figure.object == "age" and name in ("year", "month", "week", "day"):
        return f"{name} of age"
    return f"{name} per {names.get(per, per)}" if per else name


def _counted(figure: Figure) -> str:
    if figure.object is None:
        return "% -" if figure.kind == "ratio" else figure.unit or "-"
    words = figure.object.split()
    kept = [word for word in words[:-1] if not word.endswith(_PARTICIPLES)]
    lexicon = load("en")
    noun = " ".join([*kept, lexicon.shapes[words[-1].lower()].singular])
    return f"% {noun}" if figure.kind == "ratio" else noun


def prediction(figure: Figure) -> dict[str, Any] | None:
    """Return the figure as the scorers read it; scores of games are no figures in any of the sets."""
    value: Any = float(figure.value) if figure.value is not None else None
    if figure.kind == "ordinal" and figure.high is not None:
        value = float(figure.high)
    found: dict[str, Any] = {
        "start": figure.start,
        "end": figure.end,
        "unit": unit_name(figure),
        "approx": _SIGNS[figure.approximation],
    }
    if value is not None:
        return found | {"value": value}
    if figure.low is None or figure.high is None or figure.kind == "ratio":
        return None
    return found | {"value": float(figure.low), "value_hi": float(figure.high)}
