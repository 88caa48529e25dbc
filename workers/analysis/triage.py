"""The rules that give a commit its least tier, its kinds and the reasons, before any model is asked.

A tier is by consequence for those who use or run the code. The text of a commit cannot lower it, and can raise it
only where the diff agrees.
"""

from __future__ import annotations

from collections.abc import Iterable

from workers.analysis.paths import Role
from workers.analysis.survey.hazards import Hazard
from workers.analysis.survey.signals import Signal, signals_of
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.bare import BARE
from workers.analysis.wording.clauses import clause
from workers.analysis.wording.leaks import told_secrets
from workers.analysis.wording.phrases import code, names, spaced
from workers.analysis.wording.where import brief_path, place_of, where
from workers.model import Kind, Tier, Triage
from workers.words import Words

REASONS_SHOWN = 4
"""How many reasons a tier gives at most."""


def triage(survey: Survey, words: Words) -> Triage:
    """The least tier a commit may have, its kinds, and at least one reason in words that names a thing."""
    signals = signals_of(survey)
    if not signals:
        return Triage(tier=Tier.LOW, kinds=kinds_told(survey), reasons=(spaced(_low_reason(survey, words)),))
    grave = [signal for signal in signals if signal.tier is signals[0].tier]
    return Triage(tier=grave[0].tier, kinds=kinds_told(survey), reasons=_reasons(grave, survey, words))


def floor_of(survey: Survey) -> Tier:
    """The tier below which no judge may put a commit: guards, removals, formats, reverts, hazards."""
    return min((signal.floor for signal in signals_of(survey)), key=lambda tier: tier.rank, default=Tier.LOW)


def kinds_told(survey: Survey) -> tuple[Kind, ...]:
    """The kinds: revert first where the message names what it undoes; security for a mended flaw or a secret let in."""
    found = [survey.main_kind, *survey.kinds]
    if survey.secrets or any(danger.hazard is Hazard.SECURITY for danger in survey.dangers):
        found.append(Kind.SECURITY)
    return tuple(dict.fromkeys(found))


def _reasons(signals: Iterable[Signal], survey: Survey, words: Words) -> tuple[str, ...]:
    """Reasons in words; that a commit is a fix or a feature is said only when nothing more telling is."""
    told = list(signals)
    telling = [signal for signal in told if signal.topic not in BARE]
    reasons = (spaced(reason(signal, survey, words)) for signal in telling or told)
    return tuple(dict.fromkeys(reasons))[:REASONS_SHOWN]


def reason(signal: Signal, survey: Survey, words: Words) -> str:
    """One signal in words: a clause without a full stop."""
    if signal.group and signal.topic == "central":
        return words("reason.central", clause=clause(signal.group, words), names=names(signal.names, words, 2))
    if signal.group:
        return clause(signal.group, words)
    if signal.danger:
        hazard = words(f"hazard.{signal.danger.hazard}")
        path = brief_path(signal.danger.evidence[0].path)
        return words("reason.danger", hazard=hazard, word=code(signal.danger.word), path=code(path))
    if signal.topic == "secret":
        return words("reason.secret", secrets=told_secrets(survey.secrets, words))
    if signal.topic == "surfaces":
        kinds = words("list.comma").join(words(f"surface.{name}") for name in signal.names)
        return words("reason.surfaces", surfaces=kinds, n=len(signal.names))
    return words(f"reason.{signal.topic}", names=names(signal.names, words, 3), where=place_of(survey, words))


_LOW_ROLES = (
    ("docs", {Role.DOCS}),
    ("tests", {Role.TEST}),
    ("ci", {Role.CI}),
    ("examples", {Role.EXAMPLE}),
    ("lock", {Role.LOCK}),
    ("dependencies", {Role.LOCK, Role.MANIFEST}),
    ("generated", {Role.GENERATED, Role.VENDORED}),
    ("locale", {Role.LOCALE}),
    ("asset", {Role.ASSET}),
    ("build", {Role.BUILD, Role.CI, Role.MANIFEST, Role.LOCK}),
)


def _low_reason(survey: Survey, words: Words) -> str:
    """Why nothing here reaches those who use or run the code."""
    commit = survey.commit
    if not commit.files:
        return words("reason.empty")
    public = [group for group in survey.groups if group.public]
    cosmetic = "only_comments" if survey.comments_only else "only_prose" if survey.prose_only else None
    if cosmetic or (survey.source and not public):
        return words(f"reason.{cosmetic or 'internal'}", where=where(survey, words))
    if survey.source:
        return words("list.clauses").join(clause(group, words) for group in public[:2])
    roles = set(survey.roles.values())
    key = next((f"only_{key}" for key, allowed in _LOW_ROLES if roles <= allowed), "no_product")
    paths = names([file.path for file in commit.files], words, 2)
    return words(f"reason.{key}", names=paths, n=len(commit.files))
