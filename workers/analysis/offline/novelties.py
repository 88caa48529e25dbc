"""What changes in documents, tests and pipelines, by name: sections, test cases, versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from workers.analysis.hunks import hunks_of
from workers.analysis.survey.strokes import READ_BYTES
from workers.model import Evidence, FileChange

Named = tuple[str, Evidence]
"""A name and the line that shows it."""

_SECTION = re.compile(r"#{1,4} +(\S.{0,80}?)\s*(?:\{#.*\})?\s*#*$")
_CASES = (
    re.compile(r"""\s*(?:it|test|describe)(?:\.\w+)?(?:\([^()]*\))?\(\s*(['"`])(.{2,90}?)\1"""),
    re.compile(r"""\s*(test)\s+[{"](.{2,90}?)[}"]\s*\{"""),
    re.compile(r"\s*(?:async\s+)?(?:def|fn|func|function)\s+((?i:test))((?:_|[A-Z])\w+)"),
    re.compile(r"\s*(TEST(?:_[FP])?)\((\w+,\s*\w+)\)"),
    re.compile(r"\s*(?:public\s+)?(void)\s+((?:test|should)\w+|\w+Test)\s*\("),
)


def sections_added(files: Iterable[FileChange]) -> tuple[Named, ...]:
    """Headings that Markdown documents gained."""
    return tuple(_found(files, _heading))


def cases_added(files: Iterable[FileChange]) -> tuple[Named, ...]:
    """Test cases that test files gained and had nowhere before in the same change."""
    return tuple(_found(files, _case))


def _heading(path: str, text: str) -> str | None:
    match = _SECTION.match(text) if path.endswith((".md", ".mdx", ".markdown")) else None
    return match[1] if match else None


def _case(_path: str, text: str) -> str | None:
    for number, pattern in enumerate(_CASES):
        if match := pattern.match(text):
            return match[1] + match[2] if number == 2 else match[2]
    return None


def _found(files: Iterable[FileChange], name_in: Callable[[str, str], str | None]) -> Iterator[Named]:
    told: set[str] = set()
    for file in files:
        if not file.patch or len(file.patch) > READ_BYTES:
            continue
        gone = {name_in(file.path, row[1:]) for row in file.patch.split("\n") if row.startswith("-")}
        for hunk in hunks_of(file.patch):
            for line in hunk.lines():
                name = name_in(file.path, line.text) if line.mark == "+" else None
                if name and name not in gone and name not in told and line.new_no is not None:
                    told.add(name)
                    yield (
                        name,
                        Evidence(
                            path=file.path,
                            side="new",
                            start=line.new_no,
                            end=line.new_no,
                            quote=line.text.strip()[:200],
                        ),
                    )


_VERSION = re.compile(r"""^([-+])\s*(?:"version"\s*:\s*"|version\s*=\s*["'])(\d[\w.+-]*)["']""", re.MULTILINE)


def version_set(files: Iterable[FileChange]) -> tuple[str, str] | None:
    """The project's own version before and after, where manifests say so; None when they do not or disagree."""
    found = set()
    for file in files:
        versions = dict(_VERSION.findall(file.patch or ""))
        if len(versions) == 2 and len(_VERSION.findall(file.patch or "")) == 2:
            found.add((versions["-"], versions["+"]))
    return found.pop() if len(found) == 1 else None
