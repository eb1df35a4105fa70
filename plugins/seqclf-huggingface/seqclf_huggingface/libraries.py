"""The heavy libraries: imported when they are needed, and kept quiet while they work."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from seqclf.errors import PluginError

OFFLINE = ("HF_DATASETS_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
"""What people set to keep the libraries from the network; any of them counts."""

_TRUE = {"1", "ON", "YES", "TRUE"}


def library(name: str) -> Any:
    """Import a library.

    Args:
        name: the module: "datasets".

    Raises:
        PluginError: it is not installed, or does not import.

    Example:
        >>> library("json").dumps(1)
        '1'
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0].replace("_", "-")
        told = " ".join(str(error).split())
        raise PluginError(
            f"seqclf-huggingface needs the library {package}, which does not import ({told})",
            hint=f"pip install {package}",
        ) from error


def offline_variable() -> str:
    """Name the environment variable that forbids the network; "" if none does."""
    forbids = (name for name in OFFLINE if os.environ.get(name, "").upper() in _TRUE)
    return next(forbids, "")


@contextlib.contextmanager
def quiet_hub() -> Iterator[None]:
    """Keep the bars, warnings and prints of `huggingface_hub` away."""
    bars = library("huggingface_hub.utils")
    shown = not bars.are_progress_bars_disabled()
    loggers = [logging.getLogger(name) for name in ("datasets", "huggingface_hub", "fsspec")]
    levels = [logger.level for logger in loggers]
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(sys.stderr):
            warnings.simplefilter("ignore")
            bars.disable_progress_bars()
            for logger in loggers:
                logger.setLevel(logging.CRITICAL)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if shown:
            _show_again(bars)


@contextlib.contextmanager
def quiet(*, network: bool) -> Iterator[None]:
    """Keep what `datasets` shows while it reads away, and it from the network if wanted.

    Args:
        network: whether it may use the network. Without it not even its counting of
            downloads, which it does for local files, too, goes out.
    """
    datasets = library("datasets")
    shown = not datasets.utils.are_progress_bars_disabled()
    offline = datasets.config.HF_HUB_OFFLINE
    try:
        with quiet_hub():
            datasets.disable_progress_bars()
            datasets.config.HF_HUB_OFFLINE = offline or not network
            yield
    finally:
        datasets.config.HF_HUB_OFFLINE = offline
        if shown:
            _show_again(datasets.utils)


def _show_again(bars: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # HF_HUB_DISABLE_PROGRESS_BARS=1 is told otherwise
        bars.enable_progress_bars()
