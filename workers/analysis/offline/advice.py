"""Recommendations by audience, each following from a fact of the diff."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.facts import Deed, Thing
from workers.analysis.offline.novelties import cases_added
from workers.analysis.offline.risks import hazard_words, lost_groups, old_names
from workers.analysis.survey.groups import CODE_THINGS, OUTER_THINGS, Group
from workers.analysis.survey.signals import Signal, is_major, is_public_value, secret_places
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.clauses import all_things, evidence_of, has_values, things
from workers.analysis.wording.leaks import secret_kinds
from workers.analysis.wording.phrases import code, names
from workers.analysis.wording.where import place_of
from workers.model import Evidence, Kind, Recommendation, Statement, Tier
from workers.words import Words

ADVICE_TOLD = 6
CASES_TOLD = 2

_TESTABLE = frozenset({Kind.FIX, Kind.FEATURE, Kind.SECURITY, Kind.PERFORMANCE})

_CONSTANT = re.compile(r"(?:\w+(?:::|\.))*[A-Z][A-Z0-9]*_[A-Z0-9_]+")

Advice = tuple[str, str, tuple[Evidence, ...]]
"""Audience, sentence, evidence."""


def recommendations_of(survey: Survey, signals: tuple[Signal, ...], words: Words) -> tuple[Recommendation, ...]:
    """Advice, the most urgent first, at most `ADVICE_TOLD`, each sentence once."""
    high = signals[:1] != () and signals[0].tier is Tier.HIGH
    found = [*_secrets(survey, words), *_lost(survey, high, words), *_values(survey, words)]
    found += [*_of_signals(survey, signals, words), *_majors(survey, words), *_news(survey, words)]
    found += _tests(survey, high, words)
    return tuple(
        Recommendation(audience=words(f"audience.{audience}"), statement=Statement(text=text, evidence=evidence))
        for audience, text, evidence in list(dict.fromkeys(found))[:ADVICE_TOLD]
    )


def _secrets(survey: Survey, words: Words) -> Iterator[Advice]:
    if survey.secrets:
        kinds = secret_kinds(survey.secrets, words)
        yield "operators", words("advice.secret", kinds=kinds), secret_places(survey.secrets)


def _lost(survey: Survey, high: bool, words: Words) -> Iterator[Advice]:
    """One sentence for each audience and deed: replace what is removed, follow what has a new name or place.

    Of code that only other code refers to, the risk says all there is to do, unless the commit is high.
    """
    alike: dict[tuple[str, Deed], list[Group]] = {}
    for group in lost_groups(survey):
        audience = "users" if group.thing in OUTER_THINGS else "developers"
        if audience == "developers" and not high:
            continue
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
        # A constant of the code is no value that anybody could write into a configuration.
        key = "advice.keep_constant" if _CONSTANT.fullmatch(fact.old or "") else "advice.keep_value"
        text = words(key, name=code(fact.name), old=code(fact.old or ""))
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


def _news(survey: Survey, words: Words) -> Iterator[Advice]:
    """What can now be used, where the documentation of this commit does not tell of it."""
    added = survey.group(Deed.ADDED, *OUTER_THINGS)
    if added and not survey.docs:
        told = words("list.comma").join(things(group, words) for group in added[:3])
        yield "reviewers", words("advice.document", things=told), evidence_of(added[:3])


def _tests(survey: Survey, high: bool, words: Words) -> Iterator[Advice]:
    """Where the intended behaviour can be read; that a high commit has no test is for its reviewers."""
    if not survey.source or survey.is_cosmetic:
        return
    inside = {fact.path for fact in survey.inline_tests}
    if cases := cases_added((*survey.tests, *(file for file in survey.source if file.path in inside))):
        told = names([name for name, _ in cases], words, CASES_TOLD)
        yield "developers", words("advice.read_tests", names=told, n=len(cases)), (cases[0][1],)
    elif survey.is_untested and survey.says_kind and survey.main_kind in _TESTABLE and high:
        key = "advice.test_fix" if survey.main_kind is not Kind.FEATURE else "advice.test_feature"
        yield "reviewers", words(key, where=place_of(survey, words)), ()
