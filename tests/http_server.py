"""A web server on 127.0.0.1 that behaves as badly as a test asks, in a thread of its own.

    with WebServer() as server:
        server.on("/feed", reply(b"<rss/>", headers={"ETag": '"1"'}), too_many("30"), drip(b"slow", every=0.2))
        ... fetch server.url("/feed") three times ...
        assert [request.path for request in server.requests] == ["/feed"] * 3

The replies of a path are given one after the other, the last one for ever. A reply may also be a function from the
request to a `Reply`. Bytes go out exactly as the reply says: lengths and encodings may lie.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Self

START_DEADLINE = 10.0


@dataclass(frozen=True)
class Request:
    """What a client sent; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What goes out: `pieces` one by one, `pause` seconds before each; `length` is what Content-Length claims.

    A `length` of -1 sends no Content-Length: the end of the connection is the end of the body.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = (b"",)
    pause: float = 0.0
    length: int | None = None


Script = Reply | Callable[[Request], Reply]


def reply(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with a body, honestly."""
    return Reply(status, headers or {}, (body,))


def redirect(target: str, status: int = 302) -> Reply:
    """Send the client elsewhere."""
    return Reply(status, {"Location": target})


def too_many(retry_after: str) -> Reply:
    """Refuse with 429 and a Retry-After, in whatever form."""
    return Reply(429, {"Retry-After": retry_after})


def packed(body: bytes, keep: int | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer in gzip; with `keep` the stream is cut after so many bytes, though the length is that of what is sent."""
    return Reply(200, {"Content-Encoding": "gzip"} | dict(headers or {}), (gzip.compress(body)[:keep],))


def broken_off(body: bytes, after: int) -> Reply:
    """Promise the whole body and hang up after some bytes."""
    return Reply(200, {}, (body[:after],), length=len(body))


def drip(body: bytes, every: float) -> Reply:
    """Send a byte now and then."""
    return Reply(200, {}, tuple(body[at : at + 1] for at in range(len(body))), pause=every)


def unless_known(body: bytes, etag: str, headers: Mapping[str, str] | None = None) -> Script:
    """Answer 304 to whoever has this ETag, and the body to everybody else."""

    def answer(request: Request) -> Reply:
        known = request.headers.get("if-none-match") == etag
        return Reply(304 if known else 200, {"ETag": etag} | dict(headers or {}), (b"" if known else body,))

    return answer


class WebServer:
    """The server; its address is fixed when the `with` block begins.

    Args:
        tls: makes it speak https.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._scripts: dict[str, list[Script]] = defaultdict(list)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._ended: asyncio.Event | None = None
        self.port = 0
        self.requests: list[Request] = []
        self.connections = 0

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(START_DEADLINE), "the test's web server does not start"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._ended is not None
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(START_DEADLINE)

    def on(self, path: str, *scripts: Script) -> None:
        """Say what a path answers, from the next request on."""
        self._scripts[path] = list(scripts)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        server.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            keep = True
            while keep:
                request = await _read(reader)
                self.requests.append(request)
                keep = await self._answer(request, writer)
        writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        scripts = self._scripts.get(request.path.partition("?")[0])
        script: Script = Reply(404) if not scripts else scripts.pop(0) if len(scripts) > 1 else scripts[0]
        out = script if isinstance(script, Reply) else script(request)
        sent = sum(map(len, out.pieces))
        length = sent if out.length is None else out.length
        headers = {"Date": format_datetime(datetime.now(UTC), usegmt=True)} | dict(out.headers)
        if length >= 0 and out.status not in {204, 304}:
            headers["Content-Length"] = str(length)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {out.status} Whatever\r\n{head}\r\n".encode())
        for piece in out.pieces:
            await asyncio.sleep(out.pause)
            writer.write(piece)
            await writer.drain()
        return length == sent


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)
