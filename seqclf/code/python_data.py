"""The part of a Python script that reads, splits, encodes and pads the data."""

from __future__ import annotations

from seqclf.code import python_words
from seqclf.code.datafiles import FIRST, FileData
from seqclf.code.layout import Group, laid_out, prefixed
from seqclf.code.material import CSV_FIELD, KerasData
from seqclf.code.python_terms import python, text
from seqclf.code.recipe import Recipe

BALANCED = """\
# Rare classes count more, so that all classes weigh the same in the loss.
examples = np.bincount(y_train, minlength=len(LABELS))
weights = len(y_train) / (len(LABELS) * np.maximum(examples, 1))
class_weight = dict(enumerate(weights.tolist()))
"""

WHAT = {"texts": "texts", "ids": "token ids", "series": "numbers"}
"""What the examples are, in words."""


def blocks(recipe: Recipe) -> list[str]:
    """Give the blocks: read, limit, hold out, weigh, encode, pad."""
    rule, data = recipe.material.rule, recipe.material.data
    words = [] if rule is None else python_words.blocks(rule, recipe.stem)
    if isinstance(data, FileData):
        given = _files(data, recipe)
    else:
        given = _npz(data, recipe) if data.npz else [_keras(data)]
    balanced = [BALANCED] if recipe.is_balanced else []
    return [*given, *_splits(recipe), *balanced, *words, _padding(recipe)]


def _keras(data: KerasData) -> str:
    call = Group(
        f"keras.datasets.{data.module}.load_data(",
        [f"{name}={python(value)}" for name, value in data.options.items()],
        ")",
    )
    return (
        "# ---- The data, as ids: Keras downloads them once\n"
        f"{laid_out(prefixed('train, test = ', call))}\n"
        "x_train, y_train = train\n"
        "x_test, y_test = test\n"
    )


def _npz(data: KerasData, recipe: Recipe) -> list[str]:
    """Do what `load_data` does, with a file that it would not take."""
    options = {"seed": 113, "start_char": 1, "oov_char": 2, "index_from": 3, **data.options}
    start, oov, maxlen = options["start_char"], options["oov_char"], options.get("maxlen")
    first = "" if start is None else f"[{start}] + "
    low = (
        f"{recipe.config.skip_top} <= i < NUM_WORDS" if recipe.config.skip_top else "i < NUM_WORDS"
    )
    if oov is None:
        kept = f"[i for i in ids if {low}]"
    else:
        kept = f"[i if {low} else {oov} for i in ids]"
    arrange = [
        "def arrange(reviews, labels, shuffler):",
        '    """Shuffle the reviews and turn the ranks of their words into ids."""',
        "    order = shuffler.permutation(len(reviews))",
        f"    arranged = [{first}[rank + {options['index_from']} for rank in reviews[n]] "
        "for n in order]",
        "    labels = labels[order]",
    ]
    if maxlen:
        arrange += [
            f"    short = [len(ids) < {maxlen} for ids in arranged]  # longer ones are dropped",
            "    arranged = [ids for ids, kept in zip(arranged, short) if kept]",
            "    labels = labels[short]",
        ]
    arrange.append(f"    return [{kept} for ids in arranged], labels")
    return [
        "# ---- The data, from a file of one's own: Keras' load_data would not take it, so its\n"
        "# steps stand here. allow_pickle lets a file run code: open none you do not trust.\n"
        f"reviews = np.load({text(data.npz)}, allow_pickle=True)\n",
        "".join(f"{line}\n" for line in arrange),
        f"shuffler = np.random.RandomState({options['seed']})\n"
        'x_train, y_train = arrange(reviews["x_train"], reviews["y_train"], shuffler)\n'
        'x_test, y_test = arrange(reviews["x_test"], reviews["y_test"], shuffler)\n',
    ]


