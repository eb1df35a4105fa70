"""The part of a Python script that reads, splits, encodes and pads the data."""

from __future__ import annotations

from seqclf.code.layout import Group, laid_out, prefixed
from seqclf.code.material import CSV_FIELD, FileData, KerasData, WordRule
from seqclf.code.python_terms import python, text
from seqclf.code.recipe import Recipe
from seqclf.encoding.words import FILTERS

SPLIT_WORDS = f'''\
def split_words(text):
    """Split a text into lower-case words; apostrophes stay inside."""
    punctuation = {text(FILTERS)}
    blanks = str.maketrans(punctuation, " " * len(punctuation))
    return text.lower().translate(blanks).split()
'''


def blocks(recipe: Recipe) -> list[str]:
    """Give the blocks: read, limit, hold out, encode, pad."""
    rule = recipe.material.rule
    words = [] if rule is None else _words(rule, recipe.stem)
    if isinstance(recipe.material.data, KerasData):
        given = (
            _npz(recipe.material.data, recipe)
            if recipe.material.data.npz
            else [_keras(recipe.material.data)]
        )
        return [*given, *_splits(recipe), *words, _padding(recipe)]
    return [*_files(recipe.material.data, recipe), *_splits(recipe), *words, _padding(recipe)]


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
    what = "texts" if data.holds == "texts" else "token ids"
    example = "text" if data.holds == "texts" else "[int(number) for number in ids.split()]"
    first = "text" if data.holds == "texts" else "ids"
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
    return [
        f"# ---- The data, as {what}\n{wide}",
        "".join(f"{x}\n" for x in reader),
        "".join(reads),
    ]


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


def _words(rule: WordRule, stem: str) -> list[str]:
    return [SPLIT_WORDS, _ranks(rule, stem), _encoder(rule)]


def _ranks(rule: WordRule, stem: str) -> str:
    if rule.source == "training":
        return (
            "# Rank the training texts' words: the most frequent is 1; of equals, the first is.\n"
            "counts = Counter(word for text in train_texts for word in split_words(text))\n"
            "ranks = {word: rank for rank, (word, _) in enumerate(counts.most_common(), 1)}\n"
        )
    if rule.source == "keras":
        return (
            f"ranks = keras.datasets.{rule.path}.get_word_index()  # the most frequent word is 1\n"
        )
    if rule.source == "index":
        return (
            f'with open({text(rule.path)}, encoding="utf-8") as file:\n'
            "    ranks = json.load(file)  # the most frequent word is 1\n"
        )
    return (
        "# The words by rank, one a line: the most frequent is 1.\n"
        f"with open(Path(__file__).with_name({text(f'{stem}_words.txt')}), "
        'encoding="utf-8") as file:\n'
        "    ranks = {line[:-1]: rank for rank, line in enumerate(file, 1)}\n"
    )


def _encoder(rule: WordRule) -> str:
    shift = f" + {rule.index_from}" if rule.index_from else ""
    start = "" if rule.start_char is None else f"[{rule.start_char}] + "
    limits = f"{rule.skip_top} <= i < NUM_WORDS" if rule.skip_top else "i < NUM_WORDS"
    known = f"ranks[word]{shift} for word in split_words(text) if word in ranks"
    about = []
    if rule.start_char is not None:
        about.append(f"{rule.start_char} marks the start")
    about.append("unknown words are left out" if rule.oov_char is None else "")
    if rule.oov_char is not None:
        about[-1] = (
            f"{rule.oov_char} stands for {'rare' if rule.drop_unlisted else 'unknown'} words"
        )
    lines = ["def encode(text):", f'    """Give the ids of a text\'s words: {"; ".join(about)}."""']
    if rule.oov_char is None:
        lines += [f"    ids = [{known}]", f"    return {start}[i for i in ids if {limits}]"]
        if rule.start_char is not None and rule.skip_top > rule.start_char:
            lines[-1] = f"    return [i for i in ids if {limits}]"
    elif rule.drop_unlisted:
        lines += [
            f"    ids = {start}[{known}]",
            f"    return [i if {limits} else {rule.oov_char} for i in ids]",
        ]
    else:
        lines += [
            f"    ids = {start}[ranks.get(word, NUM_WORDS){shift} for word in split_words(text)]",
            f"    return [i if {limits} else {rule.oov_char} for i in ids]",
        ]
    return "".join(f"{line}\n" for line in lines)


def _padding(recipe: Recipe) -> str:
    shorts = ["train"]
    if recipe.material.validation != "none":
        shorts.append("val")
    if recipe.material.tested:
        shorts.append("test")
    lines = []
    for short in shorts:
        name = _examples(recipe, short)
        ids = name if name.startswith("x_") else f"map(encode, {name})"
        ids = f"[encode(text) for text in {name}]" if ids.startswith("map") else ids
        call = Group("keras.utils.pad_sequences(", [ids, "maxlen=MAXLEN"], ")")
        lines.append(laid_out(Group(f"x_{short} = {call.opening}", call.items, ")")) + "\n")
    return "".join(lines)
