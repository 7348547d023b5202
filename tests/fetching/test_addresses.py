"""No address leads inside: not by its spelling, not by its name, not by a redirect, not by a second look-up."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import AddressRefused, FetchError
from pipeline.fetching import Fetcher, Policy
from pipeline.fetching.addresses import special
from pipeline.fetching.locations import read_location
from tests.fetching.fetches import LOCAL, Names, Sockets, fetch
from tests.http_server import WebServer, redirect, reply

MATRIX = [
    line
    for line in (Path(__file__).parent / "refused.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
NOBODY = Policy()
NAMES = {
    "private.example": [["10.0.0.7"]],
    "mixed.example": [["1.1.1.1", "127.0.0.1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "carrier.example": [["100.64.3.3"]],
    # The names that only look harmless would lead to the server if anybody asked for them.
    "news.example": [["127.0.0.1"]],
    "localhost": [["127.0.0.1"]],
}


def test_the_matrix_is_as_long_as_promised() -> None:
    """Eighty forms, each another one."""
    assert len(set(MATRIX)) == len(MATRIX) >= 80


def test_no_address_of_the_matrix_is_connected_to() -> None:
    """Every one is refused, no socket is opened, and the server that listens has no visitor."""
    sockets, names = Sockets(), Names({host: [list(answers[0])] for host, answers in NAMES.items()})
    with WebServer() as server:
        server.on("/", reply(b"inside"))

        async def run() -> list[str]:
            reached = []
            async with Fetcher(NOBODY, lookup=names, open_socket=sockets) as fetcher:
                for line in MATRIX:
                    with contextlib.suppress(AddressRefused):
                        await fetcher.fetch(line.replace("PORT", str(server.port)))
                        reached.append(line)
            return reached

        assert asyncio.run(run()) == []
        assert (server.connections, sockets.opened) == (0, 0)


# A target without a host is relative, and stays with its host.
@pytest.mark.parametrize("line", [line for line in MATRIX if re.match("[a-z]+://[^/]|//", line)])
def test_no_redirect_leads_to_an_address_of_the_matrix(line: str) -> None:
    """A redirect is judged like a first address: the hop before it is the only connection."""
    names = Names({host: [list(answers[0])] for host, answers in NAMES.items()} | {"start.example": [["127.0.0.1"]]})
    sockets = Sockets()
    with WebServer() as server:
        server.on("/feed", redirect(line.replace("PORT", str(server.port))))
        policy = Policy(allow=frozenset({"start.example"}))
        with pytest.raises(AddressRefused):
            fetch(server.url("/feed", "start.example"), policy=policy, more={"lookup": names, "open_socket": sockets})
        assert [request.path for request in server.requests] == ["/feed"]
        assert sockets.opened == 1


def test_a_name_that_changes_its_address_is_judged_at_the_connection() -> None:
    """DNS rebinding: the address that was judged is the one that is connected to; a new look-up is judged anew."""
    names = Names({"turncoat.example": [["1.1.1.1"], ["127.0.0.1"]]})
    with WebServer() as server:

        async def run() -> None:
            sockets = Sockets()
            async with Fetcher(Policy(total=5, connect=0.3), lookup=names, open_socket=sockets) as fetcher:
                with pytest.raises(FetchError):
                    await fetcher.fetch(server.url("/", "turncoat.example"))
                assert (names.asked, sockets.opened) == (1, 1)
                with pytest.raises(AddressRefused, match=r"turncoat\.example is at 127\.0\.0\.1"):
                    await fetcher.fetch(server.url("/", "turncoat.example"))
                assert (names.asked, sockets.opened) == (2, 1)

        # 1.1.1.1 is never reached: the socket that would go there fails at once.
        asyncio.run(_without_network(run))
        assert server.connections == 0


async def _without_network(run) -> None:  # type: ignore[no-untyped-def] # a coroutine function
    loop = asyncio.get_running_loop()

    async def refuse(sock: object, address: object) -> None:
        raise ConnectionRefusedError(f"{sock} may not go to {address} in a test")

    loop.sock_connect = refuse  # type: ignore[method-assign,assignment] # no test leaves the machine
    await run()


def test_a_resolver_that_is_gone_round_is_caught_at_the_socket() -> None:
    """The socket factory judges by itself, so no way past the resolver leads inside."""
    from pipeline.fetching.addresses import Gatekeeper
    from pipeline.fetching.gate import Gate

    sockets = Sockets()
    gate = Gate(Gatekeeper(frozenset()), Names(), sockets)
    with pytest.raises(AddressRefused):
        gate.open_socket((2, 1, 6, "", ("127.0.0.1", 80)))
    assert sockets.opened == 0


@given(st.ip_addresses(v=4))
def test_what_embeds_an_address_is_judged_by_it(address: ipaddress.IPv4Address) -> None:
    """IPv4-mapped and NAT64 addresses are public exactly when the IPv4 address in them is."""
    number = int(address)
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        embedding = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | number)
        assert special(embedding) == special(address)
    assert special(address) is not None or address.is_global


@given(st.ip_addresses(v=6))
def test_only_global_unicast_is_public(address: ipaddress.IPv6Address) -> None:
    """Whatever Python calls private, local, multicast or reserved is refused."""
    if not address.is_global or address.is_multicast:
        assert special(address) is not None


@pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_pass(text: str) -> None:
    """The check refuses what is special, not what is rare."""
    assert special(ipaddress.ip_address(text)) is None


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://news.example/feed.xml?a=1&b=%2F#top", "news.example"),
        ("http://zeitung-münchen.example/feed", "zeitung-münchen.example".encode("idna").decode()),
        ("https://новости.example/", "новости.example".encode("idna").decode()),
        ("http://a_b.news.example:8080/ä", "a_b.news.example"),
        ("http://1.1.1.1/", "1.1.1.1"),
        ("http://2024.news.example/", "2024.news.example"),
        ("http://[2606:4700::1111]/", "2606:4700::1111"),
    ],
)
def test_ordinary_addresses_are_read(text: str, host: str) -> None:
    """Names in any script, ports and numbers in names are nothing to refuse; escapes stay as they were written."""
    location = read_location(text)
    assert location.host == host
    assert "#" not in location.text
    if text.isascii():
        assert location.text == text.partition("#")[0]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is an address or is refused; nothing else happens."""
    for address in (text, f"http://{text}/", f"http://news.example/{text}", f"http://{text}@news.example"):
        try:
            location = read_location(address)
        except AddressRefused:
            continue
        assert location.host.isascii()
        assert location.text.startswith(("http://", "https://"))


def test_a_policy_names_networks_addresses_and_hosts() -> None:
    """What is allowed by name or network is fetched; its neighbour is not."""
    names = Names({"desk.internal": [["127.0.0.1"]], "other.example": [["127.0.0.2"]]})
    with WebServer() as server:
        server.on("/", reply(b"inside"))
        for allowed in ("127.0.0.1", "127.0.0.0/31"):
            policy = Policy(allow=frozenset({allowed}))
            assert fetch(server.url("/"), policy=policy).body == b"inside"
            with pytest.raises(AddressRefused):
                fetch(server.url("/", "other.example"), policy=policy, more={"lookup": names})
        by_name = Policy(allow=frozenset({"desk.internal"}))
        assert fetch(server.url("/", "desk.internal"), policy=by_name, more={"lookup": names}).body == b"inside"
        with pytest.raises(AddressRefused):
            fetch(server.url("/"), policy=by_name)
        with pytest.raises(AddressRefused):
            fetch(server.url("/", "127.1"), policy=LOCAL)
