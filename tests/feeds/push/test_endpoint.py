"""The endpoint: 202 after the acknowledgement only, every refusal with its status, bounded in every way."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hmac
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import pytest

from pipeline.errors import BrokerAbsent, DeliveryError
from pipeline.feeds.push import endpoint as endpoint_module
from pipeline.feeds.push import reading
from pipeline.feeds.push.rooms import Rooms
from schemas import RawItem
from tests.feeds.archives import RECEIVED, line, name
from tests.feeds.push.pushing import Broker, desk, run, until

PAGE = b"Ferry Runs Aground\n\nMANILA - A ferry with 120 people ran aground on Monday.\n"
SECRET = "a secret of the desk"


def test_every_form_of_items_is_taken(tmp_path: Path) -> None:
    """RawItem records, JSON Lines, lists, a single article and a page each give their items, in order."""
    record = RawItem(item_id="i1", source="archive", body=line("record", 1).encode(), received_at=RECEIVED)

    async def work() -> None:
        async with desk(tmp_path) as here:
            for body, kind, count in (
                (record.to_json(), "application/json", 1),
                ("\n".join(line(name, 1) for name in "abc"), "application/x-ndjson", 3),
                ("\n".join(line(name, 1) for name in "de"), "application/json", 2),
                ("[" + ",".join(line(name, 1) for name in "fg") + "]", "application/json", 2),
                (json.dumps(json.loads(line("h", 1)), indent=2), "application/json", 1),
                (PAGE, "text/plain; charset=utf-8", 1),
            ):
                status, answer, _ = await here.post("/items", body, Content_Type=kind)
                assert (status, len(answer["items"]), answer["rejected"]) == (202, count, [])
            taken = here.broker.taken
        assert [item.source for item in taken] == ["archive", *["wire"] * 9]
        assert [name(item) for item in taken[:9]] == ["record", *"abcdefgh"]
        assert (taken[9].body, taken[9].media_type) == (PAGE, "text/plain")
        assert taken[0].received_at == RECEIVED

    run(work)


def test_the_source_is_chosen_by_path_or_query(tmp_path: Path) -> None:
    """The path wins over the query, the query over the setting; nonsense is refused."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            for path in ("/items/reuters-like", "/items/desk?source=other", "/items?source=my desk", "/items"):
                status, _, _ = await here.post(path, PAGE)
                assert status == 202
            assert [item.source for item in here.broker.taken] == ["reuters-like", "desk", "my desk", "wire"]
            for path in ("/items?source=" + "x" * 65, "/items?source=a%00b", "/items/%3Cscript%3E"):
                status, answer, _ = await here.post(path, PAGE)
                assert (status, answer["code"]) == (400, "request_refused")
            assert (await here.get("/items"))[0] == 405
            assert (await here.get("/nowhere"))[0] == 404

    run(work)


def test_what_is_no_item_is_listed(tmp_path: Path) -> None:
    """Good lines are taken beside bad ones; a body without any item is refused with one sentence."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            status, answer, _ = await here.post("/items", line("a", 1) + "\nno json\n" + line("b", 1))
            assert (status, len(answer["items"])) == (202, 2)
            assert [(one["where"], one["code"]) for one in answer["rejected"]] == [("body:2", "malformed_item")]
            for body, code in (
                (b"", "empty_item"),
                (b"  \n", "empty_item"),
                (b"\x89PNG\r\n\x1a\n\x00\x00", "binary_item"),
            ):
                status, answer, _ = await here.post("/items", body)
                assert (status, answer["code"]) == (422, code)
                assert answer["error"].count("\n") == 0
            assert len(here.broker.taken) == 2

    run(work)


def test_nothing_is_taken_before_the_broker_has_it(tmp_path: Path) -> None:
    """While the broker holds back there is no answer; the 202 follows the acknowledgement."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            here.broker.open.clear()
            pushing = asyncio.create_task(here.post("/items", PAGE))
            await until(lambda: here.broker.waiting == 1, "the push is with the broker")
            assert not pushing.done()
            here.broker.open.set()
            assert (await pushing)[0] == 202
            assert len(here.broker.taken) == 1

    run(work)


