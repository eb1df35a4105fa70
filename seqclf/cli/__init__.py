"""The command line: a command parses, calls one function, draws what it gives.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a plugin is unavailable,
130 interrupted.
"""

from seqclf.cli.program import main

__all__ = ["main"]
