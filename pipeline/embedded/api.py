"""The table of what this broker answers: API key, versions, message classes, handler.

Only versions that the three clients of the conformance suite use are offered. Topic ids in Produce and Fetch
(versions 13 and later) are not, nor anything about transactions, replication or access control.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from kafka.protocol import admin, consumer, metadata, producer

from pipeline.embedded import api_cluster, api_groups, api_topics
from pipeline.embedded.api_cluster import Broker
from pipeline.embedded.errors import Code, MalformedRequest
from pipeline.embedded.wire import Request, decode, encode

PRODUCE, FETCH, API_VERSIONS = 0, 1, 18
PRODUCE_VERSIONS = range(3, 13)
FETCH_VERSIONS = range(4, 13)


class Api(NamedTuple):
    """One API: versions from `low` to `high`, and the function that answers, plain or async."""

    low: int
    high: int
    request: Any
    response: Any
    handler: Callable[[Broker, Any, Request], Any]


APIS: dict[int, Api] = {
    2: Api(1, 8, consumer.ListOffsetsRequest, consumer.ListOffsetsResponse, api_topics.list_offsets),
    3: Api(0, 12, metadata.MetadataRequest, metadata.MetadataResponse, api_cluster.metadata),
    8: Api(2, 9, consumer.OffsetCommitRequest, consumer.OffsetCommitResponse, api_groups.offset_commit),
    9: Api(1, 9, consumer.OffsetFetchRequest, consumer.OffsetFetchResponse, api_groups.offset_fetch),
    10: Api(0, 4, metadata.FindCoordinatorRequest, metadata.FindCoordinatorResponse, api_cluster.find_coordinator),
    11: Api(0, 9, consumer.JoinGroupRequest, consumer.JoinGroupResponse, api_groups.join_group),
    12: Api(0, 4, consumer.HeartbeatRequest, consumer.HeartbeatResponse, api_groups.heartbeat),
    13: Api(0, 5, consumer.LeaveGroupRequest, consumer.LeaveGroupResponse, api_groups.leave_group),
    14: Api(0, 5, consumer.SyncGroupRequest, consumer.SyncGroupResponse, api_groups.sync_group),
    15: Api(0, 5, admin.DescribeGroupsRequest, admin.DescribeGroupsResponse, api_groups.describe_groups),
    16: Api(0, 5, admin.ListGroupsRequest, admin.ListGroupsResponse, api_groups.list_groups),
    19: Api(2, 7, admin.CreateTopicsRequest, admin.CreateTopicsResponse, api_topics.create_topics),
    20: Api(1, 6, admin.DeleteTopicsRequest, admin.DeleteTopicsResponse, api_topics.delete_topics),
    21: Api(0, 2, admin.DeleteRecordsRequest, admin.DeleteRecordsResponse, api_topics.delete_records),
    22: Api(0, 4, producer.InitProducerIdRequest, producer.InitProducerIdResponse, api_cluster.init_producer_id),
    23: Api(
        2,
        4,
        consumer.OffsetForLeaderEpochRequest,
        consumer.OffsetForLeaderEpochResponse,
        api_topics.offset_for_leader_epoch,
    ),
    32: Api(1, 4, admin.DescribeConfigsRequest, admin.DescribeConfigsResponse, api_topics.describe_configs),
    33: Api(0, 2, admin.AlterConfigsRequest, admin.AlterConfigsResponse, api_topics.alter_configs),
    37: Api(0, 3, admin.CreatePartitionsRequest, admin.CreatePartitionsResponse, api_topics.create_partitions),
    42: Api(0, 2, admin.DeleteGroupsRequest, admin.DeleteGroupsResponse, api_groups.delete_groups),
    44: Api(
        0,
        1,
        admin.IncrementalAlterConfigsRequest,
        admin.IncrementalAlterConfigsResponse,
        api_topics.incremental_alter_configs,
    ),
    47: Api(0, 0, consumer.OffsetDeleteRequest, consumer.OffsetDeleteResponse, api_groups.offset_delete),
    60: Api(0, 1, admin.DescribeClusterRequest, admin.DescribeClusterResponse, api_cluster.describe_cluster),
}

_OFFERED = {
    # librdkafka takes a broker without Produce version 0 for one that speaks no record format it knows, so
    # Apache Kafka 4 names versions it then refuses; so does this one.
    PRODUCE: (0, PRODUCE_VERSIONS[-1]),
    FETCH: (FETCH_VERSIONS[0], FETCH_VERSIONS[-1]),
    API_VERSIONS: (0, 4),
    **{key: (api.low, api.high) for key, api in APIS.items()},
}


async def respond(broker: Broker, request: Request) -> bytes:
    """Answer any request but Produce and Fetch; `MalformedRequest` when the connection should be closed instead."""
    if request.api_key == API_VERSIONS:
        return _api_versions(request)
    api = APIS.get(request.api_key)
    if api is None:
        raise MalformedRequest(f"API {request.api_key} version {request.version} is not served here")
    if not api.low <= request.version <= api.high:
        return _unsupported(api, request)
    response = api.handler(broker, decode(api.request, request), request)
    return encode(await response if inspect.isawaitable(response) else response, request)


def _api_versions(request: Request) -> bytes:
    """Say what is served; a version unknown here gets an error in version 0, so that the client can adapt."""
    known = request.version <= _OFFERED[API_VERSIONS][1]
    response = metadata.ApiVersionsResponse(
        error_code=Code.NONE if known else Code.UNSUPPORTED_VERSION,
        api_keys=[
            metadata.ApiVersionsResponse.ApiVersion(api_key=key, min_version=low, max_version=high)
            for key, (low, high) in sorted(_OFFERED.items())
        ],
    )
    return encode(response, request, version=request.version if known else 0)


def _unsupported(api: Api, request: Request) -> bytes:
    """Answer UNSUPPORTED_VERSION where the message has a place for it."""
    in_reach = 0 <= request.version <= api.response.max_version
    if not in_reach or "error_code" not in api.response.fields:
        raise MalformedRequest(f"version {request.version} of API {request.api_key} is not served here")
    return encode(api.response(version=request.version, error_code=Code.UNSUPPORTED_VERSION), request)
