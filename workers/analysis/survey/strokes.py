"""The changed lines of code files, one by one, and what they call: what a small change is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.hunks import hunks_of
from workers.model import Evidence, FileChange, Side

READ_BYTES = 200_000
"""Patches above this are not read line by line: in so large a change no single line is the point."""

QUOTE_LIMIT = 200
"""Longest quotation of one line in characters."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One added (`new`) or removed (`old`) line of code that is neither blank nor a comment."""

    path: str
    side: Side
    line: int
    text: str

    def evidence(self) -> Evidence:
        quote = self.text.strip()[:QUOTE_LIMIT]
        return Evidence(path=self.path, side=self.side, start=self.line, end=self.line, quote=quote)


def strokes_of(files: Iterable[FileChange]) -> tuple[Stroke, ...]:
    """The changed lines of code of these files, in order, as far as `READ_BYTES` of patches go."""
    found: list[Stroke] = []
    room = READ_BYTES
    for file in files:
        size = len(file.patch or "")
        if size and size <= room:
            room -= size
            found.extend(_of_file(file))
    return tuple(found)


def _of_file(file: FileChange) -> Iterator[Stroke]:
    comment = comment_marks(file.path)
    for hunk in hunks_of(file.patch or ""):
        for line in hunk.lines():
            text = line.text.strip()
            if line.mark == " " or not text or text.startswith(comment):
                continue
            if line.new_no is not None:
                yield Stroke(file.path, "new", line.new_no, line.text)
            elif line.old_no is not None:
                yield Stroke(file.path, "old", line.old_no, line.text)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HASH = frozenset(
    {".py", ".rb", ".sh", ".yml", ".yaml", ".toml", ".conf", ".pl", ".cfg", ".tcl", ".pyi", ".ex", ".cmake"}
)
_DASH = frozenset({".sql", ".lua", ".hs"})


def comment_marks(path: str) -> tuple[str, ...]:
    """What a line that is only a comment begins with, by the name of the file."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _HASH:
        return ("#",)
    if suffix in _DASH:
        return ("--",)
    return ("//", "/*", "*/", "* ", "*\t", "<!--")


_CALL = re.compile(r"(?<![\w$])((?:[A-Za-z_$][\w$]*(?:\.|::|->))*[A-Za-z_$][\w$]*!?)\s?\(")
_NO_CALLS = _names(
    "if for while switch return sizeof catch function await def elif and or not in new throw match when with"
    " except typeof super print assert fn func async lambda else case do try yield delete instanceof import"
    " require constructor defined is as from select where values set some ok err none len str int list dict"
    " tuple bool range string number boolean object array vec box public private protected static final void"
    " auto let const var loop unless until synchronized"
)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|//.*$|(?<!\w)#\s.*$")


_JOINTS = re.compile(r"\.|::|->")
_EVERYDAY = re.compile(
    r"[a-z]+\d*$|[A-Z][a-z]+$|[A-Z]+$|(?:to|into|as|is|has|get|set|log|print|unwrap|iter|from|str|mem)_\w+$|"
    r"(?:to|is|has|get|set|for|index|console)[A-Z]\w*$|\w*(?:[lL]og|Print|print)(?:[A-Z_]\w*)?$"
)
"""Calls of every day: single words, conversions, getters, logging. They say nothing of what a change is about."""


def _last(name: str) -> str:
    """The last part of a dotted name."""
    return _JOINTS.split(name)[-1].rstrip("!")


@dataclass(frozen=True, slots=True)
class Calls:
    """Names that changed lines call on one side only, with the line of the first of each."""

    added: tuple[tuple[str, Stroke], ...]
    removed: tuple[tuple[str, Stroke], ...]


def calls_of(strokes: Sequence[Stroke], defined: frozenset[str]) -> Calls:
    """What is called in added lines and not in removed ones, and the other way round, most frequent first.

    `defined` are names that the commit itself defines or removes: their definition looks like a call.
    """
    new, old = _called(strokes, "new", defined), _called(strokes, "old", defined)
    return Calls(added=_only(new, old), removed=_only(old, new))


def _called(strokes: Sequence[Stroke], side: Side, defined: frozenset[str]) -> dict[str, list[Stroke]]:
    found: dict[str, list[Stroke]] = {}
    for stroke in strokes:
        if stroke.side == side:
            for name in _CALL.findall(_QUOTED.sub("", stroke.text)):
                last = _last(name)
                if last.lower() not in _NO_CALLS and last not in defined and not _EVERYDAY.match(last):
                    found.setdefault(name, []).append(stroke)
    return found


def _only(here: dict[str, list[Stroke]], there: dict[str, list[Stroke]]) -> tuple[tuple[str, Stroke], ...]:
    known = set(map(_last, there))
    counts = Counter({name: len(lines) for name, lines in here.items() if _last(name) not in known})
    return tuple((name, here[name][0]) for name, _ in counts.most_common())
