"""How many tokens a commit may cost, by tier."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workers.model import Tier

RATIO_LEAST = 1.0
RATIO_MOST = 4.0
"""Between these the count of a server corrects our estimate. A server that counts less than we estimate, as most do
for code, makes a pack no larger: then it costs less than the budget, by either count."""

RAISED_WORTH = 0.5
"""`worth` of a raised budget, of which a part is about so much of what one call is shown: there are as many parts as it
takes to show all that is grave."""


@dataclass(frozen=True)
class Budget:
    """Limits for a commit of one tier, in estimated tokens but where it says otherwise.

    `whole` is what one call is shown of the commit; `parts` is how many calls may read it in parts of at most `part`
    before one combines their notes. `head` bounds message and facts, `tail` the names of files without hunks here;
    both are within `whole`.
    `facts` and `names` are how many groups of facts, and names in each, are told; `wide` is how many rows of a hunk
    are shown at first; `worth` is how many times what one call is shown the grave pieces must be for each part: below
    that one call that sees the gravest is better than several and their notes.
    """

    whole: int
    parts: int
    part: int
    head: int
    tail: int
    facts: int
    names: int
    wide: int
    worth: float = 9.0

    def cut(self, share: float, parts: int) -> Budget:
        """The budget with this share of its tokens, and so many parts at most. A cut budget has a smaller head too."""
        limits = {name: round(getattr(self, name) * share) for name in ("whole", "head", "tail")}
        return replace(self, parts=parts, **limits)

    def raised(self, share: float, parts: int) -> Budget:
        """The budget with `share` times its tokens, and `parts` times as many parts as long again; 0: read at once."""
        cut = self.cut(share, max(1, self.parts * parts))
        return replace(cut, part=self.part * parts, facts=2 * self.facts, worth=RAISED_WORTH)

    def corrected(self, ratio: float) -> Budget:
        """The budget in our estimate, where the server counts `ratio` tokens for each that we estimate."""
        scale = min(max(ratio, RATIO_LEAST), RATIO_MOST)
        limits = {name: round(getattr(self, name) / scale) for name in ("whole", "part", "head", "tail")}
        return replace(self, **limits)


BUDGETS = {
    Tier.HIGH: Budget(whole=2800, parts=3, part=2000, head=600, tail=200, facts=10, names=8, wide=12),
    Tier.MEDIUM: Budget(whole=1600, parts=1, part=0, head=400, tail=120, facts=6, names=5, wide=10),
    Tier.LOW: Budget(whole=650, parts=1, part=0, head=200, tail=80, facts=3, names=3, wide=8),
}
"""Chosen so that a day of twenty commits and 600 KB of patches stays below 60,000 tokens with everything that is sent
besides; `python -m bench.packing` measures it."""
