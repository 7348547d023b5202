"""Print how good and how fast the extraction is: `python -m tests.eval`; see `tests.eval.figures` for its options."""

from __future__ import annotations

import sys

from tests.eval import entities
from tests.eval.figures.__main__ import main

if __name__ == "__main__":
    code = main(sys.argv[1:])
    entities.report(sys.stdout.write)
    raise SystemExit(code)
