"""Patches taken apart: what git shows of every sort of change, in bounded memory, however the bytes arrive."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repositories import Content, RepositoryBuilder, executable, submodule, symlink
from workers.errors import BrokenError
from workers.model import FileChange, FileStatus, PatchGap
from workers.sources.git import patches
from workers.sources.git.combined import own_part
from workers.sources.git.command import Read
from workers.sources.git.patches import DIFF_OPTIONS, split_commits
from workers.sources.git.texts import decode_path, decode_text

FIRST, SECOND = "1" * 40, "2" * 40


def reader(*chunks: bytes) -> Read:
    left = iter(chunks)
    return lambda: next(left, b"")


def told(builder: RepositoryBuilder, *shas: str) -> bytes:
    given = "".join(sha + "\n" for sha in shas).encode()
    return builder.git(
        "-c", "core.quotePath=false", "diff-tree", "--stdin", "--always", "--root", *DIFF_OPTIONS, given=given
    )


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "repository")


def change(
    builder: RepositoryBuilder, before: dict[str | bytes, Content], after: dict[str | bytes, Content]
) -> FileChange:
    """The only file of a commit that makes `after` of `before`."""
    builder.commit(files=before)
    sha = builder.commit(files=after)
    ((_, files),) = split_commits(reader(told(builder, sha)), [sha])
    (file,) = files
    return file


def test_a_change_has_its_hunks_and_counts(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a.c": "one\ntwo\nthree\n"}, {"a.c": "one\n2\nthree\nfour\n"})
    assert file == FileChange(
        path="a.c",
        status=FileStatus.MODIFIED,
        additions=2,
        deletions=1,
        old_mode="100644",
        new_mode="100644",
        patch="@@ -1,3 +1,4 @@\n one\n-two\n+2\n three\n+four",
    )


def test_a_new_file_has_no_old_mode(builder: RepositoryBuilder) -> None:
    file = change(builder, {"x": "x"}, {"a": "1\n"})
    assert (file.status, file.old_mode, file.new_mode) == (FileStatus.ADDED, "000000", "100644")
    assert file.patch == "@@ -0,0 +1 @@\n+1"


def test_a_deleted_file_stands_under_its_old_path(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a": "1\n"}, {"a": None})
    assert (file.path, file.status, file.deletions, file.patch) == ("a", FileStatus.DELETED, 1, "@@ -1 +0,0 @@\n-1")


def test_an_empty_file_has_an_empty_patch(builder: RepositoryBuilder) -> None:
    file = change(builder, {"x": "x"}, {"a": ""})
    assert (file.status, file.patch, file.gap) == (FileStatus.ADDED, "", None)


def test_a_rename_knows_where_it_came_from(builder: RepositoryBuilder) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    file = change(builder, {"old name": text}, {"old name": None, "new/name": text})
    assert (file.status, file.old_path, file.path, file.patch) == (FileStatus.RENAMED, "old name", "new/name", "")
    changed = change(builder, {"b": text}, {"b": None, "c": text + "more\n"})
    assert (changed.status, changed.old_path, changed.additions) == (FileStatus.RENAMED, "b", 1)


def test_a_mode_change_alone_has_an_empty_patch(builder: RepositoryBuilder) -> None:
    file = change(builder, {"run": "x\n"}, {"run": executable("x\n")})
    assert (file.old_mode, file.new_mode, file.patch, file.gap) == ("100644", "100755", "", None)


def test_a_binary_file_has_no_patch_and_says_why(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a.bin": b"\0\1\2"}, {"a.bin": b"\0\1\3\n+\n"})
    assert (file.patch, file.gap, file.additions, file.deletions) == (None, PatchGap.BINARY, 0, 0)


def test_a_submodule_shows_its_commits(builder: RepositoryBuilder) -> None:
    file = change(builder, {"lib": submodule(FIRST)}, {"lib": submodule(SECOND)})
    assert file.is_submodule
    assert file.patch == f"@@ -1 +1 @@\n-Subproject commit {FIRST}\n+Subproject commit {SECOND}"
    assert (file.additions, file.deletions) == (1, 1)


def test_a_symlink_shows_its_target(builder: RepositoryBuilder) -> None:
    file = change(builder, {"link": symlink("old")}, {"link": symlink("new")})
    assert file.new_mode == "120000"
    assert file.patch is not None
    assert "-old\n\\ No newline at end of file\n+new\n\\ No newline at end of file" in file.patch


def test_a_file_that_becomes_a_symlink_shows_both(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a": "one\ntwo\n"}, {"a": symlink("b")})
    assert file.status == FileStatus.TYPE_CHANGED
    assert file.patch == "@@ -1,2 +0,0 @@\n-one\n-two\n@@ -0,0 +1 @@\n+b\n\\ No newline at end of file"
    assert (file.additions, file.deletions) == (1, 2)


def test_line_endings_of_windows_stay_in_the_lines(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a": "one\r\n"}, {"a": "one\r\ntwo\rthree\r\n"})
    assert file.patch == "@@ -1 +1,2 @@\n one\r\n+two\rthree\r"
    assert (file.additions, file.deletions) == (1, 0)


HOSTILE_PATHS = [
    b"a\nb", b'quo"te', b"tab\there", b"back\\slash", b"-rf", b"\x01\x7f\x1b[31m", b"a b/b a", b" lead", b"trail ",
    b"\xb2\xe2\xca\xd4.txt", "文档/说明.md".encode(), b":100644", b"1" * 40,
    b"a\ndiff --git a/x b/x\n@@ -0,0 +1 @@\n+evil",
]  # fmt: skip


def test_paths_are_told_as_they_are_however_strange(builder: RepositoryBuilder) -> None:
    first = builder.commit(files={path: b"%d\n" % number for number, path in enumerate(HOSTILE_PATHS)})
    second = builder.commit(files=dict.fromkeys(HOSTILE_PATHS, b"x\n"))
    (_, added), (_, changed) = split_commits(reader(told(builder, first, second)), [first, second])
    expected = {decode_path(path) for path in HOSTILE_PATHS}
    assert {file.path for file in added} == {file.path for file in changed} == expected
    assert "\\xb2\\xe2\\xca\\xd4.txt" in expected
    assert all(file.patch == f"@@ -0,0 +1 @@\n+{HOSTILE_PATHS.index(raw)}" for file, raw in _by_path(added))
    assert all(file.patch and file.patch.endswith("\n+x") and file.additions == file.deletions == 1 for file in changed)


def _by_path(files: tuple[FileChange, ...]) -> Iterator[tuple[FileChange, bytes]]:
    return ((file, next(raw for raw in HOSTILE_PATHS if decode_path(raw) == file.path)) for file in files)


FORGED = (
    f"diff --git a/x b/x\n{SECOND}\0\n{FIRST}\0:100644 100644 {FIRST} {SECOND} M\0evil\0\0\n@@ -1 +1 @@\n-- a\n++ b\n"
)


def test_content_that_looks_like_git_output_is_only_content(builder: RepositoryBuilder) -> None:
    padding = "x" * 8000 + "\n"  # beyond the bytes by which git tells binary files
    first = builder.commit(files={"a": padding + FORGED, "b": "b\n"})
    second = builder.commit(files={"a": padding, "c": "c\n"})
    (_, one), (_, two) = split_commits(reader(told(builder, first, second)), [first, second])
    assert [file.path for file in one] == ["a", "b"]
    assert [(file.path, file.additions, file.deletions) for file in two] == [("a", 0, 6), ("c", 1, 0)]
    assert one[0].patch is not None
    assert one[0].patch.count("\n+") == one[0].additions == 7


def everything(builder: RepositoryBuilder) -> list[str]:
    """Shas of commits with every sort of change."""
    text = "".join(f"line {number}\n" for number in range(30))
    return [
        builder.commit(files={"a": text, "b": "b\n", "bin": b"\0", "link": symlink("a"), b"\xff\n": "odd\n"}),
        builder.commit("empty"),
        builder.commit(
            files={"a": None, "moved": text + "end\n", "b": executable("b\n"), "link": "file\n", "bin": b"\0\0"}
        ),
        builder.commit(files={"sub": submodule(FIRST), b"\xff\n": "odd\neven\n"}),
        builder.commit("empty again"),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_it_does_not_matter_how_the_bytes_arrive(builder: RepositoryBuilder, seed: int) -> None:
    shas = everything(builder)
    whole = told(builder, *shas)
    expected = list(split_commits(reader(whole), shas))
    assert [len(files) for _, files in expected] == [5, 0, 4, 2, 0]
    dice = random.Random(seed)
    cuts = sorted(dice.sample(range(len(whole)), 60)) if seed else list(range(1, len(whole)))
    chunks = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert list(split_commits(reader(*chunks), shas)) == expected


def test_a_patch_over_the_limit_is_counted_and_let_go(
    builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patches, "MAX_FILE_PATCH", 1000)
    big = "".join(f"{number}\n" for number in range(90_000))
    small = "".join(f"{number}\n" for number in range(300))
    first = builder.commit(files={"a": "a\n", "big": big, "mid": small, "z": "z\n"})
    second = builder.commit(files={"big": None, "z": "zz\n"})
    whole = told(builder, first, second)
    for size in (len(whole), 4096, 333):
        chunks = [whole[start : start + size] for start in range(0, len(whole), size)]
        (_, files), (_, gone) = split_commits(reader(*chunks), [first, second])
        gaps = [(file.path, file.gap, file.additions) for file in files]
        large = PatchGap.TOO_LARGE
        assert gaps == [("a", None, 1), ("big", large, 90_000), ("mid", large, 300), ("z", None, 1)]
        assert [(file.path, file.deletions) for file in gone] == [("big", 90_000), ("z", 1)]


def test_a_large_patch_at_the_very_end_is_counted_too(
    builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patches, "MAX_FILE_PATCH", 1000)
    sha = builder.commit(files={"big": "+\n-\n" * 50_000})
    whole = told(builder, sha)
    ((_, (file,)),) = split_commits(reader(*(whole[at : at + 5000] for at in range(0, len(whole), 5000))), [sha])
    assert (file.additions, file.deletions, file.patch, file.gap) == (100_000, 0, None, PatchGap.TOO_LARGE)


def test_a_commit_over_its_limit_keeps_what_fits(builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "MAX_COMMIT_PATCH", 100)
    line = "x" * 60 + "\n"
    sha = builder.commit(files={"a": line, "b": line, "c": "c\n", "d": b"\0"})
    ((_, files),) = split_commits(reader(told(builder, sha)), [sha])
    assert [file.gap for file in files] == [None, PatchGap.TOO_LARGE, None, PatchGap.BINARY]
    assert [file.additions for file in files] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"nonsense",
        FIRST.encode(),
        SECOND.encode() + b"\0",
        FIRST.encode() + b"\0:1 2 3\0a\0\0",
        FIRST.encode() + b"\0:x",
    ],
)
def test_output_that_is_not_gits_is_a_defect_and_not_an_empty_commit(output: bytes) -> None:
    with pytest.raises(BrokenError) as error:
        list(split_commits(reader(output), [FIRST]))
    assert error.value.code == "git_output"


def test_text_in_chinese_encodings_is_read(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a": "说明：这是旧的\n".encode("gbk")}, {"a": "说明：这是新的，更好\n".encode("gb18030")})
    assert file.patch == "@@ -1 +1 @@\n-说明：这是旧的\n+说明：这是新的，更好"


def test_a_conversion_to_utf8_shows_both_sides_right(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a": "中文注释在这里\n".encode("gbk")}, {"a": "中文注释在这里\n"})
    assert file.patch == "@@ -1 +1 @@\n-中文注释在这里\n+中文注释在这里"


def test_bytes_of_no_known_encoding_are_replaced_and_the_rest_is_kept(builder: RepositoryBuilder) -> None:
    file = change(builder, {"a": "naïve café\n".encode("latin-1")}, {"a": "naïve café 中文\n"})
    assert file.patch == "@@ -1 +1 @@\n-na\ufffdve caf\ufffd\n+naïve café 中文"


def test_korean_is_not_taken_for_chinese() -> None:
    text = "한국어로 쓰여진 문장은 중국어가 아닙니다 그래서 그대로 두어야 합니다".encode("euc-kr")
    assert "\ufffd" in decode_text(text)


def test_a_function_name_that_git_cut_inside_a_character_does_not_spoil_the_patch(builder: RepositoryBuilder) -> None:
    body = "".join(f"    line {number}\n" for number in range(12))
    for shift in range(1, 4):
        title = "x" * shift + "函数" * 30 + "\n"
        file = change(builder, {f"f{shift}": title + body}, {f"f{shift}": title + body + "    结尾\n"})
        assert file.patch is not None
        assert "\ufffd" not in file.patch
        assert "函数" in file.patch.split("\n")[0]
        assert file.patch.endswith("+    结尾")


COMBINED = "@@@ -1,3 -1,3 +1,3 @@@ int main()\n  a\n- ours\n -theirs\n++both\n +mine\n+ his\n--lost"
CLEAN = "@@@ -9,4 -9,4 +9,4 @@@\n  x\n +ours\n  y\n+ theirs\n- gone\n  z"


def test_a_combined_diff_is_told_against_the_first_parent() -> None:
    expected = "@@ -1,4 +1,4 @@ int main()\n a\n-ours\n+both\n mine\n+his\n-lost"
    assert own_part(COMBINED) == (expected, 2, 2)
    assert own_part(f"{CLEAN}\n{COMBINED}\n{CLEAN}") == (expected, 2, 2)


def test_a_combined_diff_without_anything_of_its_own_is_empty() -> None:
    assert own_part(CLEAN) == ("", 0, 0)


def test_a_combined_diff_of_three_needs_something_that_no_parent_had() -> None:
    two = "@@@@ -1,1 -1,1 -1,1 +1,1 @@@@\n++ a\n-- b"
    assert own_part(two) == ("", 0, 0)
    assert own_part(two.replace("++ a", "+++a"))[1:] == (1, 1)
