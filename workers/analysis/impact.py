"""The impact section: where in the code a commit works, whom it reaches, and what else it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.analysis.clauses import sentence, sentence_of
from workers.analysis.facts import Deed, Thing
from workers.analysis.groups import Group
from workers.analysis.summary import told_groups
from workers.analysis.survey import Survey
from workers.analysis.where import of_areas, of_files
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


def impact_of(survey: Survey, words: Words, with_tests: bool) -> tuple[Statement, ...]:
    """Whom and what the commit reaches. `with_tests` tells of tests and documentation here (no section does)."""
    found = [*_reached(survey, words), *_rest(survey, words)]
    if with_tests:
        found += tests_and_docs(survey, words)
    # Where everything is in one file, the summary has named it.
    return tuple(found) if found and len(survey.product) == 1 else (_areas(survey, words), *found)


def _areas(survey: Survey, words: Words) -> Statement:
    key = "impact.areas" if survey.product else "impact.other_areas"
    return Statement(text=words(key, areas=of_areas(survey, words)))


def _reached(survey: Survey, words: Words) -> Iterator[Statement]:
    """Who refers to the public things that change; or that the rules see none."""
    reached = [(name, groups) for name, kinds in SURFACES if (groups := _of(survey, kinds))]
    if reached:
        who = words("list.comma").join(words(f"who.{name}") for name, _ in reached)
        evidence = tuple(groups[0].evidence[0] for _, groups in reached if groups[0].evidence)
        yield Statement(text=words("impact.who", who=who), evidence=evidence)
    elif survey.source and not survey.moved_files and not any(file.patch is None for file in survey.product):
        yield Statement(text=words("impact.internal"))


def _of(survey: Survey, kinds: frozenset[Thing]) -> list[Group]:
    return [group for group in survey.groups if group.public and group.thing in kinds]


def _rest(survey: Survey, words: Words) -> Iterator[Statement]:
    """Groups that the summary does not tell, by deed, a sentence each."""
    told = set(map(id, told_groups(survey)))
    rest = [group for group in survey.groups if id(group) not in told and (group.public or not told)][:GROUPS_TOLD]
    for deed in Deed:
        groups = [group for group in rest if group.deed is deed]
        if groups:
            yield sentence_of(groups, words)


def tests_and_docs(survey: Survey, words: Words) -> tuple[Statement, ...]:
    """Whether tests and documentation change alongside product code; nothing where there is none."""
    if not survey.product:
        return ()
    found = [words("alongside.tests", files=of_files(survey.tests, words))] if survey.tests else []
    if survey.inline_tests and not survey.tests:
        found.append(words("alongside.inline_tests"))
    if survey.docs:
        found.append(words("alongside.docs", files=of_files(survey.docs, words)))
    elif _outer_changes(survey.groups):
        found.append(words("alongside.no_docs"))
    return tuple(Statement(text=sentence(text, words)) for text in found)


def _outer_changes(groups: Sequence[Group]) -> bool:
    return any(group.thing in kinds for name, kinds in SURFACES[:3] for group in groups)
