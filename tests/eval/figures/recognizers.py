"""Recognizers-Text as a peer: texts in, predictions and CPU seconds out. It runs in an environment of its own.

    python recognizers.py < texts.json > found.json

Standard input is a JSON list of texts; standard output one object: `figures` (a list for each text) and `seconds`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

Result = tuple[int, int, str | None, str | None, str]
"""What a model found: first and last character (inclusive), value, unit, and the kind of the model."""

_AGES = {"year", "month", "week", "day"}


def merged(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return the predictions of all models: what stands inside something found by an earlier model is left out."""
    found: list[dict[str, Any]] = []
    for start, last, value, unit, kind in results:
        if value is None or any(start < one["end"] and one["start"] <= last for one in found):
            continue
        try:
            number = float(value.rstrip("%"))
        except ValueError:
            continue
        name = "percent" if kind == "percentage" else (unit or "-").lower()
        name = f"{name} of age" if kind == "age" and name in _AGES else name
        found.append({"start": start, "end": last + 1, "value": number, "unit": name})
    found.sort(key=lambda one: one["start"])
    return found


def _models() -> list[tuple[str, Callable[[str], Any]]]:
    """Return the models for English, the most specific first."""
    from recognizers_number import Culture, NumberRecognizer  # type: ignore[import-not-found]
    from recognizers_number_with_unit import NumberWithUnitRecognizer  # type: ignore[import-not-found]

    units, numbers = NumberWithUnitRecognizer(Culture.English), NumberRecognizer(Culture.English)
    models = {
        "age": units.get_age_model(), "currency": units.get_currency_model(),
        "temperature": units.get_temperature_model(), "dimension": units.get_dimension_model(),
        "percentage": numbers.get_percentage_model(), "number": numbers.get_number_model(),
    }  # fmt: skip
    return [(name, model.parse) for name, model in models.items()]


def _read(models: list[tuple[str, Callable[[str], Any]]], text: str) -> list[dict[str, Any]]:
    results: list[Result] = []
    for kind, parse in models:
        try:
            parsed = parse(text)
        except Exception:  # it does fail on some texts
            parsed = []
        for one in parsed:
            resolution = one.resolution or {}
            results.append((one.start, one.end, resolution.get("value"), resolution.get("unit"), kind))
    return merged(results)


def main() -> int:
    """Read the texts, write what was found and how long it took."""
    texts = json.load(sys.stdin)
    models = _models()
    _read(models, "It cost $3 million, 5 km long, a 12-year-old, at 30 degrees celsius, 5%")
    begin = time.process_time()
    figures = [_read(models, text) for text in texts]
    json.dump({"figures": figures, "seconds": time.process_time() - begin}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
