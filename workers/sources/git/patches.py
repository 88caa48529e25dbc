"""What git prints of many commits, as the files of each: one commit at a time, its patches bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.model import FileChange, FileStatus, PatchGap
from workers.sources.base import MAX_COMMIT_PATCH, MAX_FILE_PATCH
from workers.sources.git.combined import own_part
from workers.sources.git.command import Read
from workers.sources.git.stream import DiffStream, Piece, RawEntry
from workers.sources.git.texts import decode_path, decode_text

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
    """The files of each commit, from `git diff-tree --stdin --always` and DIFF_OPTIONS.

    With `--cc` too, those of a merge are the files that it changed itself: see `own_part`. `shas` are the commits in
    the order they were asked for. BrokenError("git_output") where the output is not theirs.
    """
    stream = DiffStream(read)
    for sha in shas:
        entries = stream.raw_entries(sha)
        pieces = _gather(stream) if entries else {}
        changes = (_change(entry, pieces.get(entry.title, [])) for entry in entries)
        yield sha, tuple(change for change in changes if change is not None)


def split_raw(read: Read, shas: Sequence[str]) -> Iterator[tuple[str, list[RawEntry]]]:
    """The raw entries of each commit, from the same command with RAW_OPTIONS. BrokenError as split_commits."""
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


def _change(entry: RawEntry, pieces: Sequence[Piece]) -> FileChange | None:
    """The file of an entry; None where a merge has it from one of its parents or from git's own merging."""
    texts = [piece.hunks for piece in pieces if piece.hunks is not None]
    additions = sum(piece.additions for piece in pieces)
    deletions = sum(piece.deletions for piece in pieces)
    if entry.combined and not pieces:
        return None
    if len(texts) < len(pieces):
        return _file(entry, None, additions, deletions, PatchGap.TOO_LARGE)
    if not any(texts):
        binary = any(b"\nBinary files " in piece.header for piece in pieces)
        return bare_change(entry, PatchGap.BINARY if binary else None)
    patch = decode_text(b"\n".join(filter(None, texts)))
    if entry.combined:
        patch, additions, deletions = own_part(patch)
    return _file(entry, patch, additions, deletions) if patch else None


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
