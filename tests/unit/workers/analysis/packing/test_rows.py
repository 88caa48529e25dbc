from __future__ import annotations

import pytest

from workers.analysis.hunks import Hunk
from workers.analysis.packing.rows import Rows, Shown


def shown(*rows: str, limit: int = 400, telling: frozenset[int] = frozenset()) -> Shown:
    return Rows(Hunk(10, 12, "def outer():", rows), telling).shown(limit)


def lines(*rows: str, limit: int = 400, telling: frozenset[int] = frozenset()) -> list[str]:
    return shown(*rows, limit=limit, telling=telling).text.split("\n")[1:]


def calls(count: int, mark: str = "+") -> list[str]:
    """Rows that tell different things, none of which declares anything."""
    return [f"{mark}    {chr(97 + n % 26) * (n + 3)}.run()" for n in range(count)]


def test_a_hunk_that_fits_is_shown_as_it_stands():
    rows = (" a = 1", "-b = 2", "+b = 3", " c = 4")
    found = shown(*rows)
    assert found.text.split("\n") == ["@@ -10 +12 @@ def outer():", *rows]
    assert found.whole


def test_unchanged_rows_far_from_a_change_give_way_to_a_mark():
    context = [f" context_{n}_of_some_length" for n in range(20)]
    found = lines(*context, "+x", *context, "+y", *context)
    assert found == [*context[-3:], "+x", *context[:3], "⋯", *context[-3:], "+y", *context[:3]]


def test_rows_that_repeat_themselves_give_way_to_a_mark_that_counts_them():
    rows = [f'+    register("name_{n}", {n})' for n in range(40)]
    assert lines("+start()", *rows, "+stop()") == ["+start()", *rows[:4], "⋯ 36 changed lines", "+stop()"]


def test_a_repeated_row_about_which_a_fact_is_known_is_kept():
    rows = [f"+    step({n})" for n in range(40)]
    assert rows[30] in lines(*rows, telling=frozenset({30}))


def test_few_rows_of_one_shape_are_all_shown():
    rows = [f"+    step({n})" for n in range(9)]
    assert lines(*rows) == rows


def test_where_rows_do_not_fit_declarations_and_facts_come_before_others():
    rows = [*calls(30), "+def answer(self) -> int:", *calls(20), "+}", "+// a comment"]
    found = lines(*rows, limit=3, telling=frozenset({40}))
    assert [line for line in found if not line.startswith("⋯")] == [rows[0], rows[30], rows[40]]


def test_every_changed_row_is_shown_or_counted_in_a_mark():
    rows = [*calls(50), *(f" kept_{n}" for n in range(30)), *calls(50, "-")]
    for limit in (1, 5, 17, 60, 99):
        found = lines(*rows, limit=limit)
        told = sum(line[0] in "+-" for line in found)
        counted = sum(int(line.split()[1]) for line in found if line.startswith("⋯ "))
        assert told + counted == 100


def test_a_gap_no_longer_than_its_mark_is_filled():
    rows = ["+def one():", "+    a", "+def two():", *calls(10)]
    assert lines(*rows, limit=2)[:3] == rows[:3]


def test_a_very_long_row_is_clipped_with_a_mark():
    found = shown("+" + "x" * 1000)
    assert found.text.endswith("+" + "x" * 300 + "⋯700 more characters")
    assert found.bytes == len("@@ -10 +12 @@ def outer():\n") + 302
    assert not found.whole


def test_bytes_are_counted_in_utf_8():
    assert shown("+你好").bytes == len("@@ -10 +12 @@ def outer():\n") + 8


def test_of_a_hunk_of_very_many_rows_the_end_is_not_read():
    assert lines(*calls(9000), limit=5)[-1].startswith("⋯ ")


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_a_hunk_without_changes_is_its_header(limit):
    assert shown(" a", " b", limit=limit).text.startswith("@@ -10 +12 @@")
