"""From a run or from settings to the script that does the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from seqclf import __version__
from seqclf.code.describing import CannotBeWrittenError
from seqclf.code.form import Network
from seqclf.code.material import (
    FileData,
    KerasData,
    Material,
    absolute,
    file_material,
    keras_material,
)
from seqclf.code.recipe import Recipe, command_line
from seqclf.contracts import Architecture, Dataset, Encoder, LoadContext, RunConfig
from seqclf.errors import SeqclfError, UsageError
from seqclf.events import Listener, Noted, Working
from seqclf.job import check_classes, load_splits, with_classes
from seqclf.paths import cache_folder
from seqclf.registry import Registry
from seqclf.runs.run import Run

Language = Literal["python", "r"]
LANGUAGES = ("python", "r")

_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch", "keras": "Keras"}


@dataclass(frozen=True)
class Script:
    """A script and the files it reads.

    Args:
        language: "python" or "r".
        text: the script.
        files: file name to text, of what has to lie beside the script.
    """

    language: Language
    text: str
    files: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Subject:
    """What a script is to do.

    Args:
        config: the settings, with a seed.
        dataset: what is learned from.
        architecture: what is built.
        registry: where these come from.
        run: the run that is repeated, or None.
    """

    config: RunConfig
    dataset: Dataset
    architecture: Architecture
    registry: Registry
    run: Run | None = None

    @property
    def encoder(self) -> type[Encoder]:
        """What turns texts into token ids."""
        return self.registry.encoder(self.config.tokenizer or self.dataset.encoder)


def write_code(subject: Subject, language: str, stem: str, emit: Listener) -> Script:
    """Write the script that does what a run did, or what settings say.

    Args:
        subject: the run or the settings.
        language: "python" (Keras) or "r" (keras3).
        stem: what the names of the data files begin with.
        emit: told of what is going on, and of notes.

    Returns:
        The script with its data files; nothing is written to disk.

    Raises:
        UsageError: there is no such language.
        DataError: the data cannot be had.
        SeqclfError: a layer, a function or a whole model is not Keras' own.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"there is no language '{language}' for scripts", hint="choose python or r"
        )
    material, dataset = _material(subject, emit)
    subject = replace(subject, dataset=dataset)
    from seqclf.training.backend import backend_name, import_keras

    emit(Working(f"loading Keras on {backend_name()}"))
    import_keras()
    emit(Working("writing the model"))
    network, alike = _network(subject)
    backend = _backend(subject.run) or backend_name()
    from seqclf.task import Task

    dataset, config = subject.dataset, subject.config
    task = Task(dataset.kind, dataset.labels, config.num_words, config.maxlen)
    files = material.data.texts(stem) if isinstance(material.data, FileData) else {}
    header = _header(subject, material, language, list(files), alike)
    recipe = Recipe(
        header, config, dataset.kind, dataset.labels, task.loss, network, material, backend, stem
    )
    if language == "python":
        from seqclf.code.python_script import python_script

        return Script("python", python_script(recipe), files)
    from seqclf.code.r_script import r_script

    try:
        return Script("r", r_script(recipe), files)
    except CannotBeWrittenError as error:
        raise _cannot(subject, error, hint="--language python can") from error


def _material(subject: Subject, emit: Listener) -> tuple[Material, Dataset]:
    """Give the data's side of the script, and the dataset with the classes its data say."""
    dataset, config, run = subject.dataset, subject.config, subject.run
    context = LoadContext(cache_folder(), absolute(config.data_dir), config.num_words)
    material = keras_material(dataset, config, context)
    if material is not None:
        return material, dataset
    emit(Working(f"loading {dataset.name}"))
    splits = load_splits(dataset, config, emit)
    if run is not None and splits.fingerprint != run.state.get("data_sha256", splits.fingerprint):
        emit(Noted(f"the data are not those that run '{run.name}' was trained on"))
    dataset = with_classes(dataset, splits)
    if run is not None:
        check_classes(dataset, run)
    material = file_material(dataset, config, splits, subject.encoder)
    for note in material.notes:
        emit(Noted(note))
    return material, dataset


def _network(subject: Subject) -> tuple[Network, bool]:
    """Describe the run's model, and say whether the script's starts from the same weights."""
    from seqclf.code.check import starts_alike
    from seqclf.code.network import describe_network
    from seqclf.task import Task
    from seqclf.training.build import build

    dataset, config = subject.dataset, subject.config
    task = Task(dataset.kind, dataset.labels, config.num_words, config.maxlen)
    make: Callable[[], Any] = lambda: build(subject.architecture, task, config.params)  # noqa: E731
    assert config.seed is not None
    try:
        network = describe_network(make)
        return network, starts_alike(make, network, config.seed, config.num_words)
    except CannotBeWrittenError as error:
        raise _cannot(subject, error) from error


def _cannot(subject: Subject, error: CannotBeWrittenError, hint: str = "") -> SeqclfError:
    giver = subject.registry.find("architecture", subject.config.arch).plugin.provenance
    name = subject.architecture.name
    sentence = f"architecture '{name}' of {giver} cannot be written as a script: {error.sentence}"
    return SeqclfError(sentence, hint or error.hint)


def _backend(run: Run | None) -> str | None:
    """Give the backend that a run was made with."""
    versions = {} if run is None else run.state.get("versions", {})
    return next((name for name in ("tensorflow", "jax", "torch") if name in versions), None)


def _header(
    subject: Subject, material: Material, language: str, files: list[str], alike: bool
) -> list[str | list[str]]:
    config, run = subject.config, subject.run
    words = "R's keras3" if language == "r" else "plain Keras"
    header: list[str | list[str]] = [
        f"What this command does, in {words}:",
        [command_line(config, subject.dataset, subject.architecture, subject.encoder)],
    ]
    if run is None:
        header.append(f"Written by seqclf {__version__}. {_same(language, alike)}")
    else:
        header.append(
            f"It repeats the run '{run.name}'{_when(run)}, made with {_versions(run)}. "
            f"{_same(language, alike)}"
        )
        if run.state.get("status") == "interrupted":
            epochs = len(run.history.epochs)
            header.append(
                f"That run was interrupted after epoch {epochs} of {config.epochs}; "
                f"this script trains all {config.epochs}."
            )
    if config.metrics:
        header.append(
            f"Its metrics {', '.join(config.metrics)} are left out; they change nothing else."
        )
    header += _about_data(material, files, language)
    return header


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
    if isinstance(data, KerasData):
        if not data.npz:
            return []
        return ["It reads the reviews from the file that --data-dir led to:", [data.npz]]
    where = "in the working directory" if language == "r" else "beside it"
    return [f"Its data have to lie {where}:", list(files)]
