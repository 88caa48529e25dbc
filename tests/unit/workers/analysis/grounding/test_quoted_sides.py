"""What is said to come, with quotes of lines that go."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Evidence, Side, Statement

OLD = "def run(node):\n    if settled(node):\n        return\n    work(node)\n    rest()\n"
NEW = "def run(node):\n    with lock(node):\n        work(node)\n    rest()\n"
GROUND = Ground([commit("Lock while it runs", changed("run.py", OLD, NEW))])


def is_refused(text: str, side: Side, quote: str) -> bool:
    evidence = (Evidence(path="run.py", side=side, start=0, end=0, quote=quote),)
    return bool(faults_of(Statement(text=text, evidence=evidence), GROUND))


@pytest.mark.parametrize("text", ["An early return for finished work is introduced.", "对已完成的情况新增了提前返回。"])
def test_what_only_goes_is_not_introduced(text: str) -> None:
    assert is_refused(text, "old", "if settled(node):")


@pytest.mark.parametrize(
    ("text", "side", "quote"),
    [
        ("A guard around the call is introduced.", "new", "with lock(node):"),
        ("The early return for finished work is removed.", "old", "if settled(node):"),
        ("A guard around what comes before the rest is introduced.", "old", "rest()"),
    ],
)
def test_what_comes_or_stays_as_quoted_passes(text: str, side: Side, quote: str) -> None:
    assert not is_refused(text, side, quote)
