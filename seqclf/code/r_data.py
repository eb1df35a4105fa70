"""The part of an R script that reads, splits, encodes and pads the data."""

from __future__ import annotations

from seqclf.code.datafiles import FileData
from seqclf.code.layout import Group, flat, prefixed
from seqclf.code.material import KerasData, WordRule
from seqclf.code.r_terms import r, text
from seqclf.code.recipe import Recipe
from seqclf.encoding.splitting import FILTERS, Splitting

BALANCED = """\
# Rare classes count more, so that all classes weigh the same in the loss.
examples <- tabulate(y_train + 1L, length(labels))
weights <- length(y_train) / (length(labels) * pmax(examples, 1))
class_weight <- setNames(as.list(weights), seq_along(labels) - 1L)
"""


def blocks(recipe: Recipe) -> list[str]:
    """Give the blocks: read, limit, hold out, weigh, encode, pad."""
    rule, data = recipe.material.rule, recipe.material.data
    words = []
    if rule is not None:
        words = [split_words(rule.splitting), _ranks(rule, recipe.stem), _encoder(rule)]
    if isinstance(data, FileData):
        given = _files(data, recipe)
    else:
        given = _npz(data, recipe) if data.npz else [_keras(data)]
    balanced = [BALANCED] if recipe.is_balanced else []
    return [*given, *_splits(recipe), *balanced, *words, _padding(recipe)]


def split_words(rule: Splitting) -> str:
    """Give the function that splits a text into words at ASCII's punctuation and all blanks."""
    words, found = ("lower-case words", "tolower(text)") if rule.lowercase else ("words", "text")
    return f"""\
# Split a text into {words}; apostrophes stay inside.
split_words <- function(text) {{
  punctuation <- {text(FILTERS)}
  blanks <- strrep(" ", nchar(punctuation))
  words <- strsplit(chartr(punctuation, blanks, {found}), "(*UCP)\\\\s+", perl = TRUE)[[1]]
  words[words != ""]
}}
"""


def _keras(data: KerasData) -> str:
    options = [prefixed(f"{name} = ", r(value)) for name, value in data.options.items()]
    return (
        "# ---- The data, as ids: Keras downloads them once\n"
        f"reviews <- {flat(Group(f'dataset_{data.module}(', options, ')'))}\n"
        "x_train <- reviews$train$x\n"
        "y_train <- reviews$train$y\n"
        "x_test <- reviews$test$x\n"
        "y_test <- reviews$test$y\n"
    )


def _npz(data: KerasData, recipe: Recipe) -> list[str]:
    """Do what `dataset_imdb` does, with a file that it would not take."""
    options = {"seed": 113, "start_char": 1, "oov_char": 2, "index_from": 3, **data.options}
    start, oov, maxlen = options["start_char"], options["oov_char"], options.get("maxlen")
    ids = f"ranks + {options['index_from']}L"
    ids = ids if start is None else f"c({start}L, {ids})"
    cut = "ids >= num_words"
    if recipe.config.skip_top:
        cut = f"ids < {recipe.config.skip_top} | {cut}"
    limit = f"ids[!({cut})]" if oov is None else f"replace(ids, {cut}, {oov}L)"
    arrange = [
        "# Shuffle the reviews and turn the ranks of their words into ids.",
        "arrange <- function(reviews, labels) {",
        "  order <- as.integer(shuffler$permutation(length(reviews))) + 1L",
        f"  arranged <- lapply(reviews[order], function(ranks) {ids})",
        "  labels <- as.integer(labels)[order]",
    ]
    if maxlen:
        arrange += [
            f"  short <- lengths(arranged) < {maxlen}  # longer ones are dropped",
            "  arranged <- arranged[short]",
            "  labels <- labels[short]",
        ]
    arrange += [f"  list(x = lapply(arranged, function(ids) {limit}), y = labels)", "}"]
    return [
        "# ---- The data, from a file of one's own: dataset_imdb() would not take it, so its\n"
        "# steps stand here. allow_pickle lets a file run code: open none you do not trust.\n"
        f"reviews <- np$load({text(data.npz)}, allow_pickle = TRUE)\n"
        f"shuffler <- np$random$RandomState({options['seed']}L)\n",
        "".join(f"{line}\n" for line in arrange),
        'train <- arrange(reviews$get("x_train"), reviews$get("y_train"))\n'
        'test <- arrange(reviews$get("x_test"), reviews$get("y_test"))\n'
        "x_train <- train$x\ny_train <- train$y\nx_test <- test$x\ny_test <- test$y\n",
    ]


def _files(data: FileData, recipe: Recipe) -> list[str]:
    what = "texts" if data.holds == "texts" else "token ids"
    reader = [
        "read_examples <- function(name) {",
        '  rows <- read.csv(name, colClasses = "character", na.strings = character(),',
        '    encoding = "UTF-8", check.names = FALSE)',
    ]
    if data.multilabel:
        reader.append("  y <- unname(sapply(rows[-1], as.integer))")
        reader.append("  y <- matrix(y, nrow = nrow(rows))")
    else:
        reader.append("  y <- match(rows[[2]], labels) - 1L  # classes count from 0")
    if data.holds == "texts":
        reader.append("  list(x = rows[[1]], y = y)")
    else:
        reader.append('  list(x = lapply(strsplit(rows[[1]], " "), as.integer), y = y)')
    reader.append("}")
    names = {"train": "train", "validation": "val", "test": "test"}
    reads = "".join(
        f"{short} <- read_examples({text(f'{recipe.stem}_{name}.csv')})\n"
        f"{_examples(recipe, short)} <- {short}$x\ny_{short} <- {short}$y\n"
        for name, short in names.items()
        if name in data.splits and (name != "test" or recipe.material.tested)
    )
    return [
        f"# ---- The data, as {what}; the files are looked for in the working directory\n"
        + "".join(f"{line}\n" for line in reader),
        reads,
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
        shorts = ["train", "test"] if material.tested else ["train"]
        lines = ["# Only the first examples."]
        for short in shorts:
            name = _examples(recipe, short)
            lines.append(f"{name} <- head({name}, {config.limit})")
            lines.append(f"y_{short} <- head(y_{short}, {config.limit})")
        blocks.append("".join(f"{line}\n" for line in lines))
    if material.validation == "end of training":
        rows = ", , drop = FALSE" if recipe.kind == "multilabel" else ""
        blocks.append(
            "# The end of the training examples is held out, to compare epochs on.\n"
            f"kept <- seq_len(floor(length({train}) * (1 - {config.validation_split})))\n"
            f"{val} <- {train}[-kept]\n"
            f"{train} <- {train}[kept]\n"
            f"y_val <- y_train[-kept{rows}]\n"
            f"y_train <- y_train[kept{rows}]\n"
        )
    return blocks


def _ranks(rule: WordRule, stem: str) -> str:
    if rule.source == "training":
        least = rule.min_count
        often = f"different <- different[counts >= {least}]  # rarer ones are unknown\n"
        often += f"counts <- counts[counts >= {least}]\n"
        often = often if least > 1 else ""
        return (
            "# Rank the training texts' words: the most frequent is 1; of equals, the first is.\n"
            "words <- unlist(lapply(train_texts, split_words))\n"
            "different <- unique(words)\n"
            "counts <- tabulate(match(words, different), length(different))\n"
            f"{often}"
            "ranked <- head(different[order(-counts)], num_words)  # rarer ones are unknown\n"
            "ranks <- setNames(seq_along(ranked), ranked)\n"
        )
    if rule.source == "keras":
        return f"ranks <- unlist(dataset_{rule.path}_word_index())  # the most frequent word is 1\n"
    if rule.source == "index":
        return (
            "# The most frequent word is 1.\n"
            f"ranks <- unlist(jsonlite::read_json({text(rule.path)}))\n"
        )
    return (
        "# The words by rank, one a line: the most frequent is 1.\n"
        f'ranked <- readLines({text(f"{stem}_words.txt")}, encoding = "UTF-8")\n'
        "ranks <- setNames(seq_along(ranked), ranked)\n"
    )


def _encoder(rule: WordRule) -> str:
    shift = f" + {rule.index_from}L" if rule.index_from else ""
    about = [] if rule.start_char is None else [f"{rule.start_char} marks the start"]
    rare = "rare" if rule.drop_unlisted else "unknown"
    about.append(
        "unknown words are left out"
        if rule.oov_char is None
        else f"{rule.oov_char} stands for {rare} words"
    )
    cut = "ids >= num_words" + (f" | ids < {rule.skip_top}" if rule.skip_top else "")
    lines = [
        f"# Give the ids of a text's words: {'; '.join(about)}.",
        "encode <- function(text) {",
        f"  ids <- unname(ranks[match(split_words(text), names(ranks))]){shift}",
    ]
    if rule.drop_unlisted or rule.oov_char is None:
        lines.append("  ids <- ids[!is.na(ids)]")
    if rule.start_char is not None:
        lines.append(f"  ids <- c({rule.start_char}L, ids)")
    if rule.oov_char is None:
        lines.append(f"  ids[!({cut})]")
    else:
        missing = "" if rule.drop_unlisted else "is.na(ids) | "
        lines.append(f"  replace(ids, {missing}{cut}, {rule.oov_char}L)")
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _padding(recipe: Recipe) -> str:
    shorts = ["train"]
    if recipe.material.validation != "none":
        shorts.append("val")
    if recipe.material.tested:
        shorts.append("test")
    lines = []
    for short in shorts:
        name = _examples(recipe, short)
        ids = name if name.startswith("x_") else f"lapply({name}, encode)"
        lines.append(f"x_{short} <- {padded(ids, recipe)}\n")
    return "".join(lines)


def padded(examples: str, recipe: Recipe) -> str:
    """Call `pad_sequences` on a list of examples."""
    sides = "".join(f", {name} = {text(side)}" for name, side in recipe.sides.items())
    return f"pad_sequences({examples}, maxlen = maxlen{sides})"
