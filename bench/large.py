"""Repositories that are extreme in one way each, made on the spot: a large commit, many files, a long history."""

from __future__ import annotations

import subprocess
from pathlib import Path

PATCH_MEGABYTES = 17
FILES = 3000


def large_commit(folder: Path) -> Path:
    """A repository whose only commit adds a source file of 17 MB."""
    line = "value_{n} = compute({n}, 'some text that makes the line as long as lines of code are')\n"
    per_line = len(line)
    text = "".join(line.format(n=n) for n in range(PATCH_MEGABYTES * 1_000_000 // per_line))
    return _repository(folder, {"large.py": text})


def many_files(folder: Path) -> Path:
    """A repository whose only commit adds 3,000 source files."""
    body = "def work_{n}(a, b):\n    return a + b * {n}\n"
    return _repository(folder, {f"package/part_{n % 50}/module_{n}.py": body.format(n=n) * 5 for n in range(FILES)})


def long_history(folder: Path, commits: int) -> Path:
    """A repository of so many commits that are all alike: each rewrites some lines of one of 100 source files."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    stream = b"".join(_imported(number) for number in range(commits))
    _git(folder, "fast-import", "--quiet", given=stream)
    return folder


def _imported(number: int) -> bytes:
    """One commit as `git fast-import` reads it."""
    lines = (f"def step_{n}(value):\n    return value * {n + number % 7 * (n % 9 == 0)}\n\n\n" for n in range(60))
    text = "".join(lines).encode()
    body = "It did not, in a way that takes a while to tell.\n" * 5
    message = f"fix: step {number} returns what it should\n\n{body}".encode()
    start = f"commit refs/heads/main\ncommitter bench <bench@example.org> {1_700_000_000 + 600 * number} +0000\n"
    change = f"M 100644 inline package/part_{number % 100}.py\n"
    return b"%sdata %d\n%s\n%sdata %d\n%s\n" % (
        *(start.encode(), len(message), message),
        *(change.encode(), len(text), text),
    )


def _repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for command in (["init", "--quiet"], ["add", "."], [*identity, "commit", "--quiet", "-m", "Add everything"]):
        _git(folder, *command)
    return folder


def _git(folder: Path, *arguments: str, given: bytes = b"") -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, input=given)
