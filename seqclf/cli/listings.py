"""Commands that list one kind of what plugins give, or show one of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from seqclf.cli.documents import print_document
from seqclf.cli.optionlists import option_documents
from seqclf.cli.registering import load_registry, tell_complaints
from seqclf.options import Option
from seqclf.registry import Entry, Registry


@dataclass(frozen=True)
class Listing:
    """How one kind is shown.

    Args:
        kind: one of `seqclf.registry.KINDS`.
        columns: the list's columns.
        row: an entry's cells.
        brief: an entry's JSON values in the list.
        facts: an entry's labels and values when it is shown alone.
        document: the same as JSON values.
        options: an entry's options, with their help.
        flag: how the options are set: "-p NAME=VALUE"; "" where the kind has none.
    """

    kind: str
    columns: Sequence[str]
    row: Callable[[Entry], Sequence[Any]]
    brief: Callable[[Entry], dict[str, Any]]
    facts: Callable[[Entry], dict[str, str]]
    document: Callable[[Entry], dict[str, Any]]
    options: Callable[[Entry], list[Option]] = lambda entry: []
    flag: str = ""

    def show(self, name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
        """List the kind, or show the one with a name.

        Raises:
            UsageError: there is none of that name.
        """
        registry = load_registry(plugin)
        if name is None:
            self._list(registry, as_json)
        else:
            self._show_one(registry.find(self.kind, name), as_json)
        tell_complaints(registry.plugins)

    def _list(self, registry: Registry, as_json: bool) -> None:
        from seqclf.ui.listing import print_listing

        entries = registry.all(self.kind)
        if as_json:
            print_document([self.brief(entry) for entry in entries])
        else:
            print_listing([tuple(self.row(entry)) for entry in entries], tuple(self.columns))

    def _show_one(self, entry: Entry, as_json: bool) -> None:
        from seqclf.ui.listing import print_facts, print_options

        options = self.options(entry)
        if as_json:
            document = self.document(entry)
            if self.flag:
                document["options"] = option_documents(options)
            print_document(document)
            return
        facts = {**self.facts(entry), "from": str(entry.plugin.provenance)}
        print_facts([(label, value) for label, value in facts.items() if value])
        if self.flag:
            print_options(options, title=f"Options ({self.flag} NAME=VALUE)")


def joined(values: Any) -> str:
    """Say a mapping's names and values in a line: "maxlen=40, epochs=3".

    Example:
        >>> joined({"maxlen": 40})
        'maxlen=40'
    """
    return ", ".join(f"{key}={value}" for key, value in dict(values).items())


def name_argument(complete: Any) -> Any:
    """Make the argument NAME, which may be left out."""
    return click.argument("name", required=False, shell_complete=complete)
