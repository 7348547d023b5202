"""Answers about topics: create, delete, grow, settings, offsets by time, trimming."""

import dataclasses
from collections.abc import Callable
from typing import Any

from kafka.protocol.admin import (
    AlterConfigsResponse,
    CreatePartitionsResponse,
    CreateTopicsResponse,
    DeleteRecordsResponse,
    DeleteTopicsResponse,
    DescribeConfigsResponse,
    IncrementalAlterConfigsResponse,
)
from kafka.protocol.consumer import ListOffsetsResponse, OffsetForLeaderEpochResponse

from pipeline.embedded.api_cluster import LEADER_EPOCH, NODE_ID, Broker
from pipeline.embedded.catalog import Catalog
from pipeline.embedded.config import SETTINGS
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.log import Found, PartitionLog
from pipeline.embedded.wire import Request

_TOPIC, _BROKER = 2, 4  # resource types
_SET, _DELETE, _APPEND, _SUBTRACT = range(4)  # operations of IncrementalAlterConfigs
_FROM_TOPIC, _FROM_BROKER, _DEFAULT = 1, 4, 5  # sources of a setting
_LATEST, _EARLIEST, _MAX_TIMESTAMP, _EARLIEST_LOCAL = -1, -2, -3, -4


def create_topics(broker: Broker, request: Any, _head: Request) -> Any:
    """Make topics, each with its own verdict."""
    names = [topic.name for topic in request.topics]
    results = []
    for topic in request.topics:
        try:
            if names.count(topic.name) > 1:
                raise RequestError(Code.INVALID_REQUEST, "the topic is named twice")  # noqa: TRY301 - one verdict
            results.append(_create(broker, topic, dry_run=request.validate_only))
        except RequestError as error:
            results.append(_creation(topic.name, error.code, error.message))
    return CreateTopicsResponse(topics=results)


def _create(broker: Broker, topic: Any, *, dry_run: bool) -> Any:
    count = topic.num_partitions
    if topic.assignments:
        if any(list(assignment.broker_ids) != [NODE_ID] for assignment in topic.assignments):
            raise RequestError(Code.INVALID_REPLICA_ASSIGNMENT, f"the only broker is {NODE_ID}")
        count = len(topic.assignments)
    elif topic.replication_factor not in (-1, 1):
        raise RequestError(Code.INVALID_REPLICATION_FACTOR, "one broker holds one replica")
    count = broker.config.default_partitions if count == -1 else count
    overrides = {config.name: config.value for config in topic.configs if config.value is not None}
    broker.catalog.create(topic.name, count, overrides, dry_run=dry_run)
    made = broker.catalog.topics.get(topic.name)
    result = _creation(topic.name, Code.NONE, None)
    result.topic_id = made.id if made else None
    result.num_partitions, result.replication_factor = count, 1
    result.configs = [
        CreateTopicsResponse.CreatableTopicResult.CreatableTopicConfigs(
            name=name,
            value=overrides.get(name, setting.default),
            read_only=False,
            config_source=_FROM_TOPIC if name in overrides else _DEFAULT,
            is_sensitive=False,
        )
        for name, setting in SETTINGS.items()
    ]
    return result


def _creation(name: str, code: Code, message: str | None) -> Any:
    return CreateTopicsResponse.CreatableTopicResult(name=name, error_code=code, error_message=message, configs=[])


def delete_topics(broker: Broker, request: Any, head: Request) -> Any:
    """Delete topics, their records and the offsets committed for them."""
    wanted = [(topic.name, topic.topic_id) for topic in request.topics or ()]
    if head.version < 6:
        wanted = [(name, None) for name in request.topic_names]
    results = []
    for name, topic_id in wanted:
        result = DeleteTopicsResponse.DeletableTopicResult(
            name=name, topic_id=topic_id, error_code=0, error_message=None
        )
        try:
            topic = broker.catalog.by_id(topic_id) if name is None else broker.catalog.topic(name)
            result.name, result.topic_id = topic.name, topic.id
            broker.dispose(broker.catalog.delete(topic.name))
            broker.coordinator.forget_topic(topic.name)
        except RequestError as error:
            result.error_code, result.error_message = error.code, error.message
        results.append(result)
    return DeleteTopicsResponse(responses=results)


