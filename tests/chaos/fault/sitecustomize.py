"""A bug in a stage, for worker processes started with this folder on PYTHONPATH: it fails on a marked text."""

from pipeline import enrich

_detect = enrich.detect_figures


def _faulty(text: str, *args: object, **options: object) -> object:
    if "sets off the bug" in text:
        raise RuntimeError("the bug was set off")
    return _detect(text, *args, **options)  # type: ignore[arg-type]


enrich.detect_figures = _faulty  # type: ignore[assignment]
