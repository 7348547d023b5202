"""All consumer groups and their committed offsets, kept in a journal so that both survive a restart."""

import asyncio
import base64
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.groups import Group, Joined, Joining, Member, State
from pipeline.embedded.journal import Journal, Key

TopicPartition = tuple[str, int]


class Committed(NamedTuple):
    """A committed offset; -1 means none."""

    offset: int
    leader_epoch: int
    metadata: str | None


NOT_COMMITTED = Committed(-1, -1, "")


class Coordinator:
    """The group coordinator. Committed offsets do not expire; they go with their group or their topic."""

    def __init__(self, directory: Path, config: BrokerConfig, clock: Callable[[], float]) -> None:
        self.groups: dict[str, Group] = {}
        self._config = config
        self._clock = clock
        self._journal = Journal(directory / "groups.journal", sync=config.flush == "always")
        self._offsets: dict[str, dict[TopicPartition, Committed]] = {}
        for (_, group, topic, partition), stored in self._journal.under("offset").items():
            self._offsets.setdefault(group, {})[topic, int(partition)] = Committed(*stored)
        for (_, group), stored in self._journal.under("group").items():
            self.groups[group] = _restored(self._new_group(group), stored, clock())

    def _new_group(self, group_id: str) -> Group:
        delay = self._config.group_initial_rebalance_delay_ms / 1000
        return Group(group_id, self._store, delay, self._config.group_max_members)

    def _store(self, group: Group) -> None:
        self._journal.put({("group", group.id): _stored(group)})

    def now(self) -> float:
        """The clock deadlines are kept by."""
        return self._clock()

    def group(self, group_id: str) -> Group:
        """Return a group; UNKNOWN_MEMBER_ID, as members of a group that is not there are told."""
        if group_id not in self.groups:
            raise RequestError(Code.UNKNOWN_MEMBER_ID)
        return self.groups[group_id]

    async def join(self, group_id: str, request: Joining) -> Joined:
        """Let a member join, making the group when it is the first."""
        low, high = self._config.group_min_session_timeout_ms, self._config.group_max_session_timeout_ms
        if not group_id:
            raise RequestError(Code.INVALID_GROUP_ID)
        if not low <= request.session_timeout * 1000 <= high:
            raise RequestError(Code.INVALID_SESSION_TIMEOUT)
        if group_id not in self.groups:
            if request.member_id:
                raise RequestError(Code.UNKNOWN_MEMBER_ID)
            self.groups[group_id] = self._new_group(group_id)
        return await self.groups[group_id].join(request, self._clock())

    def commit(
        self,
        group_id: str,
        member: tuple[str, str | None, int],
        offsets: dict[TopicPartition, Committed],
    ) -> dict[TopicPartition, Code]:
        """Store offsets for a member (id, instance id, generation; generation -1 for a client without a group)."""
        self._check_committer(group_id, *member)
        limit = self._config.offset_metadata_max_bytes
        codes = dict.fromkeys(offsets, Code.NONE)
        changes: dict[Key, Any] = {}
        if group_id not in self.groups:
            self.groups[group_id] = self._new_group(group_id)
            changes["group", group_id] = _stored(self.groups[group_id])
        for (topic, partition), committed in offsets.items():
            if len((committed.metadata or "").encode()) > limit:
                codes[topic, partition] = Code.OFFSET_METADATA_TOO_LARGE
                continue
            changes["offset", group_id, topic, str(partition)] = list(committed)
        self._journal.put(changes)
        kept = {place: committed for place, committed in offsets.items() if codes[place] is Code.NONE}
        self._offsets.setdefault(group_id, {}).update(kept)
        return codes

    def _check_committer(self, group_id: str, member_id: str, instance_id: str | None, generation: int) -> None:
        if not group_id:
            raise RequestError(Code.INVALID_GROUP_ID)
        group = self.groups.get(group_id)
        if generation < 0 and (group is None or group.state is State.EMPTY):
            return
        if group is None:
            raise RequestError(Code.ILLEGAL_GENERATION)
        known = group.current(member_id, instance_id, generation)
        known.deadline = self._clock() + known.session_timeout
        if group.state is State.COMPLETING:
            raise RequestError(Code.REBALANCE_IN_PROGRESS)

    def committed(self, group_id: str) -> dict[TopicPartition, Committed]:
        """Return all committed offsets of a group."""
        return self._offsets.get(group_id, {})

    def delete(self, group_id: str) -> None:
        """Forget a group without members, and its offsets."""
        group = self.groups.get(group_id)
        if group is None:
            raise RequestError(Code.GROUP_ID_NOT_FOUND)
        if group.state is not State.EMPTY:
            raise RequestError(Code.NON_EMPTY_GROUP)
        changes: dict[Key, Any] = dict.fromkeys(self._journal.under("offset", group_id))
        self._journal.put({**changes, ("group", group_id): None})
        group.close()
        del self.groups[group_id]
        self._offsets.pop(group_id, None)

    def forget(self, group_id: str, places: Iterable[TopicPartition]) -> None:
        """Delete committed offsets of a group."""
        places = list(places)
        self._journal.put({("offset", group_id, topic, str(partition)): None for topic, partition in places})
        for place in places:
            self._offsets.get(group_id, {}).pop(place, None)

    def forget_topic(self, topic: str) -> None:
        """Delete every group's offsets of a topic that was deleted."""
        for group_id, offsets in self._offsets.items():
            gone = [place for place in offsets if place[0] == topic]
            if gone:
                self.forget(group_id, gone)

    async def watch_deadlines(self) -> None:
        """Let the groups notice, ten times a second, who is overdue."""
        while True:
            await asyncio.sleep(0.1)
            for group in list(self.groups.values()):
                group.tick(self._clock())

    def sync(self) -> None:
        """Bring groups and offsets to disk. Blocking."""
        self._journal.sync()

    def close(self) -> None:
        """Make everything durable."""
        self._journal.close()


def _stored(group: Group) -> dict[str, Any]:
    return {
        "generation": group.generation,
        "protocol_type": group.protocol_type,
        "protocol": group.protocol,
        "leader": group.leader,
        "members": [
            [
                member.id,
                member.instance_id,
                member.client_id,
                member.client_host,
                member.session_timeout,
                member.rebalance_timeout,
                {name: _text(metadata) for name, metadata in member.protocols.items()},
                _text(member.assignment),
            ]
            for member in group.members.values()
        ],
    }


def _restored(group: Group, stored: dict[str, Any], now: float) -> Group:
    """Bring a group back with its members, who get a fresh session timeout to show themselves."""
    group.generation, group.protocol_type = stored["generation"], stored["protocol_type"]
    group.protocol, group.leader = stored["protocol"], stored["leader"]
    for member_id, instance_id, client_id, client_host, session, rebalance, protocols, assignment in stored["members"]:
        group.members[member_id] = Member(
            member_id,
            instance_id,
            client_id,
            client_host,
            session,
            rebalance,
            {name: base64.b64decode(metadata) for name, metadata in protocols.items()},
            now + session,
            base64.b64decode(assignment),
        )
    group.state = State.STABLE if group.members else State.EMPTY
    return group


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
