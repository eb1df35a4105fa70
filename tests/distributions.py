"""Distributions as pip leaves them: a folder of modules and metadata, put on the path."""

import textwrap

ARCHITECTURE = """
import seqclf

@seqclf.architecture("{name}", summary="for tests")
def build(task, units: int = 3):
    import keras

    return keras.Sequential(
        [
            keras.layers.Embedding(task.num_words, 4),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(task.units, task.activation),
        ]
    )

@seqclf.hookimpl
def seqclf_architectures():
    return [build]
"""


def install(folder, distribution, version, text, *, points=None):
    """Install one module as a distribution.

    Args:
        folder: where to; has to be on `sys.path`.
        distribution: the distribution's name, "seqclf-moon"; its module is seqclf_moon.
        version: the distribution's version.
        text: the module's text.
        points: group to lines of entry points; one plugin, named as what follows "seqclf-".
    """
    module = distribution.replace("-", "_")
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(textwrap.dedent(text))
    name = distribution.removeprefix("seqclf-")
    points = points or {"seqclf": [f"{name} = {module}"]}
    metadata = folder / f"{module}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    )
    (metadata / "entry_points.txt").write_text(
        "".join(f"[{group}]\n" + "\n".join(lines) + "\n" for group, lines in points.items())
    )
