"""What each source of news has sent, what its habit is, and whether it has gone quiet.

`habits` learns and judges, `ledger` remembers over restarts and between processes, `metrics` shows it to Prometheus. A
feed does this:

    with Ledger(settings.state_dir, "watch", say) as ledger, serve_metrics(address, ledger, now):
        ...
        ledger.note(item.source, items=1, size=len(item.body), at=now())  # once it is published
"""

from pipeline.sources.habits import Verdict
from pipeline.sources.ledger import Ledger, SourceState, forget_source, read_sources

__all__ = ["Ledger", "SourceState", "Verdict", "forget_source", "read_sources"]
