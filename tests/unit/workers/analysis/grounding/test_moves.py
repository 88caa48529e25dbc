"""What is said to be done earlier or later than before, and in what order."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "where(node)\norder_by(node)\nlimit(node)\nwrite_returning(node)\nend()\n"
NEW = "where(node)\nwrite_returning(node)\norder_by(node)\nlimit(node)\nend()\n"
GROUND = Ground([commit("Put the clauses in order", changed("compiler.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The returning clause is moved down, behind the limit.", "not_moved"),
        ("`write_returning` is now called later than the limit.", "not_moved"),
        ("`write_returning` 的调用被推迟到最后。", "not_moved"),
        ("把 `write_returning` 移到 `limit` 之后。", "not_moved"),
        ("It calls `write_returning` after `limit`.", "order_wrong"),
        ("在 `write_returning` 之前先调用 `order_by`。", "order_wrong"),
    ],
)
def test_a_line_that_moves_up_is_not_done_later(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "The returning clause is moved up, before the order.",
        "把 `write_returning` 移到 `order_by` 之前。",
        "It calls `write_returning` before `limit`.",
        "Earlier, `limit` came before `write_returning`.",
        "Upgrade before you call `limit`, then `write_returning`.",
    ],
)
def test_the_order_of_the_lines_passes(text: str) -> None:
    assert codes(text) == set()
