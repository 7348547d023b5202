"""Enriching many items on all cores, without a broker."""

from pipeline.batch.enriching import Enriched, Failed, Outcome, enrich_all
from pipeline.batch.pool import WorkerDied

__all__ = ["Enriched", "Failed", "Outcome", "WorkerDied", "enrich_all"]
