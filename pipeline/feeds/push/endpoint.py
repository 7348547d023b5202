"""The answers of the endpoint: what is pushed is taken with 202 once the broker has it, and not before.

| status | means |
|---|---|
| 202 | the broker has acknowledged all items that are listed; what was no item is listed beside them |
| 400, 413, 415, 422 | nothing was taken, and the same body will never be |
| 401, 403 | not signed by who holds the secret; or sent by a web page |
| 408 | the body did not come in time |
| 503 | send it again after Retry-After: the broker does not acknowledge, or too much is in flight |
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from aiohttp import web

from pipeline.errors import BrokerError, DeliveryError, ItemTooLarge, MalformedItem, RequestRefused
from pipeline.feeds.push.deliveries import Deliveries
from pipeline.feeds.push.reading import Pushed, read_push, source_of
from pipeline.feeds.push.rooms import Room, Rooms
from pipeline.feeds.push.signatures import check_signature
from pipeline.inflating import Body
from pipeline.limits import MAX_PUSH_BYTES, MAX_PUSH_MEMORY, MAX_PUSHES, PUSH_SECONDS
from pipeline.sources import Ledger
from pipeline.sources.metrics import CONTENT_TYPE, Metrics

BROKER_RETRY_SECONDS: Final = 10
"""What a sender is asked to wait while the broker does not acknowledge: a broker restarts in as much."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class House:
    """What the endpoint works with.

    Attributes:
        source: name of the wire for items that carry none.
        secret: shared with the senders; None takes everything, which is for loopback only.
        deliveries: to the broker.
        ledger: notes what was taken.
        metrics: counts the answers.
        now: the current time.
        say: gets sentences for people.
        body_seconds: longest time for a body to come in.
    """

    source: str
    secret: str | None
    deliveries: Deliveries
    ledger: Ledger
    metrics: Metrics
    now: Callable[[], datetime]
    say: Say
    body_seconds: float = PUSH_SECONDS


