"""A repository's name and page from the address of its remote; never its password."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder
from workers.sources.git.forge import Home, read_remote
from workers.sources.git.source import GitSource

GITHUB = Home("apache/dubbo", "https://github.com/apache/dubbo")


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/apache/dubbo",
        "https://github.com/apache/dubbo.git",
        "https://github.com/apache/dubbo/",
        "http://www.github.com/apache/dubbo.git",
        "HTTPS://GitHub.com/apache/dubbo",
        "https://user:ghp_secret@github.com/apache/dubbo.git",
        "https://ghp_secret@github.com:443/apache/dubbo.git?token=secret#x",
        "https://u:p@ss@github.com/apache/dubbo",
        "git@github.com:apache/dubbo.git",
        "github.com:apache/dubbo",
        "ssh://git@github.com/apache/dubbo.git",
        "ssh://git@ssh.github.com:443/apache/dubbo.git",
        "git://github.com/apache/dubbo.git",
    ],
)
def test_an_address_of_github_is_its_page_without_secrets(address: str) -> None:
    assert read_remote(address) == GITHUB


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("git@gitlab.com:group/sub/project.git", Home("group/sub/project", "https://gitlab.com/group/sub/project")),
        (
            "https://oauth2:secret@gitee.com/mindspore/docs.git",
            Home("mindspore/docs", "https://gitee.com/mindspore/docs"),
        ),
        ("git@git.example.com:team/tool.git", Home("team/tool", None)),
        ("https://u:secret@git.example.com:8443/team/tool.git", Home("team/tool", None)),
    ],
)
def test_other_forges_have_names_and_only_known_ones_pages(address: str, home: Home) -> None:
    assert read_remote(address) == home


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/git/tool.git",
        "../tool.git",
        "file:///srv/git/tool.git",
        "C:\\git\\tool",
        "C:/git/tool",
        "https://github.com/",
        "https://github.com/only",
        "https://github.com/a/../b",
        "https://github.com/a b/<c>",
        "ext::sh -c touch% /tmp/x",
        "https://github.com/a/b\nc",
    ],
)
def test_what_is_no_address_of_a_forge_has_no_home(address: str) -> None:
    assert read_remote(address) is None


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "folder.git", bare=True)


def test_a_source_is_named_by_its_origin(builder: RepositoryBuilder) -> None:
    builder.git("config", "remote.upstream.url", "https://github.com/other/fork")
    builder.git("config", "remote.origin.url", "https://x:secret@github.com/apache/dubbo.git")
    source = GitSource(builder.path)
    assert (source.name, source.url) == GITHUB


def test_without_origin_it_is_named_by_its_only_remote_and_without_that_by_its_folder(
    builder: RepositoryBuilder,
) -> None:
    assert GitSource(builder.path).name == "folder"
    builder.git("config", "remote.upstream.url", "git@github.com:apache/dubbo.git")
    assert GitSource(builder.path).name == "apache/dubbo"
    builder.git("config", "remote.other.url", "git@github.com:apache/other.git")
    assert GitSource(builder.path).name == "folder"
