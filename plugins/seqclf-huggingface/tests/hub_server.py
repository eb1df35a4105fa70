"""A stand-in for the Hugging Face Hub on this machine: the few answers the libraries ask for."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "a" * 40


class StandIn:
    """A server with repositories: `files["me/films"] = {"train.csv": b"..."}`.

    Attributes:
        files: repository to its files.
        answers: repository to (status, error code), in place of files.
        slow: repositories that never answer in time.
        requests: what was asked.
    """

    def __init__(self):
        self.files, self.answers, self.slow, self.requests = {}, {}, set(), []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                hub.requests.append(self.path)
                path = unquote(urlsplit(self.path).path)
                status, headers, body = hub.answer(path)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # somebody did not wait for the answer
        self.address = self._server.server_address
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def clear(self):
        for kept in (self.files, self.answers, self.slow, self.requests):
            kept.clear()

    def answer(self, path):
        """Give status, headers and body for a path."""
        known = {*self.files, *self.answers, *self.slow}
        repository = next((name for name in known if f"/{name}" in path), None)
        if repository is None:
            return self._error(404, "RepoNotFound")
        if repository in self.slow:
            time.sleep(3)
        if repository in self.answers:
            return self._error(*self.answers[repository])
        if repository not in self.files:
            return self._error(404, "RepoNotFound")
        files = self.files[repository]
        after = path.partition(repository)[2].strip("/").split("/")
        if after == [""]:
            return self._repository(repository)
        if after[0] == "revision":
            known = after[1] in ("main", COMMIT)
            return self._repository(repository) if known else self._error(404, "RevisionNotFound")
        if after[0] == "tree":
            if after[2:]:
                return self._error(404, "EntryNotFound")
            return 200, {"Content-Type": "application/json"}, json.dumps(self._tree(files)).encode()
        name = "/".join(after[2:])
        if after[0] == "resolve" and name in files:
            tag = hashlib.sha1(files[name]).hexdigest()
            return 200, {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT}, files[name]
        return self._error(404, "EntryNotFound")

    def _repository(self, name):
        told = {"id": name, "sha": COMMIT, "siblings": [], "private": False, "tags": []}
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    @staticmethod
    def _tree(files):
        return [
            {"type": "file", "oid": hashlib.sha1(text).hexdigest(), "size": len(text), "path": name}
            for name, text in files.items()
        ]

    @staticmethod
    def _error(status, code):
        return status, {"X-Error-Code": code, "X-Repo-Commit": COMMIT}, b'{"error": "no"}'
