"""Finding the run a command names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from seqclf.cli.registering import load_registry, print_sentences, tell_complaints
from seqclf.registry import Registry
from seqclf.runs.run import Run


def open_named_run(
    reference: str, out: Path | None, plugins: Iterable[str] = (), kernel: str | None = None
) -> tuple[Run, Registry]:
    """Open a run by path, name or "last", with the registry that it was opened with.

    Args:
        reference: the run.
        out: the folder of runs.
        plugins: plugin files to load.
        kernel: what shall compute recurrent layers, in place of what the run's settings say.
    """
    from seqclf.loading import open_run, other_versions
    from seqclf.runs.folder import find_run, runs_folder

    folder = find_run(reference, runs_folder() if out is None else out)
    registry = load_registry(plugins)
    tell_complaints(registry.plugins)
    run = open_run(folder, registry, kernel)
    print_sentences(other_versions(run, registry))
    return run, registry