def create_partitions(broker: Broker, request: Any, _head: Request) -> Any:
    """Give topics more partitions."""
    results = []
    for topic in request.topics:
        code, message = _verdict(broker.catalog.grow, topic.name, topic.count, dry_run=request.validate_only)
        results.append(
            CreatePartitionsResponse.CreatePartitionsTopicResult(
                name=topic.name, error_code=code, error_message=message
            )
        )
    return CreatePartitionsResponse(results=results)


def _verdict(action: Callable[..., object], *args: Any, **kwargs: Any) -> tuple[Code, str | None]:
    """Do it; return the code and sentence of its refusal, or success."""
    try:
        action(*args, **kwargs)
    except RequestError as error:
        return error.code, error.message
    return Code.NONE, None


def describe_configs(broker: Broker, request: Any, _head: Request) -> Any:
    """Settings of topics and of the broker."""
    results = []
    for resource in request.resources:
        result = DescribeConfigsResponse.DescribeConfigsResult(
            error_code=0,
            error_message=None,
            resource_type=resource.resource_type,
            resource_name=resource.resource_name,
            configs=[],
        )
        try:
            wanted = resource.configuration_keys
            result.configs = [
                setting
                for setting in _settings(broker, resource.resource_type, resource.resource_name)
                if wanted is None or setting.name in wanted
            ]
        except RequestError as error:
            result.error_code, result.error_message = error.code, error.message
        results.append(result)
    return DescribeConfigsResponse(results=results)


def _settings(broker: Broker, kind: int, name: str) -> list[Any]:
    if kind == _TOPIC:
        given = broker.catalog.topic(name).overrides
        return [
            _setting(key, given.get(key, setting.default), setting.kind, _FROM_TOPIC if key in given else _DEFAULT)
            for key, setting in SETTINGS.items()
        ]
    if kind == _BROKER and name in ("", str(NODE_ID)):
        own = {"node.id": NODE_ID, "auto.create.topics.enable": "false"}
        own |= {key.replace("_", "."): value for key, value in dataclasses.asdict(broker.config).items()}
        return [_setting(key, str(value), 2, _FROM_BROKER, read_only=True) for key, value in own.items()]
    raise RequestError(Code.INVALID_REQUEST, "settings are kept of topics and of this broker only")


def _setting(name: str, value: str, kind: int, source: int, *, read_only: bool = False) -> Any:
    return DescribeConfigsResponse.DescribeConfigsResult.DescribeConfigsResourceResult(
        name=name,
        value=value,
        read_only=read_only,
        config_source=source,
        is_default=source == _DEFAULT,
        is_sensitive=False,
        synonyms=[],
        config_type=kind,
        documentation=None,
    )


def alter_configs(broker: Broker, request: Any, _head: Request) -> Any:
    """Replace all settings given for a topic."""

    def apply(resource: Any) -> None:
        _require_topic(resource)
        overrides = {config.name: config.value for config in resource.configs if config.value is not None}
        broker.catalog.alter(resource.resource_name, overrides, dry_run=request.validate_only)

    return AlterConfigsResponse(responses=_altered(AlterConfigsResponse, request, apply))


def incremental_alter_configs(broker: Broker, request: Any, _head: Request) -> Any:
    """Change single settings of a topic."""

    def apply(resource: Any) -> None:
        _require_topic(resource)
        overrides = dict(broker.catalog.topic(resource.resource_name).overrides)
        for config in resource.configs:
            _change(overrides, config)
        broker.catalog.alter(resource.resource_name, overrides, dry_run=request.validate_only)

    return IncrementalAlterConfigsResponse(responses=_altered(IncrementalAlterConfigsResponse, request, apply))


def _require_topic(resource: Any) -> None:
    if resource.resource_type != _TOPIC:
        raise RequestError(Code.INVALID_REQUEST, "the broker's own settings are given when it starts")


