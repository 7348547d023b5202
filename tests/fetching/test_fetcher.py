"""Fetches from a server that misbehaves: each fault is one bounded error, within caps and deadlines."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import trustme

from pipeline.errors import AddressRefused, AnswerTooLarge, CopytasterError, FetchError
from pipeline.fetching import Fetcher, Policy
from pipeline.fetching.answers import read_retry_after
from tests.fetching.fetches import LOCAL, Names, fetch
from tests.http_server import (
    Reply,
    Request,
    WebServer,
    broken_off,
    drip,
    packed,
    redirect,
    reply,
    too_many,
    unless_known,
)

STORY = b"Dam gate fails near Port Marigot; 212 people leave their homes. " * 50


def two_names(*more: str) -> tuple[Policy, dict[str, Names]]:
    """Return a policy and a resolver for hosts that are all the test's own server."""
    hosts = ("one.example", "two.example", *more)
    return Policy(allow=frozenset(hosts)), {"lookup": Names({host: [["127.0.0.1"]] for host in hosts})}


def test_an_answer_says_what_came() -> None:
    """Status, address, headers in lower case and the body are there for the caller."""
    with WebServer() as server:
        server.on("/feed", reply(STORY, headers={"ETag": '"a"', "X-Twice": "1"}))
        answer = fetch(server.url("/feed"))
    assert (answer.status, answer.url, answer.permanent_url) == (200, server.url("/feed"), None)
    assert (answer.headers["etag"], answer.body, answer.not_modified, answer.retry_after) == ('"a"', STORY, False, None)


