from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import added, changed, commit, moved, removed
from workers.analysis.grounding.grounding import Ground, explain, faults_of
from workers.model import Evidence, Side, Statement

OLD = """import time
from legacy import RetryPolicy

TIMEOUT = 30
VERBOSE = False


def fetch(url, retries):
    policy = RetryPolicy(retries)
    return policy.run(url)


def close():
    return None
"""
NEW = """import time
from backoff import BackoffPlan

TIMEOUT = 60
VERBOSE = True
MAX_BYTES = 10 * 1024


def fetch(url, plan=None):
    plan = plan or BackoffPlan(delay_ms=500)
    return plan.run(url)


def close():
    return None
"""
ONE = commit(
    "Use BackoffPlan for fetching (#77)\n\nThe Remote Procedure Call (RPC) layer was 25% slower before, by 250ms.",
    changed("net/client.py", OLD, NEW),
    added("tests/test_client.py", "def test_fetch_waits():\n    pass\n\n\ndef test_fetch_stops():\n    pass\n"),
    removed("net/legacy.py", "class RetryPolicy:\n    pass\n"),
    moved("docs/old.md", "docs/guide.md"),
)
GROUND = Ground([ONE])


class Repository:
    """A tree that has one name and one file beyond the commit."""

    def has_path(self, path: str) -> bool:
        return path == "net/server.py"

    def holds(self, text: str) -> bool:
        return text in ("serve_forever", "Time To Live")

    def lines_with(self, text: str, path: str, side: Side) -> tuple[int, ...]:
        return (90,) if (text, path, side) == ("PORT = 7", "net/client.py", "new") else ()


def codes(text: str, ground: Ground = GROUND, *, proposed: bool = False) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text, proposed=proposed), ground)}


