"""Risks: what can go wrong for whom, each following from a fact of the diff."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.coverage import unread_because
from workers.analysis.facts import Deed, Thing
from workers.analysis.survey.groups import CODE_THINGS, OUTER_THINGS, Group
from workers.analysis.survey.hazards import Danger
from workers.analysis.survey.signals import Signal, is_major, is_public_value
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.clauses import all_things, evidence_of, has_values, things
from workers.analysis.wording.leaks import leak_risks
from workers.analysis.wording.phrases import code, names
from workers.model import Statement
from workers.words import Words

VALUES_TOLD = 3


def risks_of(survey: Survey, signals: tuple[Signal, ...], words: Words) -> tuple[Statement, ...]:
    """Each risk once: those of any tier first, then incompatible changes, what could not be read last."""
    found = [*standing_risks(survey, words), *_gone(survey, words), *_values(survey, words)]
    found += [*_majors(survey, words), *_of_signals(signals, words), *_unread(survey, words)]
    return tuple(dict.fromkeys(found))


def standing_risks(survey: Survey, words: Words) -> tuple[Statement, ...]:
    """What is told of a commit of any tier, whoever judges it: secrets let in, text that would steer the judge."""
    return (*leak_risks(survey.secrets, words), *_steering(survey, words))


def _steering(survey: Survey, words: Words) -> Iterator[Statement]:
    for injection in survey.injections:
        if injection.path is None:
            yield Statement(text=words("risk.injection_message"))
        else:
            place = next((f":{place.start}" for place in injection.evidence), "")
            text = words("risk.injection", place=code(f"{injection.path}{place}"))
            yield Statement(text=text, evidence=injection.evidence)


def hazard_words(danger: Danger, words: Words) -> dict[str, str]:
    """A hazard's name, bare and as a thing that happens."""
    return {"hazard": words(f"hazard.{danger.hazard}"), "a_hazard": words(f"a_hazard.{danger.hazard}")}


def lost_groups(survey: Survey) -> tuple[Group, ...]:
    """Public groups whose old name no longer works: removed, renamed, moved."""
    lost = survey.group(Deed.REMOVED, *(CODE_THINGS | OUTER_THINGS)) + survey.group(Deed.RENAMED, *OUTER_THINGS)
    return lost + survey.group(Deed.RENAMED, *CODE_THINGS) + survey.group(Deed.MOVED, *CODE_THINGS)


def _gone(survey: Survey, words: Words) -> Iterator[Statement]:
    """One sentence for all that was lost in the same way and hits the same people."""
    alike: dict[str, list[Group]] = {}
    for group in lost_groups(survey):
        alike.setdefault(f"risk.{group.deed}_{_sort(group)}", []).append(group)
    for key, groups in alike.items():
        told = all_things([old_names(group) for group in groups], words)
        yield Statement(text=words(key, things=told), evidence=evidence_of(groups))


def _sort(group: Group) -> str:
    if group.thing is Thing.PARAMETER:
        return "parameter"
    return "code" if group.thing in CODE_THINGS else "outer"


def old_names(group: Group) -> Group:
    """The group under the names that people still use."""
    if group.deed is not Deed.RENAMED:
        return group
    return group.only(fact.model_copy(update={"name": fact.old or fact.name}) for fact in group.facts)


def _values(survey: Survey, words: Words) -> Iterator[Statement]:
    """Changed defaults: whoever never chose a value gets another one."""
    groups = survey.group(Deed.CHANGED, Thing.FLAG, Thing.SETTING, Thing.ENVIRONMENT, Thing.PARAMETER)
    facts = [fact for group in groups for fact in group.facts if has_values(fact) and is_public_value(fact)]
    for fact in facts[:VALUES_TOLD]:
        values = {"name": code(fact.name), "old": code(fact.old or ""), "new": code(fact.new or "")}
        yield Statement(text=words("risk.value", **values), evidence=fact.evidence[:2])
    for group in survey.group(Deed.CHANGED, Thing.FIELD):
        yield Statement(text=words("risk.field", things=things(group, words)), evidence=group.evidence)


def _majors(survey: Survey, words: Words) -> Iterator[Statement]:
    for group in survey.group(Deed.CHANGED, Thing.DEPENDENCY):
        major = group.only(fact for fact in group.facts if is_major(fact))
        if major.facts:
            yield Statement(text=words("risk.major", names=names(major.names, words)), evidence=major.evidence)


def _of_signals(signals: tuple[Signal, ...], words: Words) -> Iterator[Statement]:
    for signal in signals:
        if signal.topic in ("migration", "moved_module", "runtime", "revert"):
            text = words(f"risk.{signal.topic}", names=names(signal.names, words, 3), n=len(signal.names))
            yield Statement(text=text, evidence=signal.evidence)
        if signal.danger:
            text = words("risk.danger", **hazard_words(signal.danger, words))
            yield Statement(text=text, evidence=signal.evidence)


def _unread(survey: Survey, words: Words) -> Iterator[Statement]:
    unread = [file.path for file in survey.product if unread_because(file) in ("too_large", "withheld")]
    if unread:
        yield Statement(text=words("risk.unread", names=names(unread, words, 3), n=len(unread)))
