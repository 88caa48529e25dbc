"""Merge commits: left out and counted where they bring nothing, kept with what they bring themselves where they do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.repositories import Content, RepositoryBuilder
from workers.model import Commit, FileStatus, Listing, PatchGap
from workers.request import Query
from workers.sources.command import Git
from workers.sources.git import GitSource
from workers.sources.heads import list_heads
from workers.sources.merges import Merges

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BASE = "".join(f"{number}\n" for number in range(1, 30))


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    """Two branches that both change lines of `f`: line 5, and each one further apart from it."""
    builder = RepositoryBuilder(tmp_path / "repository")
    builder.branch("side", builder.commit("base", {"f": BASE, "g": "g\n"}))
    builder.commit("theirs", {"f": BASE.replace("5\n", "five\n", 1), "new": "new\n"}, branch="side")
    builder.commit("ours", {"f": BASE.replace("5\n", "FIVE\n", 1), "h": "h\n"})
    return builder


def listing(builder: RepositoryBuilder, **query: object) -> Listing:
    return GitSource(builder.path).listing(Query.model_validate({"timezone": "UTC", **query}), NOW)


def merged(builder: RepositoryBuilder) -> Commit:
    source = GitSource(builder.path)
    (head,) = [head for head in source.listing(Query(timezone="UTC"), NOW).heads if head.is_merge]
    (commit,) = source.commits([head])
    return commit


def test_a_merge_that_brings_nothing_is_left_out_and_counted(builder: RepositoryBuilder) -> None:
    builder.branch("clean", "main~1")
    builder.commit("apart", {"apart": "1\n"}, branch="clean")
    merge = builder.merge("clean")
    found = listing(builder)
    assert merge not in {head.sha for head in found.heads}
    assert (len(found.heads), found.merges_left_out) == (3, 1)


def test_a_merge_that_git_makes_alike_brings_nothing_though_both_sides_changed_a_file(
    builder: RepositoryBuilder,
) -> None:
    builder.branch("far", "main~1")
    builder.commit("far", {"f": BASE.replace("25\n", "XXV\n")}, branch="far")
    builder.merge("far", files={"f": BASE.replace("5\n", "FIVE\n", 1).replace("25\n", "XXV\n")})
    assert listing(builder).merges_left_out == 1


def test_a_resolved_conflict_stays_with_its_resolution(builder: RepositoryBuilder) -> None:
    merge = builder.merge("side", files={"f": BASE.replace("5\n", "five and FIVE\n", 1)})
    commit = merged(builder)
    assert commit.sha == merge
    assert listing(builder).merges_left_out == 0
    (file,) = commit.files
    assert (file.path, file.status, file.additions, file.deletions) == ("f", FileStatus.MODIFIED, 1, 5)
    assert file.patch is not None
    assert "+five and FIVE\n" in file.patch
    assert file.patch.startswith("@@ -2,11 +2,7 @@")


def test_a_change_that_neither_side_had_stays_alone(builder: RepositoryBuilder) -> None:
    builder.branch("clean", "main~1")
    builder.commit("apart", {"apart": "1\n"}, branch="clean")
    builder.merge("clean", files={"g": "evil\n", "brought": "x\n"})
    commit = merged(builder)
    assert [(file.path, file.status, file.additions) for file in commit.files] == [
        ("brought", FileStatus.ADDED, 1),
        ("g", FileStatus.MODIFIED, 1),
    ]


def test_a_path_leaves_out_a_merge_that_brings_something_elsewhere(builder: RepositoryBuilder) -> None:
    builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1)})
    assert listing(builder, paths=("new",)).merges_left_out == 1
    assert any(head.is_merge for head in listing(builder, paths=("f",)).heads)


def test_a_merge_of_three_brings_nothing_unless_it_does(builder: RepositoryBuilder) -> None:
    for name in ("x", "y"):
        builder.branch(name, "main")
        builder.commit(name, {name: f"{name}\n"}, branch=name)
    files: dict[str | bytes, Content] = {"x": "x\n", "y": "y\n"}
    builder.commit("octopus", files, parents=["main", "x", "y"])
    assert listing(builder).merges_left_out == 1
    builder.commit("evil octopus", {**files, "g": "evil\n"}, parents=["main~1", "x", "y"])
    commit = merged(builder)
    assert [(file.path, file.additions, file.deletions) for file in commit.files] == [("g", 1, 1)]
    assert commit.files[0].patch == "@@ -1,1 +1,1 @@\n-g\n+evil"


def test_an_older_git_shows_the_merge_against_its_first_parent(builder: RepositoryBuilder) -> None:
    merge = builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1), "bin": b"\0"})
    git = Git(builder.path)
    old = Merges(git, builder.folder / "objects", version=(2, 30))
    heads = list(list_heads(git, "--merges", "HEAD"))
    assert old.own(heads) == {merge}
    ((_, files),) = old.files(heads)
    assert files is not None
    assert [(file.path, file.gap) for file in files] == [("bin", PatchGap.BINARY), ("f", None)]
    assert files[1].patch is not None
    assert "-FIVE\n+both\n" in files[1].patch
    assert (files[1].additions, files[1].deletions) == (1, 1)


def test_merging_again_writes_nothing_into_the_repository(builder: RepositoryBuilder) -> None:
    builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1)})
    before = sorted(path for path in builder.folder.rglob("*"))
    assert merged(builder).files
    assert sorted(path for path in builder.folder.rglob("*")) == before


def test_a_folder_of_any_name_can_be_merged_again_in(tmp_path: Path) -> None:
    builder = RepositoryBuilder(tmp_path / 'odd: "name" \\ ; 文')
    builder.branch("side", builder.commit("base", {"f": BASE}))
    builder.commit("theirs", {"f": BASE.replace("5\n", "five\n", 1)}, branch="side")
    builder.commit("ours", {"f": BASE.replace("5\n", "FIVE\n", 1)})
    builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1)})
    assert len(merged(builder).files) == 1


def test_a_merge_that_cannot_be_compared_is_kept_without_patches(builder: RepositoryBuilder) -> None:
    builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1)})
    builder.object_file(builder.git("rev-parse", "main^1:f").decode().strip()).unlink()
    commit = merged(builder)
    assert [(file.path, file.gap, file.patch) for file in commit.files] == [("f", PatchGap.WITHHELD, None)]


def test_several_merges_each_have_their_own(builder: RepositoryBuilder) -> None:
    for number in range(4):
        builder.branch("side", "main~1" if number else "side")
        builder.commit(f"side {number}", {"f": f"side {number}\n"}, branch="side")
        builder.commit(f"main {number}", {"f": f"main {number}\n"})
        builder.merge(
            "side", f"Merge {number}", {"f": f"both {number}\n", "clean": f"{number}\n" if number % 2 else None}
        )
    source = GitSource(builder.path)
    heads = [head for head in source.listing(Query(timezone="UTC"), NOW).heads if head.is_merge]
    found = {commit.subject: commit for commit in source.commits(heads)}
    assert sorted(found) == ["Merge 0", "Merge 1", "Merge 2", "Merge 3"]
    for number, commit in enumerate(found[f"Merge {number}"] for number in range(4)):
        assert any(file.patch and file.patch.endswith(f"+both {number}") for file in commit.files)
