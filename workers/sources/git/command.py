"""The git command on one repository that is not trusted: how it is started, read, bounded, ended, and understood."""

from __future__ import annotations

import copy
import fcntl
import os
import re
import select
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from workers.errors import DigestError, RefusedError, TransientError, WordsError

SILENCE = 180.0
"""Seconds without a byte after which a git process is taken for hung. Rename detection is the longest honest pause."""
CHUNK = 1 << 20
"""Bytes asked of a pipe at once, and the size of the pipe where the system lets us choose."""
MOST_OUTPUT = 256 << 20
"""Bytes that `Git.output` holds at most: it is for answers that grow with refs or objects, not with content."""

OLDEST_GIT = (2, 30)
"""The oldest git that knows all the options that we use."""

Read = Callable[[], bytes]
"""Gives the next bytes of a process, b"" at its end."""

# What the person or the repository may have set, and what must not change what we read or run anything.
SETTINGS = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    # Else git holds what it has met of a repository, up to hundreds of MB: 147 MiB for 1,000 commits and 207 for 4,000
    # of one of 400 MB. Measured on six repositories these settings make that 44 to 52 MiB, and git no slower.
    "core.deltaBaseCacheLimit=16m",
    "core.packedGitLimit=16m",
    "core.packedGitWindowSize=1m",
    "diff.suppressBlankEmpty=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    "log.follow=false",
)
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone must not fetch: that would run what its configuration names
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": os.devnull,  # git before 2.32 does not know GIT_CONFIG_GLOBAL
    "LC_ALL": "C",
    "XDG_CONFIG_HOME": os.devnull,
}


class Git:
    """Runs git on the repository at `path`, which must be its top folder or its git directory.

    It can be used from several threads; `close` ends what is running. Errors: WordsError("not_a_repository"),
    RefusedError("git_missing", "unsafe_repository", "repository_unreadable", "repository_broken", "git_failed"),
    TransientError("git_silent").
    """

    def __init__(self, path: Path, *, silence: float = SILENCE, program: str = "git") -> None:
        self.path = path
        self._silence = silence
        self._program = program
        self._safe_directories: tuple[str, ...] = ()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def output(self, *arguments: str, shas: Iterable[str] = ()) -> bytes:
        """Everything a short command prints. Raises as the class says; "repository_broken" where it is too much."""
        parts: list[bytes] = []
        size = 0
        with self.reading(*arguments, shas=shas) as read:
            while chunk := read():
                parts.append(chunk)
                size += len(chunk)
                if size > MOST_OUTPUT:
                    raise RefusedError("repository_broken", path=str(self.path), object="")
        return b"".join(parts)

    def with_silence(self, silence: float) -> Git:
        """The same git with another patience; `close` of either ends the processes of both."""
        other = copy.copy(self)
        other._silence = silence
        return other

    def version(self) -> tuple[int, ...]:
        """Major and minor version of git."""
        return tuple(int(number) for number in re.findall(rb"\d+", self.output("version"))[:2])

    def answer(self, *arguments: str) -> str | None:
        """What a question such as `rev-parse --verify` prints, without the newline; None where git says no."""
        try:
            return self.output(*arguments).decode("utf-8", "surrogateescape").rstrip("\n")
        except _GitSaidNo:
            return None

    @contextmanager
    def reading(
        self, *arguments: str, shas: Iterable[str] = (), environment: Mapping[str, str] | None = None
    ) -> Iterator[Read]:
        """A running git, read as it prints. `shas` are its standard input, one a line.

        At the end of its output `read` raises what git died of, so that what ends too soon is never taken for whole.
        Leaving earlier ends the process.
        """
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.writelines(sha.encode() + b"\n" for sha in shas)
            given.seek(0)
            process, output = self._start(arguments, given, said, environment or {})
            poll = select.poll()
            poll.register(output, select.POLLIN | select.POLLHUP)

            def read() -> bytes:
                if not poll.poll(self._silence * 1000):
                    raise self._silent()
                chunk = os.read(output.fileno(), CHUNK)
                if not chunk:
                    self._check_end(process, said)
                return chunk

            try:
                yield read
            finally:
                self._end(process, output)

    def close(self) -> None:
        """Kills every process that still runs. Nothing can be started afterwards."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for process in running:
            process.kill()

    def trust_as_the_person_does(self) -> bool:
        """Takes over the `safe.directory` of the person's and the system's settings; False where there is none.

        They are the only settings of a person that count here: without them git refuses what others own.
        """
        command = [self._program, "config", "--null", "--get-all", "safe.directory"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        try:
            found = subprocess.run(
                command, cwd="/", env=environment, capture_output=True, check=False, timeout=self._silence
            )
        except subprocess.TimeoutExpired:
            raise self._silent() from None
        names = found.stdout.decode("utf-8", "surrogateescape").split("\0")
        self._safe_directories = tuple(name for name in names if name)
        return bool(self._safe_directories)

    def _start(
        self, arguments: tuple[str, ...], given: IO[bytes], said: IO[bytes], environment: Mapping[str, str]
    ) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        with self._lock:
            if self._closed:
                raise RefusedError("git_failed", path=str(self.path), said="closed")
            try:
                process = subprocess.Popen(
                    self._command(arguments),
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    env={**self._environment(), **environment},
                )
            except (FileNotFoundError, PermissionError):
                raise RefusedError("git_missing") from None
            self._running.add(process)
        output = cast("IO[bytes]", process.stdout)
        _widen(output)
        return process, output

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        settings = [*SETTINGS, *(f"safe.directory={name}" for name in self._safe_directories)]
        options = [word for setting in settings for word in ("-c", setting)]
        return [self._program, "-C", str(self.path), "--no-pager", *options, *arguments]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LC_"))}
        # Without a ceiling git would take a folder inside someone's repository for that repository.
        return inherited | ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(self.path.resolve().parent)}

    def _end(self, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        process.kill()
        process.wait()
        output.close()

    def _check_end(self, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        try:
            code = process.wait(self._silence)
        except subprocess.TimeoutExpired:
            raise self._silent() from None
        if code:
            said.seek(0)
            raise understand(said.read(64 << 10).decode("utf-8", "replace"), code, self.path)

    def _silent(self) -> TransientError:
        return TransientError("git_silent", path=str(self.path), seconds=self._silence)


class _GitSaidNo(RefusedError):
    """Raise when git ended with status 1 and no word: its way to answer a question with no."""


def _widen(pipe: IO[bytes]) -> None:
    """Makes a pipe as large as a chunk where the system has and allows that, so that git seldom waits for us."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, CHUNK)


