"""Answers to group members and to those who watch groups: join, sync, heartbeat, leave, commit, describe."""

from typing import Any

from kafka.protocol.admin import DeleteGroupsResponse, DescribeGroupsResponse, ListGroupsResponse
from kafka.protocol.consumer import (
    HeartbeatResponse,
    JoinGroupResponse,
    LeaveGroupResponse,
    OffsetCommitResponse,
    OffsetDeleteResponse,
    OffsetFetchResponse,
    SyncGroupResponse,
)
from kafka.protocol.consumer.metadata import ConsumerProtocolSubscription

from pipeline.embedded.api_cluster import Broker
from pipeline.embedded.coordinator import NOT_COMMITTED, Committed, Coordinator, TopicPartition
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.groups import Group, Joined, Joining, Member, MemberIdRequiredError, State
from pipeline.embedded.wire import Request


async def join_group(broker: Broker, request: Any, head: Request) -> Any:
    """Held until the group has formed."""
    session = request.session_timeout_ms / 1000
    rebalance = request.rebalance_timeout_ms / 1000 if request.rebalance_timeout_ms > 0 else session
    joining = Joining(
        request.member_id,
        request.group_instance_id,
        head.client_id,
        broker.host,
        session,
        rebalance,
        request.protocol_type,
        {protocol.name: bytes(protocol.metadata) for protocol in request.protocols},
        must_know_id=head.version >= 4,
        may_skip_assignment=head.version >= 9,
    )
    try:
        joined = await broker.coordinator.join(request.group_id, joining)
    except MemberIdRequiredError as error:
        return _not_joined(head, error.code, error.member_id)
    except RequestError as error:
        return _not_joined(head, error.code, request.member_id)
    return _joined(joined, request.protocol_type)


def _not_joined(head: Request, code: Code, member_id: str) -> Any:
    none = None if head.version >= 7 else ""
    return JoinGroupResponse(
        error_code=code,
        generation_id=-1,
        protocol_type=None,
        protocol_name=none,
        leader="",
        member_id=member_id,
        members=[],
    )


def _joined(joined: Joined, protocol_type: str) -> Any:
    return JoinGroupResponse(
        error_code=0,
        generation_id=joined.generation,
        protocol_type=protocol_type,
        protocol_name=joined.protocol,
        leader=joined.leader,
        skip_assignment=joined.skip_assignment,
        member_id=joined.member_id,
        members=[
            JoinGroupResponse.JoinGroupResponseMember(
                member_id=member.id,
                group_instance_id=member.instance_id,
                metadata=member.protocols.get(joined.protocol, b""),
            )
            for member in joined.members
        ],
    )


async def sync_group(broker: Broker, request: Any, _head: Request) -> Any:
    """Held until the leader has brought the assignments."""
    given = {one.member_id: bytes(one.assignment) for one in request.assignments}
    try:
        group = broker.coordinator.group(request.group_id)
        for stated, actual in ((request.protocol_type, group.protocol_type), (request.protocol_name, group.protocol)):
            if stated and stated != actual:
                raise RequestError(Code.INCONSISTENT_GROUP_PROTOCOL)  # noqa: TRY301 - one answer for all refusals
        assignment = await group.sync(
            request.member_id, request.group_instance_id, request.generation_id, given, broker.coordinator.now()
        )
    except RequestError as error:
        return SyncGroupResponse(error_code=error.code, protocol_type=None, protocol_name=None, assignment=b"")
    return SyncGroupResponse(
        error_code=0, protocol_type=group.protocol_type, protocol_name=group.protocol, assignment=assignment
    )


def heartbeat(broker: Broker, request: Any, _head: Request) -> Any:
    """Keep a member alive."""
    try:
        group = broker.coordinator.group(request.group_id)
        group.heartbeat(request.member_id, request.group_instance_id, request.generation_id, broker.coordinator.now())
    except RequestError as error:
        return HeartbeatResponse(error_code=error.code)
    return HeartbeatResponse(error_code=0)


