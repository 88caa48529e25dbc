"""Who may see public repositories only learns nothing of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.fakes.github_stage import NAME, Time
from tests.fakes.github_troubles import body, changed, failure
from tests.repositories import RepositoryBuilder
from workers.errors import DigestError, RefusedError, TransientError
from workers.sources.github.access import GitHubAccess
from workers.sources.github.visibility import ensure_public


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    built = RepositoryBuilder(tmp_path_factory.mktemp("engine"), bare=True)
    built.commit("one", {"a": "1\n"})
    return built


@pytest.fixture
def hub(engine: RepositoryBuilder) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: engine.path}) as server:
        yield server


def ask(hub: FakeGitHub, name: str = NAME) -> None:
    time = Time()
    ensure_public(name, GitHubAccess(token=RIGHT_TOKEN, api_url=hub.url), sleep=time.sleep, clock=time.clock)


def refusal(hub: FakeGitHub, name: str = NAME) -> DigestError:
    with pytest.raises(DigestError) as raised:
        ask(hub, name)
    return raised.value


def private(value: object) -> object:
    return changed(lambda data: {**data, "private": value})


def test_a_public_repository_is_let_through_with_one_request(hub: FakeGitHub):
    hub.trouble(private(False))
    ask(hub)
    assert len(hub.requests) == 1


@pytest.mark.parametrize("value", [True, None, 0, "false"])
def test_whatever_github_does_not_call_public_is_not_there(hub: FakeGitHub, value: object):
    hub.trouble(private(value))
    error = refusal(hub)
    assert (type(error), error.code) == (RefusedError, "repository_not_found")


def test_a_private_repository_and_none_at_all_are_refused_in_the_same_words(hub: FakeGitHub):
    hub.trouble(private(True))
    hidden, missing = refusal(hub), refusal(hub, "acme/missing")
    assert hidden.code == missing.code
    assert {**hidden.details, "repository": "", "asked": ""} == {**missing.details, "repository": "", "asked": ""}
    assert hidden.details["asked"] == f"/repos/{NAME}"
    assert missing.details["asked"] == "/repos/acme/missing"


def test_an_answer_that_does_not_say_lets_nothing_through(hub: FakeGitHub):
    hub.trouble(changed(lambda data: {name: data[name] for name in data if name != "private"}))
    assert refusal(hub).code == "source_misbehaves"


def test_an_answer_that_makes_no_sense_lets_nothing_through(hub: FakeGitHub):
    hub.trouble(body(b"[]"))
    assert refusal(hub).code == "source_misbehaves"


def test_a_server_that_fails_lets_nothing_through(hub: FakeGitHub):
    hub.trouble(failure(500), times=9)
    assert isinstance(refusal(hub), TransientError)
