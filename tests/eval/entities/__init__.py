"""How good and how fast the entity stage is: our gold set with its gate, and public sets where a machine has them."""

from __future__ import annotations

from tests.eval.entities.report import report

__all__ = ["report"]
