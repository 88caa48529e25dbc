"""True statements in shapes that look like claims, and are none."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Evidence, Statement

OLD = (
    "limit(min=2)\nserver = Server(header_timeout=5)\nfield.live()\nraise Wrong('Did you mean something')\n"
    "def keep(tree):\n    return tree\nimport merge\n"
)
NEW = (
    "limit(min=1)\n# no header_timeout: it would cut long requests\nserver = Server()\nfield.live(condition)\n"
    "raise Wrong(operator)\ndef keep(tree):\n    return tree\nimport merge, memoize\n"
)
GROUND = Ground([commit("Let more through", changed("serve.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "Values from 1 upward are let through where the floor used to be 2.",
        "The server loses its `header_timeout`.",
        "`field.live()` now takes `condition`.",
        "It now names the `operator` and loses the `Did you mean something` hint.",
        "Default imports become named imports.",
        "Whoever sets it to an expression such as `30+30` is on their own.",
        "这里没有写 `.catch`，失败时不会提示。",
        "`keep` 的实现没有改。",
        "`keep` 的实现没有改，参数的说明也还在。",
        "调用方要等待返回的 Promise，Shell 脚本也一样要等。",
    ],
)
def test_it_is_let_be(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "`limit` 的参数没有任何变化。",
        "Requests over the limit are handled no differently than before.",
        "Defence against slow clients is not weakened.",
        "超出范围时的处理没有变。",
        "Entries written by older versions stay usable.",
        "Calling `keep` behaves the same before and after.",
        "抛错之后的状态与改动前没有差别。",
    ],
)
def test_what_nothing_proves_to_have_stayed_is_refused(text: str) -> None:
    assert "unchanged_unproven" in codes(text)


def test_what_is_quoted_from_lines_that_stay_has_stayed() -> None:
    said = "The handling of `tree` stays as it was."
    quote = Evidence(path="serve.py", side="new", start=0, end=0, quote="return tree")
    assert not faults_of(Statement(text=said, evidence=(quote,)), GROUND)
    assert faults_of(Statement(text=said), GROUND)
    assert faults_of(Statement(text=said, evidence=(quote.model_copy(update={"quote": "server = Server()"}),)), GROUND)


def test_what_changes_prose_alone_proves_nothing_of_that_prose() -> None:
    ground = Ground(
        [commit("Clarify the note", changed("run.py", "# only /Library\nrun()\n", "# or /Applications\nrun()\n"))]
    )
    assert {fault.code for fault in faults_of(Statement(text="关于目录的说明没有改。"), ground)} == {
        "unchanged_unproven"
    }
    assert not faults_of(Statement(text="The behaviour is unchanged."), ground)


@pytest.mark.parametrize(
    "text",
    [
        "The test asserts that nothing was removed from `keep`.",
        "There is one limit where there used to be two.",
        "Names such as `operator` were not told.",
        "The `raise` did not name the operator.",
        "Callers of the hint will have to remove it with the next major version.",
        "用到它的代码届时需要加上 `condition`。",
        "`operator` 改为按 1 个一组传入。",
        "`condition` 随后会被移走。",
        "它们会在下一个大版本里删掉。",
    ],
)
def test_what_is_asserted_compared_or_an_example_is_no_claim_of_the_diff(text: str) -> None:
    assert codes(text) == set()


def test_a_dotted_key_is_in_the_settings_that_nest_it() -> None:
    nested = changed("env.yml", "server:\n  port: 1\n", "server:\n  port: 1\n  gzip: GZIP\n")
    reader = changed("serve.js", "run()\n", "run(config.get('server.gzip'))\n")
    ground = Ground([commit("Bind gzip", nested, reader)])
    assert not faults_of(Statement(text="`env.yml` binds `server.gzip` to `GZIP`."), ground)


def test_names_are_newly_imported_where_lines_come() -> None:
    ground = Ground([commit("Wait in real time", changed("a.ts", "import { tick, run } from 'x';\n", "run();\n"))])
    assert faults_of(Statement(text="`tick` is newly imported from `x`."), ground)


def test_a_default_is_what_the_code_says_and_not_an_example_in_the_docs() -> None:
    docs = changed("docs/run.md", "# Run\n", "# Run\nrun({ quiet_start: true })\n")
    code = changed("run.js", "start()\n", "start({ quiet_start: false })\n")
    ground = Ground([commit("Add quiet_start", docs, code)])
    assert faults_of(Statement(text="`quiet_start` 默认开启。"), ground)
    assert not faults_of(Statement(text="`quiet_start` 默认关闭。"), ground)


def test_what_no_longer_is_there_does_not_deny_that_the_rest_is_the_same() -> None:
    ground = Ground([commit("Show fewer files", changed("a.ts", "show(all)\n", "show(some)\n"))])
    text = "What users see for files that no longer exist on disk is the same as before."
    assert {fault.code for fault in faults_of(Statement(text=text), ground)} == {"unchanged_unproven"}


@pytest.mark.parametrize(
    "text",
    [
        "The migration now deletes the legacy entry, stored under `LEGACY_KEY`.",
        "迁移时会删除 `LEGACY_KEY` 对应的旧条目。",
        "It waits sixty seconds before that.",
    ],
)
def test_what_new_code_takes_away_as_it_runs_is_told_of_its_run(text: str) -> None:
    ground = Ground([commit("Migrate", changed("m.go", "walk()\n", "store.Delete(LEGACY_KEY)\nwait(60000)\nwalk()\n"))])
    assert not faults_of(Statement(text=text), ground)


HEAD = "export function plan(a) {\n  return old(a)\n}\nlimit = 30\n"
BODY = "export function plan(a) {\n  return fresh(a)\n}\nlimit = 30\n"


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("`plan` 的函数签名没有变化。", True),
        ("上限没有变，仍是 `limit`。", True),
        ("The signature of `plan` has not changed.", True),
        ("传入的其他参数保持原样：`limit` 没有动。", True),
        ("传入的其他参数保持原样：`fresh` 没有动。", False),
        ("上限没有变，仍是 `old`。", False),
        ("`fresh` 的函数签名没有变化。", False),
    ],
)
def test_what_lines_that_stay_restate_has_stayed(text: str, passes: bool) -> None:
    ground = Ground([commit("Plan anew", changed("plan.js", HEAD, BODY))])
    assert ("unchanged_unproven" not in {fault.code for fault in faults_of(Statement(text=text), ground)}) is passes


def test_what_is_not_to_get_stricter_is_no_claim_that_it_does() -> None:
    ground = Ground([commit("Allow more", changed("a.py", "x\n", "y\n"))])
    assert not faults_of(Statement(text="移除它不会让通过条件变严。"), ground)
    assert faults_of(Statement(text="通过条件变严了。"), ground)
