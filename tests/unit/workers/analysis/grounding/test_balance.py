"""Both totals of a diff in one sentence."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

GROUND = Ground([commit("Shorten", changed("a.py", "a\nb\nc\nd\ne\nsame\n", "x\ny\nsame\n"))])


def holds(text: str) -> bool:
    return not faults_of(Statement(text=text), GROUND)


@pytest.mark.parametrize(
    "text",
    [
        "One file is touched, with two lines added and five added.",
        "2 lines are removed against 5 removed.",
        "合计删除两行、删掉五行。",
        "两行新增、五行新增。",
    ],
)
def test_what_comes_and_what_goes_are_not_both_told_as_the_same(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize(
    "text",
    ["One file is touched, with two lines added and five removed.", "合计新增两行、删掉五行。", "两行新增、五行删除。"],
)
def test_both_totals_on_their_sides_pass(text: str) -> None:
    assert holds(text)
