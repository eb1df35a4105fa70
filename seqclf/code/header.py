"""The comment that begins a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqclf import __version__
from seqclf.code.commandline import command_line
from seqclf.code.material import KerasData, Material
from seqclf.runs.run import Run

if TYPE_CHECKING:
    from seqclf.code.make import Subject

_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch", "keras": "Keras"}

FUSED = (
    "seqclf computes the recurrent layers by fused kernels, this script by Keras' own loop. The "
    "figures differ by the rounding of floating-point numbers, and by the gradient of the "
    "embedding, in which the kernels sum what belongs to the same word; Keras on TensorFlow does "
    "not. Nothing else differs, and a run with --kernel keras is repeated bit for bit."
)


def header(
    subject: Subject, material: Material, language: str, files: list[str], alike: bool
) -> list[str | list[str]]:
    """Give the paragraphs that begin a script: what it does, whose numbers it gives, its files.

    Args:
        subject: what the script does.
        material: where its examples come from.
        language: "python" or "r".
        files: the names of the files beside it.
        alike: whether the script's network starts from the run's weights.

    Returns:
        The paragraphs; a list is shown line by line.
    """
    config, run = subject.config, subject.run
    same = FUSED if alike and subject.fused else _same(language, alike)
    words = "R's keras3" if language == "r" else "plain Keras"
    paragraphs: list[str | list[str]] = [
        f"What this command does, in {words}:",
        [command_line(config, subject.dataset, subject.architecture, subject.encoder)],
    ]
    if run is None:
        paragraphs.append(f"Written by seqclf {__version__}. {same}")
    else:
        paragraphs.append(
            f"It repeats the run '{run.name}'{_when(run)}, made with {_versions(run)}. {same}"
        )
        if run.state.get("status") == "interrupted":
            epochs = len(run.history.epochs)
            paragraphs.append(
                f"That run was interrupted after epoch {epochs} of {config.epochs}; "
                f"this script trains all {config.epochs}."
            )
    if config.metrics:
        paragraphs.append(
            f"Its metrics {', '.join(config.metrics)} are left out; they change nothing else."
        )
    paragraphs += _about_data(material, files, language)
    return paragraphs


def _same(language: str, alike: bool) -> str:
    if not alike:
        return (
            "The network is the same, but the plugin makes its layers in another order than they "
            "are written here, so that other start weights are drawn and the numbers differ."
        )
    if language == "r":
        return (
            "R's keras3 calls the same Python Keras: with the same versions of it, on the same "
            "kind of processor, the numbers are the same."
        )
    return "With the same versions, on the same kind of processor, every number is the same."


def _when(run: Run) -> str:
    started = str(run.state.get("started", ""))[:10]
    return f" of {started}" if started else ""


def _versions(run: Run) -> str:
    versions = {**run.state.get("versions", {})}
    python = versions.pop("python", "")
    said = [f"{_NAMES.get(name, name)} {version}" for name, version in versions.items()]
    if python:
        said.append(f"Python {python}")
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)


def _about_data(material: Material, files: list[str], language: str) -> list[str | list[str]]:
    data = material.data
    told: list[str | list[str]] = []
    if isinstance(data, KerasData) and data.npz:
        told += ["It reads the reviews from the file that --data-dir led to:", [data.npz]]
    if files:
        where = "in the working directory" if language == "r" else "beside it"
        told += [f"Its data have to lie {where}:", list(files)]
    return told