@pytest.mark.parametrize("trouble", [DeliveryError("nothing was acknowledged"), BrokerAbsent("no broker answers")])
def test_without_an_acknowledgement_the_sender_comes_again(trouble: Exception, tmp_path: Path) -> None:
    """503 with Retry-After; health says so; one sentence for people, and one when it is over."""

    async def work() -> None:
        async with desk(tmp_path, broker=Broker(fails=trouble)) as here:
            for _ in range(3):
                status, answer, headers = await here.post("/items", PAGE)
                assert (status, headers["Retry-After"]) == (503, "10")
                assert str(trouble) in answer["error"]
            assert (await here.get("/healthz"))[0] == 503
            here.broker.fails = None
            assert (await here.post("/items", PAGE))[0] == 202
            assert (await here.get("/healthz"))[0] == 200
            assert ["come again" in here.said[0], "again" in here.said[1], len(here.said)] == [True, True, 2]
            text = (await here.get("/metrics"))[1]
            assert 'copytaster_push_answers_total{status="503"} 3.0' in text
            assert 'copytaster_items_published_total{feed="http",source="wire"} 1.0' in text

    run(work)


def test_too_many_at_a_time_are_told_to_come_again(tmp_path: Path) -> None:
    """When all places are taken the next sender gets 503 at once, and memory is not asked for."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            here.endpoint.rooms = Rooms(2, 1000)
            here.broker.open.clear()
            held = [asyncio.create_task(here.post("/items", PAGE)) for _ in range(2)]
            await until(lambda: here.broker.waiting == 2, "both are with the broker")
            status, answer, headers = await here.post("/items", PAGE)
            assert (status, headers["Retry-After"]) == (503, "1")
            assert "in flight" in answer["error"]
            here.broker.open.set()
            assert [(await push)[0] for push in held] == [202, 202]
            assert (await here.post("/items", bytes(2000)))[0] == 503
            assert (here.endpoint.rooms.requests, here.endpoint.rooms.size) == (0, 0)

    run(work)


async def _endless(piece: bytes) -> AsyncIterator[bytes]:
    for _ in range(10_000):
        yield piece


def test_bodies_are_capped_while_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stated length, a chunked stream and a bomb in any encoding end at the cap with 413."""
    monkeypatch.setattr(endpoint_module, "MAX_PUSH_BYTES", 100_000)

    async def work() -> None:
        async with desk(tmp_path) as here:
            assert (await here.post("/items", b"x" * 100_001))[0] == 413
            # The answer may come, or only the hang-up, when somebody goes on sending what nobody reads.
            with contextlib.suppress(OSError):
                assert (await here.post("/items", _endless(b"x" * 10_000)))[0] == 413
            for encoding, bomb in (
                ("gzip", gzip.compress(bytes(50_000_000))),
                ("br", brotli.compress(bytes(50_000_000), quality=3)),
            ):
                assert (await here.post("/items", bomb, Content_Encoding=encoding))[0] == 413
            assert here.broker.waiting == 0
            assert (here.endpoint.rooms.requests, here.endpoint.rooms.size) == (0, 0)

    run(work)


def test_a_push_holds_so_much_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many items, or too many bytes of them in a gzip file, are refused as a whole: half a push helps nobody."""
    monkeypatch.setattr(reading, "MAX_PUSH_ITEMS", 10)
    monkeypatch.setattr(reading, "MAX_PUSHED_BYTES", 2000)

    async def work() -> None:
        async with desk(tmp_path) as here:
            many = "\n".join(line(str(number), 1)[:60] + '"}' for number in range(11))
            large = gzip.compress("\n".join(line("x" * 500, number) for number in range(3)).encode())
            for body in (many, large):
                status, answer, _ = await here.post("/items", body)
                assert (status, "fewer" in answer["error"]) == (413, True)
            assert here.broker.waiting == 0

    run(work)


def test_a_fault_of_ours_is_one_failed_push(tmp_path: Path) -> None:
    """What nobody foresaw is answered with 500 and said in one sentence; the endpoint goes on."""

    async def work() -> None:
        async with desk(tmp_path, broker=Broker(fails=RuntimeError("odd"))) as here:
            assert (await here.post("/items", PAGE))[0] == 500
            assert here.said == ["copytaster: a push failed by a fault of ours, RuntimeError: odd"]
            here.broker.fails = None
            assert (await here.post("/items", PAGE))[0] == 202

    run(work)


def test_encoded_bodies_are_decoded(tmp_path: Path) -> None:
    """Gzip and brotli are taken; what is damaged is 400, what is unknown 415."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            for encoding, body in (("gzip", gzip.compress(PAGE)), ("br", brotli.compress(PAGE)), ("identity", PAGE)):
                assert (await here.post("/items", body, Content_Encoding=encoding))[0] == 202
            assert {item.body for item in here.broker.taken} == {PAGE}
            for encoding, body, status in (
                ("gzip", gzip.compress(PAGE)[:-9], 400), ("gzip", PAGE, 400), ("br", PAGE, 400), ("zstd", PAGE, 415),
            ):  # fmt: skip
                assert (await here.post("/items", body, Content_Encoding=encoding))[0] == status

    run(work)


