"""A new plugin's names: one word gives those of the distribution, the package and the plugin."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from seqclf.errors import UsageError
from seqclf.plugins import normal_name
from seqclf.registry import KINDS, Registry

LONGEST = 40
"""The most characters a name may have: with more, lines of the files would grow too long."""

_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_PREFIX = re.compile(r"seqclf[-_](?=.)", re.IGNORECASE)


@dataclass(frozen=True)
class Names:
    """What a plugin is called, and where.

    Args:
        plugin: the plugin's name and that of what it gives: "deep_moon".

    Example:
        >>> names = Names("deep_moon")
        >>> names.distribution, names.package
        ('seqclf-deep-moon', 'seqclf_deep_moon')
    """

    plugin: str

    @property
    def distribution(self) -> str:
        """What `pip install` calls it; its folder, too."""
        return f"seqclf-{self.plugin.replace('_', '-')}"

    @property
    def package(self) -> str:
        """What `import` calls it."""
        return f"seqclf_{self.plugin}"


def read_names(text: str) -> Names:
    """Read a plugin's name, with or without `seqclf-` before it.

    Args:
        text: what the author typed: "moon", "seqclf-moon", "deep-moon".

    Raises:
        UsageError: it cannot name a distribution, a package and an option's value at once.

    Example:
        >>> read_names("seqclf-deep-moon").plugin
        'deep_moon'
    """
    short = _PREFIX.sub("", text, count=1)
    if not _NAME.fullmatch(short):
        raise UsageError(
            f"'{text}' cannot be a plugin's name: lower-case letters, digits and single - or _ "
            "between them, a letter first",
            hint=_suggestion(short),
        )
    if len(short) > LONGEST:
        raise UsageError(
            f"'{text}' is too long for a plugin's name: {len(short)} characters, at most {LONGEST}"
        )
    plugin = short.replace("-", "_")
    if keyword.iskeyword(plugin):
        raise UsageError(
            f"'{plugin}' cannot be a plugin's name: it is a word of Python's own",
            hint=f"write more, such as my-{plugin}",
        )
    return Names(plugin)


def _suggestion(text: str) -> str:
    """Spell a name as it may be, where that is plain."""
    parts = re.findall(r"[a-z0-9]+", text.lower())
    likely = "-".join(parts).lstrip("0123456789-")
    likely = likely if _NAME.fullmatch(likely) and len(likely) <= LONGEST else "moon"
    return f"such as {likely}"


def check_free(names: Names, registry: Registry) -> None:
    """Check that no plugin has the name and none gives anything under it.

    Args:
        names: the new plugin's.
        registry: the loaded plugins, seqclf's own among them.

    Raises:
        UsageError: the name is taken; the sentence says by whom.
    """
    wanted = {normal_name(names.plugin), normal_name(names.distribution)}
    for plugin in registry.plugins.all:
        provenance = plugin.provenance
        if wanted & {normal_name(provenance.plugin), normal_name(provenance.distribution)}:
            raise _taken(names, f"it is that of {provenance}")
    for kind in KINDS:
        for entry in registry.all(kind):
            if normal_name(entry.name) in wanted:
                raise _taken(names, f"{entry.plugin.provenance} gives the {kind} '{entry.name}'")


def _taken(names: Names, by: str) -> UsageError:
    return UsageError(f"the name '{names.plugin}' is taken: {by}", hint="choose another NAME")
