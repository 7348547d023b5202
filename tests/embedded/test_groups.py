"""Consumer groups: who is in, who leads, who is told what. The clock is an argument."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.coordinator import Committed, Coordinator
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.groups import Joined, Joining, MemberIdRequiredError, State

SESSION = 10.0
REBALANCE = 60.0


class Clock:
    """Time that passes when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _joining(member_id: str = "", instance: str | None = None, **changes: Any) -> Joining:
    request = Joining(
        member_id,
        instance,
        "client",
        "127.0.0.1",
        SESSION,
        REBALANCE,
        "consumer",
        {"range": b"meta"},
        must_know_id=False,
        may_skip_assignment=False,
    )
    return request._replace(**changes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def coordinator(tmp_path: Path, clock: Clock) -> Coordinator:
    return Coordinator(tmp_path, BrokerConfig(), clock)


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def _form(*waiting: asyncio.Task[Joined]) -> list[Joined]:
    return await asyncio.wait_for(asyncio.gather(*waiting), 5)


def _code(action: Callable[..., Any], *args: Any) -> Code:
    with pytest.raises(RequestError) as refused:
        action(*args)
    return refused.value.code


async def _pair(coordinator: Coordinator) -> tuple[Joined, Joined]:
    """A stable group of two: the first leads."""
    first = await coordinator.join("g", _joining())
    second_waits = asyncio.create_task(coordinator.join("g", _joining()))
    await _settle()
    first = await coordinator.join("g", _joining(first.member_id))
    second = await asyncio.wait_for(second_waits, 5)
    group = coordinator.group("g")
    given = {first.member_id: b"one", second.member_id: b"two"}
    follower = asyncio.create_task(group.sync(second.member_id, None, 2, {}, coordinator.now()))
    await _settle()
    assert await group.sync(first.member_id, None, 2, given, coordinator.now()) == b"one"
    assert await asyncio.wait_for(follower, 5) == b"two"
    return first, second


def test_two_members_form_a_group(coordinator: Coordinator) -> None:
    """The first member leads and gets the list of members; assignments reach everyone; the group is stable."""

    async def scenario() -> None:
        first, second = await _pair(coordinator)
        group = coordinator.group("g")
        assert (first.leader, second.leader) == (first.member_id, first.member_id)
        assert {member.id for member in first.members} == {first.member_id, second.member_id}
        assert second.members == []
        assert (group.state, group.generation) == (State.STABLE, 2)
        group.heartbeat(second.member_id, None, 2, coordinator.now())
        assert _code(group.heartbeat, second.member_id, None, 1, 0.0) is Code.ILLEGAL_GENERATION
        assert _code(group.heartbeat, "stranger", None, 2, 0.0) is Code.UNKNOWN_MEMBER_ID

    asyncio.run(scenario())


def test_a_new_client_is_told_its_id_first(coordinator: Coordinator) -> None:
    """A first join without id is answered with one (KIP-394), and that id then gets in."""

    async def scenario() -> None:
        with pytest.raises(MemberIdRequiredError) as told:
            await coordinator.join("g", _joining(must_know_id=True))
        joined = await coordinator.join("g", _joining(told.value.member_id, must_know_id=True))
        assert joined.leader == told.value.member_id

    asyncio.run(scenario())


def test_a_silent_member_is_dropped(coordinator: Coordinator, clock: Clock) -> None:
    """After its session timeout a member is out and the others are told to join again."""

    async def scenario() -> None:
        first, second = await _pair(coordinator)
        group = coordinator.group("g")
        clock.now += SESSION - 1
        group.heartbeat(first.member_id, None, 2, clock())
        clock.now += 2
        group.tick(clock())
        assert set(group.members) == {first.member_id}
        assert _code(group.heartbeat, first.member_id, None, 2, clock()) is Code.REBALANCE_IN_PROGRESS
        assert _code(group.heartbeat, second.member_id, None, 2, clock()) is Code.UNKNOWN_MEMBER_ID
        again = await coordinator.join("g", _joining(first.member_id))
        assert (again.generation, len(again.members)) == (3, 1)

    asyncio.run(scenario())


def test_who_does_not_rejoin_in_time_is_left_behind(coordinator: Coordinator, clock: Clock) -> None:
    """A rebalance ends after its timeout without the member that did not come, though it still heartbeats."""

    async def scenario() -> None:
        first, second = await _pair(coordinator)
        group = coordinator.group("g")
        third_waits = asyncio.create_task(coordinator.join("g", _joining()))
        second_waits = asyncio.create_task(coordinator.join("g", _joining(second.member_id)))
        await _settle()
        for _ in range(7):
            clock.now += SESSION - 1
            with pytest.raises(RequestError):
                group.heartbeat(first.member_id, None, 2, clock())
            group.tick(clock())
        third, second = await _form(third_waits, second_waits)
        assert set(group.members) == {second.member_id, third.member_id}
        assert second.leader == third.leader != first.member_id

    asyncio.run(scenario())


def test_the_last_to_leave_empties_the_group(coordinator: Coordinator) -> None:
    """A group without members is empty, goes on counting generations, and can be deleted."""

    async def scenario() -> None:
        first, second = await _pair(coordinator)
        group = coordinator.group("g")
        assert _code(coordinator.delete, "g") is Code.NON_EMPTY_GROUP
        group.leave(second.member_id, None, coordinator.now())
        group.leave(first.member_id, None, coordinator.now())
        assert group.state is State.EMPTY
        again = await coordinator.join("g", _joining())
        assert again.generation == 4
        group.leave(again.member_id, None, coordinator.now())
        coordinator.delete("g")
        assert _code(coordinator.delete, "g") is Code.GROUP_ID_NOT_FOUND

    asyncio.run(scenario())


def test_members_must_share_a_protocol(coordinator: Coordinator) -> None:
    """A member that knows none of the group's protocols is refused; of several, the common one is chosen."""

    async def scenario() -> None:
        await coordinator.join("g", _joining(protocols={"range": b"", "sticky": b""}))
        with pytest.raises(RequestError) as refused:
            await coordinator.join("g", _joining(protocols={"own": b""}))
        assert refused.value.code is Code.INCONSISTENT_GROUP_PROTOCOL
        waits = asyncio.create_task(coordinator.join("g", _joining(protocols={"sticky": b""})))
        await _settle()
        leader = coordinator.group("g").leader
        joined = await coordinator.join("g", _joining(leader, protocols={"range": b"", "sticky": b""}))
        assert joined.protocol == (await waits).protocol == "sticky"

    asyncio.run(scenario())


def test_a_static_member_comes_back_to_its_place(coordinator: Coordinator) -> None:
    """A restarted member with the same instance id gets its assignment back; the old process is fenced."""

    async def scenario() -> None:
        old = await coordinator.join("g", _joining(instance="desk"))
        group = coordinator.group("g")
        await group.sync(old.member_id, "desk", 1, {old.member_id: b"mine"}, coordinator.now())
        new = await coordinator.join("g", _joining(instance="desk", may_skip_assignment=True))
        assert (new.generation, new.skip_assignment) == (1, True)
        assert await group.sync(new.member_id, "desk", 1, {}, coordinator.now()) == b"mine"
        assert _code(group.heartbeat, old.member_id, "desk", 1, 0.0) is Code.FENCED_INSTANCE_ID

    asyncio.run(scenario())


def test_commits_are_for_members_only(coordinator: Coordinator) -> None:
    """A member of the current generation may commit, nobody else; without a group anyone may."""
    place, committed = ("t", 0), Committed(5, 0, "note")

    async def scenario() -> None:
        assert coordinator.commit("alone", ("", None, -1), {place: committed}) == {place: Code.NONE}
        first, _ = await _pair(coordinator)
        assert coordinator.commit("g", (first.member_id, None, 2), {place: committed}) == {place: Code.NONE}
        for member, code in [
            (("", None, -1), Code.UNKNOWN_MEMBER_ID),
            ((first.member_id, None, 1), Code.ILLEGAL_GENERATION),
        ]:
            assert _code(coordinator.commit, "g", member, {place: committed}) is code
        long = Committed(5, 0, "x" * 5000)
        assert coordinator.commit("alone", ("", None, -1), {place: long}) == {place: Code.OFFSET_METADATA_TOO_LARGE}
        assert coordinator.committed("alone") == coordinator.committed("g") == {place: committed}

    asyncio.run(scenario())


def test_groups_and_offsets_survive_a_restart(coordinator: Coordinator, tmp_path: Path, clock: Clock) -> None:
    """After a crash members go on in their generation with their assignments, and commits are there."""

    async def scenario() -> None:
        first, second = await _pair(coordinator)
        coordinator.commit("g", (first.member_id, None, 2), {("t", 1): Committed(7, 0, "")})
        again = Coordinator(tmp_path, BrokerConfig(), clock)
        group = again.group("g")
        group.heartbeat(second.member_id, None, 2, clock())
        assert await group.sync(second.member_id, None, 2, {}, clock()) == b"two"
        assert again.committed("g") == {("t", 1): Committed(7, 0, "")}
        again.forget_topic("t")
        assert Coordinator(tmp_path, BrokerConfig(), clock).committed("g") == {}

    asyncio.run(scenario())