def leave_group(broker: Broker, request: Any, head: Request) -> Any:
    """Take out one member, or since version 3 several."""
    leaving = [(request.member_id, None)]
    if head.version >= 3:
        leaving = [(member.member_id, member.group_instance_id) for member in request.members]
    results = []
    for member_id, instance_id in leaving:
        result = LeaveGroupResponse.MemberResponse(member_id=member_id, group_instance_id=instance_id, error_code=0)
        try:
            group = broker.coordinator.group(request.group_id)
            result.member_id = group.leave(member_id, instance_id, broker.coordinator.now())
        except RequestError as error:
            result.error_code = error.code
        results.append(result)
    return LeaveGroupResponse(error_code=results[0].error_code if head.version < 3 else 0, members=results)


def offset_commit(broker: Broker, request: Any, _head: Request) -> Any:
    """Store offsets; a partition that does not exist is refused, the rest stored."""
    offsets: dict[TopicPartition, Committed] = {}
    codes: dict[TopicPartition, Code] = {}
    for topic in request.topics:
        for one in topic.partitions:
            place = (topic.name, one.partition_index)
            offsets[place] = Committed(one.committed_offset, one.committed_leader_epoch, one.committed_metadata)
            if not broker.catalog.has(*place):
                codes[place] = Code.UNKNOWN_TOPIC_OR_PARTITION
    member = (request.member_id, request.group_instance_id, request.generation_id_or_member_epoch)
    known = {place: committed for place, committed in offsets.items() if place not in codes}
    try:
        codes |= broker.coordinator.commit(request.group_id, member, known)
    except RequestError as error:
        codes = dict.fromkeys(offsets, error.code)
    return OffsetCommitResponse(
        topics=[
            OffsetCommitResponse.OffsetCommitResponseTopic(
                name=topic.name,
                partitions=[
                    OffsetCommitResponse.OffsetCommitResponseTopic.OffsetCommitResponsePartition(
                        partition_index=one.partition_index, error_code=codes[topic.name, one.partition_index]
                    )
                    for one in topic.partitions
                ],
            )
            for topic in request.topics
        ]
    )


def offset_fetch(broker: Broker, request: Any, head: Request) -> Any:
    """Committed offsets of one group or, since version 8, of several."""
    if head.version < 8:
        topic_type = OffsetFetchResponse.OffsetFetchResponseTopic
        return OffsetFetchResponse(
            error_code=0,
            topics=_fetched(
                broker.coordinator,
                request.group_id,
                request.topics,
                topic_type,
                topic_type.OffsetFetchResponsePartition,
            ),
        )
    group_type = OffsetFetchResponse.OffsetFetchResponseGroup
    topic_type = group_type.OffsetFetchResponseTopics
    return OffsetFetchResponse(
        groups=[
            group_type(
                group_id=group.group_id,
                error_code=0,
                topics=_fetched(
                    broker.coordinator,
                    group.group_id,
                    group.topics,
                    topic_type,
                    topic_type.OffsetFetchResponsePartitions,
                ),
            )
            for group in request.groups
        ]
    )


def _fetched(coordinator: Coordinator, group_id: str, wanted: Any, topic_type: Any, partition_type: Any) -> list[Any]:
    committed = coordinator.committed(group_id)
    places: dict[str, list[int]] = {}
    if wanted is None:
        for topic, partition in committed:
            places.setdefault(topic, []).append(partition)
    else:
        places = {topic.name: list(topic.partition_indexes) for topic in wanted}
    topics = []
    for name, indexes in places.items():
        found = [(index, committed.get((name, index), NOT_COMMITTED)) for index in indexes]
        partitions = [
            partition_type(
                partition_index=index,
                committed_offset=one.offset,
                committed_leader_epoch=one.leader_epoch,
                metadata=one.metadata,
                error_code=0,
            )
            for index, one in found
        ]
        topics.append(topic_type(name=name, partitions=partitions))
    return topics


