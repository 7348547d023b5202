"""One consumer group: the classic rebalance protocol as a state machine.

    Empty ──join──▶ PreparingRebalance ──all joined──▶ CompletingRebalance ──leader synced──▶ Stable
      ▲                    ▲                                   │                                │
      └──nobody left───────┴──────────join, leave, expiry──────┴────────────────────────────────┘

Times are seconds of the event loop's clock and come in as arguments.
"""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pipeline.embedded.errors import Code, RequestError


class State(StrEnum):
    """The states of a group, by the names Apache Kafka shows."""

    EMPTY = "Empty"
    PREPARING = "PreparingRebalance"
    COMPLETING = "CompletingRebalance"
    STABLE = "Stable"
    DEAD = "Dead"


class Joining(NamedTuple):
    """What a JoinGroup request says."""

    member_id: str
    instance_id: str | None
    client_id: str
    client_host: str
    session_timeout: float
    rebalance_timeout: float
    protocol_type: str
    protocols: dict[str, bytes]
    must_know_id: bool  # the client can be sent back for its member id first
    may_skip_assignment: bool


class Joined(NamedTuple):
    """What a member learns when the group has formed; `members` is filled for the leader only."""

    generation: int
    protocol: str
    leader: str
    member_id: str
    members: "list[Member]"
    skip_assignment: bool = False


@dataclass(slots=True, eq=False)
class Member:
    """One member. `joining` and `syncing` hold its request while the group waits for others."""

    id: str
    instance_id: str | None
    client_id: str
    client_host: str
    session_timeout: float
    rebalance_timeout: float
    protocols: dict[str, bytes]
    deadline: float
    assignment: bytes = b""
    joining: asyncio.Future[Joined] | None = None
    syncing: asyncio.Future[bytes] | None = None

    @property
    def waiting(self) -> bool:
        """Whether one of its requests is held; it cannot expire then."""
        return self.joining is not None or self.syncing is not None


