"""How GitHub is reached: names, addresses, keys, an App's installation, and what asking about a key costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.github import INSTALLATION_TOKEN, RIGHT_TOKEN, FakeGitHub
from tests.fakes.github_stage import ALL, NAME, NOW, Memory, source_on
from tests.fakes.github_troubles import body, changed, failure
from tests.repositories import RepositoryBuilder
from workers.errors import DigestError, RefusedError, TransientError, WordsError
from workers.model import CommitHead
from workers.sources.github.access import GitHubAccess, is_repository_name
from workers.sources.github.source import GitHubSource, requests_left

OTHER_PUBLIC_KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA16MwFFUL8nCYKcy61/yq
T8HRRBN9vhswekdMrkERorx2uS8K3Ja+09utqK/bxEJ7R21pupaYnbdaFyxHAH+z
t3p456/zw0hxoIq3KcLaVqH627nhUcPuXQvIM1VFJqDBSNuEv+h1CxMQHOgP6o7k
5zZK2j4JT9G8IpDCfSw5uSElMLugXXTc0jGeYrb2aHs24ruR8QPfWVC2SpfTKWSz
IdxNE5/scCybOCtVBhyl9dLmLv7JS5MfBgMzS7/oFnGEH/SOP+hu3qVUsow1+QCS
4DLhWJvd7RKydJxInLWsBV63PiYyb/OTfjxbNvNgPgoSyqWtc/gdl8CxwmSs5W7c
cwIDAQAB
-----END PUBLIC KEY-----
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    built = RepositoryBuilder(tmp_path_factory.mktemp("engine"), bare=True)
    built.commit("one", {"a": "1\n"})
    return built


@pytest.fixture(scope="module")
def keys() -> tuple[str, str]:
    """A private key and its public one."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    secret = private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return secret.decode(), private.public_key().public_bytes(serialization.Encoding.PEM, public).decode()


@pytest.fixture
def hub(engine: RepositoryBuilder, keys: tuple[str, str]) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: engine.path}, private=True, app_key=keys[1]) as server:
        yield server


def app_access(keys: tuple[str, str]) -> dict[str, Any]:
    return {"token": None, "app_id": 12, "private_key": keys[0]}


def told(source: GitHubSource) -> tuple[type[DigestError], str]:
    with pytest.raises(DigestError) as raised:
        source.listing(ALL, NOW)
    return type(raised.value), raised.value.code


# --- names and addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a/b", "some-org/some.name", "Foo/.github", "o_x/a.b-c_d", "a/" + "b" * 100])
def test_an_owner_and_a_name_make_a_repository(name: str) -> None:
    assert is_repository_name(name)


@pytest.mark.parametrize(
    "name", ["", "a", "/b", "a/", "a/b/c", "a/..", "a/.", "../b", "-a/b", "a/b?x", "a/b\n", "a b/c", "a/%2e", "甲/乙"]
)
def test_what_is_no_repository_name_is_refused_before_anything_is_asked(name: str) -> None:
    with pytest.raises(WordsError, match="bad_source"):
        GitHubSource(name)


@pytest.mark.parametrize(
    ("api", "page"),
    [
        ("https://api.github.com", "https://github.com/acme/engine"),
        ("https://git.example.com/api/v3", "https://git.example.com/acme/engine"),
        ("https://api.acme.ghe.com/", "https://acme.ghe.com/acme/engine"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/acme/engine"),
    ],
)
def test_the_page_stands_where_the_api_belongs_to(api: str, page: str) -> None:
    source = GitHubSource(NAME, GitHubAccess(api_url=api))
    assert (source.name, source.url) == (NAME, page)


@pytest.mark.parametrize(
    "url", ["", "api.github.com", "ftp://api.github.com", "https://", "https://x:99999", "https://[x"]
)
def test_an_address_that_is_none_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(WordsError, match=r"bad_setting.*GITHUB_API_URL"):
        GitHubSource(NAME, GitHubAccess(api_url=url))


def test_how_it_is_reached_can_be_told_without_importing_pygithub() -> None:
    program = "import sys, workers.sources.github.access; sys.exit('github' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_keys_are_not_shown() -> None:
    shown = repr(GitHubAccess(token="ghp_secret", private_key="PRIVATE"))
    assert "ghp_secret" not in shown
    assert "PRIVATE" not in shown


# --- an App -----------------------------------------------------------------------------------------------------


def test_an_app_finds_its_installation_and_takes_one_token_for_all_requests(
    hub: FakeGitHub, keys: tuple[str, str]
) -> None:
    with source_on(hub, **app_access(keys)) as source:
        listing = source.listing(ALL, NOW)
        assert len(list(source.commits(listing.heads))) == 1
    assert [(request.method, request.path.split("/", 4)[-1]) for request in hub.requests] == [
        ("GET", "installation"),
        ("POST", "access_tokens"),
        ("GET", "commits"),
        ("GET", f"commits/{listing.heads[0].sha}"),
    ]
    assert hub.requests[-1].headers["authorization"] == f"token {INSTALLATION_TOKEN}"


def test_an_installation_that_is_remembered_is_not_looked_for_and_its_token_not_remembered(
    hub: FakeGitHub, keys: tuple[str, str]
) -> None:
    memory = Memory()
    for _ in range(2):
        with source_on(hub, memory, **app_access(keys)) as source:
            source.listing(ALL, NOW)
    assert len(hub.asked("/installation$")) == 1
    assert len(hub.asked("/access_tokens")) == 2
    assert not any(INSTALLATION_TOKEN.encode() in value for value in memory.values())


def test_an_app_that_is_not_installed_does_not_find_the_repository(
    engine: RepositoryBuilder, keys: tuple[str, str]
) -> None:
    with FakeGitHub({NAME: engine.path}, app_key=keys[1]) as hub:
        hub.trouble(failure(404, "Not Found"), on="/installation$")
        with source_on(hub, **app_access(keys)) as source:
            assert told(source) == (RefusedError, "repository_not_found")


def test_a_private_key_that_is_none_is_refused_before_anything_is_asked(hub: FakeGitHub) -> None:
    with source_on(hub, token=None, app_id=12, private_key="-----BEGIN nothing") as source:
        assert told(source) == (RefusedError, "bad_credentials")
    assert hub.requests == []


def test_a_private_key_of_another_app_is_refused(hub: FakeGitHub, keys: tuple[str, str]) -> None:
    hub.app_key = OTHER_PUBLIC_KEY
    with source_on(hub, **app_access(keys)) as source:
        assert told(source) == (RefusedError, "bad_credentials")


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (failure(401, "Bad credentials"), (RefusedError, "bad_credentials")),
        (failure(502), (TransientError, "source_unreachable")),
        (failure(403, "This installation has been suspended"), (RefusedError, "access_refused")),
        (body(b"{}"), (RefusedError, "bad_credentials")),
        (body(b"["), (TransientError, "source_misbehaves")),
        (changed(lambda data: {**data, "token": 7}), (TransientError, "source_misbehaves")),
    ],
)
def test_an_installation_token_that_cannot_be_had_is_told_as_any_other_answer(
    hub: FakeGitHub, keys: tuple[str, str], trouble: Any, error: tuple[type[DigestError], str]
) -> None:
    hub.trouble(trouble, on="/access_tokens", times=None)
    with source_on(hub, **app_access(keys)) as source:
        assert told(source) == error


