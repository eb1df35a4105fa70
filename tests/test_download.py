"""Files are found on this machine or downloaded once, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pooch
import pytest

from seqclf.contracts import LoadContext
from seqclf.datasets.download import PublishedFile, download, find, find_or_download, places
from seqclf.errors import DataError

CONTENT = bytes(range(256)) * 1024
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked += 1
        if self.path in ("/404", "/500"):
            self.send_error(int(self.path[1:]))
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2] if self.path == "/cut" else CONTENT)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture(autouse=True)
def _no_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


@pytest.fixture
def context(tmp_path: Path) -> LoadContext:
    return LoadContext(tmp_path / "cache")


def published(url: str, digest: str = DIGEST) -> PublishedFile:
    return PublishedFile("imdb.npz", url, digest, "imdb")


def kept(context: LoadContext) -> list[str]:
    return sorted(path.name for path in context.cache_dir.rglob("*") if path.is_file())


def refusal(file: PublishedFile, context: LoadContext) -> DataError:
    with pytest.raises(DataError) as caught:
        find_or_download(file, context)
    assert "imdb.npz is not on this machine and could not be downloaded" in caught.value.sentence
    assert "\n" not in str(caught.value)
    assert kept(context) == []
    return caught.value


def test_a_file_is_downloaded_once_with_progress(server: Server, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    context = LoadContext(tmp_path, progress=lambda *step: told.append(step))
    path = find_or_download(published(f"{server.url}/good"), context)
    assert path == tmp_path / "downloads" / "imdb.npz"
    assert path.read_bytes() == CONTENT
    assert kept(context) == ["imdb.npz"]
    assert {what for what, _, _ in told} == {"downloading imdb.npz"}
    assert {total for _, _, total in told} == {len(CONTENT)}
    done = [done for _, done, _ in told]
    assert done == sorted(done)
    assert len(set(done)) > 2
    assert done[-1] == len(CONTENT)
    assert find_or_download(published(f"{server.url}/good"), context) == path
    assert server.asked == 1


def test_pooch_says_nothing(
    server: Server,
    context: LoadContext,
    capfd: pytest.CaptureFixture[str],
) -> None:
    level = pooch.get_logger().level
    download(published(f"{server.url}/good"), context)
    assert pooch.get_logger().level == level != logging.ERROR
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("answer", ["404", "500"])
def test_an_answer_other_than_the_file_is_told(
    server: Server, context: LoadContext, answer: str
) -> None:
    error = refusal(published(f"{server.url}/{answer}"), context)
    assert f"127.0.0.1 answers {answer}" in error.sentence


def test_a_wrong_hash_is_told(server: Server, context: LoadContext) -> None:
    error = refusal(published(f"{server.url}/good", f"sha256:{'0' * 64}"), context)
    assert "is not the published file" in error.sentence


def test_a_connection_that_breaks_off_is_told(server: Server, context: LoadContext) -> None:
    assert "broke off" in refusal(published(f"{server.url}/cut"), context).sentence


def test_without_network_the_places_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        file = published(f"http://127.0.0.1:{port}/good")
        for data_dir in (None, tmp_path / "mine"):
            context = LoadContext(tmp_path / "cache", data_dir)
            error = refusal(file, context)
            assert "there is no network, or 127.0.0.1 cannot be reached" in error.sentence
            assert "`seqclf run reviews` needs no network" in error.hint
            assert all(str(path) in error.hint for path in places(file, context))
            assert ("--data-dir" in error.hint) == (data_dir is None)


class FullDisk:
    def __init__(self, *_: Any) -> None:
        self.written = 0

    def write(self, content: bytes) -> None:
        self.written += len(content)
        if self.written > len(CONTENT) // 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_full_disk_is_told(
    server: Server, context: LoadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooch.downloaders, "open", FullDisk, raising=False)
    error = refusal(published(f"{server.url}/good"), context)
    assert f"there is no room left in {context.cache_dir / 'downloads'}" in error.sentence


def test_a_folder_that_cannot_be_made_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(DataError, match="downloads cannot be written"):
        download(published(f"{server.url}/good"), LoadContext(tmp_path / "cache"))
    assert server.asked == 0


def test_ctrl_c_leaves_nothing_behind(server: Server, tmp_path: Path) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    context = LoadContext(tmp_path, progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(published(f"{server.url}/good"), context)
    assert kept(context) == []


def test_the_first_place_that_has_the_file_counts(tmp_path: Path) -> None:
    file = published("http://127.0.0.1:9/nowhere")
    context = LoadContext(tmp_path / "cache", tmp_path / "mine")
    expected = [
        tmp_path / "mine" / "imdb.npz",
        tmp_path / "mine" / "imdb" / "imdb.npz",
        tmp_path / "keras" / "datasets" / "imdb.npz",
        tmp_path / "cache" / "downloads" / "imdb.npz",
    ]
    assert places(file, context) == expected
    assert find(file, context) is None
    for path in reversed(expected):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine, whatever its hash")
        assert find_or_download(file, context) == path


def test_a_data_directory_without_the_file_is_noted(tmp_path: Path) -> None:
    keras = tmp_path / "keras" / "datasets" / "imdb.npz"
    keras.parent.mkdir(parents=True)
    keras.touch()
    notes: list[str] = []
    context = LoadContext(tmp_path / "cache", tmp_path / "mine", note=notes.append)
    assert find_or_download(published("http://127.0.0.1:9/nowhere"), context) == keras
    assert notes == [f"there is no imdb.npz in {tmp_path / 'mine'}: {keras} is taken"]


def test_keras_home_is_in_the_home_folder_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    first = places(published("http://127.0.0.1:9/nowhere"), LoadContext(tmp_path / "cache"))[0]
    assert first == tmp_path / ".keras" / "datasets" / "imdb.npz"
