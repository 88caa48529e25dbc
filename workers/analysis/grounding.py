"""Checking each statement against the commit: quotes are at the lines they claim, paths are in the commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from workers.analysis.hunks import Hunk, hunks_of
from workers.analysis.wording.phrases import code_spans
from workers.model import Commit, Evidence, FileChange, Grounding, Insight, Judgement, Recommendation, Side, Statement

_PATH = re.compile(
    r"^[\w.@+~-]*(?:/[\w.@+~*{}\[\]()-]+)+/?$|^[\w-]+\.(?:c|cc|cpp|h|hpp|py|pyi|js|mjs|ts|tsx|vue|rs|go|java"
    r"|kt|rb|php|cs|swift|proto|sql|toml|ya?ml|json|md|rst|txt|sh|xml|gradle|conf|ini|cfg)$"
)


def check(judgement: Judgement, commit: Commit) -> tuple[Judgement, Grounding]:
    """The judgement with what the commit supports, and how its statements fared.

    A quote that is not at its lines is looked for in the file's patch (`repaired`), else dropped. A statement that
    came with evidence and keeps none of it, or that names a path which is not in the commit, is removed, unless it is
    `proposed`. `complete` becomes False when a section loses all it had.
    """
    checker = _Checker(_Index(commit))
    summary, impact = checker.kept(judgement.summary), checker.kept(judgement.impact)
    insights = tuple(
        Insight(dimension=insight.dimension, statements=kept)
        for insight in judgement.insights
        if (kept := checker.kept(insight.statements))
    )
    risks = checker.kept(judgement.risks)
    advice = tuple(
        Recommendation(audience=item.audience, statement=kept[0])
        for item in judgement.recommendations
        if (kept := checker.kept([item.statement]))
    )
    conclusion = next(iter(checker.kept([judgement.conclusion])), None) if judgement.conclusion else None
    checked = judgement.model_copy(
        update={
            "summary": summary,
            "impact": impact,
            "insights": insights,
            "risks": risks,
            "recommendations": advice,
            "conclusion": conclusion,
            "complete": judgement.complete and bool(summary) >= bool(judgement.summary),
        }
    )
    return checked, checker.counts()


@dataclass
class _Checker:
    """Keeps the count while statements pass by."""

    index: _Index
    supported: int = 0
    repaired: int = 0
    removed: int = 0

    def kept(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        return tuple(kept for statement in statements if (kept := self._one(statement)) is not None)

    def counts(self) -> Grounding:
        total = self.supported + self.repaired + self.removed
        return Grounding(checked=total, supported=self.supported, repaired=self.repaired, removed=self.removed)

    def _one(self, statement: Statement) -> Statement | None:
        found = [place for item in statement.evidence if (place := self.index.place(item))]
        bare = bool(statement.evidence) and not found
        if (bare and not statement.proposed) or not self._paths_hold(statement):
            self.removed += 1
            return None
        if found == list(statement.evidence):
            self.supported += 1
            return statement
        self.repaired += 1
        return statement.model_copy(update={"evidence": tuple(found)})

    def _paths_hold(self, statement: Statement) -> bool:
        return statement.proposed or all(self.index.knows(span) for span in code_spans(statement.text))


@dataclass
class _Index:
    """The commit's patches by path, read only where a statement points."""

    commit: Commit
    _hunks: dict[str, list[_Sides]] = field(default_factory=dict)

    @cached_property
    def _files(self) -> dict[str, FileChange]:
        files = {file.old_path: file for file in self.commit.files if file.old_path}
        return files | {file.path: file for file in self.commit.files}

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(str(folder) for path in self._files for folder in PurePosixPath(path).parents)

    def place(self, evidence: Evidence) -> Evidence | None:
        """The evidence as it is, or moved to where its quote stands in that file's patch; None if nowhere."""
        wanted = _folded(evidence.quote)
        file = self._files.get(evidence.path)
        if file is None or not wanted or not file.patch:
            return None
        hunks = self._of(file)
        if any(wanted in _folded(hunk.text(evidence.side, evidence.start, evidence.end)) for hunk in hunks):
            return evidence
        return self._moved(evidence, wanted, hunks)

    def _moved(self, evidence: Evidence, wanted: str, hunks: Sequence[_Sides]) -> Evidence | None:
        sides: tuple[Side, ...] = ("new", "old") if evidence.side == "new" else ("old", "new")
        height = evidence.quote.strip("\n").count("\n") + 1
        for side in sides:
            starts = [start for hunk in hunks for start in hunk.starts_of(wanted, side, height)]
            if starts:
                start = min(starts, key=lambda line: abs(line - evidence.start))
                return evidence.model_copy(update={"side": side, "start": start, "end": start + height - 1})
        return None

    def knows(self, span: str) -> bool:
        """Whether a name that looks like a path is a file or folder of the commit, or stands in its text."""
        if not _PATH.match(span):
            return True
        path = span.rstrip("/")
        if path in self._files or path in self._folders or any(known.endswith("/" + path) for known in self._files):
            return True
        return path in self.commit.message or any(file.patch and path in file.patch for file in self.commit.files)

    def _of(self, file: FileChange) -> list[_Sides]:
        if file.path not in self._hunks:
            self._hunks[file.path] = [_Sides(hunk) for hunk in hunks_of(file.patch or "")]
        return self._hunks[file.path]


class _Sides:
    """One hunk's text by side, split into sides only when asked."""

    def __init__(self, hunk: Hunk) -> None:
        self._hunk = hunk

    @cached_property
    def _lines(self) -> dict[Side, list[str]]:
        rows = self._hunk.rows
        return {"old": [row[1:] for row in rows if row[0] != "+"], "new": [row[1:] for row in rows if row[0] != "-"]}

    def _first(self, side: Side) -> int:
        return self._hunk.new_start if side == "new" else self._hunk.old_start

    def text(self, side: Side, start: int, end: int) -> str:
        """What stands at these lines, "" where they lie outside of the hunk."""
        first = self._first(side)
        if start < first or start - first > len(self._hunk.rows):
            return ""
        return "\n".join(self._lines[side][start - first : end - first + 1])

    def starts_of(self, wanted: str, side: Side, height: int) -> list[int]:
        """The lines at which a folded quote of so many lines begins on a side."""
        lines = self._lines[side]
        windows = ("\n".join(lines[at : at + height]) for at in range(len(lines) - height + 1))
        return [self._first(side) + at for at, window in enumerate(windows) if wanted in _folded(window)]


def _folded(text: str) -> str:
    return " ".join(text.split())
