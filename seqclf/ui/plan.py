"""What is about to be trained, on what and with which settings; and what the data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from seqclf.events import DataReady, Planned
from seqclf.ui.flow import Flow, facts
from seqclf.ui.text import number, one_line, setting, share

_TABLES = {"params": "options", "dataset_options": "data", "tokenizer_options": "tokenizer"}
_MANY_LABELS = 6
_LENGTHS = {
    "text": "tokens a training text",
    "ids": "ids a training sequence",
    "series": "steps a training series",
}


@dataclass(frozen=True)
class Settings:
    """A run's settings, sorted for reading; every value is a text.

    Args:
        chosen: name, value and source of those that somebody set.
        defaults: name and value of the others.
        tables: what a table of options is called, and its names and values.
    """

    chosen: tuple[tuple[str, str, str], ...]
    defaults: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def sorted_settings(planned: Planned) -> Settings:
    """Sort the settings: set by somebody, left at their defaults, options of the parts."""
    chosen: list[tuple[str, str, str]] = []
    defaults: list[tuple[str, str]] = []
    tables: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    for name, value in planned.settings.items():
        if isinstance(value, Mapping):
            shown = _worth_showing(name, value, planned.sources)
            if shown:
                tables.append((_TABLES.get(name, one_line(name)), _pairs(shown)))
            continue
        source = planned.sources.get(name, "")
        if name in ("dataset", "arch") or _is_empty(value, source):
            continue
        if source == "default":
            defaults.append((one_line(name), setting(value)))
        else:
            chosen.append((one_line(name), setting(value), one_line(source)))
    return Settings(tuple(chosen), tuple(defaults), tuple(tables))


def _worth_showing(
    table: str, values: Mapping[str, Any], sources: Mapping[str, str]
) -> Mapping[str, Any]:
    """Show all of the architecture's options, and those of the other parts that somebody set."""
    if table == "params":
        return values
    return {name: value for name, value in values.items() if f"{table}.{name}" in sources}


def _is_empty(value: Any, source: str) -> bool:
    return value in ([], ()) or (not source and value in (None, ""))


def _pairs(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((one_line(str(name)), setting(value)) for name, value in values.items())


def planned_renderable(planned: Planned) -> RenderableType:
    """Draw what will be trained, on what, with which settings."""
    heading = Text.assemble(
        ("Training ", "title"),
        (one_line(planned.arch), "bold cyan"),
        (" on ", "title"),
        (one_line(planned.dataset), "bold cyan"),
    )
    settings = sorted_settings(planned)
    rows: list[tuple[str, RenderableType]] = [("run", one_line(str(planned.folder)))]
    if settings.chosen:
        rows.append(("set", Flow([_chosen(*item) for item in settings.chosen])))
    rows += [(label, Flow([_pair(*pair) for pair in pairs])) for label, pairs in settings.tables]
    if settings.defaults:
        rows.append(("default", Flow([Text(" ".join(pair)) for pair in settings.defaults])))
    return Group(heading, facts(rows))


def _chosen(name: str, value: str, source: str) -> Text:
    text = _pair(name, value)
    return text.append(f" ({source})", "quiet") if source else text


def _pair(name: str, value: str) -> Text:
    return Text.assemble(name, " ", (value, "bold"))


def splits_sentence(data: DataReady) -> str:
    """Say how many examples there are: "20,000 training, 25,000 test examples"."""
    counts = (("training", data.train), ("validation", data.validation), ("test", data.test))
    return ", ".join(f"{number(count)} {name}" for name, count in counts if count) + " examples"


def classes_sentence(data: DataReady) -> str:
    """Name the classes: "2 classes: negative, positive"; many are only counted."""
    count = f"{len(data.labels)} classes"
    if len(data.labels) > _MANY_LABELS:
        return count
    return f"{count}: {', '.join(map(one_line, data.labels))}"


def lengths_sentence(data: DataReady, maxlen: Any = None) -> str:
    """Tell the mean length and the share that is cut."""
    limit = f" at {maxlen}" if isinstance(maxlen, int) else ""
    cut = f"{share(data.cut)} are cut{limit}" if data.cut else f"none is cut{limit}"
    what = _LENGTHS.get(data.reads, _LENGTHS["text"])
    return f"{data.mean_length:,.1f} {what} on average; {cut}"


def data_renderable(data: DataReady, maxlen: Any = None) -> RenderableType:
    """Draw what the data are."""
    rows: list[tuple[str, RenderableType]] = [
        ("examples", splits_sentence(data)),
        ("classes", classes_sentence(data)),
        ("lengths", lengths_sentence(data, maxlen)),
    ]
    return facts(rows)
