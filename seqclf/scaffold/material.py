"""A new plugin's files as texts, made from the templates."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from seqclf.scaffold.names import Names

KINDS = ("architecture", "dataset", "encoder")
"""What a new plugin can give."""

LICENCES = ("MIT", "Apache-2.0", "BSD-3-Clause", "none")
"""The licences a new plugin can have, by their SPDX names."""

SUFFIX = ".template"

_OF_KIND = {
    "architecture": {
        "description": "A recurrent network for seqclf",
        "keywords": "seqclf, keras, gru, text classification",
        "package_files": "py.typed",
    },
    "dataset": {
        "description": "Messages to tell apart, for seqclf",
        "keywords": "seqclf, dataset, text classification",
        "package_files": "py.typed, data/*.csv",
    },
    "encoder": {
        "description": "Words and punctuation marks as tokens, for seqclf",
        "keywords": "seqclf, tokenizer, punctuation, text classification",
        "package_files": "py.typed",
    },
}


def make_files(names: Names, kind: str, licence: str, author: str) -> dict[str, str]:
    """Make the files of a new plugin.

    Args:
        names: the plugin's names.
        kind: one of `KINDS`.
        licence: one of `LICENCES`; "none" makes no LICENSE file.
        author: who stands in `setup.cfg` and in the licence.

    Returns:
        Path, relative to the plugin's folder and with `/`, to text; sorted by path.

    Example:
        >>> made = make_files(Names("moon"), "encoder", "none", "Ada Moon")
        >>> [path for path in made if path.startswith("seqclf_moon/")]
        ['seqclf_moon/__init__.py', 'seqclf_moon/encoder.py', 'seqclf_moon/py.typed']
    """
    values = {
        "name": names.plugin,
        "distribution": names.distribution,
        "package": names.package,
        "author": author,
        "author_cfg": author.replace("%", "%%"),  # configparser's own sign
        "year": str(datetime.date.today().year),
        "licence": "all rights reserved" if licence == "none" else licence,
        **_OF_KIND[kind],
    }
    templates = files("seqclf.scaffold") / "templates"
    found = [*_walk(templates / "common"), *_walk(templates / kind)]
    if licence != "none":
        found.append(("LICENSE", templates / "licences" / f"{licence}{SUFFIX}"))
    made = {
        Template(path).substitute(values): Template(file.read_text("utf-8")).substitute(values)
        for path, file in found
    }
    return dict(sorted(made.items()))


def _walk(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    """Give each template below a folder with the path it is to have."""
    for item in folder.iterdir():
        path = f"{above}{item.name}"
        if item.is_dir():
            yield from _walk(item, f"{path}/")
        elif path.endswith(SUFFIX):
            yield path.removesuffix(SUFFIX), item