def describe_groups(broker: Broker, request: Any, _head: Request) -> Any:
    """State and members; a group that is not there is shown as Dead, as Apache Kafka does."""
    return DescribeGroupsResponse(
        groups=[_described(name, broker.coordinator.groups.get(name)) for name in request.groups]
    )


def _described(group_id: str, group: Group | None) -> Any:
    if group is None:
        return DescribeGroupsResponse.DescribedGroup(
            error_code=0, group_id=group_id, group_state=State.DEAD, protocol_type="", protocol_data="", members=[]
        )
    return DescribeGroupsResponse.DescribedGroup(
        error_code=0,
        group_id=group_id,
        group_state=group.state,
        protocol_type=group.protocol_type,
        protocol_data=group.protocol if group.state is State.STABLE else "",
        members=[_described_member(group, member) for member in group.members.values()],
    )


def _described_member(group: Group, member: Member) -> Any:
    stable = group.state is State.STABLE
    return DescribeGroupsResponse.DescribedGroup.DescribedGroupMember(
        member_id=member.id,
        group_instance_id=member.instance_id,
        client_id=member.client_id,
        client_host=f"/{member.client_host}",
        member_metadata=member.protocols.get(group.protocol, b"") if stable else b"",
        member_assignment=member.assignment if stable else b"",
    )


def list_groups(broker: Broker, request: Any, _head: Request) -> Any:
    """All groups, or those in the states asked for."""
    states = {state.lower() for state in request.states_filter or ()}
    types = {kind.lower() for kind in request.types_filter or ()}
    return ListGroupsResponse(
        error_code=0,
        groups=[
            ListGroupsResponse.ListedGroup(
                group_id=group.id,
                protocol_type=group.protocol_type,
                group_state=group.state,
                group_type="classic",
            )
            for group in broker.coordinator.groups.values()
            if (not states or group.state.lower() in states) and (not types or "classic" in types)
        ],
    )


def delete_groups(broker: Broker, request: Any, _head: Request) -> Any:
    """Delete groups that have no members."""
    results = []
    for name in request.groups_names:
        result = DeleteGroupsResponse.DeletableGroupResult(group_id=name, error_code=0)
        try:
            broker.coordinator.delete(name)
        except RequestError as error:
            result.error_code = error.code
        results.append(result)
    return DeleteGroupsResponse(results=results)


def offset_delete(broker: Broker, request: Any, _head: Request) -> Any:
    """Delete committed offsets of topics the group does not read."""
    group = broker.coordinator.groups.get(request.group_id)
    if group is None:
        return OffsetDeleteResponse(error_code=Code.GROUP_ID_NOT_FOUND, topics=[])
    subscribed = _subscribed(group)
    topics = []
    for topic in request.topics:
        code = Code.GROUP_SUBSCRIBED_TO_TOPIC if topic.name in subscribed else Code.NONE
        indexes = [one.partition_index for one in topic.partitions]
        if code is Code.NONE:
            broker.coordinator.forget(request.group_id, [(topic.name, index) for index in indexes])
        partitions = [
            OffsetDeleteResponse.OffsetDeleteResponseTopic.OffsetDeleteResponsePartition(
                partition_index=index, error_code=code
            )
            for index in indexes
        ]
        topics.append(OffsetDeleteResponse.OffsetDeleteResponseTopic(name=topic.name, partitions=partitions))
    return OffsetDeleteResponse(error_code=0, topics=topics)


def _subscribed(group: Group) -> set[str]:
    """Return the topics the members of a consumer group read."""
    topics: set[str] = set()
    if group.protocol_type == "consumer":
        for member in group.members.values():
            for metadata in member.protocols.values():
                topics.update(ConsumerProtocolSubscription.decode(metadata).topics)
    return topics
