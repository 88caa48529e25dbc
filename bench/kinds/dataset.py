"""The collected set as rows, split by repository, and the form a checker's message may have."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from workers.analysis.paths import Role, role_of
from workers.model import FileChange, FileStatus

FOLDS = 5


@dataclass(frozen=True)
class Row:
    repo: str
    label: str
    type: str
    message: str  # without its type
    typed: str  # with it
    files: tuple[FileChange, ...]


def fold_of(repo: str) -> int:
    """Which fifth of the repositories one is in: by the name alone, so a larger collection moves none."""
    return crc32(repo.encode()) % FOLDS


def rows(paths: Iterable[Path]) -> Iterator[Row]:
    """Every row; half the messages keep their scope in parentheses, a third lose their body, as a checker's could."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (_row(json.loads(line)) for line in lines)


def is_consistent(row: Row) -> bool:
    """Whether the diff bears its label out at least a little: projects use `build`, `ci` and `docs` in many ways.

    Training trusts the other rows less, and the score is reported with and without them.
    """
    roles = Counter(role_of(file.path) for file in row.files)
    subject, apart = row.message.partition("\n")[0], roles[Role.DOCS] + roles[Role.CI] + roles[Role.TEST]
    if row.label in _BORNE_OUT:
        wanted, words = _BORNE_OUT[row.label]
        return any(roles[role] for role in wanted) or bool(words.search(subject))
    return apart < len(row.files) and roles[Role.MANIFEST] + roles[Role.LOCK] < len(row.files)


_BORNE_OUT = {
    "docs": ((Role.DOCS,), re.compile(r"doc|comment", re.I)),
    "test": ((Role.TEST,), re.compile(r"test", re.I)),
    "ci": ((Role.CI,), re.compile(r"\b(ci|workflow|action)", re.I)),
    "build": ((Role.BUILD, Role.MANIFEST, Role.LOCK, Role.CONFIG, Role.VENDORED), re.compile(r"(?!)")),
}


def _row(raw: dict[str, object]) -> Row:
    chance = random.Random(str(raw["sha"]))
    scope, rest, body = str(raw["scope"]), str(raw["rest"]), str(raw["body"])
    shown = f"({scope}): {rest}" if scope and chance.random() < 0.5 else rest
    body = "" if chance.random() < 1 / 3 else body
    typed = f"{raw['type']}({scope}): {rest}" if scope else f"{raw['type']}: {rest}"
    files = raw["files"]
    assert isinstance(files, list)
    return Row(
        str(raw["repo"]),
        str(raw["label"]),
        str(raw["type"]),
        f"{shown}\n{body}",
        f"{typed}\n{body}",
        tuple(map(_file, files)),
    )


def _file(raw: dict[str, object]) -> FileChange:
    return FileChange.model_validate({**raw, "status": FileStatus(str(raw["status"]))})
