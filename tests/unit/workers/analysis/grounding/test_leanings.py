"""What is said in plain words to come, go, get stricter or looser."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "def save(path):\n    warn(path)\n    write(path)\n"
NEW = "def save(path):\n    sanitize(path)\n    thread = start(write)\n    write(path)\n"
GROUND = Ground([commit("Sanitize paths on Windows", changed("save.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Saving became more permissive.", "against_message"),
        ("路径处理变得更加宽松。", "against_message"),
        ("The writing happens on all systems except Windows.", "against_message"),
        ("The commit removes the background thread.", "not_removed"),
        ("本次提交移除了后台线程。", "not_removed"),
        ("The early warning was added.", "not_added"),
    ],
)
def test_what_leans_the_other_way_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    ["Saving is stricter about paths.", "路径处理更严格。", "Adds a background thread.", "新增了一个线程。"],
)
def test_what_leans_as_the_commit_does_is_let_be(text: str) -> None:
    assert codes(text) == set()


def test_what_the_commit_itself_is_said_to_remove_is_read_as_its_object() -> None:
    assert "not_removed" in codes("提交移除了线程，写入不再并发。")


def test_a_number_that_goes_is_not_what_holds_now() -> None:
    ground = Ground(
        [commit("Lift the limit", changed("name.py", "if len(name) > 25:\n    cut(name)\n", "cut_nothing\n"))]
    )
    assert faults_of(Statement(text="Names are now cut to 25 letters."), ground)
    assert not faults_of(Statement(text="Names are no longer cut at 25 letters."), ground)


def test_bounds_that_let_more_through_are_not_stricter() -> None:
    ground = Ground([commit("Adjust ranges", changed("values.py", "power(min=2, max=10)\n", "power(min=1, max=20)\n"))])
    assert faults_of(Statement(text="Validation of `power` becomes stricter."), ground)
    assert not faults_of(Statement(text="`power` 的取值范围更宽松。"), ground)


@pytest.mark.parametrize(
    ("old", "new", "pinned"), [("^9.1.0", "9.1.0", True), ("~2.0", "2.0", True), ("9.1.0", "^9.1.0", False)]
)
def test_a_version_is_pinned_or_floats_as_its_mark_says(old: str, new: str, pinned: bool) -> None:
    ground = Ground(
        [commit("Settle the plugin", changed("package.json", f'{{"plugin": "{old}"}}\n', f'{{"plugin": "{new}"}}\n'))]
    )
    pins = faults_of(Statement(text="The version of the plugin is now pinned."), ground)
    floats = faults_of(Statement(text="插件的版本要求放宽了。"), ground)
    assert (not pins, not floats) == (pinned, not pinned)


REFUSES = changed("reader.py", "key = read()\n", "key = read2()\nraise Odd(key)\n")
STRICT = Ground([commit("Read keys as 16 bits", REFUSES)])
NEWER = changed("package.json", '"node": "14"\n', '"node": "18"\n')
DROPPED = Ground([commit("Drop support for old versions of the runtime", NEWER)])


@pytest.mark.parametrize(
    ("text", "ground", "passes"),
    [
        ("The check of keys becomes looser.", STRICT, False),
        ("放宽了对键的校验，更加宽松。", STRICT, False),
        ("The check of keys becomes stricter.", STRICT, True),
        ("运行时的版本要求被放宽了。", DROPPED, False),
        ("The required version is relaxed.", DROPPED, False),
    ],
)
def test_code_that_refuses_more_is_not_looser(text: str, ground: Ground, passes: bool) -> None:
    assert (not faults_of(Statement(text=text), ground)) == passes


NEEDLESS = Ground([commit("Tidy up", changed("a.py", "b = cast(int, a)\nc = b\n", "b = a\nc = b\n"))])


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("It adds a redundant cast.", False),
        ("加上了多余的类型断言。", False),
        ("It removes a redundant cast.", True),
        ("去掉了多余的类型断言。", True),
    ],
)
def test_what_nobody_needs_does_not_come_where_as_much_goes(text: str, passes: bool) -> None:
    assert (not faults_of(Statement(text=text), NEEDLESS)) == passes


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Entries of any kind are now watched too; these were left out before.", False),
        ("以前会跳过的条目现在也会被监听。", False),
        ("Entries of other kinds are left out before the watch begins.", True),
    ],
)
def test_what_was_left_out_before_is_not_let_in_by_code_that_refuses_more(text: str, passes: bool) -> None:
    assert (not faults_of(Statement(text=text), STRICT)) == passes
