"""Files in statements: what sort of file they are said to be, and whether they are new."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import added, changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

GROUND = Ground(
    [
        commit(
            "Wait longer",
            changed("src/wait.c", "wait(5);\n", "wait(9);\n"),
            changed("include/wait.h", "int wait(int);\n", "long wait(int);\n"),
            changed("docs/guide.md", "It waits.\n", "It waits longer.\n"),
            changed("package-lock.json", '{"a": 1}\n', '{"a": 2}\n'),
            added("tests/test_wait.py", "def test_wait():\n    assert wait(9)\n"),
        )
    ]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The header `src/wait.c` changes as well.",
        "A shell script, `include/wait.h`, waits longer.",
        "The test file `src/wait.c` waits longer.",
        "Existing tests in `src/wait.c` cover this.",
        "The lock file `docs/guide.md` follows.",
        "`docs/guide.md` returns `wait`.",
        "头文件 `src/wait.c` 也改了。",
        "图片 `include/wait.h` 也重新生成。",
        "工作流 `src/wait.c` 同步更新。",
        "由 `docs/guide.md` 调用 `wait`。",
    ],
)
def test_a_file_is_of_the_sort_that_it_is_said_to_be(text: str) -> None:
    assert "wrong_file" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "The header `include/wait.h` changes as well.",
        "The test file `tests/test_wait.py` is new.",
        "The lock file `package-lock.json` follows.",
        "`src/wait.c` calls `wait`.",
        "头文件 `include/wait.h` 也改了。",
        "新文件 `tests/test_wait.py` 覆盖了等待。",
    ],
)
def test_a_file_of_that_sort_passes(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text",
    ["A new file, `src/wait.c`, waits longer.", "新文件 `src/wait.c` 会等待。", "新增的 `docs/guide.md` 说明了等待。"],
)
def test_a_file_that_was_there_is_not_new(text: str) -> None:
    assert "not_added" in codes(text)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("`BASE` is no longer defined in `old.py`.", True),
        ("`BASE` is no longer defined in `new.py`.", False),
        ("`BASE` 不再位于 `new.py`。", False),
    ],
)
def test_what_comes_to_a_file_has_not_left_it(text: str, passes: bool) -> None:
    ground = Ground(
        [commit("Move", changed("old.py", "BASE = 1\nx\n", "x\n"), changed("new.py", "y\n", "BASE = 1\ny\n"))]
    )
    assert (not faults_of(Statement(text=text), ground)) is passes


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("`run.json` 删掉了 `old_step`，仍在调用它的脚本需要改用 `new_step`。", True),
        ("`old_step` 的调用都已清理，分别位于 `run.json` 和 `ci.yml`。", True),
        ("`new_step` 的调用位于 `run.json`。", False),
    ],
)
def test_advice_and_lists_of_places_are_read_as_such(text: str, passes: bool) -> None:
    ground = Ground(
        [
            commit(
                "Steps",
                changed("run.json", "old_step\na\n", "a\n"),
                changed("ci.yml", "b\n", "new_step\nb\n"),
            )
        ]
    )
    assert (not faults_of(Statement(text=text), ground)) is passes
