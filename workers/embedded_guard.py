"""Keeps the embedded server: starts it, starts it again if it dies, and stops it when the last of its users is gone.

Runs as a process of its own, by `python -I -S <this file>`, with nothing of ours imported, so that it is small and
starts in milliseconds (`pathlib` alone would take as long as all the rest). Users hold a shared lock on one file for as
long as they live, and the kernel takes it from them however they die; the guard waits for the exclusive lock on it. The
guard's own lock, on another file, comes to it already held and says that there is a guard. Should the guard itself be
killed, the kernel ends the server (Linux), and elsewhere the next guard stops what was left over before it starts its
own.

    python -I -S embedded_guard.py LOCK_FD USERS_LOCK SOCKET LOG BINARIES OPTION...

BINARIES are paths joined by `:`, tried in turn; a server of another make may not read what the first has written.
"""

from __future__ import annotations

import _thread
import fcntl
import os
import signal
import sys
import time
from collections.abc import Sequence

LIVES = 1.0
"""Seconds after which a server is taken to have started; one that ends earlier by itself would do so again."""
KILLED_MOST = 3
"""How often in a row a server may be killed before it has started, until it is given up."""
STOP_SECONDS = 10.0
"""How long the server may take to write everything to disk before it is killed."""
LOG_MOST = 1 << 20
"""Bytes of log after which it begins anew."""
PR_SET_PDEATHSIG = 1
"""Of Linux's prctl: the signal that a process gets when its parent dies."""


class Server:
    """The server as a child process, which may be told to end at any moment of its life."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._commands = commands
        self._pid = 0
        self._ended = False
        self._lock = _thread.allocate_lock()

    def run(self) -> bool:
        """Keeps the first of the commands that starts running until `end`: True. False when none starts."""
        return any(self._keep(command) for command in self._commands)

    def end(self) -> None:
        """Lets the server write everything and stop; kills it when that takes too long."""
        with self._lock:
            self._ended = True
            self._signal(signal.SIGTERM)
        time.sleep(STOP_SECONDS)
        self._signal(signal.SIGKILL)

    def _keep(self, command: Sequence[str]) -> bool:
        early = 0
        while self._start(command):
            began = time.monotonic()
            _, status = os.waitpid(self._pid, 0)
            self._pid = 0
            early = early + 1 if time.monotonic() - began < LIVES else 0
            if early and not self._ended and (os.WIFEXITED(status) or early == KILLED_MOST):
                return False
        return True

    def _start(self, command: Sequence[str]) -> bool:
        with self._lock:
            if not self._ended:
                guard = os.getpid()
                self._pid = os.fork() or _become(command, guard)
            return not self._ended

    def _signal(self, number: int) -> None:
        if self._pid:
            os.kill(self._pid, number)


def main(arguments: Sequence[str]) -> int:
    """Keeps a server until its last user is gone: 0. 1 when none of the binaries would start."""
    lock, users_lock, socket_path, log, binaries, *options = arguments
    os.set_inheritable(int(lock), False)
    users = os.open(users_lock, os.O_RDWR)
    _detach(log)
    _stop_leftover(leftover_of(socket_path))
    server = Server([[binary, *options, "--unixsocket", socket_path] for binary in binaries.split(os.pathsep)])
    _thread.start_new_thread(_end_after_users, (users, server))
    return 0 if server.run() else 1


def leftover_of(socket_path: str) -> str:
    """Where the socket of a server without a guard is put, so that nobody takes it for the one about to start."""
    return f"{socket_path}.old"


def _end_after_users(users: int, server: Server) -> None:
    fcntl.flock(users, fcntl.LOCK_EX)
    server.end()


def _detach(log: str) -> None:
    """Leaves whoever started us, who then has no child to wait for, and speaks to the log."""
    if os.fork():
        os._exit(0)
    anew = os.O_TRUNC if os.path.exists(log) and os.path.getsize(log) > LOG_MOST else 0  # noqa: PTH110, PTH202
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | anew, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def _become(command: Sequence[str], guard: int) -> int:
    """Turns this forked process into the server; it ends when the guard does."""
    try:
        _die_with(guard)
        os.execv(command[0], [*command])  # noqa: S606
    finally:
        os._exit(127)


def _die_with(guard: int) -> None:
    """As `workers.lifeline`, which cannot be imported here."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415  # a third of the time that the guard takes to start

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != guard:
        os._exit(127)


def _stop_leftover(socket_path: str) -> None:
    """Stops the server whose guard was killed, if there is one, before another writes to the same files."""
    if not os.path.exists(socket_path):  # noqa: PTH110
        return
    import socket  # noqa: PLC0415

    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(STOP_SECONDS)
        try:
            connection.connect(socket_path)
            connection.sendall(b"SHUTDOWN\r\n")
            while connection.recv(4096):
                pass
        except OSError as error:
            sys.stderr.write(f"{socket_path}: {error}\n")
    os.unlink(socket_path)  # noqa: PTH108


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
