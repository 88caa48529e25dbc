"""Recommendations by audience, each following from a fact of the diff."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.clauses import all_things, clause, evidence_of, has_values, things
from workers.analysis.facts import Deed, Thing
from workers.analysis.groups import CODE_THINGS, OUTER_THINGS, Group
from workers.analysis.phrases import code, names
from workers.analysis.risks import hazard_words, lost_groups, old_names
from workers.analysis.signals import Signal, is_major, is_public_value
from workers.analysis.survey import Survey
from workers.analysis.where import of_files, place_of
from workers.model import Evidence, Kind, Recommendation, Statement
from workers.words import Words

ADVICE_TOLD = 6

Advice = tuple[str, str, tuple[Evidence, ...]]
"""Audience, sentence, evidence."""


def recommendations_of(survey: Survey, signals: tuple[Signal, ...], words: Words) -> tuple[Recommendation, ...]:
    """Advice, the most urgent first, at most `ADVICE_TOLD`, each sentence once."""
    found = [*_lost(survey, words), *_values(survey, words), *_of_signals(survey, signals, words)]
    found += [*_majors(survey, words), *_dependencies(survey, words), *_news(survey, words), *_tests(survey, words)]
    return tuple(
        Recommendation(audience=words(f"audience.{audience}"), statement=Statement(text=text, evidence=evidence))
        for audience, text, evidence in list(dict.fromkeys(found))[:ADVICE_TOLD]
    )


def _lost(survey: Survey, words: Words) -> Iterator[Advice]:
    """One sentence for each audience and deed: replace what is removed, follow what has a new name or place."""
    alike: dict[tuple[str, Deed], list[Group]] = {}
    for group in lost_groups(survey):
        audience = "users" if group.thing in OUTER_THINGS else "developers"
        alike.setdefault((audience, group.deed), []).append(group)
    for (audience, deed), groups in alike.items():
        if deed is Deed.REMOVED:
            text = words(f"advice.removed_{audience}", things=all_things(groups, words))
        elif deed is Deed.RENAMED:
            text = words("advice.renamed", things=all_things([old_names(group) for group in groups], words))
        else:
            text = words("advice.moved", things=all_things(groups, words))
        yield audience, text, evidence_of(groups)


def _values(survey: Survey, words: Words) -> Iterator[Advice]:
    groups = survey.group(Deed.CHANGED, Thing.FLAG, Thing.SETTING, Thing.ENVIRONMENT)
    facts = [fact for group in groups for fact in group.facts if has_values(fact) and is_public_value(fact)]
    for fact in facts[:2]:
        text = words("advice.keep_value", name=code(fact.name), old=code(fact.old or ""))
        yield "operators", text, fact.evidence[:2]
    changed = survey.group(Deed.CHANGED, *CODE_THINGS)
    if changed:
        yield "developers", words("advice.signature", things=all_things(changed, words)), evidence_of(changed)


def _of_signals(survey: Survey, signals: tuple[Signal, ...], words: Words) -> Iterator[Advice]:
    audiences = {
        "migration": "operators",
        "runtime": "operators",
        "locking": "reviewers",
        "sensitive": "reviewers",
        "moved_module": "developers",
        "deprecated": "developers",
        "breaking": "users",
    }
    for signal in signals:
        told = names(signal.names, words, 3)
        if signal.danger:
            text = words("advice.danger", **hazard_words(signal.danger, words))
            yield "operators", text, signal.evidence
        elif signal.topic in audiences:
            text = words(f"advice.{signal.topic}", names=told, where=place_of(survey, words))
            yield audiences[signal.topic], text, signal.evidence


def _majors(survey: Survey, words: Words) -> Iterator[Advice]:
    for group in survey.group(Deed.CHANGED, Thing.DEPENDENCY):
        major = group.only(fact for fact in group.facts if is_major(fact))
        if major.facts:
            yield "developers", words("advice.major", names=names(major.names, words)), major.evidence


def _dependencies(survey: Survey, words: Words) -> Iterator[Advice]:
    groups = survey.group(Deed.ADDED, Thing.DEPENDENCY) + survey.group(Deed.REMOVED, Thing.DEPENDENCY)
    if groups:
        clauses = words("list.clauses").join(clause(group, words) for group in groups)
        yield "packagers", words("advice.dependencies", clauses=clauses), evidence_of(groups)


def _news(survey: Survey, words: Words) -> Iterator[Advice]:
    """What can now be used, where the documentation of this commit does not tell of it."""
    added = survey.group(Deed.ADDED, *OUTER_THINGS)
    if added and not survey.docs:
        told = words("list.comma").join(things(group, words) for group in added[:3])
        yield "reviewers", words("advice.document", things=told), evidence_of(added[:3])


def _tests(survey: Survey, words: Words) -> Iterator[Advice]:
    if not survey.source or survey.is_cosmetic:
        return
    if survey.tests:
        yield "developers", words("advice.read_tests", files=of_files(survey.tests, words)), ()
    elif cases := [
        fact
        for fact in survey.inline_tests
        if fact.name.startswith("tests.") and fact.thing is Thing.FUNCTION and fact.deed is Deed.ADDED
    ]:
        told = names([fact.name for fact in cases], words, 2)
        yield "developers", words("advice.inline_tests", names=told, n=len(cases)), cases[0].evidence
    elif (
        survey.is_untested
        and survey.says_kind
        and survey.main_kind in (Kind.FIX, Kind.FEATURE, Kind.SECURITY, Kind.PERFORMANCE)
    ):
        key = "advice.test_fix" if survey.main_kind is not Kind.FEATURE else "advice.test_feature"
        yield "reviewers", words(key, where=place_of(survey, words)), ()
