from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit, unread
from workers.analysis.coverage import LEFT_OUT_SHOWN, NO_PATH, coverage_of
from workers.model import FileChange, FileStatus, LeftOut, PatchGap
from workers.words import load_words

EN = load_words("workers.analysis", "en")
ZH = load_words("workers.analysis", "zh")


def test_an_empty_commit_has_nothing_to_read():
    coverage = coverage_of(commit("x"), EN)
    assert (coverage.files, coverage.files_seen, coverage.bytes, coverage.left_out) == (0, 0, 0, ())


def test_bytes_are_those_of_the_patches_in_utf_8():
    file = changed("src/a.py", "x = '你'\n", "x = '好'\n")
    coverage = coverage_of(commit("x", file), EN)
    assert coverage.bytes == coverage.bytes_seen == len((file.patch or "").encode())


def test_a_file_that_only_changes_its_mode_counts_as_read():
    file = FileChange(path="run.sh", status=FileStatus.MODIFIED, old_mode="100644", new_mode="100755", patch="")
    assert coverage_of(commit("x", file), EN).files_seen == 1


@pytest.mark.parametrize(
    ("gap", "reason"),
    [
        (PatchGap.BINARY, "binary"),
        (PatchGap.TOO_LARGE, "too large to read"),
        (PatchGap.WITHHELD, "text not given by the server"),
    ],
)
def test_a_file_without_text_is_left_out_with_the_reason(gap, reason):
    coverage = coverage_of(commit("x", unread("a.bin", gap)), EN)
    assert coverage.left_out == (LeftOut(path="a.bin", reason=reason),)
    assert coverage.files_seen == 0


def test_a_missing_patch_without_a_reason_counts_as_withheld():
    file = FileChange(path="a.c", status=FileStatus.MODIFIED, patch=None)
    assert coverage_of(commit("x", file), EN).left_out[0].reason == "text not given by the server"


def test_lock_generated_and_third_party_files_are_left_out_by_name():
    files = [changed(path, "a\n", "b\n") for path in ("Cargo.lock", "dist/app.min.js", "vendor/x/y.go", "src/a.go")]
    coverage = coverage_of(commit("x", *files), ZH)
    assert {left.path: left.reason for left in coverage.left_out} == {
        "Cargo.lock": "锁文件",
        "dist/app.min.js": "工具生成的文件",
        "vendor/x/y.go": "随仓库保存的第三方代码",
    }
    assert coverage.bytes_seen == files[-1].patch_bytes < coverage.bytes


def test_of_thousands_of_files_left_out_the_rest_is_counted():
    coverage = coverage_of(commit("x", *(unread(f"{n}.png", PatchGap.BINARY) for n in range(3000))), EN)
    assert len(coverage.left_out) == LEFT_OUT_SHOWN + 1
    assert coverage.left_out[-1].reason == "and 2950 more files, left out for the same reasons"
    assert coverage.files - coverage.files_seen == 3000


@pytest.mark.parametrize(("words", "part"), [(EN, "only the first 1 files"), (ZH, "前 1 个文件")])
def test_files_that_the_source_left_out_are_named_first_as_unknown(words, part):
    one = commit("x", unread("a.bin", PatchGap.BINARY)).model_copy(update={"files_cut": True})
    first, second = coverage_of(one, words).left_out
    assert first.path == NO_PATH and part in first.reason
    assert second.path == "a.bin"
