"""The environment variables that say which plugins are loaded."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from seqclf.contracts import Provenance

ALLOW, BLOCK = "SEQCLF_LOAD_PLUGINS", "SEQCLF_DISABLE_PLUGINS"
STRICT, FOLDER = "SEQCLF_STRICT_PLUGINS", "SEQCLF_PLUGINS_DIR"


@dataclass(frozen=True)
class Switches:
    """Which plugins are wanted.

    Args:
        allowed: plugin or distribution names to load; None loads all, an empty set
            only what is built in.
        blocked: plugin or distribution names not to load.
        strict: whether the first problem is an error.
        folder: a folder of plugin files, or None.
    """

    allowed: frozenset[str] | None = None
    blocked: frozenset[str] = frozenset()
    strict: bool = False
    folder: Path | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Switches:
        """Read them from the environment; defaults to the process' own."""
        environ = os.environ if environ is None else environ
        allowed, folder = environ.get(ALLOW), environ.get(FOLDER)
        return cls(
            None if allowed is None else _names(allowed),
            _names(environ.get(BLOCK, "")),
            environ.get(STRICT, "") not in ("", "0"),
            Path(folder) if folder else None,
        )

    def want(self, provenance: Provenance) -> bool:
        """Say whether a plugin is to be loaded; built-ins need no permission."""
        names = own_names(provenance)
        if names & self.blocked:
            return False
        return provenance.origin == "built-in" or self.allowed is None or bool(names & self.allowed)

    def unmatched(self, provenances: Iterable[Provenance]) -> Iterator[str]:
        """Name what the switches name and nobody has, a sentence each."""
        if self.folder is not None and not self.folder.is_dir():
            yield f"{FOLDER} names {self.folder}, but there is no such folder"
        if self.allowed == set():
            return  # nobody looked for others than the built-ins
        known = {name for provenance in provenances for name in own_names(provenance)}
        for variable, names in ((ALLOW, self.allowed or ()), (BLOCK, self.blocked)):
            for name in sorted(set(names) - known):
                yield f"{variable} names '{name}', but there is no such plugin"


def normal_name(name: str) -> str:
    """Spell a name as package indexes compare them: lower case, `-` for `_` and `.`.

    Example:
        >>> normal_name("My_Plugin.Extra")
        'my-plugin-extra'
    """
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def own_names(provenance: Provenance) -> set[str]:
    """Give the names a plugin answers to: its own and its distribution's."""
    return {normal_name(name) for name in (provenance.plugin, provenance.distribution) if name}


def _names(value: str) -> frozenset[str]:
    return frozenset(normal_name(name) for name in value.split(",") if name.strip())
