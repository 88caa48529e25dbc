"""What of a commit is shown for its share of what a batch may cost: more where there is room, else less."""

from __future__ import annotations

from prompts.prompts import load
from workers.analysis.packing.budget import Budget
from workers.analysis.packing.notes import NOTES_SHOWN
from workers.analysis.packing.packing import Packed, pack
from workers.analysis.packing.purse import CORRECTION, Purse, budgets_of, raised_budgets_of
from workers.analysis.packing.tokens import estimate
from workers.analysis.survey.survey import Survey
from workers.model import Tier
from workers.words import Words

NOTE_TOKENS = 60
"""Of one note on a part, as it is shown when the notes are combined."""

FRAME = 70
"""Tokens of a call beside its system text and what it shows: tier, kinds, sections, the fence."""

SMALLER = 0.7
"""What share of a pack that was too long for a model the next one may cost at most."""


def packed_within(
    purse: Purse, survey: Survey, tier: Tier, words: Words, ratio: float = 1.0, *, may_raise: bool = True
) -> Packed:
    """A commit by the largest budget of its tier that its share of the purse pays for, and paid from it.

    Where not even the tightest fits, that one is taken: no commit goes unread. Where something of it found no room and
    the purse can spare it, more is shown than its tier has; not unless it `may_raise`. `ratio` is how many tokens the
    server counts for each of `estimate`.
    """
    sha = survey.commit.sha
    share = purse.share(sha, tier)
    for budget in budgets_of(tier):
        packed = pack(survey, tier, words, ratio, budget)
        cost = cost_of(packed, tier) * ratio
        if cost + CORRECTION <= share:
            break
    if may_raise and packed.is_cut:
        packed = _raised(survey, tier, words, ratio, purse.spare(sha, tier) - CORRECTION) or packed
    purse.pay(sha, cost_of(packed, tier) * ratio)
    return packed


def packed_smaller(than: Packed, survey: Survey, tier: Tier, words: Words, ratio: float = 1.0) -> Packed | None:
    """The commit by the largest budget of its tier that costs clearly less than a pack; None where none does."""
    most = _longest(than) * SMALLER
    packs = (pack(survey, tier, words, ratio, budget) for budget in budgets_of(tier))
    return next((packed for packed in packs if _longest(packed) <= most), None)


def cost_of(packed: Packed, tier: Tier) -> int:
    """About how many tokens the calls for a commit are, without corrections."""
    parts = packed.parts
    if len(parts) == 1:
        return _system(tier.value) + estimate(parts[0])
    return _combining(tier, len(parts)) + estimate(packed.head) + estimate(packed.tail) + sum(map(estimate, parts))


def _raised(survey: Survey, tier: Tier, words: Words, ratio: float, spare: float) -> Packed | None:
    """The commit by the largest raised budget that is paid for however full it gets; None where none is."""
    for budget in raised_budgets_of(tier):
        if _most_cost(budget, tier) * ratio <= spare:
            return pack(survey, tier, words, ratio, budget)
    return None


def _most_cost(budget: Budget, tier: Tier) -> int:
    """What the calls for a commit cost that fills a budget."""
    alone = _system(tier.value) + budget.whole
    if budget.parts == 1:
        return alone
    return max(alone, _combining(tier, budget.parts) + budget.head + budget.tail + budget.parts * budget.part)


def _combining(tier: Tier, parts: int) -> int:
    """What it costs to read in parts, beside what is shown of the commit."""
    return _system(tier.value) + parts * (NOTES_SHOWN * NOTE_TOKENS + _system("part"))


def _system(name: str) -> int:
    return estimate(load(name).system("en")) + FRAME


def _longest(packed: Packed) -> int:
    """Tokens of the longest text that one call is shown."""
    return max(map(estimate, packed.parts))
