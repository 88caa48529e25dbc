"""What of a commit a model is shown within its budget, and what it is not: `pack`.

The gravest hunks come first (see `ranking`), every file that is not shown is named with the reason, and the coverage
counts the bytes that are really shown. The same commit, tier, ratio and language give the same pack.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import ceil

from workers.analysis.coverage import left_out, unknown_files
from workers.analysis.packing.budget import BUDGETS, Budget
from workers.analysis.packing.filling import GRAVE, Filling
from workers.analysis.packing.head import head_of, subject_line
from workers.analysis.packing.layout import Chosen, Costs, Tail, count_bytes, joined, split, tail_of, text_of
from workers.analysis.packing.notes import note_lines
from workers.analysis.packing.pieces import Piece, pieces_of
from workers.analysis.packing.tokens import estimate
from workers.analysis.survey.survey import Survey
from workers.model import Commit, Coverage, FileChange, Statement, Tier, Value
from workers.words import Words

LEFT_OUT_NAMED = 1000
"""How many files that were left out the coverage names; one more entry counts the rest."""

PARTS_FULL = 0.85
PIECE_MOST = 0.3
"""How full several parts are on average, and what share of one a piece may take: so that none is more than full."""


class Packed(Value):
    """What of a commit is shown: one part, or several that are read one by one, after which `combined` is shown.

    `head` is message and facts, `tail` names what no part shows; both stand in a part that is the only one. `is_cut`
    says that more of it would have been shown had there been room. No text is fenced yet: `prompts` does that.
    """

    parts: tuple[str, ...]
    head: str
    tail: str
    coverage: Coverage
    is_cut: bool = False

    def combined(self, notes: Sequence[Sequence[Statement]]) -> str:
        """What the last call is shown in place of the diff: message, facts, and what was noted of each part."""
        return joined(self.head, *(line for part in notes for line in note_lines(part)), self.tail)


def pack(survey: Survey, tier: Tier, words: Words, ratio: float = 1.0, budget: Budget | None = None) -> Packed:
    """What is shown of a commit that is judged as of this tier.

    `budget` None means the tier's own. `ratio` is how many tokens the server counts for each of `estimate`. Only a
    high commit that does not fit one part gets several. `words` is the catalogue of `workers.analysis`, for the
    coverage's reasons.
    """
    commit, budget = survey.commit, (budget or BUDGETS[tier]).corrected(ratio)
    pieces = pieces_of(commit.files, survey.facts)
    head = head_of(survey, budget, _spare(commit, pieces, budget))
    alone = budget.whole - estimate(head) - budget.tail
    count = _parts_needed(pieces, alone, budget)
    if count == 1:
        filling = Filling(alone, alone, Costs(commit.files))
        chosen = filling.fill(pieces, budget.wide)
        tail = tail_of(commit.files, _files(chosen), budget.tail + filling.room)
        parts: tuple[str, ...] = (joined(head, text_of(commit.files, chosen), tail.text),)
    else:
        subject = subject_line(survey)
        apart = budget.part - estimate(subject) - 1
        filling = Filling(round(count * apart * PARTS_FULL), round(apart * PIECE_MOST), Costs(commit.files))
        chosen = filling.fill(pieces, budget.wide)
        tail = tail_of(commit.files, _files(chosen), budget.tail)
        parts = tuple(joined(subject, text_of(commit.files, part)) for part in split(chosen, count))
    return Packed(
        parts=parts,
        head=head,
        tail=tail.text,
        coverage=_coverage(commit, chosen, tail, words),
        is_cut=len(chosen) < len(pieces) or not all(shown.whole for shown in chosen.values()),
    )


def excerpt(survey: Survey, paths: Collection[str], names: Collection[str], room: int) -> str:
    """Hunks within so many tokens, for asking a model again about single statements: those with these names first.

    `paths` may be whole or the ends of paths; where none is of the commit, hunks of all its files are taken.
    """
    files = survey.commit.files
    pieces = pieces_of(files, survey.facts)
    pieces = [piece for piece in pieces if _is_named(files[piece.file], paths)] or pieces
    about = sorted((piece.about(names) for piece in pieces), key=lambda one: -one[1])
    filling = Filling(room, room, Costs(files))
    return text_of(files, filling.fill([piece for piece, _ in about], BUDGETS[Tier.HIGH].wide))


def _is_named(file: FileChange, paths: Collection[str]) -> bool:
    known = [path for path in (file.path, file.old_path) if path]
    return any(path == name or path.endswith(f"/{name}") for path in known for name in paths)


def _spare(commit: Commit, pieces: Sequence[Piece], budget: Budget) -> int:
    """Tokens that one call has left with the whole diff in it; less than none where that does not fit."""
    costs = Costs(commit.files)
    whole = sum(piece.tokens for piece in pieces) + sum(costs(number) for number in {piece.file for piece in pieces})
    return budget.whole - budget.tail - whole


def _parts_needed(pieces: Sequence[Piece], room: int, budget: Budget) -> int:
    """In how many parts the grave pieces are read; `room` is what one part has for hunks."""
    if budget.parts == 1:
        return 1
    grave = sum(piece.tokens for piece in pieces if piece.score >= GRAVE)
    if grave <= room:
        return 1
    return max(1, min(budget.parts, ceil(grave / (budget.worth * room))))


def _files(chosen: Chosen) -> frozenset[int]:
    return frozenset(piece.file for piece in chosen)


def _coverage(commit: Commit, chosen: Chosen, tail: Tail, words: Words) -> Coverage:
    named = ((file.path, words(f"left_out.{reason}")) for file, reason in tail.left_out)
    return Coverage(
        files=len(commit.files),
        files_seen=len(commit.files) - len(tail.left_out),
        bytes=sum(file.patch_bytes for file in commit.files),
        bytes_seen=count_bytes(commit.files, chosen),
        left_out=(*unknown_files(commit, words), *left_out(named, words, LEFT_OUT_NAMED)),
    )