_OBJECT = re.compile(r"\b[0-9a-f]{40,64}\b")
_BROKEN = re.compile(
    r"unable to (?:read|parse|unpack|find)|missing (?:blob|tree|commit|object)|bad (?:object|tree|commit|signature)"
    r"|corrupt|object file .* is empty|could not (?:read|parse|get object)|not a valid object|is not a blob|inflate"
    r"|packfile|invalid (?:object|sha1)|(?:tree|commit|object) [0-9a-f]+ not found|transport '.*' not allowed|promisor",
    re.IGNORECASE,
)


def understand(said: str, code: int, path: Path) -> DigestError:
    """The error that git's last words (in English, to standard error) mean."""
    where = str(path)
    if "not a git repository" in said or "cannot change to" in said:
        denied = "Permission denied" in said
        return (
            RefusedError("repository_unreadable", path=where) if denied else WordsError("not_a_repository", path=where)
        )
    if "dubious ownership" in said or "unsafe repository" in said:
        return RefusedError("unsafe_repository", path=where)
    if "Permission denied" in said:
        return RefusedError("repository_unreadable", path=where)
    # A git that is ended by a signal has crashed: so it does on some merges whose objects are missing.
    if _BROKEN.search(said) or code < 0:
        named = _OBJECT.search(said)
        return RefusedError("repository_broken", path=where, object=named[0] if named else "")
    first = next((line for line in said.splitlines() if line.startswith(("fatal:", "error:"))), said[:200].strip())
    if code == 1 and not first:
        return _GitSaidNo("git_failed", path=where, said="")
    return RefusedError("git_failed", path=where, said=first[:300])
