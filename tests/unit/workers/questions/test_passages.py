"""The rows that are quoted where no model answers."""

from __future__ import annotations

from tests.samples_questions import changed, corpus_of, patch, ref_of
from workers.questions.passages import LINE_CHARS, LINES, MOST, passages

TIMEOUT = changed(
    "Wait for slow peers",
    {
        "src/net.py": patch(" def connect():", "-    timeout = 5", "+    timeout = 9", at=40),
        "src/old.py": patch("-retries = 3", "-backoff = 2"),
    },
)
CACHE = changed("Keep entries longer", {"src/cache.py": patch("+life = 90 # timeout")})


def test_a_passage_has_its_rows_and_their_lines() -> None:
    with corpus_of(TIMEOUT) as corpus:
        best = passages("which timeout", [ref_of(TIMEOUT)], corpus)[0]
    assert (best.path, best.side, best.start, best.end) == ("src/net.py", "new", 40, 41)
    assert best.text == " def connect():\n-    timeout = 5\n+    timeout = 9"


def test_rows_that_are_only_taken_away_have_lines_of_the_old_side() -> None:
    with corpus_of(TIMEOUT) as corpus:
        best = passages("are there retries and backoff", [ref_of(TIMEOUT)], corpus)[0]
    assert (best.path, best.side, best.start, best.end) == ("src/old.py", "old", 10, 11)


def test_what_fits_the_first_commit_comes_before_what_fits_the_second_as_well() -> None:
    with corpus_of(CACHE, TIMEOUT) as corpus:
        found = passages("timeout", [ref_of(TIMEOUT), ref_of(CACHE)], corpus)
    assert found[0].commit == ref_of(TIMEOUT)


def test_of_a_long_hunk_the_rows_around_the_best_one_are_quoted() -> None:
    rows = [f"+row {number}" for number in range(100)]
    rows[60] = "+turbine"
    pair = changed("Tidy", {"src/a.py": patch(*rows, at=1)})
    with corpus_of(pair) as corpus:
        (found,) = passages("turbine", [ref_of(pair)], corpus)
    assert "+turbine" in found.text.split("\n")
    assert found.end - found.start + 1 == LINES


def test_there_are_at_most_three() -> None:
    pair = changed("Tidy", {f"src/{name}.py": patch("+turbine") for name in "abcdef"})
    with corpus_of(pair) as corpus:
        assert len(passages("turbine", [ref_of(pair)], corpus)) == MOST


def test_a_huge_row_is_cut() -> None:
    pair = changed("Tidy", {"src/a.py": patch("+turbine " + "x" * 1_000_000)})
    with corpus_of(pair) as corpus:
        (found,) = passages("turbine", [ref_of(pair)], corpus)
    assert len(found.text) == LINE_CHARS + 1


def test_without_any_word_the_commit_is_quoted_all_the_same() -> None:
    with corpus_of(TIMEOUT) as corpus:
        assert {one.path for one in passages("unicorns", [ref_of(TIMEOUT)], corpus)} == {"src/net.py", "src/old.py"}


def test_a_commit_that_is_not_at_hand_has_no_passages() -> None:
    with corpus_of(TIMEOUT, at_hand=[]) as corpus:
        assert passages("timeout", [ref_of(TIMEOUT)], corpus) == ()


def test_a_commit_of_another_digest_has_no_passages() -> None:
    with corpus_of(TIMEOUT) as corpus:
        assert passages("timeout", [ref_of(CACHE)], corpus) == ()


def test_a_hunk_without_rows_is_not_quoted() -> None:
    pair = changed("Tidy", {"src/a.py": "@@ -1 +1 @@"})
    with corpus_of(pair) as corpus:
        assert passages("a", [ref_of(pair)], corpus) == ()
