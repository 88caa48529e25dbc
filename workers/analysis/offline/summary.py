"""The summary of an offline analysis: what the commit does, in one or two sentences, and what its author says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.analysis.facts import Deed, Thing
from workers.analysis.offline.author import author_lists, author_says
from workers.analysis.offline.novelties import cases_added, sections_added, version_set
from workers.analysis.paths import Role
from workers.analysis.survey.groups import Group
from workers.analysis.survey.strokes import Stroke, strokes_of
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.clauses import sentence, sentence_of
from workers.analysis.wording.phrases import NAME_LIMIT, code, names, plain
from workers.analysis.wording.where import of_files, where
from workers.model import Evidence, FileChange, FileStatus, Kind, Statement
from workers.words import Words

GROUPS_TOLD = 3
"""How many groups of facts the summary tells; the impact tells the others."""

FEW_LINES = 8
"""Changed lines up to which a change may be told by its lines."""

_UNTOLD = frozenset({Role.LOCK, Role.GENERATED, Role.VENDORED})

CALLS_TOLD = 3
NAMES_BROUGHT = 3

_LEADING = frozenset({Kind.FEATURE, Kind.DEPENDENCIES, Kind.CONFIG, Kind.BUILD, Kind.CHORE})
"""Kinds whose facts say all: their summary starts with what is added or changed, not with the kind."""


def summary_of(survey: Survey, words: Words, brief: bool) -> tuple[Statement, ...]:
    """What the commit does, what its author says of it, what it is made of; `brief` (low tier): two sentences."""
    groups = told_groups(survey)
    found = _opening(survey, groups, words)
    told = any(group.public or group.thing is Thing.DEPENDENCY for group in groups)
    if not told and (detail := _detail(survey, words)):
        found.append(detail)
    if said := author_says(survey.message, words) or author_lists(survey.message, words):
        found.insert(1, Statement(text=said))
    return tuple(found[:2] if brief else found)


def told_groups(survey: Survey) -> tuple[Group, ...]:
    """The groups that the summary tells: public ones, else what happens inside; for a feature what it adds first."""
    public = [group for group in survey.groups if group.public and group.thing is not Thing.MODE]
    chosen = public or [group for group in survey.groups if _is_news(group)]
    chosen = [group for group in chosen if group.thing is not Thing.FILE] or chosen
    if survey.main_kind is Kind.FEATURE:
        chosen.sort(key=lambda group: group.deed is not Deed.ADDED)
    return tuple(chosen[:GROUPS_TOLD])


def _is_news(group: Group) -> bool:
    """Whether a group of things inside is worth a clause: a changed signature nobody else uses is not."""
    return group.deed is not Deed.CHANGED or group.thing is Thing.DEPENDENCY


def _opening(survey: Survey, groups: Sequence[Group], words: Words) -> list[Statement]:
    facts = [sentence_of(groups, words)] if groups else []
    if facts and _facts_lead(survey, groups):
        return facts
    return [Statement(text=sentence(_lead(survey, words), words), evidence=_lead_evidence(survey)), *facts]


def _facts_lead(survey: Survey, groups: Sequence[Group]) -> bool:
    """Whether the facts tell by themselves what the commit is for; of a feature, when they say what is new."""
    if survey.dangers:
        return False
    if not survey.source and all(group.thing is Thing.DEPENDENCY for group in groups):
        return True
    if survey.main_kind not in _LEADING:
        return not survey.says_kind or all(map(_is_whole, survey.product))
    return survey.main_kind is not Kind.FEATURE or groups[0].deed is not Deed.CHANGED


def _is_whole(file: FileChange) -> bool:
    """Whether a file came, went or moved as it is: then its facts say all there is."""
    return file.status is FileStatus.DELETED or (file.status is FileStatus.RENAMED and not file.patch)


def _lead_evidence(survey: Survey) -> tuple[Evidence, ...]:
    if survey.dangers:
        return survey.dangers[0].evidence
    return tuple(fact.evidence[0] for fact in survey.touched[:GROUPS_TOLD] if fact.evidence)


def _lead(survey: Survey, words: Words) -> str:
    if not survey.commit.files:
        return words("lead.empty")
    place = where(survey, words)
    again = _REVERT_OF.match(survey.message.reverted_subject or "")
    if survey.main_kind is Kind.REVERT and again:
        return words("lead.reapply", target=words("revert.subject", subject=_quotable(again[1])), where=place)
    if survey.main_kind is Kind.REVERT:
        return words("lead.revert", target=_reverted(survey, words), where=place)
    if survey.dangers and survey.source:
        return words("lead.danger", hazard=words(f"a_hazard.{survey.dangers[0].hazard}"), where=place)
    if not survey.source and (versions := version_set(survey.files(Role.MANIFEST))):
        return words("lead.version", old=code(versions[0]), new=code(versions[1]))
    return _plain_lead(survey, place, words)


_ONLY = (
    ("docs", {Role.DOCS}),
    ("tests", {Role.TEST}),
    ("ci", {Role.CI}),
    ("examples", {Role.EXAMPLE}),
    ("lock", {Role.LOCK}),
    ("generated", {Role.GENERATED, Role.VENDORED}),
    ("locale", {Role.LOCALE}),
    ("asset", {Role.ASSET}),
)


def _plain_lead(survey: Survey, place: str, words: Words) -> str:
    roles = set(survey.roles.values())
    for key, allowed in _ONLY:
        if roles <= allowed:
            return words(f"lead.only_{key}", files=of_files(survey.commit.files, words))
    if survey.comments_only:
        return words("lead.only_comments", where=place)
    if survey.prose_only:
        return words("lead.only_prose", where=place)
    if survey.main_kind is Kind.CI and (pipelines := survey.files(Role.CI)):
        place = of_files(pipelines, words)
    return words(f"lead.{survey.main_kind if survey.says_kind else 'change'}", where=place)


def _reverted(survey: Survey, words: Words) -> str:
    message = survey.message
    if message.reverted_subject:
        return words("revert.subject", subject=_quotable(message.reverted_subject))
    if message.reverted_pull_request:
        return words("revert.pull_request", number=message.reverted_pull_request)
    return words("revert.sha", sha=code(message.reverted_shas[0][:10]))


_REVERT_OF = re.compile(r"Revert [\"“](.+)[\"”]")


def _quotable(text: str) -> str:
    """Text that can stand between quotation marks in a sentence with code."""
    return plain(text).replace("`", "'")


def _detail(survey: Survey, words: Words) -> Statement | None:
    """What a small change is made of: its one line, its calls, the sections or tests it brings."""
    return _one_line(survey, words) or _calls(survey, words) or _brought(survey, words)


def _brought(survey: Survey, words: Words) -> Statement | None:
    if survey.source:
        return None
    for key, found in (("tests", cases_added(survey.tests)), ("docs", sections_added(survey.docs))):
        if found:
            told = names([name for name, _ in found], words, NAMES_BROUGHT)
            text = words(f"brought.{key}", names=told, n=len(found))
            return Statement(text=sentence(text, words), evidence=tuple(place for _, place in found[:NAMES_BROUGHT]))
    return None


def _one_line(survey: Survey, words: Words) -> Statement | None:
    if survey.commit.additions + survey.commit.deletions > FEW_LINES:
        return None
    lines = strokes_of(
        survey.source or [file for file in survey.commit.files if survey.roles[file.path] not in _UNTOLD]
    )
    if not lines or any(len(line.text.strip()) > NAME_LIMIT for line in lines):
        return None
    old = [line for line in lines if line.side == "old"]
    new = [line for line in lines if line.side == "new"]
    evidence = (*(line.evidence() for line in old[:1]), *(line.evidence() for line in new[:1]))
    if len(old) == len(new) > 1 and _are_pairs(old, new):
        text = words("line.changed_more", old=_shown(old[0]), new=_shown(new[0]), n=len(old) - 1)
    elif len(old) == len(new) == 1 and old[0].text.strip() == new[0].text.strip():
        text = words("line.moved", new=_shown(new[0]))
    elif len(old) == len(new) == 1:
        text = words("line.changed", old=_shown(old[0]), new=_shown(new[0]))
    elif len(new) == len(lines) == 1:
        text = words("line.added", new=_shown(new[0]))
    elif len(old) == len(lines) == 1:
        text = words("line.removed", old=_shown(old[0]))
    else:
        return None
    return Statement(text=sentence(text, words), evidence=evidence)


def _are_pairs(old: Sequence[Stroke], new: Sequence[Stroke]) -> bool:
    """Whether each removed line has an added one at its place that begins like it."""
    return all(
        one.path == other.path
        and one.text.split()[:1] == other.text.split()[:1]
        and one.text.strip() != other.text.strip()
        for one, other in zip(old, new, strict=True)
    )


def _shown(line: Stroke) -> str:
    return code(line.text.strip())


def _calls(survey: Survey, words: Words) -> Statement | None:
    added, removed = survey.calls.added[:CALLS_TOLD], survey.calls.removed[:CALLS_TOLD]
    if not added and not removed:
        return None
    key = "calls.both" if added and removed else "calls.added" if added else "calls.removed"
    new, old = (names([name for name, _ in calls], words) for calls in (added, removed))
    evidence = tuple(stroke.evidence() for _, stroke in (*added, *removed))
    return Statement(text=sentence(words(key, added=new, removed=old), words), evidence=evidence)
