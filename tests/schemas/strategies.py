"""Any record, built from the models' own annotations: a new field is covered the day it is declared."""

from __future__ import annotations

import types
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AwareDatetime

from schemas.base import MAX_DIGITS, Record

Limits = dict[str, Any]

_LIMITS = ("ge", "le", "min_length", "max_length", "pattern")
_CHARACTERS = st.characters(exclude_categories=["Cs"])
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@st.composite
def numbers(draw: st.DrawFn) -> Decimal:
    """Return any number that a figure may have, in any spelling of it."""
    digits = draw(st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1))
    return Decimal(digits).scaleb(draw(st.integers(-20, 9)))


def records(record: type[Record]) -> st.SearchStrategy[Any]:
    """Return a strategy for a record, every optional field filled or left out."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in record.model_fields.items():
        strategy = _values(field.annotation, _limits(field.metadata))
        (required if field.is_required() else optional)[name] = strategy
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: record(**fields))


def _values(annotation: Any, limits: Limits) -> st.SearchStrategy[Any]:
    if get_origin(annotation) is not None:
        return _compound(get_origin(annotation), get_args(annotation), limits)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return st.deferred(lambda: records(annotation))
    if annotation is str:
        return _texts(limits)
    if annotation is int:
        return st.integers(limits.get("ge", 0), limits.get("le", 2**53))
    leaves: dict[Any, st.SearchStrategy[Any]] = {
        float: st.floats(0, 1),
        bool: st.booleans(),
        bytes: st.one_of(st.binary(max_size=400), _texts({}).map(str.encode)),
        Decimal: numbers(),
        AwareDatetime: st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=_ZONES | st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
        types.NoneType: st.none(),
    }
    return leaves[annotation]


def _compound(origin: Any, arguments: tuple[Any, ...], limits: Limits) -> st.SearchStrategy[Any]:
    if origin is Annotated:
        return _values(arguments[0], limits | _limits(arguments[1:]))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is dict:
        return st.dictionaries(*(_values(argument, {}) for argument in arguments), max_size=3)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(_values(arguments[0], {}), min_size=limits.get("min_length", 0), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(_values(argument, {}) for argument in arguments))
    assert origin in {Union, types.UnionType}, f"no strategy for {origin!r}: add one"
    return st.one_of(*(_values(argument, limits) for argument in arguments))


def _texts(limits: Limits) -> st.SearchStrategy[Any]:
    if "pattern" in limits:
        return st.from_regex(limits["pattern"], fullmatch=True)
    return st.text(_CHARACTERS, min_size=limits.get("min_length", 0), max_size=min(limits.get("max_length", 30), 30))


def _limits(metadata: Any) -> Limits:
    found: Limits = {}
    for item in metadata:
        found |= {name: value for name in _LIMITS if (value := getattr(item, name, None)) is not None}
        # Inside Annotated, a Field holds its limits one level further down.
        found |= _limits(getattr(item, "metadata", ()))
    return found
