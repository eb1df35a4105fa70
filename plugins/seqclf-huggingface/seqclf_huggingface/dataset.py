"""The dataset hook's half: whatever the `datasets` library loads, as texts and classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import seqclf
from seqclf import LoadContext, Split, Splits

if TYPE_CHECKING:
    from seqclf_huggingface.classes import Classes
    from seqclf_huggingface.examples import Examples


# The classes are not declared: only the data know them, and `Splits` says so.
@seqclf.dataset(
    "huggingface",
    summary="a dataset of the Hugging Face Hub, or local files, as the library datasets loads them",
    origin="file",
    licence="the data's own",
    source="https://huggingface.co/datasets",
)
def huggingface(
    context: LoadContext,
    path: str,
    name: str | None = None,
    text: str | None = None,
    label: str | None = None,
    train: str = "auto",
    test: str | None = "auto",
    validation: str | None = "auto",
    files: str | None = None,
    revision: str | None = None,
    missing: Literal["error", "drop"] = "error",
    seed: Annotated[int, seqclf.Range(least=0)] | None = 1,
) -> Splits:
    """Load texts and classes from the Hugging Face Hub or from local files.

    What exists on this machine comes first and is read without the network. Where the
    network is forbidden (HF_HUB_OFFLINE, HF_DATASETS_OFFLINE) or missing, the copy of a
    former download is read.

    Args:
        context: relative paths are looked up in the current folder, then in `data_dir`.
        path: a name on the Hub ("imdb", "user/name"), a file (csv, tsv, json, jsonl,
            parquet, arrow, txt, also packed), a folder of such files, a folder that
            `save_to_disk` wrote, or a format (csv, json, parquet, arrow, text) with `files`.
        name: the configuration, where a dataset has several.
        text: the text's column; several by comma are joined by a space; none guesses.
        label: the label's column; several by comma, each with 0 and 1, are a class each;
            none guesses.
        train: the split to learn from, or a slice such as train[:80%]; auto guesses.
        test: the split to be judged by, likewise; none for no such split.
        validation: the split that epochs are compared on, likewise; none, and where the
            data have none, holds out the end of the training examples.
        files: FILE,FILE or train=FILE,test=FILE: with a format, the files; with a folder or
            a name on the Hub, those of its files that count.
        revision: a branch, tag or commit on the Hub.
        missing: whether an example without text or label is an error, or is dropped.
        seed: fixes the order the examples are shuffled into, since many datasets are
            sorted by label; none keeps theirs.

    Returns:
        The splits as texts, with the names of the classes and the kind of task.

    Raises:
        DataError: the data cannot be had or read, or are not fit for classification.
        UsageError: no such column or split, or no obvious guess.
    """
    from seqclf_huggingface.classes import find_classes
    from seqclf_huggingface.columns import choose_columns
    from seqclf_huggingface.examples import complete, read_examples
    from seqclf_huggingface.places import find_place
    from seqclf_huggingface.reading import read
    from seqclf_huggingface.slices import choose_splits

    place = find_place(path, files, context)
    found = read(place, name, revision, context)
    wanted = {"train": train, "test": test, "validation": validation}
    rows, names = choose_splits(found.splits, wanted)
    features = rows["train"].features
    texts, labels = choose_columns(features, text, label)
    parts = {
        part: complete(
            read_examples(rows[part], names[part], texts, labels),
            texts,
            labels,
            drop=missing == "drop",
            option=part,
            context=context,
        )
        for part in rows
    }
    classes, values = find_classes(
        labels, features, {part: examples.values for part, examples in parts.items()}
    )
    _tell(context, place.shown, found.revision, texts, labels, classes, parts)
    _tell_of_unseen(context, classes, values["train"])
    splits = {
        part: _split(parts[part].texts, values[part], classes, seed, number)
        for number, part in enumerate(parts)
    }
    return Splits(
        splits["train"],
        splits.get("test"),
        splits.get("validation"),
        labels=classes.names,
        kind=classes.kind,
        fingerprint=_fingerprint(classes.names, splits),
    )


def _split(
    texts: Sequence[str], values: Sequence[object], classes: Classes, seed: int | None, number: int
) -> Split:
    import numpy as np

    numbers = classes.numbers(values)
    if seed is None:
        return Split(numbers, list(texts))
    order = np.random.default_rng([seed, number]).permutation(len(texts))
    return Split(numbers[order], [texts[row] for row in order])


def _tell(
    context: LoadContext,
    shown: str,
    revision: str,
    texts: Sequence[str],
    labels: Sequence[str],
    classes: Classes,
    parts: Mapping[str, Examples],
) -> None:
    """Say what was taken for what, since some of it may have been guessed."""
    listed = ", ".join(classes.names[:6]) + (", …" if len(classes.names) > 6 else "")
    sizes = ", ".join(
        f"{part} {len(examples.texts):,}"
        + ("" if examples.name == part else f" (from {examples.name})")
        for part, examples in parts.items()
    )
    commit = f" at revision {revision[:12]}" if revision else ""
    context.note(
        f"{shown}{commit}: texts from {', '.join(texts)}; {len(classes.names)} classes "
        f"({classes.kind}) from {', '.join(labels)}: {listed}; {sizes}"
    )
    if "test" not in parts:
        context.note(
            "there is no test split, so that the run is not judged; -d train=train[:80%] "
            "-d test=train[80%:] would make one"
        )


def _tell_of_unseen(context: LoadContext, classes: Classes, train: Sequence[object]) -> None:
    marked = classes.numbers(train)
    numbers = set(marked.nonzero()[1].tolist() if marked.ndim == 2 else marked.tolist())
    unseen = [name for number, name in enumerate(classes.names) if number not in numbers]
    if unseen:
        listed = ", ".join(unseen[:6]) + (", …" if len(unseen) > 6 else "")
        context.note(f"no training example has one of {len(unseen)} classes: {listed}")


def _fingerprint(names: Sequence[str], splits: Mapping[str, Split]) -> str:
    """Hash the classes, and each part's labels and texts in their order."""
    import hashlib

    digest = hashlib.sha256("\0".join(names).encode())
    for part, split in splits.items():
        digest.update(f"\1{part}\1".encode())
        digest.update(split.labels.tobytes())
        for text in split.texts or ():
            digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
