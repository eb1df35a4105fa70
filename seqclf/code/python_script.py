"""The script in plain Keras Python."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from seqclf.code import python_data, python_terms
from seqclf.code.layout import WIDTH, Group, Item, laid_out, prefixed
from seqclf.code.python_terms import python, text
from seqclf.code.recipe import OPTIMIZERS, SENTENCE, Recipe, comment

IMPORTS = (
    (r"\bcsv\.", "import csv"),
    (r"\bjson\.", "import json"),
    (r"\bmath\.", "import math"),
    (r"\bos\.", "import os"),
    (r"\bre\.", "import re"),
    (r"\bsys\.", "import sys"),
    (r"\bunicodedata\.", "import unicodedata"),
    (r"\bCounter\(", "from collections import Counter"),
    (r"\bPath\(", "from pathlib import Path"),
)

BATCHES = '''\
def batches(x, y):
    """Give batches in this order; their size stays open, since the last one is smaller.

    Where TensorFlow knows the size, it computes in another order: other last digits.
    """
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH_SIZE)
'''


def python_script(recipe: Recipe) -> str:
    """Write the whole script.

    Args:
        recipe: what it says.

    Returns:
        Python source, formatted as ruff and black format it.
    """
    blocks = [
        *_settings(recipe),
        *python_data.blocks(recipe),
        *_model(recipe),
        *_training(recipe),
        *_judging(recipe),
        *_predicting(recipe),
    ]
    body = _joined(blocks)
    return f"{comment(recipe.header)}\n{_imports(recipe, body)}\n{body}"


def _joined(blocks: list[str]) -> str:
    """Put blocks below each other, functions with two empty lines around them."""
    joined = blocks[0]
    for before, block in pairwise(blocks):
        function = before.startswith(("def ", "@")) or block.startswith(("def ", "@"))
        joined += ("\n\n" if function else "\n") + block
    return joined


def _imports(recipe: Recipe, body: str) -> str:
    used = [line for pattern, line in IMPORTS if re.search(pattern, body)]
    other = recipe.backend != "tensorflow"
    if other and "import os" not in used:
        used = sorted([*used, "import os"], key=lambda line: line.startswith("from"))
    standard = "".join(f"{line}\n" for line in used) + ("\n" if used else "")
    third = "import keras\nimport numpy as np\n"
    if other:
        # Keras chooses its backend when it is imported.
        chosen = f'os.environ["KERAS_BACKEND"] = {text(recipe.backend)}\n\n'
        return f"{standard}{chosen}{third}from keras import layers\n"
    return f"{standard}{third}import tensorflow as tf\nfrom keras import layers\n"


def _settings(recipe: Recipe) -> list[str]:
    config = recipe.config
    settings = [
        f"MAXLEN = {config.steps}  # {recipe.about_maxlen}",
        f"BATCH_SIZE = {config.batch_size}",
        f"EPOCHS = {config.epochs}",
        laid_out(prefixed("LABELS = ", python(list(recipe.labels)))),
    ]
    if not recipe.has_series:
        settings.insert(
            0, f"NUM_WORDS = {config.num_words}  # how many different ids; 0 is padding"
        )
    seeds = [
        "# The seed fixes the start weights, dropout and the order of the examples.",
        f"SEED = {config.seed}",
        "keras.utils.set_random_seed(SEED)",
    ]
    if recipe.backend == "tensorflow":
        seeds.append(
            "# Without this TensorFlow adds in any order, and runs differ in the last digits."
        )
        seeds.append("tf.config.experimental.enable_op_determinism()")
    return [_lines(*settings), _lines(*seeds)]


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _model(recipe: Recipe) -> list[str]:
    blocks = ["# ---- The model\n"]
    if recipe.network.has_gate_function:
        blocks.append(python_terms.GATE_FUNCTION)
    blocks += _vectors(recipe)
    blocks += [python_terms.network(recipe.network) + "model.summary()\n", _compile(recipe)]
    return blocks


def _vectors(recipe: Recipe) -> list[str]:
    """Read the arrays that layers start from."""
    lines = []
    for name in recipe.network.vectors:
        file = f"Path(__file__).with_name({text(f'{recipe.stem}_{name}.npy')})"
        lines.append(laid_out(Group(f"{name} = np.load(", [file], ")")))
    return [_lines("# The words' pretrained vectors, a row an id.", *lines)] if lines else []


def _compile(recipe: Recipe) -> str:
    optimizer: Item = text(recipe.config.optimizer)
    if recipe.optimizer_settings:
        name = f"keras.optimizers.{OPTIMIZERS[recipe.config.optimizer]}("
        given = [f"{key}={value!r}" for key, value in recipe.optimizer_settings.items()]
        optimizer = Group(name, given, ")")
    metric = '"accuracy"'
    if recipe.kind == "multilabel":
        metric = 'keras.metrics.BinaryAccuracy(name="accuracy")'
    arguments: list[Any] = [
        prefixed("optimizer=", optimizer),
        f"loss={text(recipe.loss)}",
        f"metrics=[{metric}]",
    ]
    return laid_out(Group("model.compile(", arguments, ")")) + "\n"


def _training(recipe: Recipe) -> list[str]:
    watched = recipe.watches
    about = ["# ---- Training: every epoch sees the examples in an order of its own"]
    if recipe.keeps_best:
        about.append("# The best epoch has the highest validation accuracy, then the lowest loss.")
    start = ["history = []"]
    if watched:
        start.append("best_epoch, best_score = 0, (-1.0, 0.0)")
    lines = [
        *start,
        "for epoch in range(EPOCHS):",
        '    print(f"Epoch {epoch + 1}/{EPOCHS}")',
        "    order = np.random.default_rng([SEED, epoch]).permutation(len(x_train))",
        *_fit(recipe),
        "    history.append({name: values[0] for name, values in fitted.history.items()})",
    ]
    if watched:
        lines += [
            '    score = (history[-1]["val_accuracy"], -history[-1]["val_loss"])',
            "    if epoch == 0 or score > best_score:",
            "        best_epoch, best_score = epoch, score",
        ]
        if recipe.keeps_best:
            lines.append("        best_weights = model.get_weights()")
    if watched and recipe.config.patience is not None:
        many = "epoch" if recipe.config.patience == 1 else "epochs"
        lines += [
            f"    elif epoch - best_epoch >= {recipe.config.patience}:",
            f"        break  # {recipe.config.patience} {many} without a better one",
        ]
    batches = [BATCHES] if recipe.backend == "tensorflow" else []
    blocks = [_lines(*about), *batches, _lines(*lines)]
    if recipe.keeps_best:
        blocks.append(
            "model.set_weights(best_weights)\n"
            'print(f"The model has the weights of epoch {best_epoch + 1}.")\n'
        )
    return blocks


def _fit(recipe: Recipe) -> list[str]:
    validated = recipe.material.validation != "none"
    weighed = ["class_weight=class_weight"] if recipe.is_balanced else []
    if recipe.backend == "tensorflow":
        train = "batches(x_train[order], y_train[order])"
        val = ["validation_data=batches(x_val, y_val)"] if validated else []
        arguments = [train, *val, *weighed, "shuffle=False"]
        if len(one := f"    fitted = model.fit({', '.join(arguments)})") <= WIDTH:
            return [one]
    else:
        arguments = ["x_train[order]", "y_train[order]", "batch_size=BATCH_SIZE"]
        if validated:
            arguments += ["validation_data=(x_val, y_val)", "validation_batch_size=BATCH_SIZE"]
        arguments += [*weighed, "shuffle=False"]
    return ["    fitted = model.fit(", *(f"        {each}," for each in arguments), "    )"]


def _judging(recipe: Recipe) -> list[str]:
    if not recipe.material.tested:
        return []
    return [
        "# ---- How good it is, on examples it has never seen\n"
        "test = model.evaluate(x_test, y_test, batch_size=256, return_dict=True)\n"
        "print(f\"Test accuracy {test['accuracy']:.4f}, loss {test['loss']:.4f}\")\n"
    ]


def _predicting(recipe: Recipe) -> list[str]:
    if recipe.has_series:
        return []  # the numbers are standardised by an encoder
    if recipe.material.rule is None:
        return [
            "# The ids were made by an encoder that this script does not have, so it cannot\n"
            "# classify raw texts. model.predict() takes ids, padded as x_train is.\n"
        ]
    example = f"text = {text(SENTENCE)}"
    if recipe.material.rule.source == "training":
        texts = "test_texts" if recipe.material.tested else "train_texts"
        example = f"text = {texts}[0]  # or any other"
    lines = [
        "# ---- What it says of a text",
        example,
        laid_out(prefixed("ids = ", python_data.padded("[encode(text)]", recipe))),
        "probabilities = model.predict(ids, verbose=0)[0]",
    ]
    if recipe.kind == "binary":
        lines += [
            "label = LABELS[int(probabilities[0] > 0.5)]",
            'print(f"{text}\\n{label} ({LABELS[1]}: {probabilities[0]:.3f})")',
        ]
    elif recipe.kind == "multiclass":
        lines += [
            "label = LABELS[probabilities.argmax()]",
            'print(f"{text}\\n{label} ({probabilities.max():.3f})")',
        ]
    else:
        lines += [
            "chosen = [label for label, p in zip(LABELS, probabilities, strict=True) if p > 0.5]",
            "print(f\"{text}\\n{', '.join(chosen) or 'none of the labels'}\")",
        ]
    return [_lines(*lines)]
