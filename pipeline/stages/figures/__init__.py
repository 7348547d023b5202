"""Figures: every number that a news text claims, with what is counted, what happened, where, when and who says so."""

from pipeline.stages.figures.detect import detect_figures

__all__ = ["detect_figures"]
