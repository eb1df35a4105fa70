"""What the texts of a run were made of, and how the file was written that they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqclf.contracts import FILE_DATASET, RunConfig, reads
from seqclf.datasets.files.columns import Form
from seqclf.datasets.files.fasttext import PREFIX
from seqclf.datasets.files.lines import starts_with
from seqclf.datasets.files.parts import find_parts
from seqclf.datasets.files.tables import is_table_path, suffix_of
from seqclf.errors import DataError, UsageError
from seqclf.runs.run import Run

_USUAL = {"delimiter": None, "quote": '"', "header": "auto"}


@dataclass(frozen=True)
class Trained:
    """What the texts of a run were made of.

    Args:
        form: what the columns hold.
        texts: the columns of the texts, if any are known.
        label: the column of the classes, or None.
        series: the column that names a row's series, for the form "long".
        features: how many columns make a step, for the form "wide".
        table: whether they came from a table of a person's own: no folder with one folder a
            class, and not fastText's lines, which have no columns to find again.
        suffix: what the name of that file ends with, `.gz` left out.
        layout: what is known of its delimiter, quote and header, as `open_table` takes them.
    """

    form: Form
    texts: tuple[str, ...] = ()
    label: str | None = None
    series: str | None = None
    features: int = 1
    table: bool = False
    suffix: str = ""
    layout: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> Trained:
        """Take it from the settings of a run."""
        options = _file_options(run.config)
        forms: dict[str, Form] = {"ids": "ids", "series": "wide"}
        form = forms.get(reads(run.encoder), "text")
        if options.get("ids"):
            form = "ids"
        elif options.get("series"):
            form = options["series"]
        layout = {
            name: options[name]
            for name, usual in _USUAL.items()
            if options.get(name, usual) != usual
        }
        if "header" in layout:
            layout["header"] = layout["header"] == "yes"
        return cls(
            form,
            tuple(options.get("text_column") or ()),
            options.get("label_column"),
            options.get("series_column"),
            options.get("features") or 1,
            _has_file(run.config) and _was_table(options),
            suffix_of(str(options.get("path", ""))),
            layout,
        )

    def layout_for(self, path: Path, given: Iterable[str] = ()) -> dict[str, Any]:
        """Give what is known of the layout of a file that is called like the one of training.

        Args:
            path: the file.
            given: what was said of it, which is left out.

        Example:
            >>> trained = Trained("text", suffix=".csv", layout={"delimiter": ";"})
            >>> trained.layout_for(Path("new.csv.gz")), trained.layout_for(Path("new.tsv"))
            ({'delimiter': ';'}, {})
        """
        if not self.suffix or self.suffix != suffix_of(path.name):
            return {}
        return {name: value for name, value in self.layout.items() if name not in given}

    def is_in(self, columns: Iterable[str]) -> bool:
        """Say whether a file with such columns is one the run could be asked about.

        Numbers say little: every file has a first column. That of the classes must be there, too.

        Example:
            >>> named, numbered = Trained("text", ("body",)), Trained("text", ("1",), "2")
            >>> named.is_in(["id", "body"]), named.is_in(["1"]), numbered.is_in(["1"])
            (True, False, False)
        """
        there = {name.strip() for name in columns}
        if all(name.isdecimal() for name in self.texts):
            return bool(self.texts) and {*self.texts, self.label or ""} <= there
        return any(name.strip() in there for name in self.texts)


def _has_file(config: RunConfig) -> bool:
    return config.dataset.rpartition(":")[2] == FILE_DATASET


def _file_options(config: RunConfig) -> Mapping[str, Any]:
    """Give the options of the dataset `file`, none where the run has another dataset."""
    return config.dataset_options if _has_file(config) else {}


def _was_table(options: Mapping[str, Any]) -> bool:
    """Say whether the dataset `file` read a table, by its name, what is there now, or columns."""
    name = str(options.get("path", ""))
    if is_table_path(Path(name)):
        return True
    try:
        train = find_parts(name).train if name else None
        if train is not None and train.exists():
            return not train.is_dir() and not starts_with(train, 16).startswith(PREFIX.encode())
    except (DataError, UsageError, OSError):
        pass  # it may have gone
    columns = tuple(options.get("text_column") or ()), options.get("label_column")
    return columns not in ((("text",), "label"), (("text",), "labels"))
