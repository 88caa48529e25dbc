"""What tier and kinds a commit gets once a model has judged it: within the bounds that the rules set."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workers.analysis.grounding.prose.texts import stands
from workers.analysis.survey.survey import Survey
from workers.analysis.triage import REASONS_SHOWN, floor_of
from workers.analysis.wording.phrases import code_spans
from workers.model import Kind, Tier, Triage, Value

Holds = Callable[[str], bool]
"""Whether a reason holds when checked against the commit."""

_BY_RANK = sorted(Tier, key=lambda tier: tier.rank)

_SPANS = re.compile(r"`+[^`]*`+")
_WORD = re.compile(r"[A-Za-z']+|[\u3400-\u9fff]")
_IDLE = frozenset(
    """
    a an and are been by change changed changes changing code commit differs edited edits file files gets has
    have here in is it its line lines modified modifies now of the there this to touched touches update
    updated updates was were with
    """.split()  # noqa: SIM905 - a paragraph of words, not a column
) | frozenset("有了的被已将在中里和与及是本此该次个对处改动变更化修新代码文件提交发生做进行")
"""Words, and Chinese characters, that say no more than that something changes."""


class Verdict(Value):
    """The tier of a commit, the reasons for it in words, and its kinds, the main one first."""

    tier: Tier
    reasons: tuple[str, ...]
    kinds: tuple[Kind, ...]


def verdict_of(
    survey: Survey, least: Triage, tier: Tier, reasons: Sequence[str], kinds: Sequence[Kind], holds: Holds
) -> Verdict:
    """What becomes of a model's `tier`, `reasons` and `kinds`.

    It may raise the tier of triage, or lower it by one step but not below the floor, with a reason that holds and that
    tells of something the commit changes; without one the tier stays. Reasons that do not hold, or say no more than
    that something changes, are dropped; where none is left those of triage stand.
    """
    told = (reason for reason in reasons if _says_more(reason) and holds(reason))
    held = tuple(dict.fromkeys(told))[:REASONS_SHOWN]
    telling = any(tells(reason, survey) for reason in held)
    chosen = bounded(tier, least.tier, floor_of(survey)) if telling else least.tier
    kept = held if held and (chosen is not least.tier or tier is least.tier) else least.reasons
    return Verdict(tier=chosen, reasons=kept, kinds=_kinds(survey, least, kinds))


def tells(reason: str, survey: Survey) -> bool:
    """Whether a reason says of things that the commit changes more than that they do: by name, in backticks."""
    names = code_spans(reason)
    return bool(names) and _says_more(reason) and all(_is_changed(name, survey) for name in names)


def _says_more(reason: str) -> bool:
    """Whether there are words in a reason beside names and that something changes."""
    return any(word.lower() not in _IDLE for word in _WORD.findall(_SPANS.sub(" ", reason)))


def _is_changed(name: str, survey: Survey) -> bool:
    """Whether a name stands in a changed line or a path, or is what a fact is about."""
    bare = name.strip().removesuffix("()")
    facts = (fact.name for fact in survey.facts)
    files = survey.commit.files
    paths = (path for file in files for path in (file.path, file.old_path) if path)
    rows = (row for file in files for row in (file.patch or "").split("\n") if row[:1] in ("+", "-") and bare in row)
    return any(stands(bare, text) for texts in (paths, facts, rows) for text in texts)


def bounded(tier: Tier, least: Tier, floor: Tier) -> Tier:
    """A tier, at most one step below the one that triage gave, and never below the floor."""
    lowest = max(least.rank, min(least.rank + 1, floor.rank))
    return _BY_RANK[min(tier.rank, lowest)]


def _kinds(survey: Survey, least: Triage, kinds: Sequence[Kind]) -> tuple[Kind, ...]:
    """The model's kinds; a revert stays one first of all, and security stays where the rules see a flaw or a secret."""
    first = [Kind.REVERT] if survey.message.is_revert else []
    sure = [kind for kind in least.kinds if kind is Kind.SECURITY]
    return tuple(dict.fromkeys((*first, *kinds, *sure))) or least.kinds
