"""The README's first commands do what it says."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.train
def test_the_commands_run(cli):
    block = next(
        found
        for found in re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
        if "films" in found
    )
    before, after = block.split("EOF\nseqclf", 1)
    subprocess.run(["bash", "-ec", f"{before}EOF\n"], check=True)
    said = {}
    for line in f"seqclf{after}".splitlines():
        command = shlex.split(line)[1:]
        status, said[line], err = cli(*command)
        assert status == 0, err
    assert len(said) == 5
    assert [out.split()[0] for line, out in said.items() if "predict" in line] == ["good", "good"]
