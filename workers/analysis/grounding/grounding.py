"""Checking each statement of a judgement: what holds stays, what can be mended is, the rest goes and is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workers.analysis.grounding.evidence import place
from workers.analysis.grounding.fault import Fault, explain
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.rules import faults_of_text
from workers.model import Grounding, Insight, Judgement, Recommendation, Statement, Value

__all__ = ["Checked", "Fault", "Ground", "Place", "Rejected", "check", "explain", "faults_of", "mend"]


ADVICE = "recommendations"
"""The one section that may propose names which do not exist yet."""


class Place(NamedTuple):
    """Where a statement stands in its judgement: the section, and its numbers in it, from 0 (of insights: two)."""

    section: str
    numbers: tuple[int, ...] = ()


class Rejected(Value):
    """A statement that does not hold, with what is wrong with it."""

    place: Place
    statement: Statement
    faults: tuple[Fault, ...]


class Checked(Value):
    """A judgement of which only what holds is left, how its statements fared, and what did not hold.

    `original` is the judgement as it was said: answers to what was rejected are put in their places in it.
    """

    judgement: Judgement
    grounding: Grounding
    rejected: tuple[Rejected, ...]
    original: Judgement


def check(judgement: Judgement, ground: Ground) -> Checked:
    """What of a judgement the commits support.

    A quote that is not at its lines is moved to where it stands in that file's patch, or dropped; an expansion of an
    abbreviation that nothing supports is cut out: both count as repaired. A statement with any other fault is
    rejected. `complete` becomes False when the summary loses all it had.
    """
    return _Pass(ground, {}).over(judgement)


def mend(checked: Checked, answers: Mapping[int, Statement | None], ground: Ground) -> Checked:
    """`checked` with answers for what was rejected, by index in `rejected`; None means that it is given up.

    An answer that holds stands in its place and counts as repaired. What has none, or one that does not hold, is
    removed.
    """
    places = {item.place: answers.get(number) for number, item in enumerate(checked.rejected)}
    return _Pass(ground, places).over(checked.original)


def faults_of(statement: Statement, ground: Ground) -> tuple[Fault, ...]:
    """All that is wrong with a statement; none if it holds. Quotes that stand elsewhere in their file are no fault."""
    return _examined(statement, ground)[1]


def _examined(statement: Statement, ground: Ground) -> tuple[Statement, tuple[Fault, ...]]:
    """The statement with its quotes where they stand, and all that is wrong with it."""
    found = tuple(spot for item in statement.evidence if (spot := place(item, ground)) is not None)
    placed = statement if found == statement.evidence else statement.model_copy(update={"evidence": found})
    faults = faults_of_text(placed, ground)
    if statement.evidence and not found and not statement.proposed:
        return placed, (Fault(code="no_evidence"), *faults)
    return placed, faults


class _Pass:
    """One walk over a judgement. `answers` replaces statements by their place; an answer of None removes."""

    def __init__(self, ground: Ground, answers: Mapping[Place, Statement | None]) -> None:
        self._ground = ground
        self._answers = answers
        self._supported = 0
        self._repaired = 0
        self._rejected: list[Rejected] = []

    def over(self, judgement: Judgement) -> Checked:
        kept = self._kept_judgement(judgement)
        removed = len(self._rejected)
        total = self._supported + self._repaired + removed
        counts = Grounding(checked=total, supported=self._supported, repaired=self._repaired, removed=removed)
        return Checked(judgement=kept, grounding=counts, rejected=tuple(self._rejected), original=judgement)

    def _kept_judgement(self, judgement: Judgement) -> Judgement:
        summary = tuple(self._all("summary", judgement.summary))
        changes = {
            "summary": summary,
            "impact": tuple(self._all("impact", judgement.impact)),
            "insights": tuple(self._insights(judgement)),
            "risks": tuple(self._all("risks", judgement.risks)),
            "recommendations": tuple(self._recommendations(judgement)),
            "conclusion": self._conclusion(judgement),
            "complete": judgement.complete and bool(summary) >= bool(judgement.summary),
        }
        return judgement.model_copy(update=changes)

    def _all(self, section: str, statements: tuple[Statement, ...], *above: int) -> Iterator[Statement]:
        for number, statement in enumerate(statements):
            kept = self._one(Place(section, (*above, number)), statement)
            if kept is not None:
                yield kept

    def _insights(self, judgement: Judgement) -> Iterator[Insight]:
        for number, insight in enumerate(judgement.insights):
            if kept := tuple(self._all("insights", insight.statements, number)):
                yield Insight(dimension=insight.dimension, statements=kept)

    def _recommendations(self, judgement: Judgement) -> Iterator[Recommendation]:
        for number, advice in enumerate(judgement.recommendations):
            for kept in self._all(ADVICE, (advice.statement,), number):
                yield Recommendation(audience=advice.audience, statement=kept)

    def _conclusion(self, judgement: Judgement) -> Statement | None:
        if judgement.conclusion is None:
            return None
        return next(self._all("conclusion", (judgement.conclusion,)), None)

    def _one(self, spot: Place, said: Statement) -> Statement | None:
        """The statement at a place as far as it holds, counted."""
        answer = self._answers.get(spot, said)
        if answer is not None and answer.proposed and spot.section != ADVICE:
            answer = answer.model_copy(update={"proposed": False})
        kept, faults = _held(answer, self._ground) if answer is not None else (None, ())
        if kept is None:
            self._rejected.append(Rejected(place=spot, statement=answer or said, faults=faults))
        elif kept == _as_located(said, kept):
            self._supported += 1
        else:
            self._repaired += 1
        return kept


def _as_located(said: Statement, kept: Statement) -> Statement:
    """What was said, at the lines where it was found if it named none: to find them is no repair."""
    if len(said.evidence) != len(kept.evidence) or any(spot.start for spot in said.evidence):
        return said
    lines = [{"start": spot.start, "end": spot.end, "side": spot.side} for spot in kept.evidence]
    found = (spot.model_copy(update=line) for spot, line in zip(said.evidence, lines, strict=True))
    return said.model_copy(update={"evidence": tuple(found), "proposed": kept.proposed})


def _held(statement: Statement, ground: Ground) -> tuple[Statement | None, tuple[Fault, ...]]:
    """The statement, mended where that is possible, or None and what is wrong with it."""
    placed, faults = _examined(statement, ground)
    if not faults:
        return placed, ()
    mended = _without(placed, faults)
    if mended is None or _examined(mended, ground)[1]:
        return None, faults
    return mended, ()


def _without(statement: Statement, faults: tuple[Fault, ...]) -> Statement | None:
    """The statement without the parts that may be cut; None where a fault has no such part."""
    text = statement.text
    for fault in faults:
        cut = fault.details.get("cut", "")
        if not cut or cut not in text:
            return None
        before, _, after = text.partition(cut)
        joint = " " if before[-1:].isascii() and before[-1:].isalnum() and "\u4e00" <= after[:1] <= "\u9fff" else ""
        text = before + joint + after
    return statement.model_copy(update={"text": text})
