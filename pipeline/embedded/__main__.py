"""`python -m pipeline.embedded`: run the broker; one line `HOST:PORT` on stdout says that it is ready."""

import argparse
import logging
import os
import signal
import sys
import threading
from typing import get_args

from pipeline.embedded.config import BrokerConfig, Flush
from pipeline.embedded.errors import BrokerStartError
from pipeline.embedded.foreground import run


def main() -> int:
    """Return the exit code: 0 after an orderly stop, 3 when the broker could not start."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.embedded", description="A Kafka broker on loopback.")
    parser.add_argument("--data-dir", help="where topics are kept; without it a temporary directory")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--flush", choices=get_args(Flush), default="none", help="when writes are synced to disk")
    parser.add_argument("--maintenance-interval", type=float, default=5.0, help="seconds between rounds of retention")
    parser.add_argument("--until-stdin-ends", action="store_true", help="stop when whoever started this is gone")
    options = parser.parse_args()
    if options.until_stdin_ends:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    config = BrokerConfig(flush=options.flush, maintenance_interval=options.maintenance_interval)
    try:
        run(options.data_dir, options.host, options.port, _announce, config)
    except BrokerStartError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one sentence a person needs
        return 3
    return 0


def _stop_with_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _announce(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
