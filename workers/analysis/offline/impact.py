"""The impact section: where in the code a commit works, whom it reaches, and what else it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workers.analysis.facts import Deed, Thing
from workers.analysis.offline.summary import told_groups
from workers.analysis.survey.groups import Group
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.clauses import sentence, sentence_of
from workers.analysis.wording.phrases import code, listed
from workers.analysis.wording.where import of_areas, of_files
from workers.model import Statement
from workers.words import Words

GROUPS_TOLD = 6

SURFACES: tuple[tuple[str, frozenset[Thing]], ...] = (
    ("command_line", frozenset({Thing.COMMAND, Thing.FLAG})),
    ("configuration", frozenset({Thing.SETTING, Thing.ENVIRONMENT})),
    ("http", frozenset({Thing.ROUTE})),
    ("data", frozenset({Thing.FIELD})),
    ("api", frozenset({Thing.FUNCTION, Thing.TYPE, Thing.CONSTANT, Thing.PARAMETER})),
    ("dependencies", frozenset({Thing.DEPENDENCY, Thing.SUBMODULE})),
)


_PLAIN = frozenset({"api", "dependencies"})


def impact_of(survey: Survey, words: Words, with_tests: bool) -> tuple[Statement, ...]:
    """Whom and what the commit reaches. `with_tests` tells of tests and documentation here (no section does)."""
    found = [_areas(survey, words, with_tests), *_reached(survey, words, brief=with_tests), *_rest(survey, words)]
    if with_tests and survey.product and survey.docs:
        found.append(_docs(survey, words))
    return tuple(found)


def _areas(survey: Survey, words: Words, with_tests: bool) -> Statement:
    """Where product code changed, and in the same breath whether tests did."""
    if not survey.product:
        return Statement(text=sentence(words("impact.other_areas", areas=of_areas(survey, words)), words))
    one = survey.product[0].path if len(survey.product) == 1 else None
    text = words("impact.areas", areas=code(one) if one else of_areas(survey, words))
    if with_tests and (tests := _tests(survey, words)):
        text = words("list.clauses").join((text, tests))
    return Statement(text=sentence(text, words))


def _tests(survey: Survey, words: Words) -> str:
    if survey.tests:
        return words("alongside.tests", files=of_files(survey.tests, words))
    if survey.inline_tests:
        return words("alongside.inline_tests")
    return words("alongside.no_tests") if survey.is_untested else ""


def _docs(survey: Survey, words: Words) -> Statement:
    return Statement(text=sentence(words("alongside.docs", files=of_files(survey.docs, words)), words))


def _reached(survey: Survey, words: Words, brief: bool) -> Iterator[Statement]:
    """Who refers to the public things that change, or for whom there are only new ones.

    `brief` leaves out what goes without saying: that code is called by code, and dependencies reach who builds.
    """
    reached = [(name, groups) for name, kinds in SURFACES if (groups := _of(survey, kinds))]
    if reached and not (brief and {name for name, _ in reached} <= _PLAIN):
        who = listed([words(f"who.{name}") for name, _ in reached], words)
        evidence = tuple(groups[0].evidence[0] for _, groups in reached if groups[0].evidence)
        only_new = all(group.deed is Deed.ADDED for _, groups in reached for group in groups)
        yield Statement(text=words("impact.new_for" if only_new else "impact.who", who=who), evidence=evidence)


def _of(survey: Survey, kinds: frozenset[Thing]) -> list[Group]:
    return [group for group in survey.groups if group.public and group.thing in kinds]


def _rest(survey: Survey, words: Words) -> Iterator[Statement]:
    """Groups that the summary does not tell, by deed, a sentence each."""
    told = set(map(id, told_groups(survey)))
    others = (group for group in survey.groups if id(group) not in told and (group.public or not told))
    rest = [group for group in map(_untold_files(survey), others) if group.facts][:GROUPS_TOLD]
    for deed in Deed:
        groups = [group for group in rest if group.deed is deed]
        if groups:
            yield sentence_of(groups, words)


def _untold_files(survey: Survey) -> Callable[[Group], Group]:
    """Takes out of a group of new files those whose content is told by name: a type that comes, and its file."""
    named = {fact.path for group in survey.groups if group.thing is not Thing.FILE for fact in group.facts}

    def untold(group: Group) -> Group:
        if group.thing is not Thing.FILE or group.deed is not Deed.ADDED:
            return group
        return group.only(fact for fact in group.facts if fact.path not in named)

    return untold


def tests_and_docs(survey: Survey, words: Words) -> tuple[Statement, ...]:
    """Whether tests and documentation change alongside product code; nothing where there is none."""
    if not survey.product:
        return ()
    tests = _tests(survey, words)
    found = [Statement(text=sentence(tests, words))] if tests else []
    return (*found, _docs(survey, words)) if survey.docs else tuple(found)
