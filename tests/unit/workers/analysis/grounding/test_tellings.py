"""Statements whose words the commit has on the other side."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "def load(page):\n    page = strip_slash(page)\n    return page\n# read the legacy header of old clients\n"
NEW = "def load(page):\n    return page\n\n\nassert load('start') == 'start'\nCACHE_FOLDER_OWNER = 'root'\n"
MESSAGE = """Remove the convenience handling of leading slashes

- install the manual page
- ensure no colour codes are printed
"""
GROUND = Ground([commit(MESSAGE, changed("load.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The commit introduces a convenience that takes slashes away.",
        "A convenience for slashes is added.",
        "The loader emits colour codes.",
        "The manual page is no longer installed.",
    ],
)
def test_what_the_message_tells_the_other_way_is_refused(text: str) -> None:
    assert "against_message" in codes(text)


def test_a_new_thing_that_the_message_removes_is_refused() -> None:
    assert "against_message" in codes("A new convenience for slashes lets pages load.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The loader creates support for the legacy header of old clients.", "not_added"),
        ("It no longer asserts that load start equals start.", "not_removed"),
    ],
)
def test_what_only_lines_of_the_other_way_speak_of_is_refused(text: str, code: str) -> None:
    assert codes(text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "The commit drops the convenience for leading slashes.",
        "The manual page is installed.",
        "No colour codes are printed.",
        "The notes mention that the legacy header of old clients was added.",
        "Users who relied on the convenience must strip slashes themselves.",
        "The legacy header of old clients is removed.",
        "移除了对前导斜杠的便捷处理。",
    ],
)
def test_what_goes_the_way_of_the_commit_is_let_be(text: str) -> None:
    assert codes(text) == set()


def test_names_that_only_lines_which_go_have_together_do_not_come_together() -> None:
    ground = Ground([commit("Fix gaps", changed("rule.hpp", "gaps float_gaps = outer_gaps;\n", "gaps float_gaps;\n"))])
    said = "该提交为 `float_gaps` 加上了取自 `outer_gaps` 的默认值。"
    assert {fault.code for fault in faults_of(Statement(text=said), ground)} == {"not_added"}
    assert not faults_of(Statement(text="`float_gaps` 的默认值不再取自 `outer_gaps`。"), ground)


@pytest.mark.parametrize("message", ["Replace printing with proper logging", "Use proper logging instead of printing"])
def test_what_the_message_puts_in_place_of_another_thing_does_not_go(message: str) -> None:
    ground = Ground([commit(message, changed("run.py", "show(error)\n", "warn(error)\n"))])
    assert {fault.code for fault in faults_of(Statement(text="The commit removes the logging calls."), ground)}
    assert not faults_of(Statement(text="The commit adds logging calls."), ground)


def test_what_only_comments_still_name_does_not_come() -> None:
    old, new = "serve(header_timeout=5)\n", "# no header_timeout: it would cut long requests\nserve()\n"
    ground = Ground([commit("Let long requests live", changed("serve.py", old, new))])
    said = "`header_timeout` is introduced to guard against slow clients."
    assert {fault.code for fault in faults_of(Statement(text=said), ground)} & {"not_added", "not_new"}
    assert not faults_of(Statement(text="`header_timeout` is removed."), ground)


def test_tests_that_come_are_not_said_to_go() -> None:
    new = "def test_active_tab_is_removed():\n    assert panel.tab == 'first'\n"
    ground = Ground([commit("Fall back to the first tab", changed("tests/test_panel.py", "", new))])
    wrong = Statement(text="The test for the case that the active tab is removed was thrown out.")
    assert {fault.code for fault in faults_of(wrong, ground)} == {"not_removed"}
    assert not faults_of(Statement(text="A test was written for the case that the active tab is removed."), ground)


def test_a_name_that_the_message_removes_does_not_come() -> None:
    message = "Remove assert(!this.paused) from the parser"
    old, new = "assert(!this.paused)\n", "// the parser must not assert(!this.paused)\n"
    ground = Ground([commit(message, changed("client.js", old, new))])
    assert faults_of(Statement(text="An `assert(!this.paused)` check is put into the parser."), ground)
    assert not faults_of(Statement(text="The `assert(!this.paused)` check is removed from the parser."), ground)


def test_what_the_message_applies_is_not_kept_out() -> None:
    ground = Ground([commit("Apply the enricher to feedback", changed("run.py", "send(it)\n", "send(rich(it))\n"))])
    said = Statement(text="Feedback is excluded from enrichment from this commit on.")
    assert {fault.code for fault in faults_of(said, ground)} == {"against_message"}
    assert not faults_of(Statement(text="Feedback goes through the enricher too."), ground)


@pytest.mark.parametrize(
    "text",
    [
        "Removes the function `Render.shouldBlur`; adds the function `Render.transform`.",
        "The author says: “The plugins were previously imported statically.”",
        "The changed lines now call `Render.transform` and no longer `Render.shouldBlur`.",
    ],
)
def test_parts_of_names_and_quotes_are_no_words_of_the_statement(text: str) -> None:
    message = "renderer/gl: implement transform\n\nRender.transform adds what shouldBlur did.\n\n"
    message += "The plugins were previously imported statically. This change imports the plugins lazily."
    old, new = "Render.shouldBlur();\n", "Render.transform();\n"
    ground = Ground([commit(message, changed("render.cpp", old, new))])
    assert not faults_of(Statement(text=text), ground)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("The commit removes support for keyboard navigation.", False),
        ("The commit adds support for keyboard navigation.", True),
    ],
)
def test_support_comes_for_what_the_message_says(text: str, passes: bool) -> None:
    message = "feat: add support for keyboard navigation in comments"
    ground = Ground([commit(message, changed("a.ts", "a\n", "focus()\nb\n"))])
    assert (not faults_of(Statement(text=text), ground)) == passes