def test_with_a_secret_every_push_is_signed(tmp_path: Path) -> None:
    """401 without a signature or with a wrong one; the signature is over the bytes as sent, compressed ones too."""

    async def work() -> None:
        async with desk(tmp_path, secret=SECRET) as here:
            body = gzip.compress(PAGE)
            good = "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
            for signature in ({}, {"X_Hub_Signature_256": good[:-1] + "x"}):
                status, answer, _ = await here.post("/items", body, Content_Encoding="gzip", **signature)
                assert (status, answer["code"]) == (401, "sender_refused")
            assert here.broker.waiting == 0
            signed = {"X_Hub_Signature_256": good, "Origin": "https://cms.example"}
            assert (await here.post("/items", body, Content_Encoding="gzip", **signed))[0] == 202

    run(work)


def test_a_web_page_cannot_push(tmp_path: Path) -> None:
    """Without a secret the endpoint trusts this machine, but not the pages that its browser shows."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            status, _, _ = await here.post("/items", PAGE, Origin="https://evil.example", Content_Type="text/plain")
            assert (status, here.broker.waiting) == (403, 0)

    run(work)


async def _raw(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send bytes piece by piece; return all that came back until the connection ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def test_slow_heads_and_bodies_are_cut_off(tmp_path: Path) -> None:
    """Who drips a head is hung up on; who drips a body gets 408; neither keeps others out."""

    async def work() -> None:
        async with desk(tmp_path, head_seconds=0.5, body_seconds=0.5) as here:
            head = b"POST /items HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\n"
            drip = [bytes([byte]) for byte in head]
            slow = [asyncio.create_task(_raw(here.port, *drip, pause=0.05)) for _ in range(40)]
            assert (await here.post("/items", PAGE))[0] == 202
            assert set(await asyncio.gather(*slow)) == {b""}
            answer = await _raw(here.port, head + b"\r\n", *[b"x"] * 30, pause=0.05)
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert here.endpoint.rooms.requests == 0

    run(work)


def test_broken_requests_are_refused(tmp_path: Path) -> None:
    """Nonsense, long heads, and framing that breaks off are 4xx or a hang-up, and nothing is published."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            start = b"POST /items HTTP/1.1\r\nHost: desk\r\n"
            for sent in (
                b"nonsense\r\n\r\n",
                start + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
                start + b"".join(b"X-%d: y\r\n" % number for number in range(300)) + b"\r\n",
                start + b"Content-Length: -1\r\n\r\n",
                start + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                start + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nPAGE\r\n0\r\n\r\n",
            ):
                answer = await _raw(here.port, sent)
                assert re.match(rb"$|HTTP/1\.[01] 4", answer), answer[:200]
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            writer.write(start + b"Content-Length: 1000\r\n\r\n" + PAGE)
            writer.close()
            await reader.read()
            await until(lambda: here.endpoint.rooms.requests == 0, "the broken request has left")
            assert here.broker.waiting == 0

    run(work)


def test_what_was_accepted_is_acknowledged_at_a_stop(tmp_path: Path) -> None:
    """A push that is with the broker when the endpoint stops is still answered with 202."""

    async def work() -> None:
        async with desk(tmp_path) as here:
            here.broker.open.clear()
            pushing = asyncio.create_task(here.post("/items", PAGE))
            await until(lambda: here.broker.waiting == 1, "the push is with the broker")
            stopping = asyncio.create_task(here.runner.cleanup())
            await asyncio.sleep(0.2)
            assert not pushing.done()
            assert not stopping.done()
            here.broker.open.set()
            assert (await pushing)[0] == 202
            await stopping
            assert len(here.broker.taken) == 1
            with pytest.raises(OSError, match="connect"):
                await here.post("/items", PAGE)

    run(work)
