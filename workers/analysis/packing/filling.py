"""Choosing pieces until a budget is full: first a little of many, then more of the gravest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from workers.analysis.packing.pieces import Piece
from workers.analysis.packing.rows import Shown

GRAVE = 1.0
"""Priority from which a piece is grave: product code of some consequence. The others get what these leave."""

WIDE_SHARE = 0.65
"""The share of the budget that goes into showing a little of each piece; the rest deepens the gravest."""

DEPTHS = (16, 24, 40, 80, 160, 400)
"""Rows of a hunk that are shown as long as there is room, gravest first."""

WIDE_LEAST = 4
"""Rows that a piece gets at least in the beginning, however many files there are."""

FEWEST = 2
"""Rows below which a piece tells nothing: what does not fit with so many is not shown."""

FILES_COUNTED = 60
"""Files that are counted to find how many rows each may have in the beginning."""

LEAST = 12
"""Tokens below which nothing more is tried: no piece is smaller."""

MISSES = 40
"""After so many pieces that did not fit, the budget counts as full."""


@dataclass
class Filling:
    """Pieces chosen so far. `room` is tokens that are left, `most` what one piece may cost, `header_cost` what it
    costs to name a file, by its number."""

    room: int
    most: int
    header_cost: Callable[[int], int]
    chosen: dict[Piece, Shown] = field(default_factory=dict)
    _files: set[int] = field(default_factory=set)

    def fill(self, pieces: Sequence[Piece], wide: int) -> Mapping[Piece, Shown]:
        """The pieces that fit, as they are shown; `pieces` stand in the order of their priority.

        `wide` is how many rows of each are shown before any is shown deeper.
        """
        kept = round(self.room * (1 - WIDE_SHARE))
        self.room -= kept
        self._widen(pieces, self._rows(pieces, wide))
        self.room += kept
        self._deepen(grave=True)
        self._widen(pieces, wide)
        self._deepen(grave=False)
        return self.chosen

    def _rows(self, pieces: Sequence[Piece], wide: int) -> int:
        """How many rows each piece has at first: so few that every file can show its gravest; where there are grave
        pieces, every file that has one."""
        least = GRAVE if pieces and pieces[0].priority >= GRAVE else 0.0
        firsts: dict[int, Piece] = {}
        for piece in pieces:
            if piece.priority >= least and len(firsts) < FILES_COUNTED:
                firsts.setdefault(piece.file, piece)
        headers = sum(map(self.header_cost, firsts))
        while wide > WIDE_LEAST and headers + sum(piece.shown(wide).tokens for piece in firsts.values()) > self.room:
            wide = max(WIDE_LEAST, wide * 2 // 3)
        return wide

    def _widen(self, pieces: Sequence[Piece], rows: int) -> None:
        misses = 0
        for piece in pieces:
            if self.room < LEAST or misses > MISSES:
                return
            if piece not in self.chosen:
                misses += not (self._take(piece, piece.shown(rows)) or self._take(piece, piece.shown(FEWEST)))

    def _take(self, piece: Piece, shown: Shown) -> bool:
        cost = shown.tokens + (0 if piece.file in self._files else self.header_cost(piece.file))
        if cost > self.room or shown.tokens > self.most:
            return False
        self.room -= cost
        self._files.add(piece.file)
        self.chosen[piece] = shown
        return True

    def _deepen(self, *, grave: bool) -> None:
        pieces = [piece for piece in self.chosen if (piece.priority >= GRAVE) is grave]
        pieces.sort(key=lambda piece: -piece.priority)
        for rows, piece in product(DEPTHS, pieces):
            if self.room < LEAST:
                return
            before = self.chosen[piece]
            if not before.whole:
                after = piece.shown(rows)
                cost = after.tokens - before.tokens
                if cost <= self.room and after.tokens <= self.most:
                    self.room -= cost
                    self.chosen[piece] = after
