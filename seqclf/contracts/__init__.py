"""What plugins and the core hand each other. Plain data; nothing heavy is imported."""

from seqclf.contracts.data import Kind, LoadContext, Note, Progress, Ragged, Split, Splits
from seqclf.contracts.encoders import (
    Encoder,
    check_encoder_options,
    encoder_options,
    features_of,
    reads,
    summary_of,
)
from seqclf.contracts.history import History
from seqclf.contracts.plugins import (
    KINDS,
    Architecture,
    Dataset,
    Metric,
    Provenance,
    RunInfo,
    check_kinds,
)
from seqclf.contracts.results import (
    ClassReport,
    LayerSummary,
    ModelSummary,
    Prediction,
    Report,
)
from seqclf.contracts.settings import FILE_DATASET, Kernel, Optimizer, RunConfig, Side

__all__ = [
    "FILE_DATASET",
    "KINDS",
    "Architecture",
    "ClassReport",
    "Dataset",
    "Encoder",
    "History",
    "Kernel",
    "Kind",
    "LayerSummary",
    "LoadContext",
    "Metric",
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
    "Side",
    "Split",
    "Splits",
    "check_encoder_options",
    "check_kinds",
    "encoder_options",
    "features_of",
    "reads",
    "summary_of",
]
