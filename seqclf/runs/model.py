"""`model.keras`: written whole, and read with care for layers that plugins bring."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seqclf.errors import RunError
from seqclf.runs.files import replacing


def save_model(path: Path, model: Any) -> None:
    """Save a `keras.Model`, whole or not at all.

    Raises:
        RunError: it cannot be written or serialised.
    """
    with replacing(path) as temporary:
        try:
            model.save(temporary)
        except OSError:
            raise
        except Exception as error:
            told = " ".join(str(error).split())
            raise RunError(f"{path} could not be saved: {type(error).__name__}: {told}") from error


def custom_objects(path: Path) -> list[str]:
    """Name the registered classes and functions in a saved model that are not Keras' own.

    Those of its compilation do not count: a run's model is loaded without it, so that nobody
    needs a plugin's metric to predict.

    Raises:
        RunError: the file is missing or not a whole archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            if broken:
                raise RunError(
                    f"{path} is damaged: {broken} fails its checksum", hint="train again"
                )
            config = json.loads(archive.read("config.json"))
            config.pop("compile_config", None)
    except FileNotFoundError:
        raise RunError(f"{path} is missing", hint="the run is not whole; train it again") from None
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise RunError(
            f"{path} is damaged: it is not a whole Keras archive ({error})",
            hint="train the run again",
        ) from None
    return sorted(set(_registered_names(config)))


def _registered_names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        module = value.get("module")
        name = value.get("registered_name") or value.get("class_name")
        if "class_name" in value and isinstance(name, str) and name != "__tuple__":
            known = isinstance(module, str) and module.partition(".")[0] in ("keras", "builtins")
            if not known and (module is not None or ">" in name):
                yield name
            function = value.get("config")
            if name == "function" and isinstance(function, str) and ">" in function:
                yield function
        for item in value.values():
            yield from _registered_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _registered_names(item)


def load_model(path: Path) -> Any:
    """Load a saved model, not compiled. Lambda layers stay refused, as Keras has it.

    Raises:
        RunError: Keras cannot read it.
    """
    import keras

    try:
        return keras.saving.load_model(path, compile=False)
    except Exception as error:
        told = " ".join(str(error).split())
        raise RunError(f"{path} cannot be loaded: {type(error).__name__}: {told[:200]}") from error


def missing_objects(names: list[str]) -> list[str]:
    """Give those of the registered names that nobody has registered."""
    import keras

    return [name for name in names if keras.saving.get_registered_object(name) is None]
