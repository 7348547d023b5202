"""`copytaster feed http`: wires that push."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.console import say
from pipeline.cli.options import Brokers, Prefix, Source, settings_from
from pipeline.errors import ConfigError


def http(
    *,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0 takes a free one.")
    ] = 8080,
    patience: Annotated[
        float, typer.Option("--patience", metavar="SECONDS", min=0.1, help="Longest wait for the broker before a 503.")
    ] = 10.0,
    websub: Annotated[
        str | None, typer.Option("--websub", metavar="HUB_URL", help="WebSub hub to subscribe at.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", metavar="URL", help="Feed to subscribe to; may be repeated.")
    ] = None,
    callback: Annotated[
        str | None, typer.Option("--callback", metavar="URL", help="This endpoint as the hub reaches it.")
    ] = None,
    source: Source = None,
    brokers: Brokers = None,
    prefix: Prefix = None,
) -> None:
    """Publish what is posted to /items or /items/SOURCE: any format, one item or many; 202 once the broker has it.

    With COPYTASTER_PUSH_SECRET (or push_secret in copytaster.toml) every request has to be signed: HMAC-SHA256 of the
    body in X-Hub-Signature-256, X-Signature, or as Standard Webhooks. Without it only this machine may push.

    503 means: send it again after Retry-After. GET /healthz and /metrics say how it goes.
    """
    from pipeline.cli.stopping import stop_on_signals  # noqa: PLC0415 - `--help` need not wait for a Kafka client
    from pipeline.feeds.push.serving import Hub, Listening, serve  # noqa: PLC0415 - the same

    if (given := [websub, topic or None, callback]) != [None] * 3 and None in given:
        raise ConfigError("a WebSub subscription needs all of --websub, --topic and --callback")
    hub = Hub(websub, tuple(topic), callback) if websub and topic and callback else None
    settings = settings_from(brokers=brokers, prefix=prefix, source=source)
    with stop_on_signals() as stopping:
        published = serve(settings, Listening(host, port, patience, hub), stopping, say)
    say(f"copytaster: {published:,} items published")
