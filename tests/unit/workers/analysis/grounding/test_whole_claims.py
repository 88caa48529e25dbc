"""Claims about a thing as a whole: that it is gone, has a new name, does something, is safe, is on by default."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = """import time


def open_door(key):
    return turn(key)


def close_door(key):
    lock = find_lock(key)
    speed = 256
    log("closing")
    lock.turn(key)
    shut(lock)
"""
NEW = """import time


def open_door(key):
    check_alarm(key)
    return turn(key)


def close_door(key):
    bolt = find_lock(key)
    speed = 256
    log("closed")
    bolt.turn(key)
    shut(bolt)
"""
GROUND = Ground([commit("Check the alarm first", changed("door.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "`shut` is gone.",
        "`shut` is no longer called.",
        "`close_door` was removed.",
        "`turn` has been dropped.",
        "`close_door` no longer calls `shut`.",
        "关门后不再调用 `shut`。",
        "`shut` 已被移除。",
        "`turn` 被 `check_alarm` 取代。",
    ],
)
def test_what_stands_on_lines_that_stay_is_not_gone(text: str):
    assert codes(text) & {"not_old", "not_removed"}


@pytest.mark.parametrize(
    "text", ["`lock` is gone.", "`lock` 已被移除。", "`open_door` no longer calls `turn` when the alarm rings."]
)
def test_what_goes_may_be_told_to_be_gone(text: str):
    assert not codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "`close_door` calls `check_alarm`.",
        "`close_door` now uses `check_alarm` with the key.",
        "`open_door` returns `bolt`.",
        "`close_door` 现在调用 `check_alarm`。",
        "`check_alarm` is called in `close_door`.",
    ],
)
def test_what_one_function_does_is_not_told_of_another(text: str):
    assert "wrong_doer" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "`open_door` calls `check_alarm` before `turn`.",
        "`open_door` 现在先调用 `check_alarm`。",
        "`close_door` turns the `bolt`.",
        "`check_alarm` is called in `open_door`.",
    ],
)
def test_what_stands_in_a_function_may_be_told_of_it(text: str):
    assert not codes(text)


def test_a_name_that_stays_was_not_renamed():
    assert codes("The function `open_door` is renamed to `check_alarm`.") & {"not_moved", "not_old"}
    assert codes("`turn` 重命名为 `shut`。")
    assert not codes("The local `lock` is renamed to `bolt`.")


def test_a_default_is_not_told_where_there_is_none():
    assert "not_enabled" in codes("The alarm is now enabled by default.")
    assert "not_disabled" in codes("报警器现在默认关闭。")


@pytest.mark.parametrize(
    "text",
    [
        "安全风险基本为零。",
        "与旧版本完全兼容。",
        "性能影响可以忽略不计。",
        "不存在安全隐患。",
        "对用户透明。",
        "It introduces no regressions.",
        "Risk is negligible.",
        "Zero overhead is added.",
    ],
)
def test_that_nothing_can_go_wrong_needs_proof(text: str):
    assert "unchanged_unproven" in codes(text)


def test_a_bare_number_is_no_amount_of_memory():
    assert "figure_unknown" in codes("It takes 256 MB.")
    assert not codes("The `speed` stays at 256.")
