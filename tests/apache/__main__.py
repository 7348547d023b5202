"""`python -m tests.apache`: Apache Kafka in the foreground, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from tests.apache.cluster import ApacheKafka, ClusterError
from tests.apache.jars import MissingToolError, fetch, kafka_version


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.apache",
        description="Runs Apache Kafka on 127.0.0.1 until Ctrl-C; prints its address on stdout.",
    )
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1, help="nodes of the cluster (default: 1)")
    parser.add_argument("--port", type=int, help="port of the first node (default: a free one)")
    parser.add_argument("--data-dir", type=Path, help="keep the data here (default: a temporary directory)")
    parser.add_argument("--heap", default="512m", help="largest Java heap of a node (default: 512m)")
    parser.add_argument("--fetch", action="store_true", help="only fetch the jars into the cache")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command speaks


def _serve(arguments: argparse.Namespace) -> None:
    cluster = ApacheKafka(arguments.brokers, port=arguments.port, data_dir=arguments.data_dir, heap=arguments.heap)
    begin = time.monotonic()
    with cluster:
        took = time.monotonic() - begin
        _say(
            f"Apache Kafka {kafka_version()} is up after {took:.1f} s, its logs are in {cluster.directory}; "
            "Ctrl-C ends it."
        )
        print(cluster.address, flush=True)  # noqa: T201 - the command's data
        cluster.wait()


def main() -> int:
    """Run the command; 0 after a signal, 1 when the broker cannot run or ends by itself."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if arguments.fetch:
            _say(f"Apache Kafka {kafka_version()} is in {fetch()}")
        else:
            _serve(arguments)
    except (MissingToolError, ClusterError) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
