from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit, moved
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Evidence, Statement

OLD = """from net import LegacyPool

TIMEOUT = 30


def fetch(url, retries):
    return LegacyPool(retries).run(url)
"""
NEW = """from net import FreshPool

TIMEOUT = 60


def fetch(url, deadline):
    return FreshPool(deadline).run(url)
"""
GROUND = Ground([commit("Fetch through another pool", changed("net/client.py", OLD, NEW))])


def holds(text: str, ground: Ground = GROUND) -> bool:
    return not faults_of(Statement(text=text), ground)


@pytest.mark.parametrize(
    "text",
    [
        "`LegacyPool` is taken out of the client.",
        "The import of `LegacyPool` disappears.",
        "`LegacyPool` has been retired.",
        "`fetch` loses its `retries` parameter.",
        "`fetch` sheds its `retries` parameter.",
        "`fetch` is stripped of its `retries` parameter.",
        "`LegacyPool` gives way to `FreshPool`.",
        "`LegacyPool` ceases to exist here.",
        "`FreshPool` joins the imports.",
        "A `deadline` parameter is put in place.",
        "The client stops using `LegacyPool`.",
        "The client starts using `FreshPool`.",
        "`FreshPool` is used, not `LegacyPool`.",
        "`LegacyPool` is no longer imported.",
        "`fetch` 少了 `retries` 参数。",
        "客户端开始使用 `FreshPool`。",
        "导入由 `LegacyPool` 更正为 `FreshPool`。",
        "The timeout is lifted from 30 to 60.",
    ],
)
def test_a_true_change_holds_however_it_is_put(text: str):
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "`FreshPool` is taken out of the client.",
        "The import of `FreshPool` disappears.",
        "`FreshPool` has been retired.",
        "`fetch` loses its `deadline` parameter.",
        "`fetch` sheds its `deadline` parameter.",
        "`fetch` is stripped of its `deadline` parameter.",
        "`FreshPool` gives way to `LegacyPool`.",
        "`FreshPool` ceases to exist here.",
        "`LegacyPool` joins the imports.",
        "A `retries` parameter is put in place.",
        "The client stops using `FreshPool`.",
        "The client starts using `LegacyPool`.",
        "`LegacyPool` is used, not `FreshPool`.",
        "`FreshPool` is no longer imported.",
        "`fetch` 少了 `deadline` 参数。",
        "客户端开始使用 `LegacyPool`。",
        "导入由 `FreshPool` 更正为 `LegacyPool`。",
        "The timeout is lifted from 60 to 30.",
    ],
)
def test_the_opposite_of_a_change_does_not_hold_however_it_is_put(text: str):
    assert not holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fetching works exactly as it always did.",
        "Users will notice nothing.",
        "What callers see has not changed.",
        "Imports keep working without modification.",
        "There is no change to how pages are fetched.",
        "Do not expect any difference after the upgrade.",
        "Responses are identical to what was sent before.",
        "抓取的行为与以往无异。",
        "对线程安全没有任何影响。",
    ],
)
def test_a_claim_that_nothing_changes_needs_proof_however_it_is_put(text: str):
    assert not holds(text)


def test_the_questions_of_a_form_in_the_message_prove_nothing():
    form = "Fetch otherwise\n\n- [ ] No breaking changes\n<!-- no functional change -->\nIs there no API change?"
    assert not holds("This is fully backward compatible.", Ground([commit(form, changed("net/client.py", OLD, NEW))]))


def test_a_module_that_is_renamed_is_no_proof_that_imports_still_work():
    assert not holds("Existing imports are not affected.", Ground([commit("Move", moved("net/a.py", "net/b.py"))]))


def test_lines_added_and_deleted_are_each_held_against_their_side():
    assert holds("`net/client.py` changes, with 4 lines added and 4 lines deleted.")
    assert not holds("`net/client.py` changes, with 4 lines added and 9 lines deleted.")


def test_a_change_placed_in_a_file_of_which_nothing_is_quoted_is_in_the_wrong_file():
    other = changed("net/server.py", "def serve():\n    FreshPool = 1\n", "def serve():\n    FreshPool = 2\n")
    ground = Ground([commit("Pools", changed("net/client.py", OLD, NEW), other)])
    place = Evidence(path="net/client.py", side="new", start=0, end=0, quote="from net import FreshPool")
    assert faults_of(Statement(text="`FreshPool` is imported in `net/server.py`.", evidence=(place,)), ground)
    assert not faults_of(Statement(text="`FreshPool` is imported in `net/client.py`.", evidence=(place,)), ground)


def test_a_quote_with_the_mark_of_a_cut_line_is_found():
    place = Evidence(path="net/client.py", side="new", start=0, end=0, quote="return FreshPool(dead⋯20 more characters")
    assert not faults_of(Statement(text="`FreshPool` runs the request.", evidence=(place,)), GROUND)
