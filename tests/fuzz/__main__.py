"""`python -m tests.fuzz`: 100,000 damaged inputs for each dialect and kind of archive by default, and the bombs.

Each target runs in a process of its own with its memory capped. An input that breaks a promise, or takes more than a
second of CPU, is written to `.fuzz/` under the name of its target and number, and the exit code is 1. The same seed
gives the same inputs.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from tests.fuzz.corpus import archives, dialects
from tests.fuzz.running import Outcome, explode, run


def main() -> int:
    """Run the targets and print a row for each."""
    options = _options()
    wanted = ["bombs", *dialects(), *archives()]
    targets = [name for name in wanted if not options.target or name in options.target]
    if unknown := set(options.target or ()) - set(wanted):
        print(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(wanted)}", file=sys.stderr)
        return 2
    print(f"{'target':<18}{'inputs':>9}{'read':>9}{'refused':>9}{'slowest':>10}{'peak':>9}  refused as")
    failed = False
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        runs = [
            pool.submit(explode) if name == "bombs" else pool.submit(run, name, options.inputs, options.seed)
            for name in targets
        ]
        for done in as_completed(runs):
            outcome = done.result()
            failed = failed or bool(outcome.found)
            print(_row(outcome), flush=True)
            for line in outcome.found:
                print(f"  ! {line}", flush=True)
    return 1 if failed else 0


def _row(outcome: Outcome) -> str:
    refused = outcome.results.copy()
    read = refused.pop("read", 0)
    codes = ", ".join(f"{code} {count:,}" for code, count in refused.most_common(4))
    return (
        f"{outcome.target:<18}{outcome.inputs:>9,}{read:>9,}{sum(refused.values()):>9,}"
        f"{1000 * outcome.slowest:>7,.0f} ms{outcome.peak_bytes / 2**20:>6,.0f} MB  {codes}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="damaged inputs per target")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same inputs")
    parser.add_argument("--jobs", type=int, default=2, help="targets at a time")
    parser.add_argument("target", nargs="*", help="dialects, kinds of archive, or bombs; all without")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
