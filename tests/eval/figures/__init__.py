"""Evaluation of the figures stage."""
