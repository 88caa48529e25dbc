"""What git prints of many commits, as the files of each: one commit at a time, its patches bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.model import FileChange, FileStatus, PatchGap
from workers.sources.command import Read
from workers.sources.stream import DiffStream, Piece, RawEntry
from workers.sources.texts import decode_path, decode_text

MAX_FILE_PATCH = 2 << 20
"""Bytes of one file's patch; a longer one is counted and let go (`PatchGap.TOO_LARGE`)."""
MAX_COMMIT_PATCH = 16 << 20
"""Bytes of one commit's patches together; what does not fit is let go in the same way."""

RAW_OPTIONS = ("-r", "-z", "--raw", "--no-abbrev", "-l1000", "-O/dev/null", "--no-relative", "--ignore-submodules=none")
"""What `split_raw` reads, with or without `--find-renames`."""
DIFF_OPTIONS = (
    *RAW_OPTIONS,
    *("--patch", "--find-renames", "--unified=3", "--inter-hunk-context=0", "--diff-algorithm=myers"),
    *("--indent-heuristic", "--no-color", "--no-ext-diff", "--no-textconv", "--submodule=short"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
"""What `split_commits` reads. Each option is git's default, said aloud so that no setting can change it."""


def split_commits(read: Read, shas: Sequence[str]) -> Iterator[tuple[str, tuple[FileChange, ...]]]:
    """The files of each commit, from `git diff-tree --stdin --always` (or log with `--format=%H`) and DIFF_OPTIONS.

    `shas` are the commits in the order they were asked for. BrokenError("git_output") where the output is not theirs.
    """
    stream = DiffStream(read)
    for sha in shas:
        entries = stream.raw_entries(sha)
        pieces = _gather(stream) if entries else {}
        yield sha, tuple(_change(entry, pieces.get(entry.title, [])) for entry in entries if _shown(entry, pieces))


def split_raw(read: Read, shas: Sequence[str]) -> Iterator[tuple[str, list[RawEntry]]]:
    """The raw entries of each commit, from the same commands with RAW_OPTIONS. BrokenError as split_commits."""
    stream = DiffStream(read)
    for sha in shas:
        yield sha, stream.raw_entries(sha)


def bare_change(entry: RawEntry, gap: PatchGap | None = None) -> FileChange:
    """A file of which there is no text, and why; without a reason, nothing but its mode or name changed."""
    return _file(entry, "" if gap is None else None, gap=gap)


_Pieces = dict[bytes, list[Piece]]


def _gather(stream: DiffStream) -> _Pieces:
    """A commit's pieces by title. A file that became a symlink has two: its deletion and its creation."""
    pieces: _Pieces = {}
    room = MAX_COMMIT_PATCH
    while stream.at_piece():
        piece = stream.piece(min(room, MAX_FILE_PATCH))
        room -= len(piece.hunks or b"")
        pieces.setdefault(piece.title, []).append(piece)
    return pieces


def _shown(entry: RawEntry, pieces: _Pieces) -> bool:
    """Of a merge `--raw` names all files that differ from each parent, the patch those where lines really do."""
    return not entry.combined or entry.title in pieces


def _change(entry: RawEntry, pieces: Sequence[Piece]) -> FileChange:
    texts = [piece.hunks for piece in pieces if piece.hunks is not None]
    additions = sum(piece.additions for piece in pieces)
    deletions = sum(piece.deletions for piece in pieces)
    if len(texts) < len(pieces):
        return _file(entry, None, additions, deletions, PatchGap.TOO_LARGE)
    if not any(texts):
        binary = any(b"\nBinary files " in piece.header for piece in pieces)
        return bare_change(entry, PatchGap.BINARY if binary else None)
    patch = decode_text(b"\n".join(filter(None, texts)))
    if entry.combined:
        return _file(entry, *against_first_parent(patch))
    return _file(entry, patch, additions, deletions)


def _file(
    entry: RawEntry, patch: str | None, additions: int = 0, deletions: int = 0, gap: PatchGap | None = None
) -> FileChange:
    moved = entry.status in (FileStatus.RENAMED, FileStatus.COPIED)
    return FileChange(
        path=decode_path(entry.path),
        old_path=decode_path(entry.old_path) if moved else None,
        status=entry.status,
        additions=additions,
        deletions=deletions,
        old_mode=entry.old_mode,
        new_mode=entry.new_mode,
        patch=patch,
        gap=gap,
    )


_COMBINED_HEADER = re.compile(r"(@{3,}) -([0-9]+)[0-9,]* .*\+([0-9]+)[0-9,]* \1(.*)", re.DOTALL)


def against_first_parent(patch: str) -> tuple[str, int, int]:
    """A combined diff (`@@@`) as a plain one against the first parent, with its counts of added and deleted lines.

    Lines that only other parents had are left out. Lines are counted anew: git's own counts are sometimes one off.
    """
    hunks: list[str] = []
    additions = deletions = 0
    for hunk in re.split(r"^(?=@{3,} -)", patch, flags=re.MULTILINE):
        title, _, text = hunk.partition("\n")
        if not (match := _COMBINED_HEADER.fullmatch(title)):
            continue
        lines = [
            line[:1] + line[len(match[1]) - 1 :]
            for line in text.removesuffix("\n").split("\n")
            if line[:1] == "-" or "-" not in line[: len(match[1]) - 1]
        ]
        added, deleted = (sum(line[:1] == sign for line in lines) for sign in "+-")
        header = f"@@ -{match[2]},{len(lines) - added} +{match[3]},{len(lines) - deleted} @@{match[4]}"
        hunks.append("\n".join([header, *lines]))
        additions, deletions = additions + added, deletions + deleted
    return "\n".join(hunks), additions, deletions
