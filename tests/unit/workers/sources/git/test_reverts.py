"""Reverts: what they name is found in the repository, and those that came after a window are found too."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.repositories import START, RepositoryBuilder
from workers.model import CommitHead
from workers.request import Query
from workers.sources.git.source import REVERT_REACH, GitSource
from workers.sources.window import span_window

NOW = START + timedelta(days=900)


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "repository")


def newest(source: GitSource) -> CommitHead:
    return source.listing(Query(timezone="UTC"), NOW).heads[0]


def found(builder: RepositoryBuilder, message: str, at: datetime | None = None) -> str | None:
    builder.commit(message, at=at)
    source = GitSource(builder.path)
    return source.find_reverted(newest(source))


def test_a_revert_names_its_commit_by_sha_long_or_short(builder: RepositoryBuilder) -> None:
    sha = builder.commit("Add it")
    assert found(builder, f"Undo\n\nThis reverts commit {sha}.") == sha
    assert found(builder, f"Undo\n\nThis reverts commit {sha[:8]}.") == sha


def test_a_sha_of_another_repository_is_not_found(builder: RepositoryBuilder) -> None:
    builder.commit("Add it")
    assert found(builder, f"Undo\n\nThis reverts commit {'0' * 39}1.") is None
    assert found(builder, 'Undo "Add it"') is None


def test_a_revert_names_its_commit_by_subject(builder: RepositoryBuilder) -> None:
    sha = builder.commit("Add it (#12)\n\nWhy.")
    builder.commit("Add it, but not the same")
    builder.commit("Other\n\nAdd it")
    assert found(builder, 'Revert "Add it" (#13)') == sha
    assert found(builder, 'Revert "Revert "Add it" (#13)" (#14)') == builder.sha("HEAD~1")
    assert found(builder, 'Revert "Never added"') is None


def test_the_very_subject_wins_over_a_newer_one_that_differs_in_its_number(builder: RepositoryBuilder) -> None:
    sha = builder.commit("Add it (#12)")
    builder.commit("Add it (#20)")
    assert found(builder, 'Revert "Add it (#12)" (#21)') == sha


def test_patterns_in_a_subject_are_only_letters(builder: RepositoryBuilder) -> None:
    sha = builder.commit("Fix [a-z]* in --all (.*) 启动")
    builder.commit("Fix x in --all y 启动")
    assert found(builder, 'Revert "Fix [a-z]* in --all (.*) 启动"') == sha


def test_a_revert_names_its_commit_by_pull_request(builder: RepositoryBuilder) -> None:
    sha = builder.commit("Add it (#12)")
    builder.commit("Add more (#123)\n\nafter #12")
    assert found(builder, "Undo\n\nReverts owner/name#12") == sha


def test_what_lies_too_far_back_is_not_sought_by_subject(builder: RepositoryBuilder) -> None:
    builder.commit("Add it", at=START)
    assert found(builder, 'Revert "Add it"', at=START + REVERT_REACH + timedelta(days=1)) is None
    assert found(builder, 'Revert "Add it"', at=START + REVERT_REACH - timedelta(days=1)) is not None


def test_reverts_after_a_window_are_those_of_the_default_branch(builder: RepositoryBuilder) -> None:
    builder.commit('Revert "inside"', at=START)
    end = START + timedelta(hours=1)
    by_sha = builder.commit("Undo\n\nThis reverts commit 0123456.", at=end)
    builder.commit("Fix revert of focus", at=end + timedelta(hours=1))
    by_subject = builder.commit('revert: "feat: it" (#3)', at=end + timedelta(hours=2))
    again = builder.commit('Reapply "it"', at=end + timedelta(hours=3))
    builder.branch("side")
    builder.commit('Revert "on the side"', branch="side", at=end + timedelta(hours=4))
    source = GitSource(builder.path)
    after = source.reverts_after(span_window(START, end, "UTC"))
    assert [head.sha for head in after] == [again, by_subject, by_sha]
