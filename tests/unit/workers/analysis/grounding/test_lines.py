"""Numbers of lines in statements."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

SOURCE = "".join(f"step_{number}()\n" for number in range(40))
SHORTER = SOURCE.replace("step_7()\n", "").replace("step_8()\n", "").replace("step_9()\n", "jump()\n")
TEST = "".join(f"check_{number}()\n" for number in range(30))
TRIMMED = "".join(TEST.splitlines(keepends=True)[:3])
GROUND = Ground(
    [
        commit(
            "Take shorter ways",
            changed("src/way.py", SOURCE, SHORTER),
            changed("tests/test_way.py", TEST, TRIMMED),
            changed("CHANGES.md", "# Changes\n\n- one\n\n- two\n\n- six\n", "# Changes\n- one\n- two\n- six\n"),
        )
    ]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "Twenty-seven lines of tests are deleted.",
        "27 lines of tests fall away.",
        "The commit drops twenty seven test lines.",
        "测试少了二十七行测试代码。",
        "In the changelog three blank lines are removed.",
        "The changelog loses blank lines, three of them.",
        "`src/way.py` ends up two lines shorter net.",
        "Three lines of library code change.",
        "One added and thirty-three removed lines make up the diff.",
    ],
)
def test_numbers_of_lines_that_the_diff_has_pass(text: str) -> None:
    assert not codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Three lines of tests are deleted.",
        "Thirty lines of tests fall away.",
        "Twenty-nine lines are deleted from the tests.",
        "27 lines of library code change.",
        "27 行业务代码被删除。",
        "One added and forty-three removed lines make up the diff.",
        "The changelog loses blank lines, five of them.",
        "`src/way.py` ends up eight lines shorter net.",
    ],
)
def test_numbers_of_lines_of_other_files_or_of_none_are_refused(text: str) -> None:
    assert codes(text) == {"count_wrong"}


def test_lines_of_what_a_program_prints_are_no_lines_of_the_diff() -> None:
    assert not codes("The step prints two lines of text.")


def test_lines_of_comments_are_counted_apart() -> None:
    new = "# The lock is held:\n# nobody wakes before.\nwait()\n"
    ground = Ground([commit("Hold the lock", changed("a.py", "run()\n", new))])
    assert not faults_of(Statement(text="新增了两行注释。"), ground)
    assert faults_of(Statement(text="新增了三行注释。"), ground)
    assert faults_of(Statement(text="Adds four comment lines."), ground)
