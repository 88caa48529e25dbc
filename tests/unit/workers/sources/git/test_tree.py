"""Looking into the files at one commit of a repository on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder
from workers.sources.git import tree as trees
from workers.sources.git.command import Git
from workers.sources.git.source import GitSource
from workers.sources.git.tree import GitTree


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "r.git", bare=True)


def tree_of(builder: RepositoryBuilder, sha: str) -> GitTree:
    return GitTree(Git(builder.path), sha)


def test_paths_and_folders_of_the_commit_and_of_its_parent_are_there(builder: RepositoryBuilder) -> None:
    builder.commit("one", {"a/old.py": "x = 1\n", "b.txt": "b\n"})
    sha = builder.commit("two", {"a/old.py": None, "c/名字.py": "y = 2\n"})
    tree = tree_of(builder, sha)
    assert all(map(tree.has_path, ("a/old.py", "a", "b.txt", "c/", "c/名字.py")))
    assert not any(map(tree.has_path, ("old.py", "a/new.py", "../b.txt", "", "b.txt\nc", "HEAD:b.txt")))


def test_texts_of_unchanged_files_and_of_the_parent_are_held(builder: RepositoryBuilder) -> None:
    builder.commit("one", {"a.py": "def gone(): pass\n", "b.py": "def kept_name(): pass\n"})
    sha = builder.commit("two", {"a.py": "def here(): pass\n"})
    builder.commit("three", {"d.py": "def later(): pass\n"})
    tree = tree_of(builder, sha)
    assert all(map(tree.holds, ("kept_name", "def here()", "gone")))
    assert not any(map(tree.holds, ("later", "Kept_name", "kept.name", "", "here\nkept")))


def test_a_text_that_looks_like_an_option_is_a_text(builder: RepositoryBuilder) -> None:
    tree = tree_of(builder, builder.commit("one", {"a.sh": "run --open-files-in-pager\n"}))
    assert tree.holds("--open-files-in-pager")
    assert not tree.holds("--exclude-standard")


def test_a_root_commit_has_no_older_side(builder: RepositoryBuilder) -> None:
    tree = tree_of(builder, builder.commit("one", {"a.py": "alpha\n"}))
    assert tree.holds("alpha") and tree.has_path("a.py")
    assert not tree.holds("beta") and not tree.has_path("b.py")


def test_an_answer_is_kept_and_costs_no_second_process(builder: RepositoryBuilder, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    program = tmp_path / "git"
    program.write_text(f'#!/bin/sh\necho x >> "{calls}"\nexec git "$@"\n')
    program.chmod(0o755)
    sha = builder.commit("one", {"a.py": "alpha\n"})
    tree = GitTree(Git(builder.path, program=str(program)), sha)
    assert [tree.holds("alpha"), tree.holds("beta")] == [True, False]
    before = calls.read_text()
    assert [tree.holds("alpha"), tree.holds("beta")] == [True, False]
    assert calls.read_text() == before


def test_what_cannot_be_looked_up_is_not_there(builder: RepositoryBuilder) -> None:
    builder.commit("one", {"a.py": "alpha\n"})
    tree = tree_of(builder, "0" * 40)
    assert not tree.holds("alpha")
    assert not tree.has_path("a.py")


def test_a_search_that_hangs_is_given_up(
    builder: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text('#!/bin/sh\ncase "$*" in *" grep "*) exec sleep 60;; esac\nexec git "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(trees, "PATIENCE", 0.2)
    tree = GitTree(Git(builder.path, program=str(program)), builder.commit("one", {"a.py": "alpha\n"}))
    assert not tree.holds("alpha")
    assert tree.has_path("a.py")


def test_a_tree_that_took_all_its_time_is_asked_no_more(builder: RepositoryBuilder) -> None:
    moments = iter([0.0, trees.BUDGET + 1])
    tree = GitTree(Git(builder.path), builder.commit("one", {"a.py": "alpha\nbeta\n"}), lambda: next(moments))
    assert tree.holds("alpha")
    assert not tree.holds("beta")
    assert tree.holds("alpha")


def test_a_git_source_has_a_tree(builder: RepositoryBuilder) -> None:
    sha = builder.commit("one", {"a.py": "alpha\n"})
    source = GitSource(builder.path)
    assert source.tree(sha).holds("alpha")
    source.close()
    assert not source.tree(sha).holds("beta")


def test_the_lines_of_a_file_that_have_a_text_are_told_by_side(builder: RepositoryBuilder) -> None:
    builder.commit("one", {"a.py": "alpha\nbeta\nalpha:2\n", "b[1].py": "alpha\n"})
    sha = builder.commit("two", {"a.py": "zero\nalpha\nbeta\n"})
    tree = tree_of(builder, sha)
    assert tree.lines_with("alpha", "a.py", "new") == (2,)
    assert tree.lines_with("alpha", "a.py", "old") == (1, 3)
    assert tree.lines_with("alpha", "b[1].py", "new") == (1,)
    assert tree.lines_with("alpha", "*.py", "new") == tree.lines_with("alpha\nbeta", "a.py", "new") == ()


def test_a_root_commit_has_no_lines_of_before(builder: RepositoryBuilder) -> None:
    tree = tree_of(builder, builder.commit("one", {"a.py": "alpha\n"}))
    assert (tree.lines_with("alpha", "a.py", "old"), tree.lines_with("alpha", "a.py", "new")) == ((), (1,))
