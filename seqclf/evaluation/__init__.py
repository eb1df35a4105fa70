"""Judging models: probabilities, metrics, the report."""
