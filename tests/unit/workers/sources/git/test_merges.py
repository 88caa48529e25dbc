"""Merge commits: left out and counted where they bring nothing, kept with what they bring themselves where they do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.repositories import START, Content, RepositoryBuilder, executable
from workers.errors import PartialError
from workers.model import Commit, FileStatus, Listing, PatchGap
from workers.request import Query
from workers.sources.git.source import GitSource

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


def test_what_a_listing_learned_is_not_asked_for_again(builder: RepositoryBuilder) -> None:
    builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1)})
    source = GitSource(builder.path)
    heads = [head for head in source.listing(Query(timezone="UTC"), NOW).heads if head.is_merge]
    again = GitSource(builder.path)
    assert list(source.commits(heads)) == list(again.commits(heads))
    shutil.rmtree(builder.folder / "objects")
    assert len(list(source.commits(heads))) == 1


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


@pytest.mark.parametrize(("line", "changed"), [("25\n", "XXV\n"), ("7\n", "VII\n"), ("7\n", ""), ("7\n", "7\n7.5\n")])
def test_a_merge_that_git_makes_alike_brings_nothing_though_both_sides_changed_a_file(
    builder: RepositoryBuilder, line: str, changed: str
) -> None:
    builder.branch("other", "main~1")
    builder.commit("other", {"f": BASE.replace(line, changed, 1)}, branch="other")
    sha = builder.merge("other", files={"f": BASE.replace("5\n", "FIVE\n", 1).replace(line, changed, 1)})
    alike = builder.git("merge-tree", "--write-tree", f"{sha}^1", f"{sha}^2").decode().strip()
    assert builder.git("rev-parse", f"{sha}^{{tree}}").decode().strip() == alike
    assert listing(builder).merges_left_out == 1


def test_a_change_of_what_the_other_side_renamed_brings_nothing(builder: RepositoryBuilder) -> None:
    builder.branch("renaming", "main~1")
    builder.commit("rename", {"f": None, "renamed": BASE}, branch="renaming")
    builder.merge("renaming", files={"f": None, "renamed": BASE.replace("5\n", "FIVE\n", 1)})
    assert listing(builder).merges_left_out == 1


def test_a_conflict_in_which_one_side_was_chosen_brings_nothing(builder: RepositoryBuilder) -> None:
    builder.merge("side", files={"f": BASE.replace("5\n", "FIVE\n", 1)})
    assert listing(builder).merges_left_out == 1


@pytest.mark.parametrize("resolution", ["five and FIVE\n", "FIVE\nfive\n", "five\nFIVE\n", ""])
def test_a_resolved_conflict_stays_with_its_resolution(builder: RepositoryBuilder, resolution: str) -> None:
    merge = builder.merge("side", files={"f": BASE.replace("5\n", resolution, 1)})
    commit = merged(builder)
    assert commit.sha == merge
    assert listing(builder).merges_left_out == 0
    assert [(file.path, file.status) for file in commit.files] == [("f", FileStatus.MODIFIED)]
    (file,) = commit.files
    against_first = builder.git("diff", f"{merge}^1", merge, "--", "f").decode().split("@@", 2)[2]
    assert file.patch is not None
    assert changed_lines(file.patch) == changed_lines(against_first)
    assert (file.additions, file.deletions) == (file.patch.count("\n+"), file.patch.count("\n-"))


def changed_lines(patch: str) -> list[str]:
    return [line for line in patch.split("\n") if line[:1] in ("+", "-")]


def test_only_the_places_that_the_merge_changed_itself_are_shown(builder: RepositoryBuilder) -> None:
    builder.branch("wide", "main~1")
    builder.commit("wide", {"f": BASE.replace("5\n", "five\n", 1).replace("27\n", "XXVII\n")}, branch="wide")
    builder.merge("wide", files={"f": BASE.replace("5\n", "both\n", 1).replace("27\n", "XXVII\n"), "h": "evil\n"})
    commit = merged(builder)
    assert [(file.path, file.additions, file.deletions) for file in commit.files] == [("f", 1, 1), ("h", 1, 1)]


def test_a_change_that_neither_side_had_stays_alone(builder: RepositoryBuilder) -> None:
    builder.branch("clean", "main~1")
    builder.commit("apart", {"apart": "1\n"}, branch="clean")
    builder.merge("clean", files={"g": "evil\n", "brought": "x\n", "bin": b"\0", "h": None})
    commit = merged(builder)
    assert [(file.path, file.status, file.additions, file.gap) for file in commit.files] == [
        ("bin", FileStatus.ADDED, 0, PatchGap.BINARY),
        ("brought", FileStatus.ADDED, 1, None),
        ("g", FileStatus.MODIFIED, 1, None),
    ]


def test_a_mode_that_neither_side_had_stays(builder: RepositoryBuilder) -> None:
    builder.branch("clean", "main~1")
    builder.commit("apart", {"apart": "1\n"}, branch="clean")
    builder.merge("clean", files={"g": executable("g\n")})
    (file,) = merged(builder).files
    assert (file.path, file.old_mode, file.new_mode, file.patch) == ("g", "100644", "100755", "")


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


def test_a_merge_that_cannot_be_compared_is_kept_without_patches(builder: RepositoryBuilder) -> None:
    builder.merge("side", files={"f": BASE.replace("5\n", "both\n", 1)})
    builder.object_file(builder.git("rev-parse", "main^1:f").decode().strip()).unlink()
    commit = merged(builder)
    assert [(file.path, file.gap, file.patch) for file in commit.files] == [("f", PatchGap.WITHHELD, None)]


def test_a_merge_whose_names_cannot_be_told_is_listed_and_then_missing(builder: RepositoryBuilder) -> None:
    merge = builder.merge("side", files={"folder/a": "a\n"})
    builder.object_file(builder.git("rev-parse", "main:folder").decode().strip()).unlink()
    source = GitSource(builder.path)
    heads = source.listing(Query(timezone="UTC"), NOW).heads
    assert merge in {head.sha for head in heads}
    with pytest.raises(PartialError) as error:
        list(source.commits(heads))
    assert error.value.missing == (merge,)


def test_a_day_that_has_only_empty_merges_is_not_the_last_one(builder: RepositoryBuilder) -> None:
    builder.branch("clean", "main~1")
    apart = builder.commit("apart", {"apart": "1\n"}, branch="clean", at=START + timedelta(days=1))
    builder.merge("clean", at=START + timedelta(days=2))
    assert [head.sha for head in listing(builder).heads] == [apart]


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
