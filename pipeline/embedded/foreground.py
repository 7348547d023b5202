"""The broker as a program: it runs in the foreground until SIGTERM or SIGINT."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.server import EmbeddedBroker


def run(
    data_dir: Path | str | None,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], object] | None = None,
    config: BrokerConfig | None = None,
) -> None:
    """Serve until a signal says stop; `on_ready` gets `HOST:PORT`. `BrokerStartError` when it cannot start."""
    asyncio.run(_serve(EmbeddedBroker(data_dir, host, port, config), on_ready))


async def _serve(broker: EmbeddedBroker, on_ready: Callable[[str], object] | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with broker:
        if on_ready is not None:
            on_ready(broker.address)
        await stopped.wait()
