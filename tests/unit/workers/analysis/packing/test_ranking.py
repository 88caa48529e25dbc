from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit, removed
from tests.unit.workers.analysis.packing.cases import raw
from workers.analysis.analyst import survey_of
from workers.analysis.packing.pieces import pieces_of
from workers.analysis.packing.ranking import weight_of
from workers.model import FileChange


def ranked(*files: FileChange) -> list[str]:
    """The first changed row of each hunk, the gravest first."""
    survey = survey_of(commit("x", *files))
    pieces = pieces_of(survey.commit.files, survey.facts)
    return [next(row for row in piece.hunk.rows if row[0] != " ") for piece in pieces]


def hunk(line: int, *rows: str) -> str:
    old, new = (sum(row[0] != mark for row in rows) for mark in "+-")
    return "\n".join([f"@@ -{line},{old} +{line},{new} @@", *rows])


def patch(path: str, *hunks: str) -> FileChange:
    return raw(path, "\n".join(hunks))


def test_product_code_comes_before_tests_documentation_and_translations():
    paths = ["locales/de.json", "tests/test_a.py", "docs/guide.md", "src/a.py"]
    weights = [weight_of(patch(path, "")) for path in paths]
    assert weights == sorted(set(weights))


@pytest.mark.parametrize(
    ("graver", "lesser"),
    [
        ("include/api.h", "src/detail.c"),
        ("src/auth/login.ts", "src/format.ts"),
        ("db/migrations/1.sql", "src/format.ts"),
        ("config/server.toml", ".eslintrc.json"),
        ("src/format.ts", "benchmarks/src/format.ts"),
    ],
)
def test_what_reaches_far_comes_before_what_does_not(graver, lesser):
    assert weight_of(patch(graver, "")) > weight_of(patch(lesser, ""))


def test_a_public_function_that_is_removed_comes_before_one_whose_body_changes():
    gone = hunk(10, " x = 1", "-def gone(a):", "-    return a", " y = 2")
    body = hunk(90, " def kept(a):", "-    return total(a)", "+    return total(a) + 1")
    assert ranked(patch("acme/cache.py", body, gone)) == ["-def gone(a):", "-    return total(a)"]


def test_a_changed_default_comes_before_a_comment_and_an_import():
    default = hunk(50, "-max_wait = 60", "+max_wait = 30")
    comment = hunk(80, "-# How long.", "+# How long it may take.")
    imports = hunk(1, "-import os", "+import os, sys")
    found = ranked(patch("acme/settings.py", imports, default, comment))
    assert found[0] == "-max_wait = 60"


def test_rows_on_locks_or_failure_come_before_rows_on_nothing_of_the_sort():
    plain = hunk(10, "-    total = a + b", "+    total = a - b")
    lock = hunk(90, "-    refresh(a)", "+    with self._lock: refresh(a, timeout=limit)")
    assert ranked(patch("src/pool.rb", plain, lock))[0] == "-    refresh(a)"


def test_every_file_has_its_say_before_one_file_has_all_of_it():
    many = [hunk(20 * n + 1, f"-    first_{n}(a)", f"+    second_{n}(a)") for n in range(10)]
    found = ranked(patch("src/a.rb", *many), patch("src/b.rb", hunk(1, "-    other(a)", "+    another(a)")))
    assert found.index("-    other(a)") <= 1


def test_generated_and_vendored_files_have_no_hunks_here():
    assert ranked(changed("vendor/a.go", "a\n", "b\n"), changed("dist/x.min.js", "a\n", "b\n")) == []


def test_a_deleted_file_shows_little_of_what_is_gone():
    text = "".join(f"def function_{n}(a):\n    return work(a, {n})\n\n" for n in range(200))
    survey = survey_of(commit("x", removed("acme/old.py", text)))
    (piece,) = pieces_of(survey.commit.files, survey.facts)
    assert piece.shown(400).text.count("\n-") <= 60


def test_text_that_is_no_diff_has_no_hunks():
    assert ranked(raw("a.py", "@@ nonsense\n+x"), raw("b.py", "not a diff")) == []
