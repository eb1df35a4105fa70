"""Checks of a plugin as a whole: version, hooks, names, import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seqclf.checks.elsewhere import ask
from seqclf.checks.finding import Found
from seqclf.checks.outcomes import AdviceError, Check, FailedCheckError, NotTriedError, attempt
from seqclf.hookspecs import API_VERSION
from seqclf.plugins import SLOW_IMPORT_SECONDS, Plugin
from seqclf.plugins.compatibility import VARIABLE

_TRIES = 3
_UNKNOWN_HOOK, _TAKEN_NAME = "there is no hook ", " is also given by "


def check_declarations(subject: str, plugin: Plugin, found: Found) -> Iterator[Check]:
    """Look at what a loaded plugin says: its version, its hooks, the names it gives."""
    given = found.given(plugin)  # calls the hooks, so that their problems are known
    if plugin.provenance.origin != "built-in":
        yield attempt(
            subject, "says which version of the hooks it is made for", lambda: _api(plugin)
        )
    unknown = [problem for problem in plugin.problems if problem.startswith(_UNKNOWN_HOOK)]
    taken = [problem for problem in plugin.problems if _TAKEN_NAME in problem]
    others = [problem for problem in plugin.problems if problem not in (*unknown, *taken)]

    def hooks() -> str:
        _fail_with(unknown)
        if not plugin.hooks:
            raise FailedCheckError(
                "it has none",
                "give its functions @seqclf.hookimpl and a name such as seqclf_architectures",
            )
        return ", ".join(plugin.hooks)

    def gives() -> str:
        _fail_with(others)
        names = [f"{kind} {entry.name}" for kind in given for entry in given[kind]]
        return ", ".join(names)

    yield attempt(subject, "has hooks, and seqclf knows each of them", hooks)
    yield attempt(subject, "gives what its hooks promise", gives)
    yield attempt(subject, "takes no name that another plugin has", lambda: _fail_with(taken))


def _api(plugin: Plugin) -> str:
    declared = getattr(plugin.module, VARIABLE, None)
    if declared is None:
        raise AdviceError(
            f"it does not; write {VARIABLE} = {API_VERSION} into it, so that a later seqclf can "
            "tell what it was made for"
        )
    return f"version {declared}"


def _fail_with(problems: list[str]) -> None:
    if problems:
        raise FailedCheckError("; ".join(problems))


def check_import(subject: str, plugin: Plugin) -> Iterator[Check]:
    """Import the plugin in fresh processes: it must be quick and bring nothing heavy."""
    measured: list[dict[str, Any]] = []

    def quick() -> str:
        where = _where(plugin)
        measured.extend(ask("measure_import", where) for _ in range(_TRIES))
        best = min(each["seconds"] for each in measured)
        told = f"{best * 1000:.0f} ms, the best of {_TRIES}"
        brings = [name for name in measured[-1]["brings"] if not name.startswith("_")]
        if best > SLOW_IMPORT_SECONDS:
            told += f", with {', '.join(brings)}" if brings else ""
            raise FailedCheckError(told, "import what is slow in the functions that need it")
        return told

    def light() -> None:
        if not measured:
            raise NotTriedError("its import could not be measured")
        remedy = "import them in the functions that build and load"
        if measured[-1]["heavy"]:
            heavy = ", ".join(measured[-1]["heavy"])
            raise FailedCheckError(f"importing it imports {heavy}", remedy)
        if measured[-1]["listed"]:
            listed = ", ".join(measured[-1]["listed"])
            raise FailedCheckError(f"its hooks, when called, import {listed}", remedy)

    limit = f"{SLOW_IMPORT_SECONDS * 1000:.0f} ms"
    yield attempt(subject, f"is imported in less than {limit}", quick)
    yield attempt(subject, "imports no TensorFlow, Keras, JAX or PyTorch", light)


def _where(plugin: Plugin) -> dict[str, str]:
    if plugin.provenance.origin == "file":
        return {"origin": "file", "where": plugin.provenance.file}
    name = getattr(plugin.module, "__name__", None)
    if name is None:  # an object: its class is in a module
        name = type(plugin.module).__module__
    return {"origin": "module", "where": str(name)}
