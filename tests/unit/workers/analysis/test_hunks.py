"""Hunks: the numbers and texts of a unified diff's lines."""

from __future__ import annotations

from workers.analysis.hunks import Line, hunks_of


def test_lines_have_the_numbers_of_their_sides() -> None:
    hunk = next(hunks_of("@@ -3,3 +10,4 @@ def outer():\n a\n-b\n+c\n+d\n e"))
    assert (hunk.old_start, hunk.new_start, hunk.header) == (3, 10, "def outer():")
    assert list(hunk.lines()) == [
        Line(" ", 3, 10, "a"),
        Line("-", 4, None, "b"),
        Line("+", None, 11, "c"),
        Line("+", None, 12, "d"),
        Line(" ", 5, 13, "e"),
    ]


def test_a_header_may_leave_out_counts_of_one() -> None:
    hunk = next(hunks_of("@@ -1 +1 @@\n-old\n+new"))
    assert [line.text for line in hunk.lines()] == ["old", "new"]


def test_several_hunks_come_in_order() -> None:
    hunks = list(hunks_of("@@ -1,2 +1 @@\n a\n-b\n@@ -9 +8 @@ head\n-x\n+y\n"))
    assert [(hunk.old_start, hunk.new_start, len(hunk.rows)) for hunk in hunks] == [(1, 1, 2), (9, 8, 2)]


def test_the_note_about_a_missing_newline_is_no_line() -> None:
    hunk = next(hunks_of("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file"))
    assert hunk.rows == ("-a", "+b")


def test_only_a_line_feed_ends_a_line() -> None:
    text = "a\rb\u2028c\x0cd\x85e"
    hunk = next(hunks_of(f"@@ -0,0 +1,2 @@\n+{text}\n+next"))
    assert [(line.new_no, line.text) for line in hunk.lines()] == [(1, text), (2, "next")]


def test_an_empty_row_is_an_empty_context_line() -> None:
    hunk = next(hunks_of("@@ -1,3 +1,3 @@\n-a\n\n+b\n"))
    assert [(line.mark, line.text) for line in hunk.lines()] == [("-", "a"), (" ", ""), ("+", "b")]


def test_a_content_line_that_looks_like_a_header_is_content() -> None:
    hunks = list(hunks_of("@@ -1 +1,2 @@\n a\n+@@ -5 +5 @@"))
    assert len(hunks) == 1
    assert hunks[0].rows[1] == "+@@ -5 +5 @@"


def test_a_truncated_patch_gives_what_is_there() -> None:
    hunks = list(hunks_of("@@ -1,9 +1,9 @@\n a\n+b\n@@ -40,3 +"))
    assert [hunk.rows for hunk in hunks] == [(" a", "+b")]


def test_text_that_is_no_diff_gives_no_hunk() -> None:
    assert list(hunks_of("")) == []
    assert list(hunks_of("Subproject commit\n+++ b/file\nBinary files differ")) == []
    assert list(hunks_of("@@ nonsense @@\n+a")) == []


def test_a_combined_diff_is_read_against_the_first_parent() -> None:
    patch = "@@@ -1,3 -1,3 +1,4 @@@ int main\n  same\n- first\n -second\n++both\n +from first\n+ from second\n"
    hunk = next(hunks_of(patch))
    assert hunk.rows == (" same", "-first", "+both", " from first", "+from second")
    assert (hunk.old_start, hunk.new_start, hunk.header) == (1, 1, "int main")
