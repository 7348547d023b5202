"""One worker process. Its settings come as one line of JSON on stdin; the end of stdin ends the process.

So a password stands in no argument list, and no worker outlives a supervisor that was killed.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading

from pipeline.enrich import Tagging, enrich_text, refresh_aliases, set_tagging
from pipeline.errors import ConfigError, CopytasterError
from pipeline.limits import STOP_SECONDS
from pipeline.settings import Settings, receive_settings
from pipeline.worker.app import EXIT_LOST_GRIP, CopyTaster

logger = logging.getLogger(__name__)

_QUIET_SECONDS = 30.0

READY = "ready"
"""The line on stdout that says: connected, and in the group."""


def main() -> None:
    """Run until SIGTERM, SIGINT or the end of stdin."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="worker %(process)d: %(message)s")
    # Faust formats far more debug text than it prints.
    logging.disable(logging.DEBUG)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_Sparing())
    # Warns whenever one of Faust's timers comes late, as they do beside a busy stage; nobody can act on it.
    logging.getLogger("mode").setLevel(logging.ERROR)
    settings = receive_settings(sys.stdin.readline())
    try:
        code = asyncio.run(_serve(settings))
    except CopytasterError as error:
        logger.error("%s", error)  # noqa: TRY400 - a sentence for a person; the stack would say nothing more
        code = error.exit_code
    logging.shutdown()
    # Faust's threads may still be on their way out; everything that matters is committed.
    os._exit(code)


class _Sparing(logging.Filter):
    """Lets a message through once in a while: during an outage the clients repeat themselves ten times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._next: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether this message was not heard lately."""
        key = (record.name, str(record.msg))
        if record.created < self._next.get(key, 0.0):
            return False
        self._next[key] = record.created + _QUIET_SECONDS
        return True


async def _serve(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop_in_time, stop)
    threading.Thread(target=_until_end_of_stdin, args=(loop, stop), daemon=True).start()
    set_tagging(Tagging(settings.tagger, settings.tagger_model, settings.aliases))
    # The stages load their word lists when they are first used; nobody's article should wait for that.
    enrich_text("The word lists are loaded in Paris, 2 people said.")
    taster = CopyTaster(settings)
    await taster.start()
    gc.freeze()
    print(READY, flush=True)  # noqa: T201 - the supervisor reads it
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), 0.5)
        except TimeoutError:
            if taster.app.should_stop:
                logger.critical("the stream processor ended by itself")
                return EXIT_LOST_GRIP
            _refresh()
    try:
        await asyncio.wait_for(taster.stop(), STOP_SECONDS - 1)
    except TimeoutError:
        logger.warning("the worker did not stop in time; what it had not committed will be repeated")
    return 0


def _refresh() -> None:
    """Take in what a desk has written into its table of names; a broken table leaves the one before in force."""
    try:
        if refresh_aliases():
            logger.warning("the table of names was read again")
    except ConfigError as error:
        logger.warning("%s; the names read before stay in force", error)


def _stop_in_time(stop: asyncio.Event) -> None:
    stop.set()
    # A client that waits for a broker that has gone ignores its own cancellation; this does not.
    last_resort = threading.Timer(STOP_SECONDS, os._exit, (EXIT_LOST_GRIP,))
    last_resort.daemon = True
    last_resort.start()


def _until_end_of_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while sys.stdin.readline():
        pass
    loop.call_soon_threadsafe(_stop_in_time, stop)


if __name__ == "__main__":
    main()
