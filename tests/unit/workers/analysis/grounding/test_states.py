"""Functions said to become asynchronous or not, tests said to be skipped or to run again."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = 'def fetch(url):\n    return get(url)\n\ndescribe("watch", () => {})\n'
NEW = 'async def fetch(url):\n    return await get(url)\n\ndescribe.skip("watch", () => {})\n'
GROUND = Ground([commit("Fetch without blocking", changed("fetch.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("`fetch` becomes synchronous.", "not_enabled"),
        ("`fetch` 改成了同步函数。", "not_enabled"),
        ("The watch tests are re-enabled: the tests run again.", "not_enabled"),
        ("重新启用了先前跳过的 watch 测试。", "not_enabled"),
    ],
)
def test_a_state_that_lines_enter_is_not_left(text: str, code: str) -> None:
    assert code in codes(text)


def test_a_state_that_lines_leave_is_not_entered() -> None:
    back = Ground([commit("Fetch plainly", changed("fetch.py", NEW, OLD))])
    said = Statement(text="`fetch` is made asynchronous.")
    assert {fault.code for fault in faults_of(said, back)} == {"not_disabled"}


@pytest.mark.parametrize(
    "text",
    [
        "`fetch` becomes asynchronous.",
        "`fetch` 改为异步。",
        "The watch tests are skipped.",
        "暂时跳过了 watch 的测试。",
    ],
)
def test_what_enters_its_state_is_let_be(text: str) -> None:
    assert codes(text) == set()
