"""`README.md` of a run: a model card for whoever finds the folder."""

from __future__ import annotations

from pathlib import Path

from seqclf.contracts import Dataset, ModelSummary, Report, RunConfig


def model_card(
    folder: Path,
    config: RunConfig,
    dataset: Dataset,
    summary: ModelSummary,
    report: Report | None,
) -> str:
    """Write what the model is, what it was trained on, how it fared and how to use it."""
    name, parent = folder.name, folder.absolute().parent.name
    lines = [
        f"# {name}",
        "",
        f"A `{config.arch}` network with {summary.parameters:,} parameters, trained by "
        f"seqclf on `{config.data}`.",
        "",
        f"- Data: {dataset.summary}" + (f" Source: {dataset.source}." if dataset.source else ""),
        f"- Licence of the data: {dataset.licence or 'not stated'}",
        f"- Classes, in order: {', '.join(dataset.labels)}",
        f"- Seed: {config.seed}; the settings are in `config.toml`.",
    ]
    if report is not None:
        low, high = report.interval
        lines.append(
            f"- Test accuracy: {report.accuracy:.4f} (95 % interval {low:.4f} to {high:.4f}) "
            f"on {report.examples:,} examples"
        )
    lines += [
        "",
        f"Use it from the folder that holds `{parent}`:",
        "",
        f'    seqclf predict {parent}/{name} "a text"',
        "",
        *_gates(config),
        "Train it again:",
        "",
        f"    seqclf run --config {parent}/{name}/config.toml",
        "",
        "Look at it in R, with the package tfruns:",
        "",
        f'    tfruns::view_run("{parent}/{name}")',
        "",
        "The figures hold for texts like those of the data set; nothing was checked on others.",
    ]
    return "\n".join(lines) + "\n"


def _gates(config: RunConfig) -> list[str]:
    """Say what Keras must know before it reads a model with a function of seqclf's."""
    if config.params.get("gates") != "keras2":
        return []
    return [
        "`model.keras` has the hard sigmoid of Keras 2, which Keras 3 lacks. To open it with",
        "`keras.saving.load_model`, call `seqclf.r.gates.register()` before.",
        "",
    ]
