"""What runs in the other process. `seqclf.checks.elsewhere` begins it and reads the answer."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

HEAVY = ("tensorflow", "keras", "jax", "torch")
"""What no plugin may import before it is needed."""


def main() -> None:
    """Read a request from standard input, do it, and write what came of it as JSON.

    Whatever a plugin prints, Python or not, goes to standard error.
    """
    request = json.load(sys.stdin)
    answer = os.dup(1)
    os.dup2(2, 1)
    try:
        reply = {"gave": _WORK[request["work"]](**request["told"])}
    except (Exception, SystemExit) as error:
        reply = {"error": _told(error)}
    with os.fdopen(answer, "w", encoding="utf-8") as stream:
        json.dump(reply, stream)


def _told(error: BaseException) -> str:
    from seqclf.checks.outcomes import told

    return told(error)


def measure_import(origin: str, where: str) -> dict[str, Any]:
    """Import a plugin after the built-ins, as seqclf does, and call what lists its things.

    Args:
        origin: "file" or "module".
        where: the file's path or the module's name.

    Returns:
        "seconds" of the import, the other distributions' modules it "brings", the "heavy"
        libraries among them, and "listed": those that came only with the hooks.
    """
    import importlib
    from pathlib import Path

    import seqclf
    from seqclf.contracts import Provenance
    from seqclf.plugins import Plugin, load_plugins
    from seqclf.plugins.files import import_file
    from seqclf.plugins.loading import BUILT_IN
    from seqclf.plugins.switches import ALLOW, BLOCK
    from seqclf.registry import KINDS, Registry

    # What is measured must not have been imported before.
    blocked = ",".join(BUILT_IN) if where in BUILT_IN else ""
    plugins = load_plugins(environ={ALLOW: "", BLOCK: blocked})
    _ = seqclf.architecture, seqclf.dataset, seqclf.hookimpl, seqclf.Task
    already = set(sys.modules)
    started = time.perf_counter()
    module = import_file(Path(where)) if origin == "file" else importlib.import_module(where)
    seconds = time.perf_counter() - started
    brought = {name.partition(".")[0] for name in set(sys.modules) - already}
    own = {"seqclf", module.__name__.partition(".")[0]}
    brings = [name for name in brought - sys.stdlib_module_names - own if name.isidentifier()]
    heavy = _heavy(already)
    already.update(sys.modules)
    plugins.register(Plugin(Provenance("measured", "file", file=where)), module)
    registry = Registry(plugins)
    for kind in KINDS:
        registry.all(kind)
    return {"seconds": seconds, "brings": sorted(brings), "heavy": heavy, "listed": _heavy(already)}


def _heavy(already: set[str]) -> list[str]:
    return [name for name in HEAVY if name in sys.modules and name not in already]


def encode(
    module: str, file: str, name: str, stored: dict[str, Any], texts: Sequence[str]
) -> list[list[int]]:
    """Make an encoder from its description, and give the ids of texts.

    Args:
        module: the module of its class.
        file: the plugin file, or "" where the module can be imported.
        name: the class' name in the module.
        stored: what `to_dict` gave.
        texts: what to encode.
    """
    import importlib
    from operator import attrgetter
    from pathlib import Path

    from seqclf.plugins.files import import_file

    found = import_file(Path(file)) if file else importlib.import_module(module)
    encoder = attrgetter(name)(found).from_dict(stored)
    return [ids.tolist() for ids in encoder.encode(list(texts))]


def predict(folders: Sequence[str], texts: Sequence[str]) -> list[dict[str, Any]]:
    """Load runs and give each one's probabilities, or why it has none.

    Returns:
        A mapping a run with "gave" or "error".
    """
    import warnings

    import seqclf

    warnings.simplefilter("ignore")
    replies: list[dict[str, Any]] = []
    for folder in folders:
        try:
            predictions = seqclf.load_run(folder).predict(texts)
            replies.append({"gave": [dict(each.probabilities) for each in predictions]})
        except (Exception, SystemExit) as error:
            replies.append({"error": _told(error)})
    return replies


_WORK: dict[str, Callable[..., Any]] = {
    "measure_import": measure_import,
    "encode": encode,
    "predict": predict,
}
