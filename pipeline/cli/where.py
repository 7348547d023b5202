"""`--where`: a JMESPath expression that a record must fulfil."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jmespath
from jmespath.exceptions import (
    ArityError,
    EmptyExpressionError,
    JMESPathError,
    JMESPathTypeError,
    LexerError,
    ParseError,
    UnknownFunctionError,
)
from jmespath.functions import Functions

from pipeline.errors import ConfigError


class Where:
    """A compiled expression.

    Raises:
        ConfigError: it is no JMESPath; the sentence points at the place.
    """

    def __init__(self, expression: str) -> None:
        self._expression = expression
        try:
            self._compiled = jmespath.compile(expression)
        except EmptyExpressionError as error:
            raise ConfigError("--where is empty; leave it out to see every record") from error
        except LexerError as error:
            raise self._wrong(error.message, error.lexer_position) from error
        except ParseError as error:
            raise self._wrong(_complaint(error), error.lex_position) from error
        self._check_functions(self._compiled.parsed)

    def __call__(self, value: Any) -> bool:
        """Return whether the expression is true of a JSON value, as JMESPath defines truth: 0 is true, "" is not.

        Raises:
            ConfigError: a function is called with a wrong number of arguments.
        """
        try:
            found = self._compiled.search(value)
        except JMESPathTypeError:
            return False  # a function met a field that is missing here: this record does not fulfil it
        except (ArityError, UnknownFunctionError) as error:
            raise self._wrong(str(error), self._expression.find("(")) from error
        except JMESPathError as error:
            raise self._wrong(str(error), 0) from error
        return not (found is None or found is False or found in ("", [], {}))

    def _check_functions(self, node: Mapping[str, Any]) -> None:
        name = node.get("value")
        if node.get("type") == "function_expression" and name not in Functions.FUNCTION_TABLE:
            raise self._wrong(f"there is no function {name}()", self._expression.find(f"{name}("))
        for child in node.get("children", ()):
            if isinstance(child, dict):
                self._check_functions(child)

    def _wrong(self, complaint: str, position: int) -> ConfigError:
        position = max(position, 0)
        place = f"  {self._expression}\n{' ' * (position + 2)}^"
        return ConfigError(f"--where is no JMESPath expression: {complaint} at position {position + 1}\n{place}")


def _complaint(error: ParseError) -> str:
    if error.token_type == "EOF":  # noqa: S105 - a token of the grammar, no password
        return "something is missing"
    return f"{error.token_value!r} does not belong"
