"""The poller: every feed looked at when it is time, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pipeline.feeds.syndication.clock import Clock
from pipeline.feeds.syndication.delivery import Delivery
from pipeline.feeds.syndication.hosts import Fetches, Hosts
from pipeline.feeds.syndication.look import Looker
from pipeline.feeds.syndication.options import Options, Polled, Subscription
from pipeline.feeds.syndication.state import State


class Poller:
    """Polls feeds and publishes their entries; see `Looker` for the arguments.

    Args:
        subscriptions: the feeds; one that is named twice is read once.
        fetcher: open.
        delivery: open.
        state: open.
        say: gets a sentence for each event that a person should know.
        options: how to poll.
        clock: time and chance.
    """

    def __init__(
        self,
        subscriptions: Sequence[Subscription],
        *,
        fetcher: Fetches,
        delivery: Delivery,
        state: State,
        say: Callable[[str], None],
        options: Options,
        clock: Clock | None = None,
    ) -> None:
        self._subscriptions = list({one.key: one for one in subscriptions}.values())
        self._clock = clock or Clock()
        self._state = state
        self._say = say
        self._hosts = Hosts(fetcher, self._clock, pause=options.pause, at_once=options.at_once)
        self._looker = Looker(self._hosts, delivery, state, say=say, options=options, clock=self._clock)

    @property
    def done(self) -> Polled:
        """What was done so far."""
        return self._looker.done

    async def run(self, stopping: asyncio.Event, *, once: bool) -> None:
        """Poll until told to stop, or until no feed is left; what is being delivered is finished first.

        Args:
            stopping: set when it is time to stop.
            once: look at each feed once and leave.

        Raises:
            DeliveryError: the broker refuses what we send, or acknowledges nothing and it was to look once; nothing of
                that look is written down.
            BrokerError: the broker refuses us, or lacks the topic.
        """
        self._looker.given_up = None if once else stopping.is_set
        tasks = [asyncio.create_task(self._follow(one, once=once)) for one in self._subscriptions]
        told = asyncio.create_task(stopping.wait())
        pending: set[asyncio.Task[object]] = {told, *tasks}
        try:
            # A task that ends is a feed that is gone, or one whose delivery failed, which ends them all.
            while not told.done() and any(task in pending for task in tasks):
                ended, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
        finally:
            for task in (told, *tasks):
                task.cancel()
            await asyncio.gather(told, *tasks, return_exceptions=True)
            await self._looker.finish()

    async def _follow(self, one: Subscription, *, once: bool) -> None:
        """Look at one feed again and again; one that was read before a restart waits until it is due."""
        state = self._state.feed(one)
        due = 0.0 if state is None or once else state.due
        if once and state is not None and state.quiet > self._clock.now():
            self._say(f"{one.url} asked to be left alone and is not read this time")
            return
        while True:
            due = max(due, self._hosts.quiet_until(one.url))
            wait = due - self._clock.now()
            if wait > 0 and not once:
                await self._clock.sleep(wait)
                continue
            following = await self._looker.look(one)
            if following is None or once:
                return
            due = following