def _change(overrides: dict[str, str], config: Any) -> None:
    name, value, operation = config.name, config.value, config.config_operation
    if name not in SETTINGS:
        raise RequestError(Code.INVALID_CONFIG, f"unknown topic setting {name}")
    if operation == _DELETE:
        overrides.pop(name, None)
    elif operation == _SET and value is not None:
        overrides[name] = value
    elif operation in (_APPEND, _SUBTRACT) and name == "cleanup.policy" and value is not None:
        now = [part for part in overrides.get(name, SETTINGS[name].default).split(",") if part != value]
        overrides[name] = ",".join([*now, value] if operation == _APPEND else now)
    else:
        raise RequestError(Code.INVALID_REQUEST, f"operation {operation} does not fit {name}")


def _altered(response: Any, request: Any, apply: Callable[[Any], None]) -> list[Any]:
    results = []
    for resource in request.resources:
        code, message = _verdict(apply, resource)
        results.append(
            response.AlterConfigsResourceResponse(
                error_code=code,
                error_message=message,
                resource_type=resource.resource_type,
                resource_name=resource.resource_name,
            )
        )
    return results


def list_offsets(broker: Broker, request: Any, _head: Request) -> Any:
    """Offsets by time: earliest, latest, the newest record, the first at or after a time."""
    topics = []
    for topic in request.topics:
        partitions = [_list_offset(broker.catalog, topic.name, wanted) for wanted in topic.partitions]
        topics.append(ListOffsetsResponse.ListOffsetsTopicResponse(name=topic.name, partitions=partitions))
    return ListOffsetsResponse(topics=topics)


def _list_offset(catalog: Catalog, topic: str, wanted: Any) -> Any:
    found, code = Found(-1, -1), Code.NONE
    try:
        log = catalog.log(topic, wanted.partition_index)
        _check_epoch(wanted.current_leader_epoch)
        found = _lookup(log, wanted.timestamp)
    except RequestError as error:
        code = error.code
    return ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse(
        partition_index=wanted.partition_index,
        error_code=code,
        offset=found.offset,
        timestamp=found.timestamp,
        leader_epoch=LEADER_EPOCH if found.offset >= 0 else -1,
    )


def _lookup(log: PartitionLog, timestamp: int) -> Found:
    if timestamp == _LATEST:
        return Found(log.end, -1)
    if timestamp in (_EARLIEST, _EARLIEST_LOCAL):
        return Found(log.start, -1)
    if timestamp == _MAX_TIMESTAMP:
        return log.latest_stamped()
    return log.at_time(timestamp)


def _check_epoch(epoch: int) -> None:
    if epoch > LEADER_EPOCH:
        raise RequestError(Code.UNKNOWN_LEADER_EPOCH)


def offset_for_leader_epoch(broker: Broker, request: Any, _head: Request) -> Any:
    """Where an epoch ends: there is one, and it goes on."""
    topics = []
    for topic in request.topics:
        partitions = [_epoch_end(broker.catalog, topic.topic, wanted) for wanted in topic.partitions]
        topics.append(OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult(topic=topic.topic, partitions=partitions))
    return OffsetForLeaderEpochResponse(topics=topics)


def _epoch_end(catalog: Catalog, topic: str, wanted: Any) -> Any:
    result = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult.EpochEndOffset(
        error_code=0, partition=wanted.partition, leader_epoch=-1, end_offset=-1
    )
    try:
        log = catalog.log(topic, wanted.partition)
        _check_epoch(wanted.current_leader_epoch)
        if wanted.leader_epoch == LEADER_EPOCH:
            result.leader_epoch, result.end_offset = LEADER_EPOCH, log.end
    except RequestError as error:
        result.error_code = error.code
    return result


def delete_records(broker: Broker, request: Any, _head: Request) -> Any:
    """Trim partitions from the front."""
    topics = []
    for topic in request.topics:
        partitions = []
        for wanted in topic.partitions:
            result = DeleteRecordsResponse.DeleteRecordsTopicResult.DeleteRecordsPartitionResult(
                partition_index=wanted.partition_index, low_watermark=-1, error_code=0
            )
            try:
                log = broker.catalog.log(topic.name, wanted.partition_index)
                result.low_watermark = log.delete_records(wanted.offset)
            except RequestError as error:
                result.error_code = error.code
            partitions.append(result)
        topics.append(DeleteRecordsResponse.DeleteRecordsTopicResult(name=topic.name, partitions=partitions))
    return DeleteRecordsResponse(topics=topics)
