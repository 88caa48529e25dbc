"""Numbers of things in statements."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

TABLE = "CASES = [\n    {'word': 'a'},\n]\n"
LONGER = (
    "CASES = [\n    {'word': 'a'},\n    {'word': 'b'},\n    {'word': 'c'},\n    {'word': 'd'},\n    {'word': 'e'},\n]\n"
)
TEST = "def test_words():\n    pass\n"
CALLS = (
    "def test_words():\n    same_words('a b')\n    same_words('    ')\n    spelled('c')\n    spelled('d')\n"
    "    total = add(1, 2, 3, 4, 5, 6)\n"
)
MESSAGE = "Words are taken apart\n\nCo-authored-by: Machine 8 <machine@example.org>\n"
GROUND = Ground(
    [commit(MESSAGE, changed("tests/cases.py", TABLE, LONGER), changed("tests/test_words.py", TEST, CALLS))]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "Four new cases extend the table.",
        "Four assertions are appended, two of which hand over letters.",
        "The sum is made of six arguments.",
        "One word consists of four spaces.",
        "测试用例新增四个。",
        "参数增至六个。",
    ],
)
def test_counts_that_the_diff_shows_pass(text: str) -> None:
    assert not codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Seven new cases extend the table.",
        "Three data sets are appended.",
        "The test makes seven `same_words` assertions.",
        "The sum is made of nine arguments.",
        "One word consists of seven spaces.",
        "只改了十一个 Vue 组件的样式。",
        "All eight workers are adapted.",
    ],
)
def test_counts_that_the_diff_does_not_show_are_refused(text: str) -> None:
    assert "count_wrong" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Five of the calls change.",
        "The four assertions fall into three about letters and one about spaces.",
    ],
)
def test_parts_of_a_count_that_holds_pass(text: str) -> None:
    assert "count_wrong" not in codes(text)


CHECKED = "open_door()\nif cancelled(token):\n    close_door()\nwalk()\n"
PATTERNS = "ignored = [\n    'docs/',\n    'build/',\n    'dist/',\n    'cache/',\n]\n"
REPEATED = Ground([commit("Stop in time", changed("walk.py", "open_door()\nwalk()\n" * 5, CHECKED * 5 + PATTERNS))])


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Five identical cancellation checks are inserted.", True),
        ("Nine identical cancellation checks are inserted.", False),
        ("Four ignore patterns are listed.", True),
        ("Eight ignore patterns are listed.", False),
        ("新增五处取消检查。", True),
        ("新增九处取消检查。", False),
    ],
)
def test_things_that_repeat_or_are_listed_are_counted(text: str, holds: bool) -> None:
    assert ("count_wrong" not in {fault.code for fault in faults_of(Statement(text=text), REPEATED)}) is holds


SPOCK = "class DoorSpec {\n    def 'opens'() {\n    }\n    def 'shuts'() {\n    }\n}\n"
MOCHA = (
    "it('opens', function() {\n  test.run(done)\n})\nit.only('shuts', function() {\n  test.run(done)\n"
    "  test.end()\n})\n"
)


@pytest.mark.parametrize(("path", "text"), [("src/test/DoorSpec.groovy", SPOCK), ("test/door.js", MOCHA)])
def test_tests_are_counted_by_their_titles_and_not_by_calls_in_them(path: str, text: str) -> None:
    ground = Ground([commit("Doors", changed(path, "", text))])
    assert not faults_of(Statement(text="Two tests are added."), ground)
    assert {fault.code for fault in faults_of(Statement(text="Five tests are added."), ground)} == {"count_wrong"}


def test_further_lines_like_the_one_that_is_told_pass() -> None:
    old, new = "ARG V=1\nuse(1)\nARG W=1\n", "ARG V=2\nuse(2)\nARG W=2\n"
    ground = Ground([commit("Raise the version", changed("Dockerfile", old, new))])
    assert not faults_of(Statement(text="`ARG V=1` 改为 `ARG V=2`，另有 2 行同样改动。"), ground)


@pytest.mark.parametrize(("text", "passes"), [("参数从五个减到两个。", True), ("参数从七个减到两个。", False)])
def test_what_a_number_turns_into_is_no_noun(text: str, passes: bool) -> None:
    ground = Ground([commit("Less", changed("run.py", "start(a, b, c, d, e)\n", "start(a, b)\n"))])
    assert (not faults_of(Statement(text=text), ground)) is passes
