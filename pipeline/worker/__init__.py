"""The stream processors: Faust takes raw records in chunks, the stages enrich them, the outputs are delivered.

Faust and aiokafka are imported in this package only. The order of delivery and commit is in `ARCHITECTURE.md`.
"""
