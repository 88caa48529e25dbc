"""How many tokens a server counts for one that we estimate."""

from __future__ import annotations

LEAST, MOST = 0.5, 2.0
"""Bounds: a ratio beyond them says more of a server that cuts or repeats prompts than of our estimate."""
MEMORY = 0.9
"""What an observation still weighs after the next one."""
PRIOR = 1000
"""Tokens that the ratio of 1.0 at the start weighs, so that one short question does not move it far."""


class TokenRatio:
    """A running ratio, weighted by the length of the questions and by how lately they were asked."""

    def __init__(self) -> None:
        self._counted = self._estimated = float(PRIOR)

    @property
    def value(self) -> float:
        """Tokens counted per token estimated; 1.0 at first."""
        return min(MOST, max(LEAST, self._counted / self._estimated))

    def observe(self, counted: int, estimated: int) -> None:
        """One question: what the server counted, and what we had estimated."""
        self._counted = self._counted * MEMORY + counted
        self._estimated = self._estimated * MEMORY + estimated
