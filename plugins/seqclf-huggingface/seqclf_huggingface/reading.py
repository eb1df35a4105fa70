"""Reading splits with the `datasets` library, and saying in one sentence why it failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seqclf import LoadContext
from seqclf.errors import DataError, SeqclfError, UsageError, nearest

from seqclf_huggingface.hub import UnreachableError, ask, of_the_hub, once, translated
from seqclf_huggingface.libraries import library, offline_variable, quiet, quiet_hub
from seqclf_huggingface.places import Place


@dataclass(frozen=True)
class Found:
    """What was read.

    Args:
        splits: split name to `datasets.Dataset`.
        revision: the commit on the Hub, "" for local data and where nobody knows it.
    """

    splits: Mapping[str, Any]
    revision: str = ""


def read(place: Place, name: str | None, revision: str | None, context: LoadContext) -> Found:
    """Read all splits; local data are read without the network.

    Args:
        place: where the data are.
        name: the configuration, or None for the only one.
        revision: a branch, tag or commit on the Hub, or None.
        context: takes notes and progress.

    Raises:
        DataError: the data cannot be had or read; says what to do.
        UsageError: a revision of local data, or a configuration of a file.
        PluginError: the library is missing.
    """
    if place.kind != "hub":
        if revision is not None:
            raise UsageError(f"-d revision has no meaning for {place.shown}, which lies here")
        if name is not None and place.kind != "folder":
            raise UsageError(
                f"-d name has no meaning for {place.shown}: only datasets have configurations"
            )
        context.progress(f"reading {place.shown}", 0, 0)
        return _read(place, name, None, network=False)
    context.progress(f"asking the Hugging Face Hub for {place.path}", 0, 0)
    try:
        with quiet_hub():
            ask(place.path, revision, "dataset")
    except UnreachableError as error:
        return _read_kept(place, name, revision, str(error), context)
    context.progress(f"downloading {place.path}", 0, 0)
    return _read(place, name, revision, network=True)


def _read_kept(
    place: Place, name: str | None, revision: str | None, why: str, context: LoadContext
) -> Found:
    """Read what was downloaded before."""
    missing = f"the dataset '{place.path}' is not on this machine, and {why}"
    if place.files is not None:  # copies are not kept by the files they were made of
        raise DataError(missing, once("a local file or folder with -d path"))
    try:
        found = _read(place, name, None, network=False)
    except UnreachableError:
        raise DataError(missing, once("a local file or folder with -d path")) from None
    if revision is not None and revision != found.revision:
        raise DataError(
            f"the copy of '{place.path}' on this machine is of the commit {found.revision}, not "
            f"known to be the revision '{revision}', and {why}",
            f"leave -d revision out, or give -d revision={found.revision}",
        )
    if not offline_variable():
        context.note(f"{why}; the copy of '{place.path}' downloaded before is used")
    return found


def _read(place: Place, name: str | None, revision: str | None, *, network: bool) -> Found:
    datasets = library("datasets")
    try:
        with quiet(network=network):
            if place.kind == "saved":
                return Found(_named(datasets.load_from_disk(place.path)))
            builder = datasets.load_dataset_builder(
                place.path,
                name=name,
                data_files=place.files,
                revision=revision,
                **place.settings,
            )
            builder.download_and_prepare()
            commit = str(builder.hash or "") if place.kind == "hub" else ""
            return Found(_named(builder.as_dataset()), commit)
    except SeqclfError:
        raise
    except Exception as error:
        raise _failure(error, place, name, revision, network) from error


def _named(read: Any) -> Mapping[str, Any]:
    """Give splits by name; what has none is called train."""
    if isinstance(read, dict):
        return {str(name): split for name, split in read.items()}
    return {str(read.split or "train"): read}


def _failure(
    error: Exception, place: Place, name: str | None, revision: str | None, network: bool
) -> Exception:
    told = str(error)
    configurations = _configurations(told)
    if configurations is not None:
        return _wrong_configuration(place, name, configurations)
    if "scripts are no longer supported" in told:
        return DataError(
            f"the dataset '{place.path}' is a script, which the library datasets no longer runs",
            "try -d revision=refs/convert/parquet",
        )
    empty = re.search(r'Instruction "(.*)" corresponds to no data', told)
    if empty:
        return DataError(f"the split '{empty[1]}' of {place.shown} is empty")
    if place.kind == "hub" and (of_the_hub(error) or (not network and "cache" in told)):
        if not network:
            return UnreachableError(told)
        failure = translated(error, place.path, revision, "dataset")
        if isinstance(failure, UnreachableError):
            return DataError(f"downloading '{place.path}' failed: {failure}", "try again later")
        return failure
    root = _root(error)
    if isinstance(root, FileNotFoundError) and place.kind != "hub":
        return DataError(f"there is no data file that the library datasets reads in {place.shown}")
    if isinstance(root, OSError) and root.strerror:
        where = root.filename or place.shown
        return DataError(f"{where} cannot be read or written: {root.strerror}")
    reason = " ".join(str(root).split()) or type(root).__name__
    if len(reason) > 300:
        reason = f"{reason[:300]}…"
    return DataError(f"{place.shown} cannot be read: {reason}")


def _wrong_configuration(place: Place, name: str | None, known: list[str]) -> DataError:
    listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    if name is None:
        return DataError(
            f"{place.shown} has several configurations: {listed}", f"choose -d name={known[0]}"
        )
    close = nearest(name, known)
    hint = f"did you mean '{close}'?" if close else f"there are: {listed or 'none'}"
    return DataError(f"{place.shown} has no configuration '{name}'", hint)


def _configurations(told: str) -> list[str] | None:
    """Give the configurations named in an error about them, or None for another error."""
    if not re.search(r"BuilderConfig .* not found|[Cc]onfig name is missing|[Cc]onfig", told):
        return None
    listed = re.search(r"[Aa]vailable[^\[]*\[(.*?)\]", told, re.DOTALL)
    if listed:
        return re.findall(r"'([^']+)'", listed[1])
    several = re.search(r"multiple '.*?' configurations in the cache: (.*)", told)
    return several[1].split(", ") if several else None


def _root(error: BaseException) -> BaseException:
    """Give what went wrong first; the libraries wrap it up several times."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