def _files(data: FileData, recipe: Recipe) -> list[str]:
    what, first = WHAT[data.holds], FIRST[data.holds]
    example = {
        "texts": "text",
        "ids": "[int(number) for number in ids.split()]",
        "series": "read_steps(series)",
    }[data.holds]
    if data.multilabel:
        first, made = (
            f"{first}, *labels",
            "np.array([[int(yes) for yes in row[1:]] for row in rows])",
        )
    else:
        first, made = f"{first}, _", "np.array([LABELS.index(label) for _, label in rows])"
    wide = "csv.field_size_limit(sys.maxsize)\n" if data.longest > CSV_FIELD else ""
    reader = [
        "def read_examples(name):",
        f'    """Give the {what} of a CSV file and their labels as numbers."""',
        '    with open(Path(__file__).with_name(name), encoding="utf-8", newline="") as file:',
        "        rows = list(csv.reader(file))[1:]",
        f"    labels = {made}",
        f"    return [{example} for {first.replace('*labels', '*_')} in rows], labels",
    ]
    names = {"train": "train", "validation": "val", "test": "test"}
    reads = [
        f"{_examples(recipe, short)}, y_{short} = "
        f"read_examples({text(f'{recipe.stem}_{name}.csv')})\n"
        for name, short in names.items()
        if name in data.splits and (name != "test" or recipe.material.tested)
    ]
    steps = [_steps(data)] if data.holds == "series" else []
    return [
        f"# ---- The data, as {what}\n{wide}",
        *steps,
        "".join(f"{x}\n" for x in reader),
        "".join(reads),
    ]


def _steps(data: FileData) -> str:
    """Read a series; in nine digits float32 comes back bit for bit."""
    return (
        "def read_steps(series):\n"
        '    """Give the numbers of a series, a row a time step."""\n'
        '    steps = [step.split() for step in series.split(";")[:-1]]\n'
        f'    return np.array(steps, dtype="float32").reshape(-1, {data.features})\n'
    )


def _examples(recipe: Recipe, short: str) -> str:
    """Name the variable of a split's examples, before they are ids."""
    data = recipe.material.data
    texts = isinstance(data, FileData) and data.holds == "texts"
    return f"{short}_texts" if texts else f"x_{short}"


def _splits(recipe: Recipe) -> list[str]:
    config, material = recipe.config, recipe.material
    train, val = _examples(recipe, "train"), _examples(recipe, "val")
    blocks = []
    if config.limit is not None:
        test = _examples(recipe, "test")
        lines = [f"{train}, y_train = {train}[:{config.limit}], y_train[:{config.limit}]"]
        if material.tested:
            lines.append(f"{test}, y_test = {test}[:{config.limit}], y_test[:{config.limit}]")
        blocks.append("# Only the first examples.\n" + "".join(f"{line}\n" for line in lines))
    if material.validation == "end of training":
        blocks.append(
            "# The end of the training examples is held out, to compare epochs on.\n"
            f"kept = math.floor(len({train}) * (1 - {config.validation_split}))\n"
            f"{train}, {val} = {train}[:kept], {train}[kept:]\n"
            "y_train, y_val = y_train[:kept], y_train[kept:]\n"
        )
    return blocks


def _padding(recipe: Recipe) -> str:
    shorts = ["train"]
    if recipe.material.validation != "none":
        shorts.append("val")
    if recipe.material.tested:
        shorts.append("test")
    lines = []
    for short in shorts:
        name = _examples(recipe, short)
        ids = name if name.startswith("x_") else f"[encode(text) for text in {name}]"
        lines.append(laid_out(prefixed(f"x_{short} = ", padded(ids, recipe))) + "\n")
    return "".join(lines)


def padded(examples: str, recipe: Recipe) -> Group:
    """Call `pad_sequences` on a list of examples."""
    arguments = [examples, "maxlen=MAXLEN"]
    arguments += [f"{name}={text(side)}" for name, side in recipe.sides.items()]
    if recipe.has_series:
        arguments.append('dtype="float32"')
    return Group("keras.utils.pad_sequences(", arguments, ")")
