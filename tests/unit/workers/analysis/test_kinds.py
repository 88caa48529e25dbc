"""Kinds of commits, with the type of the message and without it."""

from __future__ import annotations

import time

import pytest

from workers.analysis.kinds.kinds import kinds_of, likely_kinds
from workers.analysis.kinds.message import wording_of
from workers.analysis.kinds.model import CLASSES, packed, shipped_weights, unpacked
from workers.model import FileChange, FileStatus, Kind

CODE = """@@ -1,3 +1,4 @@ def load(path):
     text = read(path)
-    return parse(text)
+    if text is None:
+        return None
+    return parse(text)"""
NEW_CODE = """@@ -0,0 +1,4 @@
+def export_csv(rows):
+    writer = csv.writer(out)
+    for row in rows:
+        writer.writerow(row)"""
BUMP = '@@ -3,3 +3,3 @@\n   "dependencies": {\n-    "left-pad": "^1.2.0",\n+    "left-pad": "^1.3.0",\n   }'
PROSE = "@@ -1,2 +1,3 @@\n # Guide\n+How to install it."
TEST = "@@ -4,2 +4,4 @@\n+def test_load_of_empty_file():\n+    assert load('x') is None"
PIPELINE = "@@ -4,2 +4,3 @@ jobs:\n     runs-on: ubuntu-latest\n+    timeout-minutes: 10"


def change(
    path: str, patch: str | None = CODE, status: FileStatus = FileStatus.MODIFIED, old: str | None = None
) -> FileChange:
    lines = (patch or "").split("\n")
    added, removed = (sum(line.startswith(mark) for line in lines) for mark in "+-")
    return FileChange(path=path, old_path=old, status=status, additions=added, deletions=removed, patch=patch)


SOURCE = [change("src/load.py")]
FRESH = [change("src/export.py", NEW_CODE, FileStatus.ADDED)]

DECLARED = [
    ("feat(core): add x (#12)", SOURCE, Kind.FEATURE),
    ("[FEAT] Add Anthropic compatible endpoint", SOURCE, Kind.FEATURE),
    ("[diffusion] refactor: reduce redundancy", SOURCE, Kind.REFACTOR),
    (":bug: fix(a)!: y", SOURCE, Kind.FIX),
    ("修复：登录失败", SOURCE, Kind.FIX),
    ("perf: cache it", SOURCE, Kind.PERFORMANCE),
    ("ci: add x", SOURCE, Kind.CI),
    ("fix: flaky test", [change("tests/test_a.py", TEST)], Kind.FIX),
    ("feat: a guide", [change("docs/guide.md", PROSE)], Kind.DOCS),
]
UNDECLARED = [
    ("handle a missing file instead of crashing", SOURCE, Kind.FIX),
    ("(loader): fix crash when the file is empty", SOURCE, Kind.FIX),
    ("add support for exporting CSV", FRESH, Kind.FEATURE),
    ("extract helper and simplify loading", SOURCE, Kind.REFACTOR),
    ("describe the installation", [change("README.md", PROSE)], Kind.DOCS),
    ("cover empty files", [change("tests/test_load.py", TEST)], Kind.TESTS),
    ("give jobs ten minutes", [change(".github/workflows/ci.yml", PIPELINE)], Kind.CI),
    ("bump left-pad to 1.3.0", [change("package.json", BUMP), change("yarn.lock", BUMP)], Kind.BUILD),
    ("修复空文件导致的崩溃", SOURCE, Kind.FIX),
    ("新增导出 CSV 功能", FRESH, Kind.FEATURE),
    ("重构加载逻辑，提取公共方法", SOURCE, Kind.REFACTOR),
    ("更新安装文档", [change("docs/install.md", PROSE)], Kind.DOCS),
    ("补充空文件的单元测试", [change("tests/test_load.py", TEST)], Kind.TESTS),
    ("优化加载性能", SOURCE, Kind.PERFORMANCE),
    ("speed up loading of large files", SOURCE, Kind.PERFORMANCE),
    ('Revert "add x" (#3)', SOURCE, Kind.REVERT),
    ("回滚导出功能", SOURCE, Kind.REVERT),
    ("back to the old way\n\nThis reverts commit 0123456789abcdef.", SOURCE, Kind.REVERT),
]


@pytest.mark.parametrize(("message", "files", "kind"), DECLARED)
def test_the_declared_type_decides_unless_the_diff_contradicts_it(message, files, kind) -> None:
    assert kinds_of(message, files)[0] is kind


@pytest.mark.parametrize(("message", "files", "kind"), UNDECLARED)
def test_the_main_kind_is_told_without_a_type(message, files, kind) -> None:
    assert kinds_of(message, files)[0] is kind


def test_a_contradicted_type_is_kept_as_second_kind() -> None:
    assert kinds_of("feat: a guide", [change("docs/guide.md", PROSE)]) == (Kind.DOCS, Kind.FEATURE)


