"""Commits with their files: whole, whatever the repository, its settings or the person's do; and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.repositories import ADA, Content, Identity, RepositoryBuilder, submodule, symlink
from workers.errors import PartialError, RefusedError
from workers.messages import read_message
from workers.model import Commit, PatchGap
from workers.request import Query
from workers.sources.git.heads import NO_TIME
from workers.sources.git.source import GitSource

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LAST_DAY = Query(timezone="UTC")


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "repository")


@pytest.fixture
def source(builder: RepositoryBuilder) -> Iterator[GitSource]:
    found = GitSource(builder.path)
    yield found
    found.close()


def collect(source: GitSource) -> dict[str, Commit]:
    """Every commit of the last day by its subject, in the order they came."""
    return {commit.subject: commit for commit in source.commits(source.listing(LAST_DAY, NOW).heads)}


def test_a_commit_has_its_head_and_its_files(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit("one", {"a": "1\n"})
    builder.commit("two", {"a": "2\n", "b": "3\n4\n"})
    heads = source.listing(LAST_DAY, NOW).heads
    found = list(source.commits(heads))
    assert [commit.sha for commit in found] == [head.sha for head in heads]
    assert [(file.path, file.additions, file.deletions) for file in found[0].files] == [("a", 1, 1), ("b", 2, 0)]
    assert (found[0].additions, found[0].author.name) == (3, "Ada Lovelace")


def test_a_root_commit_adds_its_files_and_an_empty_one_has_none(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit("root", {"a": "1\n"})
    builder.commit("empty")
    found = collect(source)
    assert [file.path for file in found["root"].files] == ["a"]
    assert found["empty"].files == ()


def test_a_commit_asked_for_twice_comes_once_and_none_for_none(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit("root", {"a": "1\n"})
    heads = source.listing(LAST_DAY, NOW).heads
    assert len(list(source.commits([*heads, *heads]))) == 1
    assert list(source.commits([])) == []


def everywhere(builder: RepositoryBuilder) -> None:
    """A commit and a merge that each change what settings could show otherwise."""
    text = "".join(f"def f{number}():\n    return {number}\n\n" for number in range(20))
    moved = text.replace("return 3\n", "return 33\n").replace("return 6\n", "return 66\n")
    more = moved.replace("def f9():", "def f8b():\n    return 8\n\ndef f9():")
    first = builder.commit("one", {"a": text, "b": text, "sub": submodule("1" * 40), "文": "x\n", "blank": "a\n\nb\n"})
    builder.branch("side", first)
    builder.commit("side", {"side": "x\n"}, branch="side")
    two: dict[str | bytes, Content] = {
        "b": None,
        "c": moved,
        "sub": submodule("2" * 40),
        "文": "y\n",
        "blank": "a\n\nc\n",
    }
    builder.commit("二é", two)
    brought: dict[str | bytes, Content] = {
        "c": None,
        "d": more,
        "sub": submodule("3" * 40),
        "文": "z\n",
        "blank": "a\n\nd\n",
    }
    builder.merge("side", "merge", brought)


HOSTILE_SETTINGS = {
    "diff.external": "false", "diff.mnemonicPrefix": "true", "diff.noprefix": "true", "diff.renames": "false",
    "diff.algorithm": "patience", "diff.context": "0", "diff.interHunkContext": "20", "diff.submodule": "log",
    "diff.suppressBlankEmpty": "true", "color.ui": "always", "diff.colorMoved": "zebra", "core.quotePath": "true",
    "log.showSignature": "true", "log.date": "relative", "format.pretty": "oneline", "log.follow": "true",
    "i18n.logOutputEncoding": "GBK", "diff.relative": "true", "diff.wordRegex": ".", "diff.ignoreSubmodules": "all",
    "log.diffMerges": "m", "diff.x.textconv": "echo spoilt", "diff.x.command": "echo spoilt", "core.pager": "false",
    "diff.indentHeuristic": "false", "diff.srcPrefix": "q/", "core.abbrev": "4",
}  # fmt: skip


def test_no_setting_of_person_or_repository_changes_what_is_read(
    builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    everywhere(builder)
    plain = collect(GitSource(builder.path))
    (tmp_path / "order").write_text("文\nc\n")
    (builder.path / ".gitattributes").write_text("* diff=x\n")
    for name, value in {**HOSTILE_SETTINGS, "diff.orderFile": str(tmp_path / "order")}.items():
        builder.git("config", name, value)
    (tmp_path / "home" / ".gitconfig").write_bytes((builder.folder / "config").read_bytes())
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=0")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "echo spoilt")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.delenv("GIT_CONFIG_NOSYSTEM")
    assert collect(GitSource(builder.path)) == plain
    for subject, names in {"二é": ["blank", "c", "sub", "文"], "merge": ["blank", "d", "sub", "文"]}.items():
        files = plain[subject].files
        assert [file.path for file in files] == names
        assert all(file.patch and file.additions for file in files)
        assert files[1].old_path is not None


def test_a_signature_is_not_verified_by_a_program_of_the_repository(builder: RepositoryBuilder, tmp_path: Path) -> None:
    tree, marker = builder.git("mktree").decode().strip(), tmp_path / "marker"
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    who = "A <a@b.c> 1771660800 +0000"
    builder.raw_commit(f"tree {tree}\nauthor {who}\ncommitter {who}\n{signature}\n\nsigned\n".encode())
    (tmp_path / "gpg").write_text(f"#!/bin/sh\ntouch {marker}\n")
    (tmp_path / "gpg").chmod(0o755)
    builder.git("config", "gpg.program", str(tmp_path / "gpg"))
    builder.git("config", "log.showSignature", "true")
    assert list(collect(GitSource(builder.path))) == ["signed"]
    assert not marker.exists()
    builder.git("log")
    assert marker.exists(), "git itself does run it"


HOSTILE_MESSAGES = [
    "%H%x00%an %s\n\n%B %%",
    "\x1b[31mred\x07\x1b]0;title\x07",
    "diff --git a/x b/x\n\n@@ -1 +1 @@\n" + "0" * 40,
    "\u202eright to left\u202c \u200b",
    "@channel <!everyone> <https://evil.example|ok> `code`",
    "subject\r\n\r\nbody\r\n",
    "-" * 5000,
]


@pytest.mark.parametrize("message", HOSTILE_MESSAGES, ids=range(len(HOSTILE_MESSAGES)))
def test_a_message_is_told_as_it_is(builder: RepositoryBuilder, source: GitSource, message: str) -> None:
    builder.commit(message, {"a": "1\n"})
    (head,) = source.listing(LAST_DAY, NOW).heads
    assert head.message.rstrip("\n") == message.rstrip("\n")
    assert read_message(head.message).subject == builder.git("log", "--format=%s").decode().rstrip("\n")


def test_a_message_in_another_encoding_is_read_by_its_header_or_by_its_bytes(
    builder: RepositoryBuilder, source: GitSource
) -> None:
    tree = builder.git("mktree").decode().strip()
    person = "赵晨阳 <zhao@example.org> 1771660800 +0800"
    text = f"tree {tree}\nauthor {person}\ncommitter {person}\n%s\n修复：启动时的内存泄漏问题\n"
    builder.raw_commit((text % "encoding GBK\n").encode("gbk"), "declared")
    builder.raw_commit((text % "").encode("gbk"), "undeclared")
    for branch in ("declared", "undeclared"):
        (head,) = source.listing(LAST_DAY.model_copy(update={"branches": (branch,)}), NOW).heads
        assert (head.subject, head.author.name) == ("修复：启动时的内存泄漏问题", "赵晨阳")


def test_a_malformed_commit_has_empty_parts_and_no_time(builder: RepositoryBuilder, source: GitSource) -> None:
    tree = builder.git("mktree").decode().strip()
    builder.raw_commit(f"tree {tree}\nauthor <> \ncommitter x\n\n".encode())
    (head,) = source.listing(Query(timezone="UTC", authors=("<>",)), NOW).heads
    assert (head.author.name, head.author.email, head.message.strip()) == ("", "", "")
    assert head.authored_at == NO_TIME


@pytest.mark.parametrize("zone", ["+9999", "-2500", "+00"])
def test_an_impossible_offset_leaves_the_moment(builder: RepositoryBuilder, source: GitSource, zone: str) -> None:
    tree = builder.git("mktree").decode().strip()
    builder.raw_commit(
        f"tree {tree}\nauthor A <a> 1771660800 {zone}\ncommitter A <a> 1771660800 {zone}\n\nx\n".encode()
    )
    (head,) = source.listing(LAST_DAY, NOW).heads
    assert head.committed_at.timestamp() == 1771660800


def test_a_name_may_hold_anything_but_its_delimiters(builder: RepositoryBuilder, source: GitSource) -> None:
    name = "\u202eevil \x1b[1m%an \"q\" 'x' @all"
    builder.commit("x", author=Identity(name, "a b@c"), committer=ADA)
    (head,) = source.listing(LAST_DAY, NOW).heads
    assert (head.author.name, head.author.email) == (name, "a b@c")


def damaged(builder: RepositoryBuilder, revision: str) -> str:
    """Deletes an object and tells its name."""
    name = builder.git("rev-parse", revision).decode().strip()
    builder.object_file(name).unlink()
    return name


def test_a_missing_file_withholds_its_patch_and_nothing_else(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit("one", {"a": "1\n", "b": "1\n"})
    builder.commit("two", {"a": "2\n", "b": "b\n", "link": symlink("a")})
    builder.commit("three", {"a": "3\n", "-c": "c\n"})
    damaged(builder, "HEAD~1:b")
    found = collect(source)
    assert {subject: len(commit.files) for subject, commit in found.items()} == {"three": 2, "two": 3, "one": 2}
    gaps = {file.path: file.gap for file in found["two"].files}
    assert gaps == {"a": None, "b": PatchGap.WITHHELD, "link": None}
    assert {file.path: file.additions for file in found["two"].files} == {"a": 1, "b": 0, "link": 1}
    assert [file.patch for file in found["three"].files] == ["@@ -0,0 +1 @@\n+c", "@@ -1 +1 @@\n-2\n+3"]


def test_a_corrupt_file_withholds_the_patches_of_its_commit(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit("one", {"a": "1\n"})
    builder.commit("two", {"a": "2\n" * 50, "b": "2\n"})
    path = builder.object_file(builder.git("rev-parse", "HEAD:a").decode().strip())
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:12])
    found = collect(source)
    assert len(found["one"].files) == 1
    assert {file.gap for file in found["two"].files} == {PatchGap.WITHHELD}


def test_a_missing_folder_keeps_no_other_commit_back(builder: RepositoryBuilder, source: GitSource) -> None:
    for number in range(5):
        builder.commit(f"{number}", {"folder/a": f"{number}\n", "b": "b\n"})
    heads = source.listing(LAST_DAY, NOW).heads
    lost = damaged(builder, "HEAD~2:folder")
    found: list[Commit] = []
    with pytest.raises(PartialError) as error:
        found.extend(source.commits(heads))
    by_number = {commit.subject: len(commit.files) for commit in found if commit.subject in "04"}
    assert by_number == {"0": 2, "4": 1}
    assert error.value.code == "repository_broken"
    assert set(error.value.missing) == {head.sha for head in heads} - {commit.sha for commit in found}
    assert builder.sha("HEAD~2") in error.value.missing
    assert lost not in error.value.missing


def test_a_missing_commit_breaks_the_listing_by_its_name(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit("one", {"a": "1\n"})
    builder.commit("two", {"a": "2\n"})
    builder.commit("three", {"a": "3\n"})
    lost = damaged(builder, "HEAD~1")
    with pytest.raises(RefusedError) as error:
        source.listing(LAST_DAY, NOW)
    assert (error.value.code, error.value.details["object"]) == ("repository_broken", lost)


def test_a_commit_that_is_gone_since_the_listing_is_named(builder: RepositoryBuilder, source: GitSource) -> None:
    for number in range(4):
        builder.commit(f"{number}", {"a": f"{number}\n"})
    heads = source.listing(LAST_DAY, NOW).heads
    gone = damaged(builder, "HEAD~2")
    found: list[Commit] = []
    with pytest.raises(PartialError) as error:
        found.extend(source.commits(heads))
    assert gone in error.value.missing
    assert {"3", "0"} <= {commit.subject for commit in found}
    assert all(len(commit.files) == 1 for commit in found)


def test_a_shallow_clone_says_so_where_its_window_is_cut_off(builder: RepositoryBuilder, tmp_path: Path) -> None:
    for day in range(10, 16):
        builder.commit(f"{day}", {"a": f"{day}\n"}, at=datetime(2026, 2, day, tzinfo=UTC))
    clone = tmp_path / "clone"
    builder.git("clone", "--quiet", "--depth=3", f"file://{builder.path}", str(clone))
    source = GitSource(clone)
    assert source.listing(LAST_DAY, NOW).notices == ()
    week = Query(timezone="UTC", start=datetime(2026, 2, 8, tzinfo=UTC), end=NOW)
    listing = source.listing(week, NOW)
    assert [(notice.code, notice.details) for notice in listing.notices] == [("shallow_window", {"commits": 1})]
    assert [head.message.strip() for head in listing.heads] == ["15", "14", "13"]
    files = {commit.subject: len(commit.files) for commit in source.commits(listing.heads)}
    assert files == {"15": 1, "14": 1, "13": 0}, "the boundary's own changes are unknown, not the whole tree"
    older = Query(timezone="UTC", start=datetime(2026, 2, 1, tzinfo=UTC), end=datetime(2026, 2, 12, tzinfo=UTC))
    assert source.listing(older, NOW).notices
    assert source.listing(Query(timezone="UTC", range="HEAD~1..HEAD"), NOW).notices == ()


def test_a_partial_clone_is_not_filled_over_the_network(builder: RepositoryBuilder, tmp_path: Path) -> None:
    builder.commit("one", {"a": "1\n"})
    builder.commit("two", {"a": "2\n"})
    builder.git("config", "uploadpack.allowFilter", "true")
    clone, marker = tmp_path / "clone", tmp_path / "marker"
    builder.git("clone", "--quiet", "--bare", "--filter=blob:none", f"file://{builder.path}", str(clone))
    RepositoryBuilder(clone, bare=True).git("config", "remote.origin.uploadpack", f"touch {marker};")
    source = GitSource(clone)
    heads = source.listing(LAST_DAY, NOW).heads
    with pytest.raises(RefusedError) as error:
        list(source.commits(heads))
    assert error.value.code == "partial_clone"
    assert not marker.exists(), "a command of the repository's own settings was run"
