"""`feed http` as a process, with a real broker: what was answered with 202 is on the topic, whatever happens."""

from __future__ import annotations

import hmac
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from pipeline.settings import Settings
from tests.apache.properties import free_ports
from tests.cli_stream.commands import DEADLINE, everything, own_topics, run, running, wait_for
from tests.embedded_broker import EmbeddedKafka
from tests.feeds.archives import line, name
from tests.http_server import WebServer, reply

SECRET = "a secret of the desk"


def address(feed: subprocess.Popen[bytes]) -> tuple[str, int]:
    """Return where the endpoint says that it listens, or fail."""
    said, deadline = b"", time.monotonic() + DEADLINE
    assert feed.stderr is not None
    while not (found := re.search(rb"http://(127\.0\.0\.1):(\d+)/items.*\n", said)):
        assert time.monotonic() < deadline, said
        assert feed.poll() is None, said
        if select.select([feed.stderr], [], [], 0.5)[0]:
            said += os.read(feed.stderr.fileno(), 1)
    return found.group(1).decode(), int(found.group(2))


def post(where: tuple[str, int], body: str, path: str = "/items/desk", **headers: str) -> tuple[int, dict[str, object]]:
    """Push once."""
    connection = http.client.HTTPConnection(*where, timeout=DEADLINE)
    try:
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def get(where: tuple[str, int], path: str) -> str:
    """Return the text of a page."""
    connection = http.client.HTTPConnection(*where, timeout=DEADLINE)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_what_was_answered_is_on_the_topic(broker_address: str, tmp_path: Path) -> None:
    """Many senders at a time: every 202 is an item on the topic, in the ledger and in the metrics; SIGTERM ends it."""
    settings = own_topics(broker_address)
    with running(settings, "feed", "http", "--port", "0", state=tmp_path) as feed:
        where = address(feed)
        answered: list[str] = []

        def send(sender: int) -> None:
            for number in range(10):
                status, answer = post(where, line(f"{sender}-{number}", number))
                assert status == 202, answer
                answered.append(f"{sender}-{number}")

        senders = [threading.Thread(target=send, args=[number]) for number in range(8)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(DEADLINE)
        assert len(answered) == 80
        assert 'copytaster_items_published_total{feed="http",source="desk"} 80.0' in get(where, "/metrics")
        assert json.loads(get(where, "/healthz"))["status"] == "ok"
        for nonsense in (
            b"nonsense\r\n\r\n",
            b"POST /items HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            b"GET / HTTP/1.1\r\n",
        ):
            with socket.create_connection(where, timeout=DEADLINE) as stranger:
                stranger.sendall(nonsense)
        feed.send_signal(signal.SIGTERM)
        _, said = feed.communicate(timeout=DEADLINE)
    assert feed.returncode == 0, said
    assert said.decode().splitlines() == ["copytaster: 80 items published"]
    assert names(settings) == sorted(answered)
    done = run(settings, "doctor", "--json", state=tmp_path)
    (check,) = [check for check in map(json.loads, done.stdout.splitlines()) if check["check"] == "source desk (http)"]
    assert check["ok"]
    assert "80 items" in check["found"]


def names(settings: Settings) -> list[str]:
    """Return what is on the raw topic, sorted."""
    return sorted(name(event.record) for event in everything(settings, "raw"))  # type: ignore[arg-type] # raw items


def test_a_broker_that_is_killed_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Through two kills of the broker: senders get 503 and come again, every 202 stays true, the feed stays up."""
    with EmbeddedKafka(tmp_path) as broker:
        settings = own_topics(broker.address)
        with running(settings, "feed", "http", "--port", "0", "--patience", "2", state=tmp_path / "state") as feed:
            where = address(feed)
            answered: list[str] = []
            statuses: list[int] = []
            ending = threading.Event()

            def send() -> None:
                number = 0
                while not ending.is_set():
                    status, _ = post(where, line(str(number), number))
                    statuses.append(status)
                    if status == 202:
                        answered.append(str(number))
                        number += 1

            sender = threading.Thread(target=send)
            sender.start()
            for _ in range(2):
                count = len(answered)
                wait_for(lambda count=count: len(answered) >= count + 5, "items are taken")  # type: ignore[misc] # bound now
                broker.kill()
                refused = statuses.count(503)
                wait_for(lambda refused=refused: statuses.count(503) > refused, "a sender gets 503")  # type: ignore[misc] # bound now
                broker.start()
            count = len(answered)
            wait_for(lambda: len(answered) >= count + 5, "items are taken again")
            ending.set()
            sender.join(DEADLINE)
            assert feed.poll() is None
            feed.send_signal(signal.SIGTERM)
            _, said = feed.communicate(timeout=DEADLINE)
        assert feed.returncode == 0, said
        assert set(statuses) == {202, 503}
        assert set(answered) <= set(names(settings))
        assert len(answered) == len(set(answered))


def test_a_secret_opens_the_endpoint(embedded_address: str, tmp_path: Path) -> None:
    """The secret comes from the environment; unsigned pushes get 401, signed ones are on the topic."""
    settings = own_topics(embedded_address)
    secret = {"COPYTASTER_PUSH_SECRET": SECRET}
    with running(settings, "feed", "http", "--port", "0", state=tmp_path, env=secret) as feed:
        where, body = address(feed), line("one", 1)
        good = hmac.new(SECRET.encode(), body.encode(), "sha256").hexdigest()
        assert post(where, body)[0] == 401
        assert post(where, body, **{"X-Hub-Signature-256": f"sha256={good}"})[0] == 202
    assert names(settings) == ["one"]


def test_what_cannot_be_served_is_said(embedded_address: str, tmp_path: Path) -> None:
    """A public address without a secret, half a subscription, and a port that is taken each stop with one sentence."""
    settings = own_topics(embedded_address)
    with running(settings, "feed", "http", "--port", "0", state=tmp_path) as feed:
        port = str(address(feed)[1])
        for options, sentence in (
            (["--host", "192.0.2.1"], "COPYTASTER_PUSH_SECRET"),
            (["--port", port], "another --port"),
            (["--websub", "https://hub.example/"], "--topic"),
        ):
            done = run(settings, "feed", "http", *options, state=tmp_path)
            assert (done.returncode, done.stdout) == (2, b"")
            assert done.stderr.decode().count("\n") == 1
            assert sentence in done.stderr.decode()


def test_a_hub_brings_items_and_finds_us_again(embedded_address: str, tmp_path: Path) -> None:
    """Subscribed, verified, signed and published by the process; a restart asks under the same address and secret."""
    settings, forms = own_topics(embedded_address), []
    port = free_ports(1)[0]
    command = ["feed", "http", "--port", str(port), "--topic", "https://news.example/feed"]
    with WebServer() as hub:
        hub.on("/", reply(status=202))
        command += ["--websub", hub.url(), "--callback", f"http://127.0.0.1:{port}"]
        for round_ in range(2):
            with running(settings, *command, state=tmp_path, env={"COPYTASTER_FETCH_ALLOW": "127.0.0.1"}) as feed:
                where = address(feed)
                wait_for(lambda round_=round_: len(hub.requests) > round_, "the hub is asked")  # type: ignore[misc] # bound now
                form = {name: values[0] for name, values in parse_qs(hub.requests[-1].body.decode()).items()}
                forms.append(form)
                path, body = urlsplit(form["hub.callback"]).path, line(f"story {round_}", 1)
                question = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "42"}
                assert get(where, f"{path}?{urlencode(question)}") == "42"
                good = hmac.new(form["hub.secret"].encode(), body.encode(), "sha256").hexdigest()
                assert post(where, body, path, **{"X-Hub-Signature": f"sha256={good}"})[0] == 202
    assert names(settings) == ["story 0", "story 1"]
    assert forms[0] == forms[1]
    assert (tmp_path / "websub.key").stat().st_mode & 0o077 == 0


def test_a_hub_inside_is_not_asked(embedded_address: str, tmp_path: Path) -> None:
    """A hub on a private address is refused unless it is named; that is said, and pushes are taken all the same."""
    settings = own_topics(embedded_address)
    with WebServer() as hub:
        command = ["feed", "http", "--port", "0", "--websub", hub.url(), "--callback", "https://desk.example"]
        with running(settings, *command, "--topic", "https://news.example/feed", state=tmp_path) as feed:
            where = address(feed)
            assert post(where, line("one", 1))[0] == 202
            feed.send_signal(signal.SIGTERM)
            _, said = feed.communicate(timeout=DEADLINE)
        assert "fetch_allow" in said.decode()
        assert hub.connections == 0