def test_a_chore_is_named_by_what_it_is_and_chore_second() -> None:
    kinds = kinds_of("chore: give jobs ten minutes", [change(".github/workflows/ci.yml", PIPELINE)])
    assert kinds[:2] == (Kind.CI, Kind.CHORE)


@pytest.mark.parametrize(
    "message", ["chore(deps): bump left-pad", "build(deps): bump left-pad", "bump left-pad to 1.3.0"]
)
def test_a_dependency_bump_is_a_build_change_of_dependencies(message) -> None:
    files = [change("package.json", BUMP), change("yarn.lock", BUMP)]
    assert kinds_of(message, files)[:2] == (Kind.BUILD, Kind.DEPENDENCIES)


def test_a_manifest_without_a_version_change_is_no_dependency_change() -> None:
    script = change("package.json", '@@ -1 +1 @@\n-    "test": "a"\n+    "test": "b"')
    assert Kind.DEPENDENCIES not in kinds_of("rename a script", [script])


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("fix: path traversal in upload (CVE-2024-12345)", Kind.SECURITY),
        ("fix: 修复越权漏洞", Kind.SECURITY),
        ("feat: faster parser", Kind.PERFORMANCE),
    ],
)
def test_what_the_message_says_plainly_is_a_further_kind(message, kind) -> None:
    assert kind in kinds_of(message, SOURCE)[1:]


def test_many_files_moved_between_folders_are_an_architecture_change() -> None:
    moved = [change(f"pkg/new/{name}.py", "", FileStatus.RENAMED, f"pkg/old/{name}.py") for name in "abcdefgh"]
    assert kinds_of("refactor: split the package", moved) == (Kind.REFACTOR, Kind.ARCHITECTURE)


def test_tests_are_a_further_kind_only_where_they_are_a_real_share() -> None:
    long = CODE + "\n+    pass" * 20
    assert Kind.TESTS in kinds_of("feat: x", [*SOURCE, change("tests/test_a.py", TEST * 2)])
    assert Kind.TESTS not in kinds_of("feat: x", [change("src/a.py", long), change("tests/test_a.py", TEST)])


def test_a_commit_has_at_most_three_kinds() -> None:
    files = [
        change("src/a.py"),
        change("tests/test_a.py", TEST),
        change("package.json", BUMP),
        change("docs/a.md", PROSE),
    ]
    assert len(kinds_of("feat: faster login, fixes CVE-2024-12345 vulnerability", files)) <= 3


def test_chore_is_never_guessed() -> None:
    assert set(likely_kinds("housekeeping", SOURCE)) == set(CLASSES)


def test_probabilities_add_up_to_one() -> None:
    assert sum(likely_kinds("add x", SOURCE).values()) == pytest.approx(1)


HOSTILE = ["", "\n\n", "(((((", "[" * 5000, "fix" * 9000, "\x00\x1b[31m\ud800", "feat:", ": :", "（）：", "<!--" * 2000]


@pytest.mark.parametrize("message", HOSTILE)
def test_any_message_has_a_kind(message) -> None:
    assert kinds_of(message, SOURCE)
    assert kinds_of(message, [])


@pytest.mark.parametrize("patch", [None, "", "+", "@@", "+" + "x" * 1_000_000, "+\x00\udcff\n-\u2028", "(" * 200_000])
def test_any_patch_has_a_kind(patch) -> None:
    assert kinds_of("change", [change("src/a.py", None).model_copy(update={"patch": patch})])


def test_a_huge_commit_costs_no_more_than_a_bounded_look() -> None:
    file = change("src/a.py").model_copy(update={"patch": "@@ -1 +1 @@\n" + "+x = compute(1, 'a')\n" * 400_000})
    files = [file.model_copy(update={"path": f"src/{number}/a.py"}) for number in range(3000)]
    kinds_of("warm up", SOURCE)
    start = time.perf_counter()
    kinds_of("change", files)
    assert time.perf_counter() - start < 0.5


def test_a_type_a_scope_and_a_number_are_no_part_of_the_words() -> None:
    for message in ("feat(core): add x (#12)", "[core] feat: add x", "(core): add x", "✨ feat(core)!: add x"):
        assert (wording_of(message).scope, wording_of(message).subject) == ("core", "add x")


def test_types_listed_in_the_body_and_trailers_do_not_leak() -> None:
    body = wording_of("add x\n\n* feat: one\n- fix(b): two\nSigned-off-by: A <a@b.c>").body
    assert body == "* one\n- two"


def test_weights_survive_their_file() -> None:
    weights = unpacked(packed([7, 9], bytes([1, 255] * 7), 0.5, [0.0] * 7))
    assert [weights.table[weights.rows[9] + at] for at in range(7)] == [-1, 1, -1, 1, -1, 1, -1]


@pytest.mark.parametrize("data", [b"CDK1" + bytes(8), b"XXXX" + bytes(80)])
def test_a_file_that_is_not_of_weights_is_refused(data) -> None:
    with pytest.raises(ValueError, match="kind weights"):
        unpacked(data)


def test_the_shipped_weights_know_every_class() -> None:
    assert len(shipped_weights().bias) == len(CLASSES)
