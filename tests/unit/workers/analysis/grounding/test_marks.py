"""Marks of writing in statements, called by their names."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

GROUND = Ground(
    [commit("Tidy up", changed("a.py", "x = [1, 2]\ny = 1;\n", "x = [1, 2,]\ny = 1\n"), changed("b.c", "a\n", "b\n"))]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A trailing comma is removed from the list.", "not_removed"),
        ("It adds the missing semicolon.", "not_added"),
        ("列表末尾去掉了逗号。", "not_removed"),
        ("补上了行末的分号。", "not_added"),
    ],
)
def test_a_mark_that_comes_does_not_go(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "It adds a trailing comma to the list.",
        "The semicolon is removed.",
        "列表末尾加上了逗号。",
        "去掉了行末的分号。",
        "What is added to the command line is read first.",
    ],
)
def test_a_mark_that_does_passes(text: str) -> None:
    assert codes(text) == set()
