"""What each source of news has sent, what its habit is, and whether it has gone quiet.

`habits` learns and judges, `ledger` remembers over restarts and between processes, `metrics` shows it to Prometheus.
"""

from pipeline.sources.habits import Verdict
from pipeline.sources.ledger import Ledger, SourceState, forget_source, read_sources

__all__ = ["Ledger", "SourceState", "Verdict", "forget_source", "read_sources"]
