"""Repositories with one extreme commit each, made on the spot."""

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


def _repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for command in (["init", "--quiet"], ["add", "."], [*identity, "commit", "--quiet", "-m", "Add everything"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder
