"""A commit to bytes and back, a slice of a patch at a time, so that a large one is never there twice.

After the mark, one zlib stream: a line of numbers (bytes of the head, then of each patch), the commit as JSON with
its patches left out, the patches. A file without a patch keeps its None in the JSON and has the number 0.
"""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator

from workers.model import Commit, FileChange
from workers.store.codec import LEVEL, UnreadableError

MARK = b"1c"
"""Stands at the start: version and kind of this coding."""
SLICE = 1 << 18
"""Characters, or bytes, that are coded at a time."""


def encode_commit(commit: Commit) -> bytes:
    """A commit as bytes that `decode_commit` reads."""
    packer = zlib.compressobj(LEVEL)
    return b"".join([MARK, *(packer.compress(piece) for piece in _pieces(commit)), packer.flush()])


def decode_commit(data: bytes) -> Commit:
    """The commit that was encoded. UnreadableError for anything else."""
    if data[:2] != MARK:
        raise UnreadableError(data[:2].decode("ascii", "replace"))
    try:
        return _read(_Unpacker(memoryview(data)[2:]))
    except (zlib.error, ValueError) as error:
        raise UnreadableError("Commit") from error


def _pieces(commit: Commit) -> Iterator[bytes]:
    bare = commit.model_copy(update={"files": tuple(_without_patch(file) for file in commit.files)})
    head = bare.__pydantic_serializer__.to_json(bare)
    sizes = [len(head), *(_size(file.patch or "") for file in commit.files)]
    yield json.dumps(sizes).encode() + b"\n"
    yield head
    for file in commit.files:
        yield from _slices(file.patch or "")


def _without_patch(file: FileChange) -> FileChange:
    return file.model_copy(update={"patch": ""}) if file.patch else file


def _size(text: str) -> int:
    return len(text) if text.isascii() else sum(len(piece) for piece in _slices(text))


def _slices(text: str) -> Iterator[bytes]:
    return (text[start : start + SLICE].encode() for start in range(0, len(text), SLICE))


def _read(unpacker: _Unpacker) -> Commit:
    head_size, *sizes = json.loads(unpacker.line())
    commit = Commit.model_validate_json(unpacker.text(head_size))
    files = tuple(
        file.model_copy(update={"patch": unpacker.text(size)}) if size else file
        for file, size in zip(commit.files, sizes, strict=True)
    )
    unpacker.check_end()
    return commit.model_copy(update={"files": files})


class _Unpacker:
    """Reads a zlib stream piece by piece. zlib.error where it is cut or damaged."""

    def __init__(self, packed: memoryview) -> None:
        self._packed = packed
        self._engine = zlib.decompressobj()
        self._ready = b""

    def line(self) -> bytes:
        """All up to the next newline, which is left out."""
        found = bytearray()
        while True:
            head, newline, self._ready = (self._ready or self._more()).partition(b"\n")
            found += head
            if newline:
                return bytes(found)

    def text(self, size: int) -> str:
        """The next `size` bytes as text."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        found: list[str] = []
        while size:
            piece = self._ready or self._more()
            self._ready = piece[size:]
            found.append(decoder.decode(piece[:size]))
            size -= len(piece) - len(self._ready)
        return "".join(found) + decoder.decode(b"", final=True)

    def check_end(self) -> None:
        """Reads what is left, which is the stream's checksum."""
        while not self._engine.eof:
            self._more()

    def _more(self) -> bytes:
        """The next bytes, at most a slice; empty only once, at the end."""
        if self._engine.eof:
            raise zlib.error("the stream holds less than it says")
        while True:
            packed = self._engine.unconsumed_tail or self._next_packed()
            piece = self._engine.decompress(packed, SLICE)
            if piece or self._engine.eof:
                return piece

    def _next_packed(self) -> memoryview:
        if not self._packed:
            raise zlib.error("the stream is cut")
        slice_, self._packed = self._packed[:SLICE], self._packed[SLICE:]
        return slice_
