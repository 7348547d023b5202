"""One look at one feed: fetch, split, identify, publish, wait for the broker, remember.

Whatever stops a look before its last step, the next one does it again, and what is published twice has the same ids.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from pipeline.errors import FetchError, InputError
from pipeline.feeds.syndication.clock import Clock
from pipeline.feeds.syndication.delivery import Delivery
from pipeline.feeds.syndication.hosts import Hosts, LeftAlone
from pipeline.feeds.syndication.identity import digest_of, identify, is_told_elsewhere, next_version, size_of
from pipeline.feeds.syndication.items import entry_as_item, page_as_item
from pipeline.feeds.syndication.options import Options, Polled, Subscription
from pipeline.feeds.syndication.pace import ARRIVALS, asked_interval, outside_skipped
from pipeline.feeds.syndication.state import FeedState, Seen, State, Told
from pipeline.fetching import Answer
from pipeline.parsers import Reading
from pipeline.parsers.syndication import Channel, Entry, Feed, split_feed
from schemas import RawItem
from schemas.ids import content_digest

MOVED_FAILURES: Final = 3
"""Failures in a row after which a feed is asked for at its old address again: redirects are also set by mistake."""

_MEANINGS: Final = {
    401: "wants a password",
    403: "refuses us",
    404: "is not there",
    429: "says that we ask too often",
    503: "is out of service",
}


@dataclass(slots=True)
class _News:
    """What one look is about to publish and to write down."""

    seen: list[Seen] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    items: list[RawItem] = field(default_factory=list)
    new: int = 0
    edited: int = 0


class Looker:
    """Looks at feeds, one at a time or several beside each other.

    Args:
        hosts: fetches politely.
        delivery: decides when a look is written down.
        state: open.
        say: gets a sentence for each event that a person should know.
        options: how to poll.
        clock: time and chance.

    Attributes:
        done: what was done so far.
        given_up: tells during an outage of the broker whether to wait no longer; None: an outage is an error.
    """

    def __init__(
        self,
        hosts: Hosts,
        delivery: Delivery,
        state: State,
        *,
        say: Callable[[str], None],
        options: Options,
        clock: Clock,
    ) -> None:
        self._hosts = hosts
        self._delivery = delivery
        self._state = state
        self._say = say
        self._options = options
        self._clock = clock
        # Feeds of one wire share stories: what one of them is about to publish, the next must know of.
        self._wires: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._finishing: set[asyncio.Task[None]] = set()
        self._trouble: dict[str, str] = {}
        self._channels: dict[str, Channel] = {}
        self.done = Polled()
        self.given_up: Callable[[], bool] | None = None

    async def look(self, one: Subscription) -> float | None:
        """Look at a feed once and return when to look again, None where it is gone for good.

        Raises:
            DeliveryError: the broker acknowledges nothing; nothing of this look is written down.
        """
        state = self._state.feed(one) or FeedState()
        self.done.looks += 1
        try:
            answer = await self._hosts.fetch(state.moved or one.url, etag=state.etag, last_modified=state.modified)
        except LeftAlone as quiet:
            return self._left_alone(one, quiet)
        except FetchError as error:
            return self._failed(one, state, str(error), None)
        if answer.status == 410:
            self._say(f"{one.url} is gone for good (410) and is no longer read; take it off the list")
            self.done.gone.add(one.url)
            return None
        if not (answer.not_modified or answer.status == 200):
            meaning = _MEANINGS.get(answer.status, "fails")
            return self._failed(one, state, f"{meaning} ({answer.status})", answer.retry_after)
        return await self._answered(one, state, answer)

    async def finish(self) -> None:
        """Wait for what is being delivered.

        Raises:
            DeliveryError: the broker does not acknowledge it.
        """
        await asyncio.gather(*self._finishing)

    async def _answered(self, one: Subscription, state: FeedState, answer: Answer) -> float:
        body = content_digest(answer.body)
        if answer.not_modified or body == state.body:
            self._is_well(one)
            fresh = self._due(one, replace(state, failures=0, quiet=0.0), answer)
            self._moved(one, fresh, answer)
            self._state.save(one, fresh)
            return fresh.due
        try:
            reading = Reading(answer.body, answer.headers.get("content-type"), answer.url)
            feed = await asyncio.to_thread(split_feed, reading)
        except InputError as error:
            return self._failed(one, state, f"cannot be read: {error}", None)
        self._channels[one.key] = feed.channel
        async with self._wires[one.source]:
            return await self._read(one, state, answer, feed, body=body)

    async def _read(self, one: Subscription, state: FeedState, answer: Answer, feed: Feed, *, body: str) -> float:
        """Publish the news of a feed, and write down where it stands."""
        news = await self._news(one, feed, skip=not state.read and self._options.skip_existing)
        fresh = replace(state, failures=0, quiet=0.0, read=True, body=body, arrivals=self._arrivals(state, feed, news))
        self._keep_validators(fresh, answer, feed)
        fresh = self._due(one, fresh, answer)
        self._moved(one, fresh, answer)
        await self._deliver(one, fresh, news)
        self._tell(one, feed, news, first=not state.read)
        return fresh.due

    async def _news(self, one: Subscription, feed: Feed, *, skip: bool) -> _News:
        """Return what is new or edited; the entry that a damaged feed ends in waits for the next look."""
        news = _News()
        spoken = [entry for entry in feed.entries if entry is not feed.cut and _says_something(entry)]
        known = identify(self._state, one, feed.channel, spoken)
        for entry, seen in sorted(zip(spoken, known, strict=True), key=lambda pair: _moment(pair[0])):
            digest = digest_of(entry.draft)
            wire_id, size = seen.known.wire_id, size_of(entry.draft)
            told = self._state.told(one, wire_id)
            news_to_us = digest != seen.known.digest and (told is None or told.digest != digest)
            if news_to_us and is_told_elsewhere(self._state, one, wire_id, told, size):
                news.seen.append(seen)  # with its old digest: it is looked at again, in case the other feed drops it
                continue
            news.seen.append(Seen(replace(seen.known, digest=digest), seen.names))
            if not news_to_us:
                continue
            news.told[wire_id] = fresh = Told(digest, next_version(told, digest), size, one.key)
            item = None if skip else await self._item(one, feed.channel, entry, wire_id, fresh.version)
            if item is not None:
                news.items.append(item)
                news.edited += told is not None
                news.new += told is None
        return news

    async def _item(
        self, one: Subscription, channel: Channel, entry: Entry, wire_id: str, version: str
    ) -> RawItem | None:
        received = datetime.fromtimestamp(self._clock.now(), UTC)
        try:
            item = entry_as_item(
                entry, channel, wire_id=wire_id, version=version, source=one.source, received_at=received
            )
        except InputError as error:
            self._say(f"{one.url}: {entry.draft.headline or entry.draft.wire_id}: {error}")
            self.done.rejected += 1
            self._delivery.reject(one.source)
            return None
        if not self._options.pages or item.uri is None or entry.draft.status == "cancelled":
            return item
        try:
            page = await self._hosts.fetch(item.uri)
        except (FetchError, LeftAlone):
            return item
        better = page_as_item(item, page, size_of(entry.draft))
        self.done.pages += better is not None
        return better or item

    async def _deliver(self, one: Subscription, state: FeedState, news: _News) -> None:
        """Publish and write down, to the end even where the poller is told to stop meanwhile."""
        task = asyncio.create_task(self._deliver_in_turn(one, state, news))
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)
        await asyncio.shield(task)

    async def _deliver_in_turn(self, one: Subscription, state: FeedState, news: _News) -> None:
        if news.items and not await self._delivery.deliver(news.items, self.given_up):
            return
        now = self._clock.now()
        self._state.record(one, state, news.seen, news.told, now=now, forget_before=now - self._options.keep)
        self.done.new += news.new
        self.done.edited += news.edited

    def _keep_validators(self, state: FeedState, answer: Answer, feed: Feed) -> None:
        """Remember what makes the next question conditional; a feed without its end is asked for whole again."""
        state.etag = answer.headers.get("etag") if feed.whole else None
        state.modified = answer.headers.get("last-modified") if feed.whole else None
        state.body = state.body if feed.whole else None

    def _arrivals(self, state: FeedState, feed: Feed, news: _News) -> list[float]:
        """Return when the last entries came out: as the feed dates them, else when they were first seen."""
        now = self._clock.now()
        dated = [at.timestamp() for entry in feed.entries if (at := entry.draft.published_at)]
        arrivals = {at for at in dated if at <= now} or {*state.arrivals, *([now] if news.seen and news.new else [])}
        return sorted(arrivals)[-ARRIVALS:]

    def _due(self, one: Subscription, state: FeedState, answer: Answer) -> FeedState:
        now, channel = self._clock.now(), self._channels.get(one.key, Channel())
        asked = asked_interval(channel, answer.headers)
        wait = self._options.pace.interval(state.arrivals, now, asked, self._clock.chance())
        return replace(state, due=outside_skipped(now + wait, channel))

    def _moved(self, one: Subscription, state: FeedState, answer: Answer) -> None:
        if answer.permanent_url and answer.permanent_url not in {state.moved, one.url}:
            self._say(f"{one.url} has moved to {answer.permanent_url}, where it is read from now on")
            state.moved = answer.permanent_url

    def _failed(self, one: Subscription, state: FeedState, why: str, asked: float | None) -> float:
        """Write a failure down and say it, unless it is the one that was said last."""
        now, failures = self._clock.now(), state.failures + 1
        due = now + self._options.pace.after_failure(failures, asked, self._clock.chance())
        moved = None if failures >= MOVED_FAILURES else state.moved
        fresh = replace(state, failures=failures, due=due, quiet=now + (asked or 0.0), moved=moved)
        self._state.save(one, fresh)
        self._in_trouble(one, why)
        return due

    def _left_alone(self, one: Subscription, quiet: LeftAlone) -> float:
        self._in_trouble(one, str(quiet))
        return quiet.until

    def _in_trouble(self, one: Subscription, why: str) -> None:
        if self._trouble.get(one.key) != why:
            self._say(f"{one.url}: {why}")
        self._trouble[one.key] = why
        self.done.failing.add(one.url)

    def _is_well(self, one: Subscription) -> None:
        if self._trouble.pop(one.key, None) is not None:
            self._say(f"{one.url} answers again")
        self.done.failing.discard(one.url)

    def _tell(self, one: Subscription, feed: Feed, news: _News, *, first: bool) -> None:
        if not feed.whole:
            self._in_trouble(one, "is cut off; what stands before its end is read")
        else:
            self._is_well(one)
        if first:
            self._say(f"{one.url}: {feed.channel.title or 'a feed'}, {len(news.seen)} entries, {news.new} published")


def _says_something(entry: Entry) -> bool:
    return bool(entry.draft.paragraphs) or entry.draft.status == "cancelled"


def _moment(entry: Entry) -> float:
    at = entry.draft.updated_at or entry.draft.published_at
    return at.timestamp() if at else 0.0
