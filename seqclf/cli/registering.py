"""Loading the plugins for a command, and telling what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from seqclf.events import Event, Noted
from seqclf.plugins import Plugins, load_plugins
from seqclf.registry import Registry


def load_registry(files: Iterable[str] = (), *, tolerant: bool = False) -> Registry:
    """Load the plugins for a command; a tolerant one shows a broken file instead of failing."""
    return Registry(load_plugins(list(files), tolerant=tolerant))


def print_notes(event: Event) -> None:
    """Print the notes among events, on standard error."""
    if isinstance(event, Noted):
        from seqclf.ui.consoles import stderr_console
        from seqclf.ui.errors import print_note

        print_note(stderr_console(), event.sentence)


def tell_complaints(plugins: Plugins) -> None:
    """Print what is wrong with the plugins, a line each, on standard error."""
    print_sentences(plugins.complaints())


def print_sentences(sentences: Sequence[str]) -> None:
    """Print sentences as notes, a line each, on standard error."""
    if sentences:
        from seqclf.ui.consoles import stderr_console
        from seqclf.ui.errors import print_note

        console = stderr_console()
        for sentence in sentences:
            print_note(console, sentence)
