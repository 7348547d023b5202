"""WebSub: topics are asked for, the hub's question is answered only then, pushes are signed, leases are renewed."""

from __future__ import annotations

import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from pipeline.feeds.push import websub
from pipeline.feeds.push.endpoint import Endpoint, House
from pipeline.feeds.push.websub import Subscriber
from pipeline.fetching import Fetcher, Policy
from tests.feeds.push.pushing import Desk, desk, run, until
from tests.http_server import Request, WebServer, reply

TOPIC = "https://news.example/feed"
STORY = b"Ferry Runs Aground\n\nMANILA - A ferry with 120 people ran aground on Monday.\n"


@asynccontextmanager
async def subscribed(
    tmp_path: Path, hub: WebServer, topics: tuple[str, ...] = (TOPIC,), key: bytes = b"k" * 32
) -> AsyncIterator[Desk]:
    """Yield a desk that subscribes at the hub."""
    async with Fetcher(Policy(allow=frozenset({"127.0.0.1"}))) as fetcher:

        def subscribe(house: House, endpoint: Endpoint, address: str) -> Subscriber:
            return Subscriber(
                house, endpoint, hub=hub.url("/hub"), topics=topics, callback=address + "/", key=key, fetcher=fetcher
            )

        async with desk(tmp_path, subscribe=subscribe) as here:
            yield here


def asked(request: Request) -> dict[str, str]:
    """Return the form that a subscriber sent."""
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def path_of(form: dict[str, str]) -> str:
    """Return the callback's path."""
    return re.sub(r"^http://[^/]+", "", form["hub.callback"])


async def verify(here: Desk, form: dict[str, str], **changed: str) -> tuple[int, str]:
    """Ask back as a hub does."""
    query = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "<b>42</b>"}
    query |= {"hub.lease_seconds": "1000"} | {name.replace("_", ".", 1): value for name, value in changed.items()}
    return await here.get(path_of(form), **query)


def signature(form: dict[str, str], body: bytes, method: str = "sha256") -> str:
    """Sign as a hub does."""
    return f"{method}=" + hmac.new(form["hub.secret"].encode(), body, method).hexdigest()


def gauge(here: Desk) -> float | None:
    """Return whether the metrics call the topic subscribed."""
    return here.house.metrics.registry.get_sample_value("copytaster_websub_subscribed", {"topic": TOPIC})


def test_a_subscription_brings_signed_items(tmp_path: Path) -> None:
    """Asked for, verified, pushed, published; a wrong signature is answered alike, dropped and counted."""

    async def work() -> None:
        with WebServer() as hub:
            hub.on("/hub", reply(status=202))
            async with subscribed(tmp_path, hub) as here:
                await until(lambda: len(hub.requests) == 1, "the hub is asked")
                form = asked(hub.requests[0])
                assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", TOPIC)
                assert 32 <= len(form["hub.secret"]) < 200
                assert gauge(here) == 0.0
                assert await verify(here, form) == (200, "<b>42</b>")
                await until(lambda: gauge(here) == 1.0, "the subscription stands")
                path = path_of(form)
                good = {"X_Hub_Signature": signature(form, STORY), "Content_Type": "text/plain"}
                assert (await here.post(path, STORY, **good))[0] == 202
                strong = {"X_Hub_Signature": signature(form, STORY, "sha512")}
                assert (await here.post(path, STORY, **strong))[0] == 202
                for wrong in ({}, {"X_Hub_Signature": signature(form, STORY + b"!")}, {"X_Hub_Signature": "sha1=00"}):
                    async with here.client.post(here.url + path, data=STORY, headers=wrong) as answer:
                        assert (answer.status, await answer.read()) == (202, b"")
                assert len(here.broker.taken) == 2
                value = here.house.metrics.registry.get_sample_value
                assert value("copytaster_websub_dropped_total", {"topic": TOPIC}) == 3.0
                # Each topic has a habit of its own: one that goes quiet is not hidden by the others.
                assert value("copytaster_items_published_total", {"feed": "http", "source": TOPIC}) == 2.0

    run(work)


def test_only_what_was_asked_for_is_confirmed(tmp_path: Path) -> None:
    """Other topics, other modes, other paths, odd challenges and a second question get 404."""

    async def work() -> None:
        with WebServer() as hub:
            hub.on("/hub", reply(status=202))
            async with subscribed(tmp_path, hub) as here:
                await until(lambda: len(hub.requests) == 1, "the hub is asked")
                form = asked(hub.requests[0])
                for changed in (
                    {"hub_topic": "https://other.example/feed"}, {"hub_mode": "unsubscribe"}, {"hub_mode": "nonsense"},
                    {"hub_challenge": ""}, {"hub_challenge": "x" * 2000},
                ):  # fmt: skip
                    assert (await verify(here, form, **changed))[0] == 404
                elsewhere = form | {"hub.callback": form["hub.callback"][:-1] + "z"}
                assert (await verify(here, elsewhere))[0] == 404
                assert (await here.post(path_of(elsewhere), STORY))[0] == 404
                assert (await verify(here, form))[0] == 200
                assert (await verify(here, form))[0] == 404

    run(work)


def test_leases_are_renewed_under_the_same_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a lease ends the hub is asked again, with the same callback and secret; nothing is doubled."""
    monkeypatch.setattr(websub, "SHORTEST_RENEWAL_SECONDS", 0.1)

    async def work() -> None:
        with WebServer() as hub:
            hub.on("/hub", reply(status=202))
            async with subscribed(tmp_path, hub) as here:
                for count in (1, 2, 3):
                    await until(lambda count=count: len(hub.requests) == count, "the hub is asked")  # type: ignore[misc] # bound now
                    assert (await verify(here, asked(hub.requests[-1]), hub_lease_seconds="0"))[0] == 200
        forms = [asked(request) for request in hub.requests]
        assert len({(form["hub.callback"], form["hub.secret"]) for form in forms}) == 1

    run(work)


def test_a_hub_in_trouble_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors, denials and silence are said once and tried again, until the subscription stands."""
    monkeypatch.setattr(websub, "_FIRST_RETRY", 0.05)
    monkeypatch.setattr(websub, "VERIFY_SECONDS", 5.0)

    async def work() -> None:
        with WebServer() as hub:
            hub.on("/hub", reply(status=500), reply(b"no", status=400), reply(status=202))
            async with subscribed(tmp_path, hub) as here:
                await until(lambda: len(hub.requests) == 3, "the hub is asked three times")
                form = asked(hub.requests[0])
                assert (await verify(here, form, hub_mode="denied", hub_reason="full"))[0] == 200
                await until(lambda: len(hub.requests) == 4, "the hub is asked a fourth time")
                assert (await verify(here, form))[0] == 200
                await until(lambda: gauge(here) == 1.0, "the subscription stands")
                said = [sentence for sentence in here.said if TOPIC in sentence]
                assert ["answers 500" in said[0], "subscribed" in said[-1], len(said)] == [True, True, 2]

    run(work)


def test_topics_have_secrets_of_their_own(tmp_path: Path) -> None:
    """Who knows one topic's path and secret knows nothing of another's; a restart finds the same ones."""

    async def work() -> None:
        with WebServer() as hub:
            hub.on("/hub", reply(status=202))
            for count in (2, 4):
                async with subscribed(tmp_path, hub, (TOPIC, TOPIC + "2")):
                    await until(lambda count=count: len(hub.requests) == count, "both are asked for")  # type: ignore[misc] # bound now
            forms = [asked(request) for request in hub.requests]
        assert len({path_of(form) for form in forms}) == len({form["hub.secret"] for form in forms}) == 2

    run(work)
