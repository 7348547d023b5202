"""The server: connections, their frames in and out, and the life of the broker from start to stop."""

import asyncio
import ipaddress
import logging
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Self

from pipeline.embedded import api, fetch, produce
from pipeline.embedded.api_cluster import Broker
from pipeline.embedded.catalog import Catalog
from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.coordinator import Coordinator
from pipeline.embedded.directory import DataDirectory
from pipeline.embedded.errors import BrokerStartError, MalformedRequest
from pipeline.embedded.log import sync
from pipeline.embedded.maintenance import maintain
from pipeline.embedded.segment import Slice
from pipeline.embedded.wire import Request, parse_request

logger = logging.getLogger(__name__)

_LENGTH = struct.Struct(">i")
_READ_AHEAD = 256 * 1024  # bytes taken from a socket before its requests are answered


class EmbeddedBroker:
    """A Kafka broker inside this process, serving loopback clients.

    Args:
        data_dir: Where topics and offsets are kept. None: a temporary directory, removed at stop.
        host: A loopback address; any other is refused.
        port: 0 takes a free one.
        config: Settings; the defaults suit a laptop.

    Use `async with`, or `start` and `stop`. `BrokerStartError` says what to change when it cannot start.
    """

    def __init__(
        self, data_dir: Path | str | None, host: str = "127.0.0.1", port: int = 0, config: BrokerConfig | None = None
    ) -> None:
        self.config = config or BrokerConfig()
        self._data_dir = None if data_dir is None else Path(data_dir)
        self._temporary: Path | None = None
        self._host, self._port = host, port
        self._connections: set[asyncio.Task[None]] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """`HOST:PORT`, once started."""
        return f"{self._host}:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Load the data, listen, and serve until `stop`."""
        _require_loopback(self._host)
        listener = _listener(self._host, self._port)
        self._port = listener.getsockname()[1]
        try:
            if self._data_dir is None:
                self._temporary = Path(tempfile.mkdtemp(prefix="embedded-broker-"))
            self._directory = DataDirectory(self._data_dir or self._temporary or Path())
            path, clean = self._directory.path, self._directory.clean
            self._catalog = await asyncio.to_thread(Catalog, path, self.config, clean=clean)
        except BaseException:
            listener.close()
            self._remove_temporary()
            raise
        self._coordinator = Coordinator(path, self.config, time.monotonic)
        self._broker = Broker(self.config, self._catalog, self._coordinator, self._host, self._port, self._dispose)
        self._spawn(maintain(self._catalog, self._coordinator, self.config))
        self._spawn(self._coordinator.watch_deadlines())
        self._server = await asyncio.start_server(self._connected, sock=listener, limit=_READ_AHEAD)
        logger.info("serving %s from %s", self.address, path)

    async def stop(self) -> None:
        """Stop in order: answer nobody any more, bring everything to disk, give the directory up."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        tasks = [*self._connections, *self._background]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await sync(self._catalog.logs())
        self._coordinator.close()
        self._catalog.close()
        self._directory.release(in_order=True)
        self._remove_temporary()

    def _remove_temporary(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _dispose(self, directories: list[Path]) -> None:
        async def remove() -> None:
            for directory in directories:
                await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)

        self._spawn(remove())

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end; whatever goes wrong on it ends only it."""
        task = asyncio.current_task()
        if task is None or len(self._connections) >= self.config.max_connections:
            logger.warning("refused a connection: %d are open", len(self._connections))
            writer.close()
            return
        self._connections.add(task)
        # asyncio leaves this to sockets whose protocol number is set, which accepted ones' is not; with Nagle's
        # algorithm every second small answer would wait 40 ms for the client's delayed acknowledgement.
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await self._serve(reader, writer)
        except MalformedRequest as error:
            logger.warning("closed the connection of %s: %s", writer.get_extra_info("peername"), error)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has gone, or the broker stops; a cancelled task would be reported as a failure
        except Exception:
            logger.exception("closed a connection after an unexpected failure")
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other, as Apache Kafka does: a client's requests keep their order."""
        while True:
            (size,) = _LENGTH.unpack(await reader.readexactly(4))
            if not 8 <= size <= self.config.max_request_bytes:
                raise MalformedRequest(f"a frame of {size} bytes; the limit is {self.config.max_request_bytes}")
            request = parse_request(await reader.readexactly(size))
            if request.api_key == api.PRODUCE and request.version in api.PRODUCE_VERSIONS:
                await self._produce(request, writer)
            elif request.api_key == api.FETCH and request.version in api.FETCH_VERSIONS:
                await self._fetch(request, writer)
            else:
                writer.write(await api.respond(self._broker, request))
            await writer.drain()

    async def _produce(self, request: Request, writer: asyncio.StreamWriter) -> None:
        acks, parts = produce.parse(request)
        outcomes, logs = produce.store(self._catalog, acks, parts)
        if self.config.flush == "always":
            await sync(logs)
        if acks:
            writer.write(produce.respond(request, outcomes))
            return
        failed = next((outcome for outcome in outcomes if outcome.code), None)
        if failed is not None:
            raise MalformedRequest(f"records sent without acknowledgement were refused: {failed.message}")

    async def _fetch(self, request: Request, writer: asyncio.StreamWriter) -> None:
        found = await fetch.gather(self._catalog, fetch.parse(request), self.config.fetch_max_bytes)
        for piece in fetch.respond(request, found):
            for chunk in piece.chunks() if isinstance(piece, Slice) else (piece,):
                writer.write(chunk)
                await writer.drain()


def _require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise BrokerStartError(
            f"{host} is not a loopback address; this broker has no access control and serves 127.0.0.1 only"
        )


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise BrokerStartError(f"cannot listen on {host}:{port}: {error.strerror}; choose another port") from error
