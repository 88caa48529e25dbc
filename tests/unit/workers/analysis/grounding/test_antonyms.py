"""Statements that have the opposite of the commit's own words."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement


def codes(text: str, message: str, old: str = "a\n", new: str = "b\n") -> set[str]:
    ground = Ground([commit(message, changed("load.py", old, new))])
    return {fault.code for fault in faults_of(Statement(text=text), ground)}


@pytest.mark.parametrize(
    ("message", "right", "wrong"),
    [
        ("Load plugins lazily", "Plugins are loaded on demand.", "Plugins are now loaded eagerly."),
        ("Load plugins lazily", "插件改为按需加载。", "插件会提前加载。"),
        (
            "Enable purging in production",
            "Purging is switched on in production.",
            "Purging is turned off in production.",
        ),
        ("Sort releases in descending order", "发布按降序排列。", "发布按升序排列。"),
        (
            "Compare names ignoring case",
            "Names compare without regard to case.",
            "Names are compared case-sensitively.",
        ),
        ("Preserve symlinks", "Symlinks are kept as links.", "It resolves symbolic links from now on."),
        ("Copy the delimiter from the parent", "The child inherits it.", "The child stops inheriting the delimiter."),
        ("Fix sizes that were too large", "The sizes are brought down.", "缓冲区的大小变大了。"),
        ("fix: Not retry requests", "请求不再重试。", "请求现在会重试。"),
        ("Preserve links when copying", "Links are preserved.", "Links are discarded when copying."),
    ],
)
def test_the_opposite_of_the_messages_word_is_refused(message: str, right: str, wrong: str) -> None:
    assert "against_message" in codes(wrong, message)
    assert codes(right, message) == set()


@pytest.mark.parametrize(
    ("message", "right", "wrong"),
    [
        ("Don't truncate branch names", "Branch names are shown in full.", "Branch names are now shortened."),
        ("Use break instead of continue", "扫描现在会停下来。", "扫描现在会继续，而不是停下来。"),
        ("Hash options once per locale", "Options are hashed once.", "Options are now hashed for every file."),
    ],
)
def test_what_the_message_denies_is_not_done(message: str, right: str, wrong: str) -> None:
    assert "against_message" in codes(wrong, message)
    assert codes(right, message) == set()


def test_what_the_subject_asks_for_was_not_done_before() -> None:
    message = "fix: Append to a value even if ill-formed"
    assert "against_message" in codes("Ill-formed values, which used to be appended to, are discarded.", message)
    assert codes("Ill-formed values, which used to be discarded, are appended to.", message) == set()


def test_the_opposite_of_what_lines_put_in_is_refused_where_a_change_is_told() -> None:
    new = "# dispatches synchronously to the main thread\n"
    assert "against_message" in codes("读取方式由同步改成了异步。", "Read the state on the main thread", new=new)
    assert codes("读取方式改为同步执行。", "Read the state on the main thread", new=new) == set()


@pytest.mark.parametrize(
    "text",
    ["Plugins are no longer loaded eagerly.", "Instead of loading eagerly, it waits.", "插件不再提前加载。"],
)
def test_a_word_that_is_turned_around_is_let_be(text: str) -> None:
    assert codes(text, "Load plugins lazily") == set()


def test_what_the_message_asks_to_make_is_not_left_out() -> None:
    message = "Parenthesize awaited bases"
    assert "against_message" in codes("Parentheses around awaited bases are now left out.", message)
    assert codes("Awaited bases get parentheses.", message) == set()


def test_what_the_message_says_the_change_makes_was_not_made_before() -> None:
    message = "Treat NULL as null\n\nThis change converts the string NULL of enum columns to a null."
    assert "against_message" in codes("The string NULL of enum columns used to be converted to null.", message)


@pytest.mark.parametrize("text", ["失败时现在会回落到 `onError`。", "Failures now use `onError`."])
def test_a_name_that_the_message_removes_is_not_told_as_new(text: str) -> None:
    old, new = "run(onError)\n", "run()\n"
    assert codes(text, "Remove the onError fallback", old, new)
    assert codes("`onError` is no longer used.", "Remove the onError fallback", old, new) == set()


def test_what_is_delayed_does_not_come_earlier() -> None:
    ground = Ground([commit("Let the timeout be set", changed("doc.md", "x\n", "x\nLarger values delay discovery.\n"))])
    assert faults_of(Statement(text="Larger values make failures show up earlier."), ground)
    assert not faults_of(Statement(text="Larger values make failures show up later."), ground)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("The commit causes a deadlock on close.", False),
        ("这次改动会导致关闭时死锁。", False),
        ("Closing twice causes a deadlock, which is prevented.", True),
        ("It downgrades the pool.", False),
    ],
)
def test_what_is_avoided_is_not_caused_and_what_is_bumped_not_downgraded(text: str, passes: bool) -> None:
    ground = Ground([commit("fix: avoid a deadlock on close, bump the pool", changed("a.py", "a\n", "b\n"))])
    assert (not faults_of(Statement(text=text), ground)) == passes
