"""Run the commands of a Markdown page, as a reader who pastes them one after the other.

    python docs/run_commands.py README.md tutorials/first-run.md

Fenced `sh` blocks are run by one bash per page, `python` blocks by the Python
on its PATH. A block under a comment `<!-- file: NAME -->` is written to that file,
one under `<!-- not run: reason -->` is left out. Ends with the first failing
command's status.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_BLOCK = re.compile(
    r"(?P<skip><!-- not run: [^>]+-->\n+)?(?:<!-- file: (?P<file>[\w.]+) -->\n+)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def script(page: str) -> str:
    """Give a page's commands as one bash script."""
    parts = ["set -euo pipefail"]
    for block in _BLOCK.finditer(page):
        if block["skip"]:
            continue
        if block["file"]:
            parts.append(f"cat >{block['file']} <<'END_OF_BLOCK'\n{block['text']}END_OF_BLOCK")
        elif block["language"] == "sh":
            parts.append(f"set -x\n{block['text']}{{ set +x; }} 2>/dev/null")
        elif block["language"] == "python":
            parts.append(f"python - <<'END_OF_BLOCK'\n{block['text']}END_OF_BLOCK")
    return "\n".join(parts) + "\n"


def main() -> int:
    """Run the pages named on the command line."""
    for name in sys.argv[1:]:
        print(f"== {name}", flush=True)
        commands = script(Path(name).read_text(encoding="utf-8"))
        status = subprocess.run(["bash", "-c", commands], stdin=subprocess.DEVNULL).returncode
        if status:
            print(f"{name}: a command failed with status {status}", file=sys.stderr)
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
