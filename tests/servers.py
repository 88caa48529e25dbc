"""A real Redis for tests, on a socket of its own, with nothing kept."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import wait_until
from workers.embedded import _ask, server_binaries


@contextmanager
def redis_server(*options: str) -> Iterator[str]:
    """The address of a server that lives as long as the context."""
    with tempfile.TemporaryDirectory(prefix="cd-") as folder:
        socket = Path(folder) / "redis.sock"
        command = [server_binaries()[-1], "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: _ask(socket) == b"+PONG")
            yield f"unix://{socket}"
        finally:
            process.kill()
            process.wait()
