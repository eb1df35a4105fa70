"""What plugins and the core hand each other. Plain data; nothing heavy is imported."""

from seqclf.contracts.data import Encoder, LoadContext, Note, Progress, Ragged, Split, Splits
from seqclf.contracts.history import History
from seqclf.contracts.plugins import Architecture, Dataset, Kind, Provenance, RunInfo
from seqclf.contracts.results import (
    ClassReport,
    LayerSummary,
    ModelSummary,
    Prediction,
    Report,
)
from seqclf.contracts.settings import Optimizer, RunConfig

__all__ = [
    "Architecture",
    "ClassReport",
    "Dataset",
    "Encoder",
    "History",
    "Kind",
    "LayerSummary",
    "LoadContext",
    "ModelSummary",
    "Note",
    "Optimizer",
    "Prediction",
    "Progress",
    "Provenance",
    "Ragged",
    "Report",
    "RunConfig",
    "RunInfo",
    "Split",
    "Splits",
]
