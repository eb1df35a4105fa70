"""What is known of one plugin, and what its failures are called."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, Literal

from seqclf.contracts import Provenance
from seqclf.errors import described
from seqclf.plugins.compatibility import OtherApiVersionError

SLOW_IMPORT_SECONDS = 0.1
"""`seqclf plugins` reports an import that takes longer."""

VERY_SLOW_IMPORT_SECONDS = 0.5
"""Every command reports an import that takes longer, since it waits for it."""


class WrongArgumentsError(Exception):
    """A hook's implementation takes arguments that the hook does not have."""


@dataclass
class Plugin:
    """What is known of one plugin, loaded or not.

    Attributes:
        provenance: where it comes from.
        status: "loaded", "failed" or "disabled".
        seconds: how long its import took.
        error: why it failed, in one sentence.
        cause: the exception itself.
        problems: what is wrong with it although it loaded, one sentence each.
        hooks: the hooks it implements.
        module: the plugin object.
        silenced: hooks that raised; they are not called again.
    """

    provenance: Provenance
    status: Literal["loaded", "failed", "disabled"] = "loaded"
    seconds: float = 0.0
    error: str = ""
    cause: BaseException | None = None
    problems: list[str] = field(default_factory=list)
    hooks: list[str] = field(default_factory=list)
    module: Any = None
    silenced: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.provenance.plugin

    @property
    def source(self) -> str:
        """The file its code stands in, "" where it is not known."""
        return str(getattr(self.module, "__file__", None) or self.provenance.file)

    @property
    def slow(self) -> bool:
        """Whether its import took longer than a plugin's should."""
        return self.seconds > SLOW_IMPORT_SECONDS and self.provenance.origin != "built-in"

    def complaints(self) -> list[str]:
        """Say what is wrong with it, one sentence each."""
        said = [f"{self.provenance} failed: {self.error}"] if self.status == "failed" else []
        said += [f"{self.provenance}: {problem}" for problem in self.problems]
        if self.slow and self.seconds > VERY_SLOW_IMPORT_SECONDS:
            said.append(
                f"{self.provenance} takes {self.seconds:.1f} s to import, and every command waits "
                f"for it; SEQCLF_DISABLE_PLUGINS={self.name} leaves it out (its author imports "
                "heavy modules inside functions)"
            )
        return said


def describe_failure(error: BaseException, file: str = "") -> str:
    """Say in one line what an exception says, with the remedy where it is plain.

    Args:
        error: the exception.
        file: the plugin's file; the last place in it is told.
    """
    if isinstance(error, SyntaxError):
        where = f"line {error.lineno}" if error.lineno else "it"
        return f"{where} is not Python: {error.msg}"
    if isinstance(error, ValueError) and "null bytes" in str(error):  # Python before 3.11.4
        return f"it is not Python: {error}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        if top in sys.modules:
            return f"it needs the module '{error.name}', which this version of {top} does not have"
        return f"it needs the module '{top}' (pip install {top})"
    if isinstance(error, (OtherApiVersionError, WrongArgumentsError)):
        return str(error)
    if isinstance(error, SystemExit):
        return f"it ended the program with status {error.code}"
    return described(error, file)
