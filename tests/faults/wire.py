"""What stands between our processes and Redis: it sees each command, and by which process, before Redis does."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

Watch = Callable[[int, bytes, bool], bool]
"""Called with the pid of who sends, what it sends, and whether Redis has answered it; False: the connection ends."""
PIECE = 1 << 18


class Wire:
    """Listens at one socket and passes all on to another. `watch` is called before each piece is passed on.

    After a piece that `wants_answer` of, it is called again before the answer is passed on.
    """

    def __init__(self, front: Path, back: Path, watch: Watch, wants_answer: Callable[[int, bytes], bool]) -> None:
        self._back = str(back)
        self._watch = watch
        self._wants_answer = wants_answer
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(front))
        self._listener.listen(256)
        self._open: set[socket.socket] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in list(self._open):
            _close(one)

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        pid = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        server = socket.socket(socket.AF_UNIX)
        self._open |= {client, server}
        asked: list[bytes] = []
        try:
            server.connect(self._back)
            back = threading.Thread(target=self._pass_back, args=(server, client, pid, asked), daemon=True)
            back.start()
            while piece := client.recv(PIECE):
                if not self._watch(pid, piece, False):
                    break
                if self._wants_answer(pid, piece):
                    asked.append(piece)
                server.sendall(piece)
        except OSError:
            pass
        finally:
            for one in (client, server):
                _close(one)
                self._open.discard(one)

    def _pass_back(self, server: socket.socket, client: socket.socket, pid: int, asked: list[bytes]) -> None:
        with suppress(OSError):
            while piece := server.recv(PIECE):
                if not all(self._watch(pid, asked.pop(), True) for _ in range(len(asked))):
                    break
                client.sendall(piece)
        _close(client)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
