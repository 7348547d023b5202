"""A WebSub subscriber (W3C Recommendation, 2018): asks a hub for topics, proves that it did, renews its leases.

For each topic there is a callback path that nobody can guess and a secret of its own, both derived from one key; so a
restart renews the subscription that stands instead of adding a second one. What a hub pushes is signed with that
secret. A push whose signature is wrong is answered like any other and dropped, as the standard says: whoever tries
learns nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from pipeline.errors import FetchError, RequestRefused, SenderRefused
from pipeline.feeds.push.endpoint import Endpoint, House
from pipeline.feeds.push.signatures import check_signature
from pipeline.fetching import Fetcher

WANTED_LEASE_SECONDS: Final = 5 * 24 * 3600
"""What hubs commonly grant; they may grant less."""

RENEW_AT: Final = 0.8
"""Part of a lease after which it is renewed: the rest is for hubs that are down."""

SHORTEST_RENEWAL_SECONDS: Final = 10.0
"""A hub that grants a second at a time is not asked more often than this."""

VERIFY_SECONDS: Final = 120.0
"""How long a hub may take to ask back after it took the request."""

_FIRST_RETRY: Final = 5.0
_LONGEST_RETRY: Final = 900.0
_MAX_CHALLENGE: Final = 1024
_LONGEST_LEASE: Final = 366 * 24 * 3600


@dataclass(slots=True)
class Subscription:
    """One topic at the hub.

    Attributes:
        topic: address of the feed.
        token: end of its callback path.
        secret: signs what the hub pushes.
        asked: a request is with the hub: only then is its question answered.
        lease: seconds granted.
        verified: set when the hub has asked back.
        denied: the hub's reason.
    """

    topic: str
    token: str
    secret: str
    asked: bool = False
    lease: int = 0
    verified: asyncio.Event = field(default_factory=asyncio.Event)
    denied: str | None = None

    def denial(self) -> str | None:
        """Return in words that the hub will not have us, if it said so."""
        return None if self.denied is None else f"the hub denies it ({self.denied})"


class Subscriber:
    """Keeps subscriptions, and takes what they bring.

    Args:
        house: what the endpoint works with.
        endpoint: publishes.
        hub: address of the hub.
        topics: addresses of the feeds.
        callback: our address as the hub reaches it, without the path.
        key: secret of ours, from which paths and secrets are derived.
        fetcher: open.
    """

    def __init__(
        self,
        house: House,
        endpoint: Endpoint,
        *,
        hub: str,
        topics: Iterable[str],
        callback: str,
        key: bytes,
        fetcher: Fetcher,
    ) -> None:
        self._house = house
        self._endpoint = endpoint
        self._hub = hub
        self._callback = callback.rstrip("/")
        self._fetcher = fetcher
        self._subscriptions = {one.token: one for one in (_subscription(topic, key) for topic in topics)}

    def routes(self) -> list[web.RouteDef]:
        """Return what is served under which path."""
        return [web.get("/websub/{token}", self.verify), web.post("/websub/{token}", self.receive)]

    async def run(self) -> None:
        """Subscribe and renew until cancelled."""
        async with asyncio.TaskGroup() as group:
            for subscription in self._subscriptions.values():
                self._stands(subscription, False)
                group.create_task(self._keep(subscription))

    async def verify(self, request: web.Request) -> web.Response:
        """Answer the hub's question whether we asked for this; 404 to everybody else (section 5.3)."""
        query = request.query
        subscription = self._subscriptions.get(request.match_info["token"])
        if subscription is None or query.get("hub.topic") != subscription.topic:
            raise web.HTTPNotFound
        if query.get("hub.mode") == "denied":
            subscription.denied = query.get("hub.reason", "")[:200] or "no reason given"
            subscription.verified.set()
            return web.Response()
        challenge, lease = query.get("hub.challenge", ""), query.get("hub.lease_seconds", "")
        if query.get("hub.mode") != "subscribe" or not subscription.asked or not 0 < len(challenge) <= _MAX_CHALLENGE:
            raise web.HTTPNotFound
        plain = lease.isascii() and lease.isdigit() and len(lease) < 12
        subscription.lease = min(int(lease), _LONGEST_LEASE) if plain else WANTED_LEASE_SECONDS
        subscription.asked = False
        subscription.verified.set()
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, request: web.Request) -> web.Response:
        """Take what the hub pushes."""
        return await self._endpoint.answer(lambda: self._receive(request))

    async def _receive(self, request: web.Request) -> web.Response:
        subscription = self._subscriptions.get(request.match_info["token"])
        if subscription is None:
            raise RequestRefused("nobody subscribed to this", status=404)
        with self._endpoint.rooms.enter() as room:
            received = await self._endpoint.receive(request, room)
            try:
                check_signature(subscription.secret, request.headers, received, self._house.now())
            except SenderRefused:
                self._house.metrics.dropped.labels(subscription.topic).inc()
                return web.Response(status=202)
            return await self._endpoint.publish(received, request, room, self._house.source, subscription.topic)

    async def _keep(self, subscription: Subscription) -> None:
        retry, complained = _FIRST_RETRY, False
        while True:
            trouble = await self._subscribe(subscription)
            if trouble is None:
                retry, complained = _FIRST_RETRY, False
                self._stands(subscription, True)
                self._house.say(f"copytaster: subscribed to {subscription.topic} for {subscription.lease:,} s")
                await asyncio.sleep(max(subscription.lease * RENEW_AT, SHORTEST_RENEWAL_SECONDS))
                continue
            if not complained:
                complained = True
                self._house.say(f"copytaster: no subscription to {subscription.topic}: {trouble}; it is tried again")
            self._stands(subscription, False)
            # Chance keeps many subscribers from coming back to a hub in step.
            await asyncio.sleep(retry * random.uniform(0.8, 1.2))
            retry = min(retry * 2, _LONGEST_RETRY)

    async def _subscribe(self, subscription: Subscription) -> str | None:
        """Ask the hub and wait until it has asked back; return what went wrong."""
        subscription.verified.clear()
        subscription.denied = None
        # Some hubs ask back before they answer.
        subscription.asked = True
        form = {
            "hub.mode": "subscribe",
            "hub.topic": subscription.topic,
            "hub.callback": f"{self._callback}/websub/{subscription.token}",
            "hub.secret": subscription.secret,
            "hub.lease_seconds": str(WANTED_LEASE_SECONDS),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = await self._fetcher.fetch(
                self._hub, method="POST", body=urlencode(form).encode(), headers=headers, max_bytes=64 * 1024
            )
            if not 200 <= answer.status < 300:
                return f"the hub answers {answer.status}"
            async with asyncio.timeout(VERIFY_SECONDS):
                await subscription.verified.wait()
        except FetchError as error:
            return str(error)
        except TimeoutError:
            return f"the hub did not ask back at {self._callback} within {VERIFY_SECONDS:g} s"
        finally:
            subscription.asked = False
        return subscription.denial()

    def _stands(self, subscription: Subscription, stands: bool) -> None:
        self._house.metrics.subscribed.labels(subscription.topic).set(float(stands))


def _subscription(topic: str, key: bytes) -> Subscription:
    token, secret = (hmac.digest(key, f"{use}\0{topic}".encode(), "sha256").hex() for use in ("path", "secret"))
    return Subscription(topic, token[:32], secret)
