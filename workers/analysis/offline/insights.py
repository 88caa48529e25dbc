"""Insights of a high commit by dimension; only dimensions about which the diff has a fact."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.offline.impact import tests_and_docs
from workers.analysis.paths import Role
from workers.analysis.survey.groups import CODE_THINGS, OUTER_THINGS, Group
from workers.analysis.survey.hazards import Danger, Hazard
from workers.analysis.survey.signals import Signal
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.clauses import evidence_of, has_values, sentence, sentence_of
from workers.analysis.wording.phrases import code, names
from workers.analysis.wording.where import brief_path, of_files, where
from workers.model import Insight, Kind, Statement
from workers.words import Words

DETAILS_TOLD = 4
"""How many single changes one dimension tells from what to what."""

_LOSING = (Deed.REMOVED, Deed.RENAMED, Deed.CHANGED, Deed.MOVED)


def insights_of(survey: Survey, signals: tuple[Signal, ...], words: Words) -> tuple[Insight, ...]:
    """What the facts say on each dimension, in the order of DIMENSIONS."""
    found = (
        (name, tuple(dict.fromkeys(tell(survey, signals, words))))  # the same sentence of two rules is told once
        for name, tell in _DIMENSIONS
    )
    return tuple(Insight(dimension=words(f"dimension.{name}"), statements=told) for name, told in found if told)


def _architecture(survey: Survey, _signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    files = [group for group in survey.groups if group.thing in (Thing.FILE, Thing.SUBMODULE)]
    if files:
        yield sentence_of(files, words)
    shape = [group for group in survey.groups if group.thing is Thing.TYPE and group.deed is not Deed.CHANGED]
    moved = [group for group in survey.groups if group.thing in CODE_THINGS and group.deed is Deed.MOVED]
    inside = list(dict.fromkeys([*shape, *moved]))
    if inside:
        yield sentence_of(inside[:3], words)


def _compatibility(survey: Survey, _signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    public = [group for group in survey.groups if group.public and group.thing in CODE_THINGS | OUTER_THINGS]
    losing = [group for group in public if group.deed in _LOSING]
    details = [fact for group in losing for fact in group.facts if group.deed is Deed.CHANGED and has_values(fact)]
    for fact in details[:DETAILS_TOLD]:
        yield Statement(text=_from_to(fact, words), evidence=fact.evidence[:2])
    if len(details) > DETAILS_TOLD:
        yield Statement(text=words("insight.more_details", n=len(details) - DETAILS_TOLD))
    gone = [group for group in losing if group.deed is not Deed.CHANGED]
    if gone:
        numbers = words("list.comma").join(_counted(group, words) for group in gone)
        yield Statement(text=words("insight.incompatible", numbers=numbers), evidence=evidence_of(gone))
    if public and not losing:
        yield Statement(text=words("insight.additive"), evidence=evidence_of(public))


def _counted(group: Group, words: Words) -> str:
    count = words(f"count.{group.thing}", n=group.count)
    return words(f"tally.{group.deed}", things=count, n=group.count)


def _from_to(fact: Fact, words: Words) -> str:
    what = words(f"aspect.{fact.thing}", name=code(fact.name))
    return words("insight.from_to", what=what, old=code(fact.old or ""), new=code(fact.new or ""))


def _reliability(survey: Survey, signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    for danger in survey.dangers:
        if danger.hazard is not Hazard.SECURITY:
            yield _danger(danger, words)
    for signal in signals:
        if signal.topic == "locking":
            yield Statement(text=words("insight.locking", names=names(signal.names, words)), evidence=signal.evidence)


def _danger(danger: Danger, words: Words) -> Statement:
    """A hazard with the changed line that agrees: what the message says, and what the diff shows."""
    first = danger.evidence[0]
    key = "insight.danger_added" if first.side == "new" else "insight.danger_removed"
    hazard = words(f"hazard.{danger.hazard}")
    text = words(key, hazard=hazard, word=code(danger.word), line=code(first.quote), path=code(brief_path(first.path)))
    return Statement(text=sentence(text, words), evidence=danger.evidence)


def _security(survey: Survey, signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    for danger in survey.dangers:
        if danger.hazard is Hazard.SECURITY:
            yield _danger(danger, words)
    for signal in signals:
        if signal.topic == "sensitive":
            yield Statement(text=words("insight.sensitive", names=names(signal.names, words), n=len(signal.names)))


def _performance(survey: Survey, _signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    if Kind.PERFORMANCE in survey.kinds and survey.source:
        measured = any("bench" in file.path.lower() for file in survey.commit.files)
        key = "insight.measured" if measured else "insight.unmeasured"
        evidence = tuple(fact.evidence[0] for fact in survey.touched[:3] if fact.evidence)
        yield Statement(text=words(key, where=where(survey, words)), evidence=evidence)


def _operation(survey: Survey, signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    things = (Thing.SETTING, Thing.ENVIRONMENT, Thing.DEPENDENCY)
    # Changed values are told under compatibility, from what to what.
    groups = [group for group in survey.groups if group.thing in things and group.deed is not Deed.CHANGED]
    if groups:
        yield sentence_of(groups[:4], words)
    for signal in signals:
        if signal.topic in ("migration", "runtime"):
            yield Statement(text=words(f"insight.{signal.topic}", names=names(signal.names, words)))
    built = survey.files(Role.BUILD)
    if built and survey.source:
        yield Statement(text=words("insight.build", files=of_files(built, words)))


def _maintainability(survey: Survey, _signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    yield from tests_and_docs(survey, words)


_DIMENSIONS = (
    ("architecture", _architecture),
    ("compatibility", _compatibility),
    ("reliability", _reliability),
    ("security", _security),
    ("performance", _performance),
    ("operation", _operation),
    ("maintainability", _maintainability),
)
