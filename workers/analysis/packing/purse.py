"""What the commits of a batch may cost together: each gets its share of what is left, by its tier."""

from __future__ import annotations

from threading import Lock

from workers.analysis.packing.budget import BUDGETS, Budget
from workers.model import Tier

DAY_TOKENS = 56_000
"""Estimated input tokens for all commits of a day of about twenty; with its highlights it stays below 60,000."""

DAY_COMMITS = 26
"""Up to so many commits are a day of about twenty. A larger batch has as much for each commit."""

WEIGHTS = {Tier.HIGH: 3.0, Tier.MEDIUM: 1.3, Tier.LOW: 0.7}
"""How many mean shares of what is left a commit may take."""

CORRECTION = 450
"""Tokens that sending statements back costs in the mean: about one commit of three needs it."""

KEPT = 2000
"""Tokens that are kept for each commit still to come: about what one that is cut to the least costs, with its share of
corrections."""

MEAN = 2600
"""Tokens that are kept for each commit still to come before one is shown more than its tier has: about what a commit
costs in the mean that is shown as much as its tier has."""

STEPS = ((1.0, 3), (1.0, 1), (0.75, 1), (0.55, 1), (0.4, 1), (0.3, 1))
"""How far a budget is cut, and in how many parts a commit may be read then: first the reading in parts goes."""

RAISES = ((8.0, 0), (4.0, 0), (2.0, 0))
RAISES_IN_PARTS = ((4.0, 2), (4.0, 0), (2.0, 0))
"""How far a budget is raised where the purse has enough, the greatest first; and by how much the number and the length
of the parts, 0: the commit is read at once. The second are those of a tier that is read in parts."""


class Purse:
    """The tokens of one batch of so many commits. Safe between threads."""

    def __init__(self, commits: int) -> None:
        self._tokens = DAY_TOKENS * max(1.0, commits / DAY_COMMITS)
        self._commits = commits
        self._paid: dict[str, float] = {}
        self._lock = Lock()

    def share(self, sha: str, tier: Tier) -> float:
        """What a commit of this tier may cost now; what was paid for it before is not counted."""
        return self._part(sha, tier, KEPT)

    def _part(self, sha: str, tier: Tier, kept: float) -> float:
        """A part of what is left, of which `kept` is not to be touched for each commit still to come."""
        with self._lock:
            paid = [cost for known, cost in self._paid.items() if known != sha]
            left = max(self._tokens - sum(paid), 0.0)
            others = max(self._commits - len(paid) - 1, 0)
            return min(WEIGHTS[tier] * left / (others + 1), left - others * kept)

    def spare(self, sha: str, tier: Tier) -> float:
        """What a commit of this tier may cost so that others have enough all the same; nothing in a large batch."""
        if self._commits > DAY_COMMITS:
            return 0.0
        return self._part(sha, tier, MEAN)

    def pay(self, sha: str, tokens: float) -> None:
        """Takes what a commit costs; a commit that is made ready once more is paid for once."""
        with self._lock:
            self._paid[sha] = tokens + CORRECTION


def budgets_of(tier: Tier) -> tuple[Budget, ...]:
    """The budgets of a tier from the whole one down to the tightest."""
    whole = BUDGETS[tier]
    return tuple(dict.fromkeys(whole.cut(share, min(parts, whole.parts)) for share, parts in STEPS))


def raised_budgets_of(tier: Tier) -> tuple[Budget, ...]:
    """The budgets beyond the whole one of a tier, from the greatest down; see RAISES."""
    whole = BUDGETS[tier]
    return tuple(whole.raised(*step) for step in (RAISES_IN_PARTS if whole.parts > 1 else RAISES))
