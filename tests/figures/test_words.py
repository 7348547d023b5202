"""No word of a language in the code: code names what words do, data files name the words."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import pytest

from pipeline.stages.figures.dating import RESOLVERS
from schemas.entity import EntityType
from schemas.figure import Approximation, Attribution, Figure, FigureKind, Period, PlaceRole

_ROOM = Path(str(resources.files("pipeline.stages.figures")))
_FILES = sorted(_ROOM.glob("*.py"))
_WORD = re.compile(r"[^\W\d_]+")
_SYNTAX = re.compile(r"\\[A-Za-z]|\(\?P<\w+>|\(\?\w+:|[aA]-[zZ]")  # of patterns

# What stands in the code and is English only to the eye, by the reason.
_ALLOWED: dict[str, frozenset[str]] = {
    "values of the record": frozenset(
        {*get_args(FigureKind), *get_args(Approximation), *get_args(EntityType), "in", "from", "to"}
    ),
    "fields of the record": frozenset(
        {*Figure.model_fields, *PlaceRole.model_fields, *Attribution.model_fields, *Period.model_fields}
    ),
    "forms of a quantity": frozenset({"number", "fraction", "vague", "several", "range", "ratio", "score", "rank"}),
    "units of the record that UCUM lacks": frozenset(
        {"person", "household", "cent", "percentage point", "basis point", "age"}
    ),
    "rules and groups of the patterns of time": frozenset(
        {*RESOLVERS, "day", "day2", "month", "month2", "weekday", "weekday2", "year2", "season", "count", "unit"}
    ),
    "beginnings of such rules": frozenset({"between", "since"}),
    "units of time that the patterns count": frozenset({"hour", "week", "fortnight", "quarter", "year", "decade"}),
    "placeholders of the patterns": frozenset({"{digit}", r"\(\?P<\w+>"}),
    "codes of units": frozenset({"a", "mo", "wk", "d", "h", "min", "s", "deg"}),
    "signs of units and currencies": frozenset(
        {"m", "l", "g", "t", "J", "N", "A", "L", "in", "V", "W", "C", "F", "R", "PS", "Rp", "Tk", "RM", "Y=", "M"}
    ),
    "the mark of multiplication": frozenset({"x"}),
    "files": frozenset({"data", "pipeline.stages.figures", "en", "und"}),
}
# These modules name the tables that they read: a literal there is a key of a file.
_READERS = frozenset({"tables.py", "prepositions.py"})
_KEYS_OF_TIME = frozenset({"comparison", "superlative", "shared", "no_superlative"})
# Ways to look something up by the name of a list, a group or a field; texts are never looked up by a literal.
_LOOKUPS = frozenset({"words", "time", "m", "self", "data", "entry", "classes", "choices", "found", "groups"})
# Names of what holds the text of a token, and the literals it may meet: a sign of a currency, the mark of
# multiplication.
_TEXTS = frozenset({"low", "word", "base", "follower", "before", "after", "phrase", "who", "previous"})
_MET = frozenset({"R", "x"})
_ENDINGS = frozenset({"endswith", "startswith", "removesuffix", "removeprefix"})


def _strings(table: Any) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for key, value in table.items():
            yield key
            yield from _strings(value)
    elif isinstance(table, list):
        for value in table:
            yield from _strings(value)


def _english() -> frozenset[str]:
    files = (_ROOM / "data" / "en").glob("*.toml")
    texts = [text.lower() for file in files for text in _strings(tomllib.loads(file.read_text(encoding="utf-8")))]
    return frozenset(_WORD.findall(" ".join(texts)))


def _prose(tree: ast.AST) -> Iterator[int]:
    """Yield the nodes that speak to people or name a list: docstrings, slots, exports, look-ups by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("__slots__", "__all__"):
            yield from (id(part) for part in ast.walk(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rsplit(".", 1)[-1]
            if node.func.attr == "words" or (node.func.attr == "get" and owner in _LOOKUPS):
                yield id(node.args[0])
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).rsplit(".", 1)[-1] in _LOOKUPS:
            yield id(node.slice)


def _words_in(source: str, english: frozenset[str], *, reads: bool = False) -> list[str]:
    """Return the literals of a module that hold a word of a language and have no other meaning."""
    tree = ast.parse(source)
    passed = set(_prose(tree))
    allowed = frozenset().union(*_ALLOWED.values(), _KEYS_OF_TIME)
    literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = [
        f"{node.lineno}: {node.value!r}"
        for node in literals
        if not reads and id(node) not in passed and node.value not in allowed
        if not english.isdisjoint(_WORD.findall(_SYNTAX.sub(" ", node.value).lower()))
    ]
    return found + list(_compared(tree))


def _is_text(node: ast.expr) -> bool:
    """Tell whether an expression is the text of a token: `t.low[i]`, or a name that is given to one."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr in ("low", "word")
    return isinstance(node, ast.Name) and node.id in _TEXTS


def _compared(tree: ast.AST) -> Iterator[str]:
    """Yield the literals with letters that a token's text is compared with, whatever else they may mean."""
    for node in ast.walk(tree):
        sides: list[ast.expr] = []
        if isinstance(node, ast.Compare) and any(map(_is_text, (node.left, *node.comparators))):
            sides = node.comparators
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ENDINGS:
            sides = node.args if _is_text(node.func.value) else []
        passed = {part for side in sides for part in _prose(side)}
        for part in (part for side in sides for part in ast.walk(side)):
            literal = part.value if isinstance(part, ast.Constant) and id(part) not in passed else None
            if isinstance(literal, str) and _WORD.search(literal) and literal not in _MET:
                yield literal


@pytest.mark.parametrize("file", _FILES, ids=[file.name for file in _FILES])
def test_code_holds_no_word_of_a_language(file: Path):
    """A language is a folder of tables: no module tests a text for a word that only English has."""
    assert _words_in(file.read_text(encoding="utf-8"), _english(), reads=file.name in _READERS) == []


@pytest.mark.parametrize(
    "code",
    [
        'done = t.low[i] == "of"',
        'done = t.low[i - 1] in ("per", "by")',
        'done = word.endswith("ing")',
        'done = follower in {"to", "a"}',
        'WORDS = frozenset({"until", "since then"})',
        'PATTERN = re.compile(r"(?:toward|across) the")',
        'unit = lex.forms.get("pound")',
    ],
)
def test_a_word_in_the_code_is_seen(code: str):
    """The walk can fail: words that are compared with a text, listed, or set in a pattern are all found."""
    assert _words_in(code, _english()) != []