class Endpoint:
    """Takes pushes. Parsing and waiting happen in threads, one for each push in flight; the loop only moves bytes.

    Attributes:
        rooms: bounds what is in flight.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self.rooms = Rooms(MAX_PUSHES, MAX_PUSH_MEMORY)
        self._threads = ThreadPoolExecutor(MAX_PUSHES, thread_name_prefix="push")
        self._outage = False

    def routes(self) -> list[web.RouteDef]:
        """Return what is served under which path."""
        return [
            web.post("/items", self.push),
            web.post("/items/{source}", self.push),
            web.get("/healthz", self.health),
            web.get("/metrics", self.show_metrics),
        ]

    async def push(self, request: web.Request) -> web.Response:
        """Take items of any dialect."""
        return await self.answer(lambda: self._push(request))

    async def _push(self, request: web.Request) -> web.Response:
        house = self._house
        source = source_of(request.match_info.get("source"), request.query, house.source)
        with self.rooms.enter() as room:
            received = await self.receive(request, room)
            if house.secret is not None:
                check_signature(house.secret, request.headers, received, house.now())
            elif "Origin" in request.headers:
                raise RequestRefused("web pages may not push; set push_secret and sign the request", status=403)
            return await self.publish(received, request, room, source)

    async def receive(self, request: web.Request, room: Room) -> bytes:
        """Return the body as it comes, under its caps.

        Raises:
            RequestRefused: it is too large, or does not come in time.
        """
        if (request.content_length or 0) > MAX_PUSH_BYTES:
            raise _too_large()
        body = bytearray()
        try:
            async with asyncio.timeout(self._house.body_seconds):
                async for piece in request.content.iter_any():
                    room.take(len(piece))
                    body += piece
                    if len(body) > MAX_PUSH_BYTES:
                        raise _too_large()
        except TimeoutError as error:
            raise RequestRefused("the body did not come in time", status=408) from error
        except web.RequestPayloadError as error:
            raise RequestRefused("the body is damaged: its framing is broken", status=400) from error
        return bytes(body)

    async def publish(
        self, received: bytes, request: web.Request, room: Room, source: str, topic: str | None = None
    ) -> web.Response:
        """Publish a body that may be trusted, and answer.

        Args:
            received: the body as it came.
            request: its headers say how it is encoded, and what it is.
            room: counts what is held.
            source: name of the wire for items that carry none.
            topic: what the ledger calls the source, where one wire brings several.

        Raises:
            RequestRefused: nothing in it could be read, or the broker does not acknowledge.
        """
        encoding = request.headers.get("Content-Encoding", "")
        content_type = request.headers.get("Content-Type", "")
        house, loop = self._house, asyncio.get_running_loop()
        body = await loop.run_in_executor(self._threads, _decode, received, encoding)
        room.take(0 if body is received else len(body))

        def read() -> Pushed:
            return read_push(body, source=source, content_type=content_type, received_at=house.now())

        pushed = await loop.run_in_executor(self._threads, read)
        room.take(pushed.size)
        try:
            await loop.run_in_executor(self._threads, house.deliveries.deliver, pushed.items)
        except (DeliveryError, BrokerError) as error:
            self._broker_away(error)
            raise RequestRefused(f"{error}; send it again", status=503, retry=BROKER_RETRY_SECONDS) from error
        self._broker_back(pushed)
        self._note(pushed, source, topic)
        return _taken(pushed)

    async def health(self, _request: web.Request) -> web.Response:
        """Say whether the latest push was acknowledged."""
        failing = self._house.deliveries.failing
        state = {"status": "failing" if failing else "ok", "in_flight": self.rooms.requests}
        return _json(state, status=503 if failing else 200)

    async def show_metrics(self, _request: web.Request) -> web.Response:
        """Show the metrics to Prometheus."""
        text = await asyncio.get_running_loop().run_in_executor(None, self._house.metrics.text)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})

    async def answer(self, work: Callable[[], Awaitable[web.Response]]) -> web.Response:
        """Turn a refusal into its answer, and count what is answered."""
        try:
            response = await work()
        except RequestRefused as error:
            response = _refusal(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours is one failed push, told in one sentence
            self._house.say(f"copytaster: a push failed by a fault of ours, {type(error).__name__}: {error}")
            response = _json({"error": "the push failed by a fault of ours", "code": "error"}, 500)
        self._house.metrics.answers.labels(str(response.status)).inc()
        return response

    def close(self) -> None:
        """Wait for the threads."""
        self._threads.shutdown()

    def _note(self, pushed: Pushed, source: str, topic: str | None) -> None:
        now, ledger = self._house.now(), self._house.ledger
        for item in pushed.items:
            ledger.note(topic or item.source, items=1, size=len(item.body), at=now)
        if pushed.rejected:
            ledger.note(topic or source, rejected=len(pushed.rejected), at=now)

    def _broker_away(self, error: Exception) -> None:
        if not self._outage:
            self._outage = True
            self._house.say(f"copytaster: {error}; senders are asked to come again")

    def _broker_back(self, pushed: Pushed) -> None:
        if self._outage and pushed.items:
            self._outage = False
            self._house.say("copytaster: the broker acknowledges again")


def _decode(received: bytes, encoding: str) -> bytes:
    if encoding.strip().lower() in {"", "identity"}:
        return received
    try:
        body = Body(encoding, MAX_PUSH_BYTES)
    except MalformedItem as error:
        raise RequestRefused(str(error), status=415) from error
    try:
        body.feed(received)
        return body.finish()
    except ItemTooLarge as error:
        raise _too_large() from error
    except MalformedItem as error:
        raise RequestRefused(str(error), status=400) from error


def _taken(pushed: Pushed) -> web.Response:
    rejected = [
        {"where": one.where, "code": one.error.code, "error": " ".join(str(one.error).split())}
        for one in pushed.rejected
    ]
    if pushed.items:
        return _json({"items": [item.item_id for item in pushed.items], "rejected": rejected}, status=202)
    first = rejected[0]["error"] if rejected else "the body holds no item"
    codes = {one["code"] for one in rejected}
    status = 413 if codes == {ItemTooLarge.code} else 422
    return _json(
        {"error": first, "code": rejected[0]["code"] if rejected else "empty_item", "rejected": rejected}, status
    )


def _refusal(error: RequestRefused) -> web.Response:
    headers = {"Retry-After": str(error.retry)} if error.retry is not None else {}
    return _json({"error": str(error), "code": error.code}, error.status, headers)


def _too_large() -> RequestRefused:
    return RequestRefused(f"the body has more than {MAX_PUSH_BYTES} bytes, which is the limit", status=413)


def _json(value: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    body = orjson.dumps(value) + b"\n"
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")
