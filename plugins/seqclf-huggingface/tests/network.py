"""No test reaches a network: what is tried is refused and noted."""

import socket

ALLOWED: set[tuple[str, int]] = set()
ATTEMPTS: list[str] = []


class NetworkError(OSError):
    """The tests have no network."""


def block():
    """Refuse every connection of this process but those to ALLOWED."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def refuse(where):
        if tuple(where[:2]) not in ALLOWED:
            ATTEMPTS.append(f"{where}")
            raise NetworkError(f"network: {where}")

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse(address)
        return connect(self, address)

    def guarded_look_up(host, port, *arguments, **more):
        refuse((host, port))
        return look_up(host, port, *arguments, **more)

    socket.socket.connect = socket.socket.connect_ex = guarded
    socket.getaddrinfo = guarded_look_up
