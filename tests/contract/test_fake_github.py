"""The fake GitHub through PyGithub's own objects: they understand it as they understand the real one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from github import Auth, Github, GithubException, RateLimitExceededException, UnknownObjectException

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.repositories import START, RepositoryBuilder

NAME = "acme/engine"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    built = RepositoryBuilder(tmp_path_factory.mktemp("engine"), bare=True)
    built.commit("one", {"a": "1\n", "b/c": "1\n"})
    built.branch("side")
    built.commit("two", {"a": "2\n"})
    built.commit("three", {"b/c": "3\n"})
    built.commit("wide", {f"many/{n}": f"{n}\n" for n in range(301)})
    built.commit("apart", {"z": "1\n"}, branch="side")
    return built


@pytest.fixture
def hub(built: RepositoryBuilder) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: built.path}) as server:
        yield server


@pytest.fixture
def client(hub: FakeGitHub) -> Iterator[Github]:
    auth = Auth.Token(RIGHT_TOKEN)
    with Github(auth=auth, base_url=hub.url, per_page=2, retry=None, seconds_between_requests=0) as opened:
        yield opened


def test_a_repository_and_its_branches(client: Github) -> None:
    repository = client.get_repo(NAME)
    assert (repository.full_name, repository.default_branch) == (NAME, "main")
    assert [branch.name for branch in repository.get_branches()] == ["main", "side"]


def test_a_list_of_commits_over_several_pages(client: Github, hub: FakeGitHub) -> None:
    commits = client.get_repo(NAME).get_commits()
    assert [commit.commit.message for commit in commits] == ["wide", "three", "two", "one"]
    assert [request.query.get("page") for request in hub.asked("/commits")] == [None, "2"]
    assert commits.totalCount == 4


def test_lists_by_branch_path_and_time_whose_ends_are_both_included(client: Github) -> None:
    repository = client.get_repo(NAME)
    assert [commit.commit.message for commit in repository.get_commits(sha="side")] == ["apart", "one"]
    assert [commit.commit.message for commit in repository.get_commits(path="b")] == ["three", "one"]
    minute = timedelta(minutes=1)
    within = repository.get_commits(since=START + minute, until=START + 2 * minute)
    assert [commit.commit.message for commit in within] == ["three", "two"]


def test_a_commit_with_its_files_over_several_pages(client: Github, built: RepositoryBuilder, hub: FakeGitHub) -> None:
    commit = client.get_repo(NAME).get_commit(built.sha("main"), commit_files_per_page=300)
    files = list(commit.files)
    assert (len(files), commit.stats.additions, files[0].status) == (301, 301, "added")
    assert files[0].patch == "@@ -0,0 +1 @@\n+0"
    assert (commit.commit.author.date, commit.parents[0].sha) == (START + timedelta(minutes=3), built.sha("main~1"))
    assert len(hub.asked("/commits/")) == 2


def test_a_comparison_has_its_commits_oldest_first(client: Github) -> None:
    comparison = client.get_repo(NAME).compare("side", "main", comparison_commits_per_page=2)
    assert comparison.total_commits == 3
    assert [commit.commit.message for commit in comparison.commits] == ["two", "three", "wide"]


def test_rate_limits_are_counted_and_end(client: Github, hub: FakeGitHub) -> None:
    hub.remaining = 2
    client.get_repo(NAME)
    assert client.rate_limiting[0] == 1
    assert client.get_rate_limit().rate.remaining == 1
    client.get_repo(NAME)
    with pytest.raises(RateLimitExceededException):
        client.get_repo(NAME)
    assert client.rate_limiting_resettime == hub.reset


@pytest.mark.parametrize(("name", "status"), [("acme/nothing", 404), ("acme/engine/commits/nothing", 422)])
def test_what_is_not_there(client: Github, name: str, status: int) -> None:
    with pytest.raises(GithubException) as raised:
        client.requester.requestJsonAndCheck("GET", f"/repos/{name}")
    assert raised.value.status == status
    assert isinstance(raised.value, UnknownObjectException) == (status == 404)


def test_it_can_be_served_for_trying_things_by_hand(built: RepositoryBuilder) -> None:
    command = [sys.executable, "-m", "tests.fakes.github", str(built.path), "some/name"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as server:
        assert server.stdout is not None
        told = re.match(r"GITHUB_API_URL=(http://127\.0\.0\.1:\d+) ", server.stdout.readline())
        assert told is not None
        with urlopen(f"{told[1]}/repos/some/name") as answer:  # noqa: S310 - it is our own server
            assert answer.status == 200
        server.kill()
