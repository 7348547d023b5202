"""Print the scores on our gold set: `python -m tests.eval.entities [--errors] [--pin]`.

`--errors` lists every difference; `--pin` writes the scores and the digest that the gate holds.
"""

from __future__ import annotations

import sys

from tests.eval.entities import gate

if __name__ == "__main__":
    found = gate.report(sys.stdout.write, errors="--errors" in sys.argv)
    if "--pin" in sys.argv:
        gate.pin(found)
