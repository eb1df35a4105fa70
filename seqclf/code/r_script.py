"""The script in R's keras3."""

from __future__ import annotations

from seqclf.code import r_data, r_terms
from seqclf.code.layout import Group, Item, flat, laid_out, prefixed
from seqclf.code.r_terms import number, r, text
from seqclf.code.recipe import SENTENCE, Recipe, comment

MOST = 2**31 - 1
"""R's integers are not greater."""

OPTIMIZERS = {"adamw": "adam_w"}
"""Where R's name differs from the one that settings have."""

BATCHES = """\
# Give batches in this order; their size stays open, since the last one is smaller.
# Where TensorFlow knows the size, it computes in another order: other last digits.
batches <- function(x, y) {
  slices <- tensorflow::tf$data$Dataset$from_tensor_slices(tuple(x, as.array(y)))
  slices$batch(as.integer(batch_size))
}
"""


def r_script(recipe: Recipe) -> str:
    """Write the whole script.

    Args:
        recipe: what it says.

    Returns:
        R source.

    Raises:
        CannotBeWrittenError: R's keras3 has no function for a layer.
    """
    blocks = [
        "library(keras3)\n" + _backend(recipe),
        *_settings(recipe),
        *r_data.blocks(recipe),
        *_model(recipe),
        *_training(recipe),
        *_judging(recipe),
        *_predicting(recipe),
    ]
    return comment(recipe.header) + "\n" + "\n".join(blocks)


def _backend(recipe: Recipe) -> str:
    return "" if recipe.backend == "tensorflow" else f"use_backend({text(recipe.backend)})\n"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _settings(recipe: Recipe) -> list[str]:
    config = recipe.config
    settings = [
        f"num_words <- {config.num_words}  # how many different ids; 0 is padding",
        f"maxlen <- {config.steps}  # {recipe.about_maxlen}",
        f"batch_size <- {config.batch_size}",
        f"epochs <- {config.epochs}",
        laid_out(prefixed("labels <- ", r(list(recipe.labels))), step=2, comma=False),
    ]
    seeds = ["# The seed fixes the start weights, dropout and the order of the examples."]
    assert config.seed is not None
    if config.seed <= MOST:
        seeds += [f"seed <- {config.seed}L", "set_random_seed(seed)"]
    else:
        seeds += [
            "# It is too great for R's integers, so Python keeps it.",
            f'seed <- reticulate::py_eval("{config.seed}", convert = FALSE)',
            'reticulate::import("keras")$utils$set_random_seed(seed)',
        ]
    if recipe.backend == "tensorflow":
        seeds += [
            "# Without this TensorFlow adds in any order, and runs differ in the last digits.",
            "tensorflow::tf$config$experimental$enable_op_determinism()",
        ]
    seeds += [
        "# NumPy draws the order of each epoch, as it did in the run.",
        'np <- reticulate::import("numpy")',
    ]
    return [_lines(*settings), _lines(*seeds)]


def _model(recipe: Recipe) -> list[str]:
    blocks = ["# ---- The model\n"]
    if recipe.network.has_gate_function:
        blocks.append(r_terms.GATE_FUNCTION)
    for name in recipe.network.vectors:
        file = text(f"{recipe.stem}_{name}.npy")
        about = "# The words' pretrained vectors, a row an id."
        blocks.append(_lines(about, f"{name} <- np$load({file})"))
    return [*blocks, r_terms.network(recipe.network) + "summary(model)\n", _compile(recipe)]


def _compile(recipe: Recipe) -> str:
    name = recipe.config.optimizer
    optimizer: Item = text(name)
    if recipe.optimizer_settings:
        given = [f"{key} = {number(value)}" for key, value in recipe.optimizer_settings.items()]
        optimizer = Group(f"optimizer_{OPTIMIZERS.get(name, name)}(", given, ")")
    metric: Item = text("accuracy")
    if recipe.kind == "multilabel":
        metric = Group("metric_binary_accuracy(", ['name = "accuracy"'], ")")
    arguments: list[Item] = [
        prefixed("optimizer = ", optimizer),
        f"loss = {text(recipe.loss)}",
        prefixed("metrics = ", metric),
    ]
    call = Group("model |> compile(", arguments, ")", keep_open=True)
    lines = [f"  {flat(item)}" for item in call.items]
    return call.opening + "\n" + ",\n".join(lines) + "\n)\n"