@dataclass(slots=True, eq=False)
class Group:
    """A group; `changed` is called when what must survive a restart has changed."""

    id: str
    changed: Callable[["Group"], None]
    initial_delay: float = 0.0
    max_members: int = 1000
    state: State = State.EMPTY
    generation: int = 0
    protocol_type: str = ""
    protocol: str = ""
    leader: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    _pending: dict[str, float] = field(default_factory=dict)
    _form_after: float = 0.0
    _deadline: float = 0.0

    async def join(self, request: Joining, now: float) -> Joined:
        """Enter or re-enter the group; returns when it has formed."""
        self._check_protocols(request)
        if request.member_id in self._pending:
            del self._pending[request.member_id]
            return await self._enter(request, request.member_id, now)
        if not request.member_id:
            return await self._join_unknown(request, now)
        member = self.member(request.member_id, request.instance_id)
        unchanged = member.protocols == request.protocols
        if self.state is State.COMPLETING and unchanged:
            return self._joined(member)
        if self.state is State.STABLE and unchanged and member.id != self.leader:
            return self._joined(member)
        return await self._rejoin(member, request, now)

    async def _join_unknown(self, request: Joining, now: float) -> Joined:
        known = self._static(request.instance_id)
        member_id = f"{request.instance_id or request.client_id}-{uuid.uuid4()}"
        if known is not None:
            return await self._replace(known, request, member_id, now)
        if request.must_know_id and request.instance_id is None:
            self._pending[member_id] = now + request.session_timeout
            raise MemberIdRequiredError(member_id)
        return await self._enter(request, member_id, now)

    def _check_protocols(self, request: Joining) -> None:
        if not request.protocol_type or not request.protocols:
            raise RequestError(Code.INCONSISTENT_GROUP_PROTOCOL)
        others = [member for member in self.members.values() if member.id != request.member_id]
        shared = set(request.protocols).intersection(*(member.protocols for member in others))
        if others and (request.protocol_type != self.protocol_type or not shared):
            raise RequestError(Code.INCONSISTENT_GROUP_PROTOCOL)

    async def _enter(self, request: Joining, member_id: str, now: float) -> Joined:
        if len(self.members) >= self.max_members:
            raise RequestError(Code.GROUP_MAX_SIZE_REACHED)
        self.protocol_type = request.protocol_type
        member = self.members[member_id] = Member(
            member_id,
            request.instance_id,
            request.client_id,
            request.client_host,
            request.session_timeout,
            request.rebalance_timeout,
            request.protocols,
            now + request.session_timeout,
        )
        return await self._rejoin(member, request, now)

    async def _replace(self, old: Member, request: Joining, member_id: str, now: float) -> Joined:
        """Let a restarted static member take its former place, without a rebalance when nothing else changed."""
        del self.members[old.id]
        _fail(old, Code.FENCED_INSTANCE_ID)
        former, was_leader = old.id, self.leader == old.id
        unchanged = self.state is State.STABLE and old.protocols == request.protocols
        old.id, old.deadline, old.joining, old.syncing = member_id, now + request.session_timeout, None, None
        self.members[member_id] = old
        if was_leader:
            self.leader = member_id
        if not unchanged:
            return await self._rejoin(old, request, now)
        self.changed(self)
        joined = self._joined(old)
        if was_leader and not request.may_skip_assignment:
            # An older client would compute a new assignment if it heard that it leads; Kafka names the former
            # id.
            return joined._replace(leader=former, members=[])
        return joined._replace(skip_assignment=was_leader)

    async def _rejoin(self, member: Member, request: Joining, now: float) -> Joined:
        member.protocols = request.protocols
        member.session_timeout, member.rebalance_timeout = request.session_timeout, request.rebalance_timeout
        if member.joining is not None and not member.joining.done():
            member.joining.set_exception(RequestError(Code.REBALANCE_IN_PROGRESS))
        held: asyncio.Future[Joined] = asyncio.get_running_loop().create_future()
        member.joining = held
        if self.state is not State.PREPARING:
            self._prepare(now)
        self._form_if_complete(now)
        return await held

    def _prepare(self, now: float) -> None:
        self._form_after = now + self.initial_delay if self.state is State.EMPTY else 0.0
        self.state = State.PREPARING
        self._deadline = now + max((member.rebalance_timeout for member in self.members.values()), default=0.0)
        for member in self.members.values():
            member.assignment = b""
            _fail_sync(member, Code.REBALANCE_IN_PROGRESS)

    def _form_if_complete(self, now: float) -> None:
        complete = all(member.joining for member in self.members.values()) and not self._pending
        if self.state is State.PREPARING and complete and now >= self._form_after:
            self._form(now)

    def _form(self, now: float) -> None:
        """End the joining phase: whoever has joined is in, dynamic members who have not are out."""
        self.members = {
            key: member
            for key, member in self.members.items()
            if member.joining is not None or member.instance_id is not None
        }
        joined = [member for member in self.members.values() if member.joining is not None]
        if self.members and not joined:
            self._deadline = now + max(member.rebalance_timeout for member in self.members.values())
            return
        self.generation += 1
        if not self.members:
            self.state, self.protocol, self.leader = State.EMPTY, "", ""
            self.changed(self)
            return
        self.protocol = self._vote()
        if self.leader not in {member.id for member in joined}:
            self.leader = joined[0].id
        self.state = State.COMPLETING
        self._deadline = now + max(member.rebalance_timeout for member in joined)
        for member in joined:
            held, member.joining = member.joining, None
            member.deadline = now + member.session_timeout
            if held is not None and not held.done():
                held.set_result(self._joined(member))

    def _vote(self) -> str:
        """Choose the protocol most members prefer among those all of them know."""
        shared = set.intersection(*(set(member.protocols) for member in self.members.values()))
        votes = Counter(next(name for name in member.protocols if name in shared) for member in self.members.values())
        return votes.most_common(1)[0][0]

    def _joined(self, member: Member) -> Joined:
        members = list(self.members.values()) if member.id == self.leader else []
        return Joined(self.generation, self.protocol, self.leader, member.id, members)

    async def sync(
        self, member_id: str, instance_id: str | None, generation: int, assignments: dict[str, bytes], now: float
    ) -> bytes:
        """Hand out the leader's assignments; returns this member's when they are there."""
        member = self.current(member_id, instance_id, generation)
        member.deadline = now + member.session_timeout
        if self.state is State.PREPARING:
            raise RequestError(Code.REBALANCE_IN_PROGRESS)
        if self.state is State.STABLE:
            return member.assignment
        if member_id == self.leader:
            self._assign(assignments, now)
            return member.assignment
        _fail_sync(member, Code.REBALANCE_IN_PROGRESS)
        held: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        member.syncing = held
        return await held

    def _assign(self, assignments: dict[str, bytes], now: float) -> None:
        self.state = State.STABLE
        for member in self.members.values():
            member.assignment = assignments.get(member.id, b"")
        self.changed(self)
        for member in self.members.values():
            held, member.syncing = member.syncing, None
            if held is not None:
                member.deadline = now + member.session_timeout
                if not held.done():
                    held.set_result(member.assignment)

    def heartbeat(self, member_id: str, instance_id: str | None, generation: int, now: float) -> None:
        """Keep a member alive; REBALANCE_IN_PROGRESS tells it to join again."""
        member = self.current(member_id, instance_id, generation)
        member.deadline = now + member.session_timeout
        if self.state is State.PREPARING:
            raise RequestError(Code.REBALANCE_IN_PROGRESS)

    def leave(self, member_id: str, instance_id: str | None, now: float) -> str:
        """Take a member out, a static one also by its instance id alone; return its member id."""
        if self._pending.pop(member_id, None) is not None:
            self._form_if_complete(now)
            return member_id
        static = self._static(instance_id)
        if instance_id is not None and not member_id:
            if static is None:
                raise RequestError(Code.UNKNOWN_MEMBER_ID)
            member_id = static.id
        self._remove(self.member(member_id, instance_id), now)
        return member_id

    def _remove(self, member: Member, now: float) -> None:
        del self.members[member.id]
        _fail(member, Code.UNKNOWN_MEMBER_ID)
        if self.state in (State.STABLE, State.COMPLETING):
            self._prepare(now)
        self._form_if_complete(now)

    def tick(self, now: float) -> None:
        """Expire whoever is overdue and end phases that took too long."""
        for member_id in [key for key, deadline in self._pending.items() if deadline < now]:
            del self._pending[member_id]
        for member in [one for one in self.members.values() if not one.waiting and one.deadline < now]:
            if member.id in self.members:
                self._remove(member, now)
        if self.state is State.COMPLETING and now > self._deadline:
            for member in [one for one in self.members.values() if one.syncing is None]:
                self._remove(member, now)
        if self.state is State.PREPARING and now > self._deadline:
            self._pending.clear()
            self._form(now)
        self._form_if_complete(now)

    def member(self, member_id: str, instance_id: str | None) -> Member:
        """Return a member; UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID when another process took its place."""
        static = self._static(instance_id)
        if static is not None and static.id != member_id:
            raise RequestError(Code.FENCED_INSTANCE_ID)
        if member_id not in self.members or (instance_id is not None and static is None):
            raise RequestError(Code.UNKNOWN_MEMBER_ID)
        return self.members[member_id]

    def current(self, member_id: str, instance_id: str | None, generation: int) -> Member:
        """Return a member of this generation; ILLEGAL_GENERATION when it speaks of another."""
        member = self.member(member_id, instance_id)
        if generation != self.generation:
            raise RequestError(Code.ILLEGAL_GENERATION)
        return member

    def _static(self, instance_id: str | None) -> Member | None:
        if instance_id is None:
            return None
        return next((member for member in self.members.values() if member.instance_id == instance_id), None)

    def close(self) -> None:
        """Answer whoever waits: the group is deleted."""
        self.state = State.DEAD
        for member in self.members.values():
            _fail(member, Code.UNKNOWN_MEMBER_ID)


class MemberIdRequiredError(RequestError):
    """A new member is told its id and asked to join again with it (KIP-394)."""

    def __init__(self, member_id: str) -> None:
        super().__init__(Code.MEMBER_ID_REQUIRED)
        self.member_id = member_id


def _fail(member: Member, code: Code) -> None:
    _fail_sync(member, code)
    held, member.joining = member.joining, None
    if held is not None and not held.done():
        held.set_exception(RequestError(code))


def _fail_sync(member: Member, code: Code) -> None:
    held, member.syncing = member.syncing, None
    if held is not None and not held.done():
        held.set_exception(RequestError(code))
