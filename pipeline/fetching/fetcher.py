"""One fetch: hop by hop, each one judged before it is made, all of them within one deadline.

aiohttp carries it: it comes with Faust anyway, takes a resolver and a socket factory (so that the address that was
judged is the address that is connected to, TLS names untouched), hands out bodies undecoded, and has caps for headers.
httpx has no such socket hook below its pool, urllib3 no asyncio. Its own redirects, cookies, proxies from the
environment and decompression are switched off.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.client_exceptions import ClientPayloadError

from pipeline.errors import AnswerTooLarge, FetchError, ItemTooLarge, MalformedItem
from pipeline.fetching.addresses import Gatekeeper
from pipeline.fetching.answers import Answer, read_retry_after
from pipeline.fetching.gate import Gate, Lookup, OpenSocket, refuse_literal, system_lookup
from pipeline.fetching.locations import Location, follow, read_location
from pipeline.fetching.policy import Policy
from pipeline.inflating import ENCODINGS, Body
from pipeline.limits import MAX_HEADER_BYTES, MAX_HEADERS

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_HARMLESS: Final = frozenset({"accept", "accept-language", "user-agent"})
"""Headers that may follow to another host. Whatever else a caller gives may be a secret."""

_CONNECTIONS_PER_HOST: Final = 4
_NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    location: Location
    headers: Mapping[str, str]
    body: bytes | None


class Fetcher:
    """Fetches from public addresses; keeps connections, nothing else. Use it as an async context manager.

    Args:
        policy: what is allowed.
        lookup: resolves names; the system's resolver unless a test says otherwise.
        open_socket: makes sockets; a test counts them.
    """

    def __init__(
        self, policy: Policy, *, lookup: Lookup = system_lookup, open_socket: OpenSocket = socket.socket
    ) -> None:
        self._policy = policy
        self._keeper = Gatekeeper(policy.allow)
        self._named = frozenset(entry.lower() for entry in policy.allow)
        self._gate = Gate(self._keeper, lookup, open_socket)
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the pool of connections."""
        connector = TCPConnector(
            resolver=self._gate,
            use_dns_cache=False,
            socket_factory=self._gate.open_socket,
            ssl=ssl.create_default_context(cafile=self._policy.cafile),
            limit_per_host=_CONNECTIONS_PER_HOST,
        )
        self._session = ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=ClientTimeout(
                total=None,
                sock_connect=self._policy.connect,
                sock_read=self._policy.read,
            ),
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
            max_headers=MAX_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
        max_bytes: int | None = None,
    ) -> Answer:
        """Fetch an address and follow its redirects.

        Args:
            url: http or https, complete.
            etag: of what we have already, as it came.
            last_modified: the same, as it came.
            headers: more headers; all but the harmless ones stay with the host that they were given for.
            method: as in HTTP. A 303, and a 301 or 302 to a POST, turn it into GET, as every browser does.
            body: what to send.
            max_bytes: largest body, decoded; the policy's where not given.

        Raises:
            AddressRefused: the address, or one that it redirects to, may not be fetched. Nothing was sent there.
            AnswerTooLarge: the body is larger than it may be.
            FetchError: it did not work this time: no answer, too slow, damaged, lost in redirects.
        """
        location = read_location(url, named=self._named)
        given = {name.lower(): value for name, value in (headers or _NO_HEADERS).items()}
        request = _Request(method.upper(), location, given, body)
        conditions = {"if-none-match": etag, "if-modified-since": last_modified}
        held = {name: value for name, value in conditions.items() if value is not None}
        try:
            async with asyncio.timeout(self._policy.total):
                return await self._follow(request, held, self._policy.max_bytes if max_bytes is None else max_bytes)
        except TimeoutError as error:
            raise FetchError(f"{location.host} did not answer in time (all in all {self._policy.total:g} s)") from error

    async def _follow(self, request: _Request, conditions: Mapping[str, str], limit: int) -> Answer:
        seen = {(request.method, request.location.text)}
        permanent: str | None = None
        only_permanent = True
        for _ in range(self._policy.max_redirects + 1):
            async with self._send(request, conditions) as response:
                target = response.headers.get("Location")
                if response.status not in _REDIRECTS or target is None:
                    return await self._answer(request.location, response, permanent, limit)
                following = follow(request.location, target, named=self._named)
                only_permanent = only_permanent and response.status in _PERMANENT
                permanent = following.text if only_permanent else permanent
                request = _redirected(request, following, response.status)
            if (request.method, following.text) in seen:
                raise FetchError(f"{following.host} redirects in a circle")
            seen.add((request.method, following.text))
        raise FetchError(f"{request.location.host} redirects more than {self._policy.max_redirects} times")

    @contextlib.asynccontextmanager
    async def _send(self, request: _Request, conditions: Mapping[str, str]) -> AsyncIterator[ClientResponse]:
        if self._session is None:
            raise RuntimeError("use the Fetcher as a context manager")
        location = request.location
        refuse_literal(self._keeper, location.host)
        headers = {"user-agent": self._policy.user_agent, "accept": "*/*"} | dict(conditions) | dict(request.headers)
        headers["accept-encoding"] = ", ".join(ENCODINGS)
        try:
            async with self._session.request(
                request.method, location.url, headers=headers, data=request.body, allow_redirects=False
            ) as response:
                yield response
        except TimeoutError as error:
            raise FetchError(f"{location.host} is silent for too long") from error
        except (ClientError, OSError, ValueError) as error:
            raise FetchError(f"{location.host} cannot be fetched: {_reason(error)}") from error

    async def _answer(self, location: Location, response: ClientResponse, permanent: str | None, limit: int) -> Answer:
        headers = {name.lower(): ", ".join(response.headers.getall(name)) for name in response.headers}
        try:
            body = await _read(response, headers.get("content-encoding", ""), limit)
        except ItemTooLarge as error:
            raise AnswerTooLarge(f"{location.host}: {error}") from error
        except (MalformedItem, ClientPayloadError) as error:
            raise FetchError(f"{location.host}: the answer is damaged: {_reason(error)}") from error
        return Answer(
            status=response.status,
            url=location.text,
            permanent_url=permanent,
            headers=headers,
            body=body,
            not_modified=response.status == 304,
            retry_after=read_retry_after(headers, datetime.now(UTC)),
        )


async def _read(response: ClientResponse, encoding: str, limit: int) -> bytes:
    if response.method == "HEAD" or response.status in {204, 304}:
        return b""
    if response.content_length is not None and response.content_length > limit:
        raise ItemTooLarge(f"the body has {response.content_length} bytes; the limit is {limit}")
    body = Body(encoding, limit)
    async for piece in response.content.iter_any():
        body.feed(piece)
        # Decoding a bomb keeps the loop busy; the deadline and the other fetches get their turn.
        await asyncio.sleep(0)
    return body.finish()


def _redirected(request: _Request, following: Location, status: int) -> _Request:
    """Return the request that follows a redirect, without what is not meant for the next host."""
    trusted = request.location.trusts(following)
    headers = {name: value for name, value in request.headers.items() if trusted or name in _HARMLESS}
    turned = status == 303 or (status in {301, 302} and request.method == "POST")
    if turned and request.method not in {"GET", "HEAD"}:
        headers.pop("content-type", None)
        return _Request("GET", following, headers, None)
    if request.body is not None and not trusted:
        raise FetchError(f"{request.location.host} redirects what we send to {following.host}, which is not followed")
    return replace(request, location=following, headers=headers)


def _reason(error: BaseException) -> str:
    """Return an error in one short line."""
    text = str(error) or type(error).__name__
    return " ".join(text.split())[:200]
