"""A member of a group in a process of its own, to be killed: `... member CLIENT ADDRESS GROUP TOPIC`.

Prints the partitions it holds, as numbers in one line, whenever they change.
"""

from __future__ import annotations

import sys

from tests.conformance.clients import CLIENTS


def main() -> None:
    """Poll until killed."""
    kind, address, group, topic = sys.argv[1:]
    held: set[tuple[str, int]] = set()
    with CLIENTS[kind](address) as client, client.consumer(group=group, session_timeout_ms=1000) as consumer:
        consumer.subscribe(topic)
        while True:
            consumer.poll(0.1)
            if consumer.assignment() != held:
                held = consumer.assignment()
                print(*sorted(partition for _, partition in held), flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
