"""Pretrained tokenizers: a tokenizer.json in a file, a folder, or on the Hugging Face Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seqclf.errors import DataError, UsageError

from seqclf_huggingface.hub import UnreachableError, ask, once, translated
from seqclf_huggingface.libraries import library, quiet_hub

FILE = "tokenizer.json"
PADS = ("[PAD]", "<pad>", "<PAD>", "<|pad|>")
"""What the padding token is called, where the file does not say so."""


def read_tokenizer(given: str) -> Any:
    """Read a pretrained tokenizer.

    Args:
        given: a `tokenizer.json`, a folder that holds one, or a model's name on the Hub.

    Returns:
        A `tokenizers.Tokenizer`.

    Raises:
        DataError: it is not there, cannot be had, or is no such file.
    """
    path = _find(given)
    try:
        return library("tokenizers").Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        reason = " ".join(str(error).split())
        raise DataError(f"{path} is not a tokenizer of the library tokenizers: {reason}") from None


def _find(given: str) -> Path:
    path = Path(given).expanduser()
    if path.is_dir():
        if not (path / FILE).is_file():
            raise DataError(
                f"there is no {FILE} in {path}",
                "a fast tokenizer of the library transformers writes one with save_pretrained",
            )
        return path / FILE
    if path.exists():
        return path
    if given.startswith((".", "/", "~")) or given.endswith(".json") or given.count("/") > 1:
        raise DataError(f"there is no file or folder {given}", "mend -t tokenizer")
    return _download(given)


def _download(name: str) -> Path:
    hub = library("huggingface_hub")
    try:
        with quiet_hub():
            try:
                ask(name, None, "model")
            except UnreachableError as error:
                return _kept(hub, name, str(error))
            return Path(hub.hf_hub_download(name, FILE))
    except DataError:
        raise
    except Exception as error:
        if isinstance(error, hub.errors.EntryNotFoundError):
            raise DataError(f"the model '{name}' has no {FILE} on the Hugging Face Hub") from None
        failure = translated(error, name, None, "model")
        if isinstance(failure, UnreachableError):
            failure = DataError(f"downloading the tokenizer of '{name}' failed: {failure}")
        raise failure from error


def _kept(hub: Any, name: str, why: str) -> Path:
    """Find what was downloaded before."""
    try:
        return Path(hub.hf_hub_download(name, FILE, local_files_only=True))
    except Exception:
        raise DataError(
            f"the tokenizer of '{name}' is not on this machine, and {why}",
            once("a file with -t tokenizer=FILE"),
        ) from None


def shift_of(tokenizer: Any) -> int:
    """Give what is added to the tokenizer's ids so that 0 is padding: 0 or 1."""
    padding = tokenizer.padding
    if padding is not None:
        return 0 if padding["pad_id"] == 0 else 1
    return 0 if tokenizer.id_to_token(0) in PADS else 1


def check_size(tokenizer: Any, shift: int, num_words: int, given: str) -> None:
    """Check that every id is below the number of words.

    Raises:
        UsageError: `--num-words` is too small; says how large it must be.
    """
    needed = max(tokenizer.get_vocab(with_added_tokens=True).values(), default=0) + 1 + shift
    if needed > num_words:
        raise UsageError(
            f"the tokenizer {given} has ids up to {needed - 1}, but --num-words is {num_words}",
            f"give --num-words {needed}",
        )
