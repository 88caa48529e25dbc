"""Which commits and hunks fit a question by their words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.samples_questions import changed, patch
from workers.model import Commit, Entry
from workers.questions.ranking import COMMIT_CHARS, HUNK_CHARS, Index

Pair = tuple[Entry, Commit]

CACHE = changed("Keep entries longer", {"src/cache.py": patch(" def put():", "-LIFE = 30", "+LIFE = 90")})
TIMEOUT = changed(
    "Wait for slow peers",
    {
        "src/net.py": patch("-connect_timeout = 5", "+connect_timeout = 9"),
        "tests/test_net.py": patch("+assert connect_timeout == 9"),
    },
    "The connection was given up too early.",
)
DOCS = changed("Describe limits", {"docs/limits.md": patch("+At most 512 entries.")})


@pytest.fixture
def index() -> Iterator[Index]:
    made = Index()
    yield made
    made.close()


def fill(index: Index, *pairs: Pair) -> Index:
    for number, (entry, commit) in enumerate(pairs):
        index.add(number, entry)
        index.add_patches(number, commit)
    return index


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("was LIFE changed", 0),
        ("缓存变了吗", 0),
        ("connectTimeout?", 1),
        ("connect timeouts", 1),
        ("连接超时是多少", 1),
        ("慢的时候会等待吗", 1),
        ("which commit touched docs/limits.md", 2),
        ("limit", 2),
    ],
)
def test_the_commit_that_has_the_words_comes_first(index: Index, question: str, number: int) -> None:
    assert fill(index, CACHE, TIMEOUT, DOCS).commits(question)[0].commit == number


@pytest.mark.parametrize("question", ["unicorn rainbows", "", "why?", "\x00\x07", '"', "* OR NOT (", "told:subject"])
def test_a_question_without_a_word_of_any_commit_finds_none(index: Index, question: str) -> None:
    assert fill(index, CACHE, TIMEOUT).commits(question) == []


@pytest.mark.parametrize("question", ['timeout" OR "x', "timeout AND ) NEAR(", "timeout*", "^timeout -cache {a b}:"])
def test_marks_of_the_query_language_are_only_text(index: Index, question: str) -> None:
    assert 1 in [item.commit for item in fill(index, CACHE, TIMEOUT).commits(question)]


def test_an_index_of_nothing_finds_nothing(index: Index) -> None:
    assert index.commits("timeout") == []
    assert index.hunks("timeout", [0]) == []


def test_a_rare_word_counts_more_than_one_that_all_have(index: Index) -> None:
    common = [changed(f"Tidy engine {number}", {f"src/{number}.py": patch("+engine = 1")}) for number in range(8)]
    found = fill(index, *common, changed("Tidy", {"src/z.py": patch("+turbine = 1")})).commits("engine turbine")
    assert found[0].commit == 8


def test_a_large_commit_does_not_fit_everything(index: Index) -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    large = changed(
        "Import all", {f"src/{word}.py": patch(*[f"+{word}_{n} = {n}" for n in range(40)]) for word in words}
    )
    small = changed("Set both", {"src/one.py": patch("+alpha = gamma")})
    assert fill(index, large, small).commits("does alpha need gamma")[0].commit == 1


def test_the_code_comes_before_its_test(index: Index) -> None:
    spots = fill(index, TIMEOUT).hunks("which connect_timeout", [0])
    assert [spot.file for spot, _ in spots] == [0, 1]


def test_the_test_comes_first_where_the_question_is_about_it(index: Index) -> None:
    spots = fill(index, TIMEOUT).hunks("which test asserts connect_timeout", [0])
    assert [spot.file for spot, _ in spots] == [1, 0]


def test_hunks_without_a_word_come_last_by_what_they_change(index: Index) -> None:
    files = {"a.py": patch("+import one"), "b.py": patch(*["+row"] * 9), "c.py": patch("+turbine")}
    spots = fill(index, changed("Tidy", files)).hunks("turbine", [0])
    assert [spot.file for spot, _ in spots] == [2, 1, 0]


def test_only_hunks_of_the_commits_that_are_meant_are_given(index: Index) -> None:
    spots = fill(index, CACHE, TIMEOUT).hunks("timeout", [0])
    assert {spot.commit for spot, _ in spots} == {0}


@pytest.mark.parametrize(
    "text", ["", "no diff at all", "@@ -1 +1 @@", "@@ -1,2 +1,2 @@\n\\ No newline", "Binary \x00\x01 differs"]
)
def test_patches_without_rows_have_no_hunks(index: Index, text: str) -> None:
    assert fill(index, changed("Tidy", {"src/a.py": text})).hunks("a", [0]) == []


def test_of_a_huge_hunk_only_the_beginning_is_read(index: Index) -> None:
    rows = ["+early = 1", "+" + "x " * HUNK_CHARS, "+late = 1"]
    fill(index, changed("Tidy", {"src/a.py": patch(*rows)}))
    assert index.commits("early")
    assert not index.commits("late")


def test_of_a_huge_commit_only_the_first_files_are_read(index: Index) -> None:
    filling = patch("+" + "word " * (HUNK_CHARS // 5))
    files = {f"src/f{number}.py": filling for number in range(COMMIT_CHARS // HUNK_CHARS + 2)}
    fill(index, changed("Tidy", {"src/a.py": patch("+early")} | files | {"src/z.py": patch("+turbine")}))
    assert index.commits("early")
    assert not index.commits("turbine")
