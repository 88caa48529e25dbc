"""The text of what is shown: files with their hunks, several parts of it, and the files that have no hunk in it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from workers.analysis.packing.files import header, unshown
from workers.analysis.packing.marks import gap
from workers.analysis.packing.pieces import Piece, unshown_because
from workers.analysis.packing.rows import Shown
from workers.analysis.packing.tokens import estimate
from workers.model import FileChange

BUDGET = "budget"
"""Key, under `left_out` of the catalogue, of files that would have been shown had there been room."""

Chosen = Mapping[Piece, Shown]


def text_of(files: Sequence[FileChange], chosen: Chosen) -> str:
    """The chosen hunks in the order of the diff, below the line of their file, with a mark for hunks between them."""
    found = sorted(chosen, key=lambda piece: (piece.file, piece.number))
    lines: list[str] = []
    for number, pieces in groupby(found, key=lambda piece: piece.file):
        lines += [header(files[number]), *_hunks(files[number], list(pieces), chosen)]
    return "\n".join(lines)


@dataclass(frozen=True)
class Costs:
    """What it costs to begin a file in the text, by its number, and to say that hunks of it are not shown."""

    files: Sequence[FileChange]

    def __call__(self, number: int) -> int:
        return estimate(header(self.files[number])) + _MORE_HUNKS


_MORE_HUNKS = 12


def _hunks(file: FileChange, pieces: Sequence[Piece], chosen: Chosen) -> list[str]:
    lines = [chosen[piece].text for piece in pieces]
    hidden = hunk_count(file) - len(pieces)
    if hidden:
        lines.append(gap("1 more hunk of this file" if hidden == 1 else f"{hidden} more hunks of this file"))
    return lines


def hunk_count(file: FileChange) -> int:
    """How many hunks a patch has."""
    patch = file.patch or ""
    return patch.count("\n@@") + patch.startswith("@@")


def split(chosen: Chosen, count: int) -> tuple[Chosen, ...]:
    """The chosen hunks in `count` parts of about the same cost, in the order of the diff; fewer if there are fewer."""
    found = sorted(chosen.items(), key=lambda one: (one[0].file, one[0].number))
    target = sum(shown.tokens for _, shown in found) / count
    parts: list[dict[Piece, Shown]] = [{}]
    room = target
    for piece, shown in found:
        if parts[-1] and room < shown.tokens / 2 and len(parts) < count:
            parts.append({})
            room += target
        parts[-1][piece] = shown
        room -= shown.tokens
    return tuple(parts)


@dataclass(frozen=True)
class Tail:
    """The files without a hunk in what is shown: the lines about them, and those left out, with the reason's key."""

    text: str
    left_out: tuple[tuple[FileChange, str], ...]


def tail_of(files: Sequence[FileChange], seen: Container[int], room: int) -> Tail:
    """The lines about files that are not `seen`, by number, within so many tokens.

    A file of which only the name or the mode changed has nothing else to show: its line is all of it.
    """
    lines: list[str] = []
    left_out: list[tuple[FileChange, str]] = []
    for number, file in enumerate(files):
        if number in seen:
            continue
        reason = unshown_because(file)
        cost = estimate(header(file)) + 1
        if reason is None and not file.patch and cost <= room * BARE_SHARE:
            lines.append(header(file))
            room -= cost
        else:
            left_out.append((file, reason or BUDGET))
    left_out.sort(key=lambda one: one[1] != BUDGET)
    return Tail(joined(*lines, unshown(left_out, room)), tuple(left_out))


BARE_SHARE = 0.5
"""The share of the room that is left which the line of one more renamed file may take: names of others need some."""


def joined(*texts: str) -> str:
    """Texts one below the other, without empty ones."""
    return "\n".join(text for text in texts if text)


def count_bytes(files: Sequence[FileChange], chosen: Chosen) -> int:
    """How many bytes of the patches are shown: all of a file that is shown whole, else its shown rows."""
    return sum(_bytes(files[number], pieces, chosen) for number, pieces in _by_file(chosen))


def _by_file(chosen: Chosen) -> Iterable[tuple[int, list[Piece]]]:
    found = sorted(chosen, key=lambda piece: piece.file)
    return [(number, list(pieces)) for number, pieces in groupby(found, key=lambda piece: piece.file)]


def _bytes(file: FileChange, pieces: Sequence[Piece], chosen: Chosen) -> int:
    if len(pieces) == hunk_count(file) and all(chosen[piece].whole for piece in pieces):
        return file.patch_bytes
    return min(sum(chosen[piece].bytes for piece in pieces), file.patch_bytes)
