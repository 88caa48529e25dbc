"""Numbers that are parts of another one in the same statement: "seven hooks, two mutating and five validating"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

from workers.analysis.grounding.prose.numerals import Figure

MOST = 4
"""Parts of a whole, at most."""
FIGURES = 8
"""Numbers of a statement that are tried together."""
LARGEST = 100
"""The largest whole of which parts are told."""


def parts_of(wholes: Iterable[Fraction | int | None], figures: Sequence[Figure]) -> set[int]:
    """Where those figures begin that, with others of the statement, add up to a whole that holds.

    `figures` are all numbers of a statement in their order, the small word "one" among them.
    """
    sizes = {whole for whole in wholes if whole is not None and 1 < whole <= LARGEST}
    small = [figure for figure in figures if figure.value is not None and 0 < figure.value < LARGEST][:FIGURES]
    groups = (group for length in range(2, MOST + 1) for group in combinations(small, length))
    found = (group for group in groups if sum(figure.value or 0 for figure in group) in sizes)
    return {figure.start for group in found for figure in group}
