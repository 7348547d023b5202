"""Print the scores on our gold sets: `python -m tests.eval.entities [--errors SET] [--pin]`.

`--errors` lists every difference in a set; `--pin` writes the scores and the digest that the gate holds.
"""

from __future__ import annotations

import argparse
import sys

from tests.eval.entities import gate

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.eval.entities", description="Score the gold sets of names.")
    parser.add_argument("--errors", metavar="SET", default="", choices=("articles", "world", "agency"))
    parser.add_argument("--pin", action="store_true", help="write the scores that the gate holds")
    options = parser.parse_args()
    found = gate.report(sys.stdout.write, errors=options.errors)
    if options.pin:
        gate.pin(found)