def test_what_is_known_is_not_sent_again() -> None:
    """ETag and Last-Modified go out as they came; a 304 is told from an empty answer."""
    with WebServer() as server:
        server.on("/feed", unless_known(STORY, 'W/"v1"'))
        first = fetch(server.url("/feed"))
        second = fetch(server.url("/feed"), etag=first.headers["etag"], last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
    assert (first.not_modified, second.not_modified, second.status, second.body) == (False, True, 304, b"")
    assert server.requests[1].headers["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_a_refusal_is_an_answer(status: int) -> None:
    """What to do about a status is the caller's to decide, so it is no error here."""
    with WebServer() as server:
        server.on("/feed", reply(b"no", status=status))
        assert fetch(server.url("/feed")).status == status


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda body: gzip.compress(body[:700]) + gzip.compress(body[700:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_encodings_are_decoded(encoding: str, pack) -> None:  # type: ignore[no-untyped-def] # bytes to bytes
    """Gzip in several members, both meanings of deflate, and brotli, in whatever pieces they come."""
    body = pack(STORY)
    with WebServer() as server:
        server.on(
            "/", Reply(200, {"Content-Encoding": encoding}, tuple(body[at : at + 7] for at in range(0, len(body), 7)))
        )
        assert fetch(server.url()).body == STORY
        assert server.requests[0].headers["accept-encoding"] == "gzip, deflate, br"


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", gzip.compress(bytes(64 * 1024 * 1024))),
        ("deflate", zlib.compress(bytes(64 * 1024 * 1024))),
        ("br", brotli.compress(bytes(64 * 1024 * 1024), quality=5)),
        ("gzip", gzip.compress(b"") * 100_000),
    ],
    ids=["gzip", "deflate", "br", "empty members"],
)
def test_a_bomb_is_left_at_the_cap(encoding: str, bomb: bytes) -> None:
    """1000:1 and more: reading stops at the cap on decoded bytes, whatever follows."""
    with WebServer() as server:
        server.on("/", Reply(200, {"Content-Encoding": encoding}, (bomb,)))
        with pytest.raises(AnswerTooLarge, match="limit") as caught:
            fetch(server.url(), max_bytes=1024 * 1024)
    assert (caught.value.code, caught.value.retriable) == ("answer_too_large", False)


def test_a_body_over_the_cap_is_not_read() -> None:
    """A length that is stated is believed when it is too large; one that is not stated is counted."""
    with WebServer() as server:
        server.on("/stated", reply(bytes(5000)))
        server.on("/unstated", Reply(200, {}, (bytes(3000), bytes(3000)), length=-1))
        for path in ("/stated", "/unstated"):
            with pytest.raises(AnswerTooLarge):
                fetch(server.url(path), max_bytes=4999)


@pytest.mark.parametrize(
    "script",
    [
        packed(STORY, keep=60),
        packed(STORY, keep=3),
        Reply(200, {"Content-Encoding": "gzip"}, (STORY,)),
        Reply(200, {"Content-Encoding": "br"}, (STORY,)),
        Reply(200, {"Content-Encoding": "zstd"}, (STORY,)),
        Reply(200, {"Content-Encoding": "gzip, gzip"}, (gzip.compress(gzip.compress(STORY)),)),
        Reply(200, {"Content-Encoding": "br"}, (brotli.compress(STORY)[:-4],)),
        broken_off(STORY, after=100),
        Reply(200, {f"X-{number}": "x" for number in range(500)}),
        Reply(200, {"X-Long": "x" * 100_000}),
        Reply(200, {"Transfer-Encoding": "chunked"}, (b"no chunk at all\r\n",), length=-1),
    ],
    ids=["half gzip", "head of gzip", "no gzip", "no brotli", "not offered", "twice", "half brotli", "hangs up",
         "many headers", "long header", "no chunks"],
)  # fmt: skip
def test_a_damaged_answer_may_be_asked_for_again(script: Reply) -> None:
    """Half answers, lies about encodings and floods of headers are one retriable error in one sentence."""
    with WebServer() as server:
        server.on("/", script)
        with pytest.raises(FetchError) as caught:
            fetch(server.url())
    assert (caught.value.code, caught.value.retriable) == ("fetch_failed", True)
    assert "\n" not in str(caught.value)


def test_a_slow_drip_ends_at_the_deadline() -> None:
    """A byte now and then keeps no fetch alive beyond its whole time; silence ends it sooner."""
    with WebServer() as server:
        server.on("/drip", drip(STORY, every=0.05))
        server.on("/silent", drip(STORY, every=30))
        with pytest.raises(FetchError, match="in time"):
            fetch(server.url("/drip"), policy=Policy(allow=LOCAL.allow, total=0.4, read=5))
        with pytest.raises(FetchError, match="silent"):
            fetch(server.url("/silent"), policy=Policy(allow=LOCAL.allow, total=20, read=0.2))


def test_redirects_are_followed_and_the_permanent_part_is_told() -> None:
    """301, 308, then 302: what may be remembered is where the permanent ones lead."""
    with WebServer() as server:
        server.on("/old", redirect("/older", 301))
        server.on("/older", redirect("moved?x=ä", 308))
        server.on("/moved", redirect("today", 302))
        server.on("/today", redirect("/end", 301))
        server.on("/end", reply(STORY))
        answer = fetch(server.url("/old"))
        temporary = fetch(server.url("/today"))
        server.on("/start", redirect("/old", 307))
        mixed = fetch(server.url("/start"))
    assert (answer.url, answer.permanent_url) == (server.url("/end"), server.url("/moved?x=%C3%A4"))
    assert temporary.permanent_url == server.url("/end")
    assert mixed.permanent_url is None


def test_redirects_end() -> None:
    """Five are followed, six are not; a circle is seen as one."""
    with WebServer() as server:
        for number in range(6):
            server.on(f"/{number}", redirect(f"/{number + 1}"))
        server.on("/6", reply(STORY))
        server.on("/here", redirect("/there"))
        server.on("/there", redirect("/here#again"))
        assert fetch(server.url("/1")).body == STORY
        with pytest.raises(FetchError, match="more than 5 times"):
            fetch(server.url("/0"))
        with pytest.raises(FetchError, match="circle"):
            fetch(server.url("/here"))
    assert [request.path for request in server.requests[-2:]] == ["/here", "/there"]


def test_what_is_meant_for_one_host_stays_there() -> None:
    """Authorization, cookies and own headers do not follow to another host; harmless ones do. No cookie is kept."""
    policy, more = two_names()
    given = {"Authorization": "Bearer s", "Cookie": "a=b", "X-Key": "k", "Accept": "text/xml"}
    with WebServer() as server:
        server.on("/same", redirect("/start"))
        server.on("/start", Reply(302, {"Location": server.url("/end", "two.example"), "Set-Cookie": "id=1; Path=/"}))
        server.on("/end", redirect(server.url("/last", "one.example")))
        server.on("/last", reply(STORY))
        fetch(server.url("/same", "one.example"), policy=policy, more=more, headers=given)
        same, start, end, last = (request.headers for request in server.requests)
    assert same["authorization"] == start["authorization"] == "Bearer s"
    for headers in (end, last):
        assert not {"authorization", "cookie", "x-key"} & headers.keys()
        assert headers["accept"] == "text/xml"
    assert (same["host"], end["host"]) == (f"one.example:{server.port}", f"two.example:{server.port}")


def test_what_is_sent_goes_to_nobody_else() -> None:
    """303 turns a POST into a GET; 307 repeats it on the same host only."""
    policy, more = two_names()
    with WebServer() as server:
        server.on("/see", redirect("/see", 303), reply(b"seen"))
        server.on("/again", redirect("/kept", 307))
        server.on("/kept", reply(b"kept"))
        server.on("/away", redirect(server.url("/kept", "two.example"), 308))
        for path in ("/see", "/again"):
            fetch(server.url(path, "one.example"), policy=policy, more=more, method="POST", body=b"hub.mode=subscribe")
        sent: list[Request] = server.requests
        assert [(request.method, request.body) for request in sent] == [
            ("POST", b"hub.mode=subscribe"), ("GET", b""),
            ("POST", b"hub.mode=subscribe"), ("POST", b"hub.mode=subscribe"),
        ]  # fmt: skip
        with pytest.raises(FetchError, match="what we send"):
            fetch(server.url("/away", "one.example"), policy=policy, more=more, method="POST", body=b"x")


def test_https_is_verified_and_never_left(tmp_path: Path) -> None:
    """A certificate that nobody trusts ends the fetch, and so does a redirect from https to http."""
    import ssl

    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    trusting = Policy(allow=LOCAL.allow, cafile=tmp_path / "ca.pem")
    with WebServer(tls) as server, WebServer() as plain:
        plain.on("/", redirect(server.url("/end")))
        server.on("/end", reply(STORY))
        server.on("/down", redirect(plain.url("/")))
        assert fetch(plain.url("/"), policy=trusting).body == STORY
        with pytest.raises(AddressRefused, match="https to http"):
            fetch(server.url("/down"), policy=trusting)
        assert len(plain.requests) == 1
        with pytest.raises(FetchError, match="certificate"):
            fetch(server.url("/end"), policy=LOCAL)


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would make the connections that we judge: variables for one are not obeyed."""
    with WebServer() as server, WebServer() as proxy:
        server.on("/", reply(b"direct"))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert fetch(server.url()).body == b"direct"
        assert proxy.connections == 0


def test_nobody_there_is_one_sentence() -> None:
    """A name that is not known and a port that is closed are retriable errors."""
    with WebServer() as server:
        address = server.url()
    for url in (address, "http://nowhere.example/"):
        with pytest.raises(FetchError, match="cannot be fetched") as caught:
            fetch(url, more={"lookup": Names()})
        assert caught.value.retriable
    assert isinstance(caught.value, CopytasterError)


def test_fetches_share_their_connections() -> None:
    """Polling a host again needs no new connection; fetches side by side do not mix."""
    with WebServer() as server:
        for number in range(8):
            server.on(f"/{number}", reply(str(number).encode()))

        async def run() -> list[bytes]:
            async with Fetcher(LOCAL) as fetcher:
                await fetcher.fetch(server.url("/0"))
                await fetcher.fetch(server.url("/1"))
                assert server.connections == 1
                answers = await asyncio.gather(*(fetcher.fetch(server.url(f"/{number}")) for number in range(8)))
            return [answer.body for answer in answers]

        assert asyncio.run(run()) == [str(number).encode() for number in range(8)]
        assert server.connections <= 4


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 7 * 24 * 3600.0),
        ("Wed, 25 Nov 2026 12:01:30 GMT", 90.0),
        ("Wednesday, 25-Nov-26 12:01:30 GMT", 90.0),
        ("Wed Nov 25 12:01:30 2026", 90.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(text: str, seconds: float | None) -> None:
    """Seconds and the three date forms of HTTP; nonsense is as good as nothing."""
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert read_retry_after({"retry-after": text}, noon) == seconds


def test_a_date_is_measured_by_the_clock_that_wrote_it() -> None:
    """A server whose clock is an hour ahead asks for a minute, not for an hour and a minute."""
    headers = {"retry-after": "Wed, 25 Nov 2026 13:01:00 GMT", "date": "Wed, 25 Nov 2026 13:00:00 GMT"}
    assert read_retry_after(headers, datetime(2026, 11, 25, 12, tzinfo=UTC)) == 60.0
    with WebServer() as server:
        server.on("/", too_many("7"))
        assert fetch(server.url()).retry_after == 7.0
