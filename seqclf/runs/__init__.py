"""The run folder: everything a run leaves on disk, and how it is found and read again."""

from seqclf.runs.run import Run

__all__ = ["Run"]
