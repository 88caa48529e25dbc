"""What tier and kinds a commit gets once a model has judged it: within the bounds that the rules set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.analysis.survey.survey import Survey
from workers.analysis.triage import REASONS_SHOWN, floor_of
from workers.analysis.wording.phrases import code_spans
from workers.model import Kind, Tier, Triage, Value

Holds = Callable[[str], bool]
"""Whether a reason holds when checked against the commit."""

_BY_RANK = sorted(Tier, key=lambda tier: tier.rank)


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
    names a thing of the commit; without one the tier stays. Reasons that do not hold are dropped; where none is left
    those of triage stand.
    """
    held = tuple(dict.fromkeys(reason for reason in reasons if reason.strip() and holds(reason)))[:REASONS_SHOWN]
    telling = any(code_spans(reason) for reason in held)
    chosen = bounded(tier, least.tier, floor_of(survey)) if telling else least.tier
    kept = held if held and (chosen is not least.tier or tier is least.tier) else least.reasons
    return Verdict(tier=chosen, reasons=kept, kinds=_kinds(survey, least, kinds))


def bounded(tier: Tier, least: Tier, floor: Tier) -> Tier:
    """A tier, at most one step below the one that triage gave, and never below the floor."""
    lowest = max(least.rank, min(least.rank + 1, floor.rank))
    return _BY_RANK[min(tier.rank, lowest)]


def _kinds(survey: Survey, least: Triage, kinds: Sequence[Kind]) -> tuple[Kind, ...]:
    """The model's kinds; a revert stays one first of all, and security stays where the rules see a flaw or a secret."""
    first = [Kind.REVERT] if survey.message.is_revert else []
    sure = [kind for kind in least.kinds if kind is Kind.SECURITY]
    return tuple(dict.fromkeys((*first, *kinds, *sure))) or least.kinds