TRUE = [
    "Replaces `RetryPolicy` with `BackoffPlan` in `net/client.py`.",
    "`fetch()` takes `plan` instead of `retries`.",
    "Raises `TIMEOUT` from 30 to 60.",
    "`VERBOSE` is enabled by default now.",
    "Adds two tests, `test_fetch_waits` and `test_fetch_stops`, in `tests/test_client.py`.",
    "Deletes `net/legacy.py`; four files change.",
    "Renames `docs/old.md` to `docs/guide.md`.",
    "The delay is 0.5 s, and `MAX_BYTES` is 10 KB.",
    "See `client.py:9`, `net/`, `test_fetch_*` and `net.client.fetch`.",
    "The RPC (Remote Procedure Call) layer was 25% slower.",
    "Makes retries easier to reason about.",
    "See #77.",
    "将 `RetryPolicy` 替换为 `BackoffPlan`，`TIMEOUT` 由 30 提高到 60。",
    "新增两个测试：`test_fetch_waits` 和 `test_fetch_stops`。",
    "移除了对 `RetryPolicy` 的依赖，改用 `BackoffPlan`。",
    "删除文件 `net/legacy.py`，并将 `docs/old.md` 重命名为 `docs/guide.md`。",
    "默认开启 `VERBOSE`，延迟为 500 毫秒。",
    "使重试逻辑更容易理解。",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_true_statement_passes(text: str):
    assert codes(text) == set()


FALSE = [
    ("Replaces `RetryPolicy` with `BackoffPlanner`.", "name_unknown"),
    ("Uses the new BackoffSchedule class.", "name_unknown"),
    ("See `net/server.py`.", "path_unknown"),
    ("Raises `TIMEOUT` from 30 to 90.", "not_new"),
    ("The delay is 750 ms.", "figure_unknown"),
    ("It waits 250 s.", "figure_unknown"),
    ("Adds five tests.", "count_wrong"),
    ("Seven files change.", "count_wrong"),
    ("Adds `RetryPolicy`.", "not_added"),
    ("Removes `BackoffPlan`.", "not_removed"),
    ("`test_fetch_waits` was removed.", "not_old"),
    ("Deletes `tests/test_client.py`.", "not_removed"),
    ("Lowers `TIMEOUT` from 30 to 60.", "not_lowered"),
    ("`VERBOSE` is disabled by default now.", "not_disabled"),
    ("Replaces `BackoffPlan` with `RetryPolicy`.", "swapped"),
    ("Renames `docs/guide.md` to `docs/old.md`.", "swapped"),
    ("Raises the limit from 60 to 30.", "swapped"),
    ("In `docs/guide.md`, `BackoffPlan` is used.", "wrong_file"),
    ("Behaviour is unchanged for all callers.", "unchanged_unproven"),
    ("Fully backward compatible.", "unchanged_unproven"),
    ("Improves security of fetching.", "improvement_unproven"),
    ("The RPC (Rapid Packet Channel) layer is used.", "expansion_unknown"),
    ("See #78.", "reference_unknown"),
    ("See https://example.com/x.", "reference_unknown"),
    ("Thanks to @mallory.", "reference_unknown"),
    ("Fixes CVE-2020-1234.", "reference_unknown"),
    ("Written by John Smith.", "person_unknown"),
    ("将 `BackoffPlan` 替换为 `RetryPolicy`。", "swapped"),
    ("`fetch` 从 `BackoffPlan` 迁回 `RetryPolicy`。", "swapped"),
    ("新增类型 `RetryPolicy`。", "not_added"),
    ("移除 `BackoffPlan`。", "not_removed"),
    ("`TIMEOUT` 由 30 降低到 60。", "not_lowered"),
    ("默认关闭 `VERBOSE`。", "not_disabled"),
    ("新增六个测试。", "count_wrong"),
    ("共改动 9 个文件。", "count_wrong"),
    ("此改动不影响现有行为。", "unchanged_unproven"),
    ("接口保持向后兼容。", "unchanged_unproven"),
    ("在 `docs/guide.md` 中使用 `BackoffPlan`。", "wrong_file"),
    ("超时设为 45 秒。", "figure_unknown"),
    ("使用 RPC（快速分组通道）调用。", "expansion_unknown"),
    ("由 John Smith 编写。", "person_unknown"),
]


@pytest.mark.parametrize(("text", "code"), FALSE)
def test_a_false_statement_is_told_why(text: str, code: str):
    assert code in codes(text)


def test_every_fault_can_be_explained_in_a_sentence():
    faults = [fault for text, _ in FALSE for fault in faults_of(Statement(text=text), GROUND)]
    assert all(explain(fault).endswith((".", "?")) for fault in faults)


def test_a_proposal_may_name_and_count_what_is_not_there_but_invents_no_address():
    assert codes("Add `tests/test_close.py` with 12 cases.", proposed=True) == set()
    assert codes("See https://example.com/x.", proposed=True) == {"reference_unknown"}


def test_a_name_of_the_repository_passes_where_it_is_told_as_context_only():
    ground = Ground([ONE], Repository())
    assert codes("Other code may still call `serve_forever` in `net/server.py`.", ground) == set()
    assert "name_unknown" in codes("Adds `serve_forever`.", ground)
    assert "path_unknown" in codes("Changes `net/server.py`.", ground)


def test_an_expansion_of_the_repository_passes():
    assert codes("The TTL (Time To Live) counts.", Ground([ONE], Repository())) == set()
    assert codes("The TTL (Time To Live) counts.") == {"expansion_unknown"}


@pytest.mark.parametrize(("start", "holds"), [(90, True), (80, False), (0, False)])
def test_a_quote_beyond_the_diff_counts_at_its_own_line_of_the_file_alone(start: int, holds: bool):
    quote = Evidence(path="net/client.py", side="new", start=start, end=start, quote="PORT = 7")
    statement = Statement(text="The fetching is planned.", evidence=(quote,))
    assert faults_of(statement, Ground([ONE]))
    assert (not faults_of(statement, Ground([ONE], Repository()))) is holds


@pytest.mark.parametrize("text", ["RPC (Remote Optional Cache) is slow.", "OPC (Optional Plan Cache) is slow."])
def test_initials_make_an_expansion_whatever_word_it_begins_with(text: str):
    assert "expansion_unknown" in codes(text)


def test_a_name_of_code_is_spelled_out_where_the_words_begin_with_its_letters():
    ground = Ground([commit("Use Arc", changed("a.rs", "x\n", "let x: Arc<Plan>;\n"))])
    assert codes("`Arc`（Async Ring Cache）用于 `Plan`。", ground) == {"expansion_unknown"}
    assert codes("`Arc`（并发时共用）用于 `Plan`。", ground) == set()


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("An e2e (end-to-end) test covers it.", True),
        ("An e2e (engine-to-engine) test covers it.", False),
        ("`BackoffPlan`（即 Backward Offset Plan）用于 `fetch`。", False),
    ],
)
def test_a_numeronym_and_a_name_are_spelled_out_as_they_are(text: str, holds: bool):
    assert ("expansion_unknown" not in codes(text)) is holds