def _training(recipe: Recipe) -> list[str]:
    watched = recipe.watches
    about = ["# ---- Training: every epoch sees the examples in an order of its own"]
    if recipe.keeps_best:
        about.append("# The best epoch has the highest validation accuracy, then the lowest loss.")
    lines = ["history <- list()"]
    if watched:
        lines.append("best_epoch <- 0")
    lines += [
        "for (epoch in seq_len(epochs)) {",
        '  cat(sprintf("Epoch %d/%d\\n", epoch, epochs))',
        "  # NumPy counts from 0, R from 1.",
        "  shuffler <- np$random$default_rng(list(seed, epoch - 1L))",
        "  order <- as.integer(shuffler$permutation(nrow(x_train))) + 1L",
        *_fit(recipe),
        "  history[[epoch]] <- fitted$metrics",
    ]
    if watched:
        lines += _comparing(recipe)
    lines.append("}")
    batches = [BATCHES] if recipe.backend == "tensorflow" else []
    blocks = [_lines(*about), *batches, _lines(*lines)]
    if recipe.keeps_best:
        blocks.append(
            "model |> set_weights(best_weights)\n"
            'cat(sprintf("The model has the weights of epoch %d.\\n", best_epoch))\n'
        )
    return blocks


def _fit(recipe: Recipe) -> list[str]:
    validated = recipe.material.validation != "none"
    x = "x_train[order, , drop = FALSE]"
    y = "y_train[order, , drop = FALSE]" if recipe.kind == "multilabel" else "y_train[order]"
    if recipe.backend == "tensorflow":
        arguments = [f"batches({x}, {y})", "epochs = 1"]
        if validated:
            arguments.append("validation_data = batches(x_val, y_val)")
    else:
        arguments = [x, y, "batch_size = batch_size", "epochs = 1"]
        if validated:
            arguments += ["validation_data = list(x_val, y_val)"]
            arguments += ["validation_batch_size = batch_size"]
    if recipe.is_balanced:
        arguments.append("class_weight = class_weight")
    arguments.append("shuffle = FALSE")
    return ["  fitted <- model |> fit(", ",\n".join(f"    {each}" for each in arguments), "  )"]


def _comparing(recipe: Recipe) -> list[str]:
    lines = [
        "  accuracy <- fitted$metrics$val_accuracy",
        "  loss <- fitted$metrics$val_loss",
        "  if (",
        "    best_epoch == 0 || accuracy > best_accuracy ||",
        "      (accuracy == best_accuracy && isTRUE(loss < best_loss))",
        "  ) {",
        "    best_epoch <- epoch",
        "    best_accuracy <- accuracy",
        "    best_loss <- loss",
    ]
    if recipe.keeps_best:
        lines.append("    best_weights <- get_weights(model)")
    if recipe.config.patience is None:
        return [*lines, "  }"]
    many = "epoch" if recipe.config.patience == 1 else "epochs"
    return [
        *lines,
        f"  }} else if (epoch - best_epoch >= {recipe.config.patience}) {{",
        f"    break  # {recipe.config.patience} {many} without a better one",
        "  }",
    ]


def _judging(recipe: Recipe) -> list[str]:
    if not recipe.material.tested:
        return []
    return [
        "# ---- How good it is, on examples it has never seen\n"
        "test <- model |> evaluate(x_test, y_test, batch_size = 256)\n"
        'cat(sprintf("Test accuracy %.4f, loss %.4f\\n", test$accuracy, test$loss))\n'
    ]


def _predicting(recipe: Recipe) -> list[str]:
    if recipe.material.rule is None:
        return [
            "# The ids were made by an encoder that this script does not have, so it cannot\n"
            "# classify raw texts. predict() takes ids, padded as x_train is.\n"
        ]
    example = f"text <- {text(SENTENCE)}"
    if recipe.material.rule.source == "training":
        texts = "test_texts" if recipe.material.tested else "train_texts"
        example = f"text <- {texts}[[1]]  # or any other"
    lines = [
        "# ---- What it says of a text",
        example,
        f"ids <- {r_data.padded('list(encode(text))', recipe)}",
        "probabilities <- as.vector(predict(model, ids, verbose = 0))",
    ]
    if recipe.kind == "binary":
        lines += [
            "label <- labels[[if (probabilities > 0.5) 2 else 1]]",
            'said <- sprintf("%s (%s: %.3f)", label, labels[[2]], probabilities)',
        ]
    elif recipe.kind == "multiclass":
        lines += [
            "label <- labels[[which.max(probabilities)]]",
            'said <- sprintf("%s (%.3f)", label, max(probabilities))',
        ]
    else:
        lines += [
            "said <- toString(labels[probabilities > 0.5])",
            'if (said == "") said <- "none of the labels"',
        ]
    return [_lines(*lines, 'cat(text, said, sep = "\\n")', 'cat("\\n")')]
