"""Finding a published file on this machine, or downloading it once."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from seqclf.contracts import LoadContext, Progress
from seqclf.errors import DataError

CONNECT_SECONDS = 5
SILENCE_SECONDS = 30
CHUNK = 2**16

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


@dataclass(frozen=True)
class PublishedFile:
    """A file that others publish.

    Args:
        name: its file name: "imdb.npz".
        url: where it is published.
        digest: what a download must hash to: "sha256:…" or "md5:…".
        folder: the folder within the data directory where it may lie, too.
    """

    name: str
    url: str
    digest: str
    folder: str


def places(file: PublishedFile, context: LoadContext) -> list[Path]:
    """Give the paths where the file is looked for, the first that exists counts.

    They are the data directory and its folder for this dataset, Keras' cache, and
    the folder for downloads, where `download` is to put it.
    """
    keras = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    paths = [Path(keras, "datasets", file.name), downloads(context) / file.name]
    if context.data_dir is not None:
        paths[:0] = [context.data_dir / file.name, context.data_dir / file.folder / file.name]
    return paths


def downloads(context: LoadContext) -> Path:
    """Give the folder that downloads go to."""
    return context.cache_dir / "downloads"


def find(file: PublishedFile, context: LoadContext) -> Path | None:
    """Give the path of the file on this machine, or None."""
    return next((path for path in places(file, context) if os.path.exists(path)), None)


def find_or_download(file: PublishedFile, context: LoadContext) -> Path:
    """Give the path of the file, downloaded if it is nowhere on this machine.

    A file that is found is taken as it is; only a download must have the
    published hash.

    Raises:
        DataError: it is not here and cannot be downloaded.
    """
    path = find(file, context)
    if context.data_dir is not None and (path is None or context.data_dir not in path.parents):
        instead = f"{path} is taken" if path else "it is downloaded"
        context.note(f"there is no {file.name} in {context.data_dir}: {instead}")
    return path or download(file, context)


def download(file: PublishedFile, context: LoadContext) -> Path:
    """Download the file into the folder for downloads.

    It is written aside, checked, and moved into place when it is whole; whatever
    goes wrong, nothing is left behind.

    Raises:
        DataError: no network, an answer other than the file, a wrong hash, no room.
    """
    import pooch
    import requests

    folder = downloads(context)
    meter = _Meter(f"downloading {file.name}", context.progress)
    failed = f"{file.name} is not on this machine and could not be downloaded"
    host = urlsplit(file.url).hostname
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _silent(pooch.get_logger()):
            pooch.retrieve(
                file.url,
                known_hash=file.digest,
                fname=file.name,
                path=folder,
                downloader=pooch.HTTPDownloader(
                    progressbar=meter, chunk_size=CHUNK, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
                ),
            )
    except requests.HTTPError as error:
        answer = "an error" if error.response is None else error.response.status_code
        raise DataError(f"{failed}: {host} answers {answer}", _elsewhere(file, context)) from None
    except requests.RequestException:
        if meter.done:
            what = f"the connection to {host} broke off"
        else:
            what = f"there is no network, or {host} cannot be reached"
        raise DataError(f"{failed}: {what}", _elsewhere(file, context)) from None
    except ValueError:  # how pooch tells of a wrong hash
        what = f"what {host} sent is not the published file (its hash differs) and was deleted"
        raise DataError(f"{failed}: {what}", _elsewhere(file, context)) from None
    except OSError as error:
        if error.errno in _FULL:
            hint = "make room there and try again"
            raise DataError(f"{failed}: there is no room left in {folder}", hint) from None
        what = f"{folder} cannot be written ({error.strerror or 'permission denied'})"
        raise DataError(f"{failed}: {what}", _elsewhere(file, context)) from None
    return folder / file.name


def _elsewhere(file: PublishedFile, context: LoadContext) -> str:
    paths = " or ".join(map(str, places(file, context)))
    option = "" if context.data_dir else ", or name its folder with --data-dir"
    return f"put the file at {paths}{option}; `seqclf run reviews` needs no network"


class _Meter:
    """What pooch tells how far a download has come."""

    def __init__(self, what: str, progress: Progress) -> None:
        self.what = what
        self.progress = progress
        self.total = 0
        self.done = 0

    def update(self, size: int) -> None:
        self.done += size
        if self.total:  # pooch counts whole chunks
            self.done = min(self.done, self.total)
        self.progress(self.what, self.done, self.total)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass


@contextmanager
def _silent(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
