"""From a run or from settings to the script that does the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from seqclf.code.datafiles import FileData, Writer, vector_files
from seqclf.code.describing import CannotBeWrittenError
from seqclf.code.form import Network
from seqclf.code.header import header
from seqclf.code.material import Material, absolute, file_material, keras_material
from seqclf.code.recipe import Recipe
from seqclf.contracts import Architecture, Dataset, Encoder, LoadContext, RunConfig
from seqclf.errors import SeqclfError, UsageError
from seqclf.events import Event, Listener, Noted, Working
from seqclf.job import check_classes
from seqclf.paths import cache_folder
from seqclf.planning import Plan
from seqclf.preparing import load_splits, prepare_splits
from seqclf.registry import Registry
from seqclf.runs.run import Run

if TYPE_CHECKING:
    from seqclf.task import Task

Language = Literal["python", "r"]
LANGUAGES = ("python", "r")


@dataclass(frozen=True)
class Script:
    """A script and the files it reads.

    Args:
        language: "python" or "r".
        text: the script.
        files: file name to what writes it, of what has to lie beside the script.
    """

    language: Language
    text: str
    files: Mapping[str, Writer] = field(default_factory=dict, repr=False)


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
    def fused(self) -> bool:
        """Whether fused kernels computed what the script leaves to Keras' own loop."""
        if self.run is not None:
            return bool(self.run.state.get("kernel") == "fused")
        return self.config.kernel == "fused"

    @property
    def encoder(self) -> type[Encoder]:
        """What turns texts into token ids."""
        config = self.config
        return self.registry.encoder(
            config.tokenizer or self.dataset.encoder_with(config.dataset_options)
        )

    @property
    def plan(self) -> Plan:
        """The same as a run that is settled; it has no folder, and watches nothing more."""
        return Plan(
            self.config,
            {},
            self.dataset,
            self.architecture,
            self.encoder,
            (),
            Path(),
            self.registry,
        )


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
        SeqclfError: a layer, a function or a whole model is not Keras' own; or batches are of
            similar lengths (`bucket`).
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"there is no language '{language}' for scripts", hint="choose python or r"
        )
    if subject.config.bucket:
        raise SeqclfError(
            "scripts do not make batches of similar lengths, which --bucket asks for",
            hint="train without --bucket for a run that a script repeats",
        )
    if subject.run is None and subject.config.kernel == "auto":
        # The command in the header is to give the script's numbers.
        subject = replace(subject, config=replace(subject.config, kernel="keras"))
    if subject.fused:
        emit(Noted(_about_kernels(subject.run)))
    subject, material, task = _settled(subject, language, emit)
    from seqclf.training.backend import backend_name, import_keras

    emit(Working(f"loading Keras on {backend_name()}"))
    import_keras()
    emit(Working("writing the model"))
    network, alike = _network(subject, task)
    backend = _backend(subject.run) or backend_name()
    files = material.data.files(stem) if isinstance(material.data, FileData) else {}
    files |= vector_files(network.vectors, stem)
    recipe = Recipe(
        header(subject, material, language, list(files), alike),
        subject.config,
        task.kind,
        task.labels,
        task.loss,
        network,
        material,
        backend,
        stem,
    )
    if language == "python":
        from seqclf.code.python_script import python_script

        return Script("python", python_script(recipe), files)
    from seqclf.code.r_script import r_script

    try:
        return Script("r", r_script(recipe), files)
    except CannotBeWrittenError as error:
        raise _cannot(subject, error, hint="--language python can") from error


def _about_kernels(run: Run | None) -> str:
    what = "what these settings say" if run is None else f"run '{run.name}'"
    return (
        f"fused kernels compute {what}, but Keras' own loop computes the script: their figures "
        "differ by rounding, and by the gradient of the embedding, which the kernels sum; train "
        "with --kernel keras for a run that the script repeats bit for bit"
    )


def _settled(subject: Subject, language: str, emit: Listener) -> tuple[Subject, Material, Task]:
    """Give the settings, the data's side of the script and the task, as the data say them."""
    from seqclf.task import Task

    dataset, config, run = subject.dataset, subject.config, subject.run
    context = LoadContext(cache_folder(), absolute(config.data_dir), config.num_words)
    material = keras_material(dataset, config, context)
    if material is not None and config.maxlen != "auto" and config.vectors is None:
        task = Task(dataset.kind, dataset.labels, config.num_words, config.steps)
        return subject, material, task
    emit(Working(f"loading {config.data}"))
    # A run's notes were made when it was.
    tell = emit if run is None else _without_notes(emit)
    splits = load_splits(dataset, config, tell)
    if run is not None and splits.fingerprint != run.state.get("data_sha256", splits.fingerprint):
        emit(Noted(f"the data are not those that run '{run.name}' was trained on"))
    prepared = prepare_splits(subject.plan, splits, tell)
    subject = replace(subject, config=prepared.plan.config, dataset=prepared.plan.dataset)
    if run is not None:
        check_classes(subject.dataset, run)
    if material is None:
        material = file_material(
            subject.dataset, subject.config, splits, prepared.encoded, language
        )
        for note in material.notes:
            emit(Noted(note))
    return subject, material, prepared.task(note=lambda sentence: tell(Noted(sentence)))


def _without_notes(emit: Listener) -> Listener:
    def tell(event: Event) -> None:
        if not isinstance(event, Noted):
            emit(event)

    return tell


def _network(subject: Subject, task: Task) -> tuple[Network, bool]:
    """Describe the run's model, and say whether the script's starts from the same weights."""
    from seqclf.code.check import starts_alike
    from seqclf.code.network import describe_network
    from seqclf.training.build import build

    config = subject.config
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