def test_a_comparison_is_known_by_its_names_and_a_joined_word_by_its_name():
    assert codes("With `VERBOSE == true` it tells more in BackoffPlan-based code.") == set()
    assert codes("With `SILENT == true` it tells more.") == {"name_unknown"}


def test_tests_are_put_in_the_file_that_gains_them():
    assert codes("Two tests were added to `tests/test_client.py`.") == set()
    assert codes("Two tests were added to `net/client.py`.") == {"wrong_file"}
    assert codes("两个测试写在了 `net/client.py`。") == {"wrong_file"}


def test_unchanged_behaviour_is_proven_by_a_commit_of_documentation_tests_or_comments_alone():
    docs = Ground([commit("Words", changed("README.md", "a\n", "b\n"))])
    comments = Ground([commit("Words", changed("a.py", "# one\nx = 1\n", "# two\nx = 1\n"))])
    for ground in (docs, comments):
        assert codes("Runtime behaviour is unchanged.", ground) == set()
        assert codes("运行时行为不变。", ground) == set()


def test_unchanged_behaviour_is_proven_by_the_message():
    ground = Ground([commit("Tidy\n\nNo functional change.", changed("a.py", "x = 1\n", "x = 2\n"))])
    assert codes("There is no functional change.", ground) == set()


def test_advice_to_check_that_behaviour_is_unchanged_claims_nothing():
    assert codes("Verify that behaviour is unchanged for callers.") == set()
    assert codes("请确认现有行为不变。") == set()


def test_a_quotation_of_the_message_is_not_searched_for_names_and_figures():
    ground = Ground([commit("Cut latency by 40% in FooBar mode\n", changed("a.py", "x\n", "y\n"))])
    assert codes("The author says: “Cut latency by 40% in FooBar mode”.", ground) == set()
    assert "figure_unknown" in codes("The author says: “Cut latency by 55% in FooBar mode”.", ground)


def test_statements_about_several_commits_are_checked_against_all_of_them():
    other = commit("Second", added("x/second.py", "def second_step():\n    pass\n"))
    ground = Ground([ONE, other])
    assert codes("Adds `second_step` and uses `BackoffPlan`; 2 commits.", ground) == set()
    assert "count_wrong" in codes("9 commits change this.", ground)


def test_quotes_on_lines_that_only_come_do_not_show_a_removal():
    quote = Evidence(path="tests/test_client.py", side="new", start=1, end=1, quote="def test_fetch_waits():")
    faults = faults_of(Statement(text="删除了一个回归用例。", evidence=(quote,)), GROUND)
    assert "not_removed" in {fault.code for fault in faults}


@pytest.mark.parametrize(
    "text",
    ["`" * 5000, "a" * 100_000, "`x` " * 8000, "from 1 to " * 3000, "（" * 3000, "\ue000\ue001 `a`", "中" * 30_000],
)
@pytest.mark.timeout(10)
def test_hostile_text_is_read_in_bounded_time_and_raises_nothing(text: str):
    codes(text)