# --- what a key may still ask -----------------------------------------------------------------------------------


def test_how_many_requests_are_left_is_told_and_costs_none(hub: FakeGitHub) -> None:
    hub.remaining = 0
    assert requests_left(GitHubAccess(token=RIGHT_TOKEN, api_url=hub.url)) == (0, 5_000)
    assert len(hub.requests) == 1


def test_an_apps_key_is_checked_without_a_repository(hub: FakeGitHub, keys: tuple[str, str]) -> None:
    access = GitHubAccess(app_id=12, private_key=keys[0], api_url=hub.url)
    assert requests_left(access) == (5_000, 5_000)


def test_a_wrong_key_has_nothing_left(hub: FakeGitHub) -> None:
    with pytest.raises(RefusedError, match="bad_credentials"):
        requests_left(GitHubAccess(token="ghp_wrong", api_url=hub.url))


# --- reverts ----------------------------------------------------------------------------------------------------


def head(message: str) -> CommitHead:
    person = {"name": "A", "email": "a@b"}
    return CommitHead.model_validate(
        {
            "sha": "a" * 40,
            "author": person,
            "committer": person,
            "authored_at": NOW,
            "committed_at": NOW,
            "message": message,
        }
    )


def test_a_revert_is_taken_at_its_word_where_it_names_a_whole_sha(hub: FakeGitHub) -> None:
    with source_on(hub) as source:
        assert source.find_reverted(head(f'Revert "x"\n\nThis reverts commit {"b" * 40}.')) == "b" * 40
    assert hub.requests == []


def test_a_revert_that_abbreviates_is_looked_up_by_one_request_and_remembered(
    hub: FakeGitHub, engine: RepositoryBuilder
) -> None:
    memory = Memory()
    known = head(f"Undo\n\nThis reverts commit {engine.sha('main')[:9]}.")
    unknown = head("Undo\n\nThis reverts commit 0123456.")
    for _ in range(2):
        with source_on(hub, memory) as source:
            assert source.find_reverted(known) == engine.sha("main")
            assert source.find_reverted(unknown) is None
    assert len(hub.requests) == 2


def test_a_name_that_is_a_branch_is_not_taken_for_a_sha(hub: FakeGitHub, tmp_path: Path) -> None:
    built = RepositoryBuilder(tmp_path / "odd", bare=True)
    built.commit("one")
    built.branch("deadbeef")
    with FakeGitHub({NAME: built.path}) as odd, source_on(odd) as source:
        assert source.find_reverted(head("Undo\n\nThis reverts commit deadbeef.")) is None


def test_what_a_revert_names_is_left_open_where_github_cannot_be_asked(hub: FakeGitHub) -> None:
    hub.trouble(failure(502), times=None)
    memory = Memory()
    with source_on(hub, memory) as source:
        assert source.find_reverted(head("Undo\n\nThis reverts commit 0123456.")) is None
    assert memory == {}


def test_other_reverts_are_not_searched_for(hub: FakeGitHub) -> None:
    with source_on(hub) as source:
        window = source.listing(ALL, NOW).window
        hub.requests.clear()
        assert source.find_reverted(head('Revert "one"')) is None
        assert source.find_reverted(head("A change")) is None
        assert list(source.reverts_after(window)) == []
    assert hub.requests == []
