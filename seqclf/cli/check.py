"""`seqclf check DATASET`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from seqclf.cli import complete
from seqclf.cli.documents import print_document
from seqclf.cli.encodingoptions import encoding_options, taken_encoding_options
from seqclf.cli.fileoptions import file_options, taken_file_options
from seqclf.cli.options import (
    data_dir_option,
    dataset_options_option,
    given,
    json_option,
    merged,
    pairs,
    plugin_option,
    setting_options,
)
from seqclf.cli.registering import tell_complaints
from seqclf.cli.sections import SectionedCommand
from seqclf.events import DataReady, Event, Listener, Progressed, Working

if TYPE_CHECKING:
    from seqclf.contracts import RunConfig
    from seqclf.datasets.files.table import Table
    from seqclf.inspection.data import Data
    from seqclf.planning import Plan

SETTINGS = ("validation_split", "limit")

_TABS = "split at tabs"
"""How a table's form begins where a tab stands between its columns."""


@click.command("check", cls=SectionedCommand)
@click.argument("dataset", metavar="DATASET|FILE", shell_complete=complete.datasets)
@dataset_options_option
@setting_options(SETTINGS)
@data_dir_option
@plugin_option
@click.option("--strict", is_flag=True, help="End with status 1 unless every verdict is ok.")
@json_option
@encoding_options
@file_options
def command(
    dataset: str,
    dataset_options: tuple[str, ...],
    tokenizer: str | None,
    tokenizer_options: tuple[str, ...],
    data_dir: str | None,
    plugin: tuple[str, ...],
    strict: bool,
    as_json: bool,
    **settings: Any,
) -> int:
    """Look at DATASET, or at your own FILE, before training.

    The data are read, split and encoded as seqclf run would do it with the same options; nothing
    is trained or kept. Each check ends in a verdict: "ok"; "look": it may be meant, look at it;
    "wrong": what is learned or measured could not be trusted, mend it first; "not tried": the
    data do not allow it.

    Two texts are the same if they differ only by case and blanks; how many agree to the letter is
    told, too.
    """
    from seqclf.inspection.findings import passes
    from seqclf.inspection.look import look
    from seqclf.planning import plan
    from seqclf.ui.consoles import stderr_console, stdout_console
    from seqclf.ui.inspection import print_findings
    from seqclf.ui.screen import training_screen

    file = taken_file_options(settings)
    params, more_options = taken_encoding_options(settings)
    flags: dict[str, Any] = {
        **given({"dataset": dataset, "data_dir": data_dir, "tokenizer": tokenizer, **settings}),
        "params": params,
        "dataset_options": merged(pairs(dataset_options, "-d"), file, "-d"),
        "tokenizer_options": merged(pairs(tokenizer_options, "-t"), more_options, "-t"),
        "plugins": list(plugin),
    }
    settled = plan(flags)
    tell_complaints(settled.registry.plugins)
    with training_screen(stderr_console()) as screen:
        emit = _only_progress(screen)
        data = _encoded(settled, emit)
        emit(Working("comparing texts"))
        found = look(data, lambda done, total: emit(Progressed("comparing texts", done, total)))
    if as_json:
        print_document(
            {
                "dataset": settled.config.data,
                "tokenizer": settled.config.tokenizer,
                "num_words": settled.config.num_words,
                "maxlen": data.maxlen,
                "passes": passes(found),
                "findings": [dataclasses.asdict(finding) for finding in found],
            }
        )
    else:
        print_findings(stdout_console(), found, title=settled.config.data)
    return 1 if strict and not passes(found) else 0


def _encoded(plan: Plan, emit: Listener) -> Data:
    """Give the data of a settled run as training would get them."""
    from seqclf.inspection.data import Data
    from seqclf.preparing import load_splits, prepare_splits

    emit(Working(f"loading {plan.config.data}"))
    splits = load_splits(plan.dataset, plan.config, emit)
    prepared = prepare_splits(plan, splits, emit)
    encoded, config, dataset = prepared.encoded, prepared.plan.config, prepared.plan.dataset
    sources = _sources(config)
    return Data(
        encoded.train,
        encoded.validation,
        encoded.test,
        dataset.labels,
        dataset.kind,
        config.steps,
        config.truncating,
        encoded.encoder,
        held_out=splits.validation is None,
        sources=sources,
        tabbed=frozenset(name for name, file in sources.items() if file.form.startswith(_TABS)),
    )


def _sources(config: RunConfig) -> dict[str, Table]:
    """Give the file of each split of a person's own data, so that places can be named."""
    from seqclf.contracts import FILE_DATASET

    if config.dataset.rpartition(":")[2] != FILE_DATASET:
        return {}
    from seqclf.datasets.files.parts import find_parts
    from seqclf.datasets.files.tables import open_table

    options = config.dataset_options
    parts = find_parts(options["path"], options["test"], options["validation"])
    between = "\t" if options["delimiter"] in ("tab", "\\t") else options["delimiter"]
    how = {"delimiter": between, "quote": options["quote"], "encoding": options["encoding"]}
    train = open_table(parts.train, **how)
    others = {"validation": parts.validation, "test": parts.test}
    return {
        "train": train,
        **{name: open_table(path, **how) if path else train for name, path in others.items()},
    }


def _only_progress(screen: Listener) -> Listener:
    """Leave out what the findings tell better."""

    def tell(event: Event) -> None:
        if not isinstance(event, DataReady):
            screen(event)

    return tell
