"""The Hugging Face Hub: one quick question before anything is downloaded, and its errors.

The libraries try again for a minute or more where there is no network. So the Hub is asked
first, once and with a time limit, and what it says tells apart what the libraries mix up:
no network, no such repository, a gated one, no such revision.
"""

from __future__ import annotations

from typing import Literal

from seqclf.errors import DataError

from seqclf_huggingface.libraries import library, offline_variable

SECONDS = 10
"""How long the Hub may take to answer."""

_HTTP_LIBRARIES = ("httpx", "httpcore", "requests", "urllib3", "aiohttp")


class UnreachableError(Exception):
    """The Hub cannot be asked: its message says why."""


def ask(name: str, revision: str | None, kind: Literal["dataset", "model"]) -> None:
    """Ask the Hub whether it has a repository, and whether we may read it.

    Args:
        name: the repository: "user/name" or "name".
        revision: a branch, tag or commit; None for the main branch.
        kind: what sort of repository.

    Raises:
        UnreachableError: the network is forbidden, or does not answer in time.
        DataError: there is no such repository or revision, or it is not for us.
    """
    variable = offline_variable()
    if variable:
        raise UnreachableError(f"{variable} forbids the network")
    hub = library("huggingface_hub")
    api = hub.HfApi()
    question = api.dataset_info if kind == "dataset" else api.model_info
    try:
        question(name, revision=revision, timeout=SECONDS)
    except Exception as error:
        raise translated(error, name, revision, kind) from error


def translated(error: BaseException, name: str, revision: str | None, kind: str) -> Exception:
    """Give the exception that says what the Hub or the network said of a repository."""
    errors = library("huggingface_hub.errors")
    what = f"the {kind} '{name}'"
    for cause in _causes(error):
        if isinstance(cause, errors.GatedRepoError):
            return DataError(
                f"{what} is gated on the Hugging Face Hub",
                "ask for access on its page there, then run `hf auth login` or set HF_TOKEN",
            )
        if isinstance(cause, getattr(errors, "DisabledRepoError", ())):
            return DataError(f"{what} has been disabled on the Hugging Face Hub")
        if isinstance(cause, errors.RepositoryNotFoundError):
            return DataError(
                f"the Hugging Face Hub has no {kind} '{name}', or it is private, and there is no "
                "such file or folder here",
                "mend the name; for a private one, run `hf auth login` or set HF_TOKEN",
            )
        if isinstance(cause, errors.RevisionNotFoundError):
            return DataError(f"{what} has no revision '{revision}' on the Hugging Face Hub")
        if isinstance(cause, errors.HFValidationError):
            return DataError(
                f"there is no file or folder '{name}', and the Hugging Face Hub has no such names"
            )
        if isinstance(cause, errors.OfflineModeIsEnabled):
            return UnreachableError(f"{offline_variable() or 'HF_HUB_OFFLINE'} forbids the network")
        status = getattr(getattr(cause, "response", None), "status_code", None)
        if isinstance(status, int):
            return UnreachableError(f"the Hugging Face Hub answers {status}")
        if _of_the_network(cause):
            return UnreachableError(
                "there is no network, or the Hugging Face Hub cannot be reached"
            )
    told = " ".join(str(error).split())
    return UnreachableError(f"the Hugging Face Hub fails: {type(error).__name__}: {told}")


def once(instead: str) -> str:
    """Give the advice for what is not on this machine: to download it once, or something local."""
    variable = offline_variable()
    if variable:
        return f"unset {variable} to download it once, or give {instead}"
    return (
        "download it once where there is a network and then set HF_HUB_OFFLINE=1, or give "
        f"{instead}"
    )


def of_the_hub(error: BaseException) -> bool:
    """Say whether the network or the Hub is to blame, directly or further down."""
    errors = library("huggingface_hub.errors")
    hub = (errors.HfHubHTTPError, errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError)
    return any(isinstance(cause, hub) or _of_the_network(cause) for cause in _causes(error))


def _of_the_network(error: BaseException) -> bool:
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return isinstance(error, ConnectionError | TimeoutError) or any(
        module.startswith(_HTTP_LIBRARIES) for module in modules
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
