"""Answers about the broker itself: versions, metadata, the coordinator's address, producer ids."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kafka.protocol.admin import DescribeClusterResponse
from kafka.protocol.metadata import FindCoordinatorResponse, MetadataResponse
from kafka.protocol.producer import InitProducerIdResponse

from pipeline.embedded.catalog import Catalog, Topic, check_name
from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.coordinator import Coordinator
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.wire import Request

NODE_ID = 1
LEADER_EPOCH = 0


class Disposal(Protocol):
    """Removes directories in the background."""

    def __call__(self, directories: list[Path]) -> None:
        """Take these, return at once."""


@dataclass(frozen=True, slots=True)
class Broker:
    """What the answers are made from."""

    config: BrokerConfig
    catalog: Catalog
    coordinator: Coordinator
    host: str
    port: int
    dispose: Disposal


def metadata(broker: Broker, request: Any, head: Request) -> Any:
    """Brokers and topics; a topic that is not there is never created."""
    everything = request.topics is None or (head.version == 0 and not request.topics)
    if everything:
        topics = [_described(topic) for topic in broker.catalog.topics.values()]
    else:
        topics = [_looked_up(broker.catalog, wanted) for wanted in request.topics]
    node = MetadataResponse.MetadataResponseBroker(node_id=NODE_ID, host=broker.host, port=broker.port, rack=None)
    return MetadataResponse(brokers=[node], cluster_id=broker.catalog.cluster_id, controller_id=NODE_ID, topics=topics)


def _looked_up(catalog: Catalog, wanted: Any) -> Any:
    try:
        if wanted.name is None:
            return _described(catalog.by_id(wanted.topic_id))
        check_name(wanted.name)
        return _described(catalog.topic(wanted.name))
    except RequestError as error:
        return MetadataResponse.MetadataResponseTopic(
            error_code=error.code, name=wanted.name, topic_id=wanted.topic_id, is_internal=False, partitions=[]
        )


def _described(topic: Topic) -> Any:
    partitions = [
        MetadataResponse.MetadataResponseTopic.MetadataResponsePartition(
            error_code=0,
            partition_index=index,
            leader_id=NODE_ID,
            leader_epoch=LEADER_EPOCH,
            replica_nodes=[NODE_ID],
            isr_nodes=[NODE_ID],
            offline_replicas=[],
        )
        for index in range(len(topic.partitions))
    ]
    return MetadataResponse.MetadataResponseTopic(
        error_code=0, name=topic.name, topic_id=topic.id, is_internal=False, partitions=partitions
    )


def describe_cluster(broker: Broker, _request: Any, _head: Request) -> Any:
    """The one node."""
    node = DescribeClusterResponse.DescribeClusterBroker(
        broker_id=NODE_ID, host=broker.host, port=broker.port, rack=None, is_fenced=False
    )
    return DescribeClusterResponse(cluster_id=broker.catalog.cluster_id, controller_id=NODE_ID, brokers=[node])


def find_coordinator(broker: Broker, request: Any, head: Request) -> Any:
    """This broker coordinates every group."""
    node = {"node_id": NODE_ID, "host": broker.host, "port": broker.port, "error_code": 0, "error_message": None}
    if head.version < 4:
        return FindCoordinatorResponse(**node)
    coordinators = [FindCoordinatorResponse.Coordinator(key=key, **node) for key in request.coordinator_keys]
    return FindCoordinatorResponse(coordinators=coordinators)


def init_producer_id(broker: Broker, request: Any, _head: Request) -> Any:
    """A producer id for idempotence. A transactional id is refused for good: there are no transactions here."""
    if request.transactional_id is not None:
        return InitProducerIdResponse(
            error_code=Code.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, producer_id=-1, producer_epoch=-1
        )
    return InitProducerIdResponse(error_code=0, producer_id=broker.catalog.new_producer_id(), producer_epoch=0)
