"""Finding, isolating and blaming plugins. Built-ins come first, through the same hooks."""

from seqclf.plugins.loading import load_plugins
from seqclf.plugins.manager import Plugins
from seqclf.plugins.record import SLOW_IMPORT_SECONDS, Plugin, describe_failure
from seqclf.plugins.switches import normal_name

__all__ = [
    "SLOW_IMPORT_SECONDS",
    "Plugin",
    "Plugins",
    "describe_failure",
    "load_plugins",
    "normal_name",
]
