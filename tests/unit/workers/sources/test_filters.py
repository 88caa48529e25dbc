"""Author filters as Query tells them; path globs that mean what they mean to git."""

from __future__ import annotations

import time

import pytest

from tests.repositories import RepositoryBuilder
from workers.model import CommitHead, Person
from workers.request import Query
from workers.sources.filters import author_filter, path_filter
from workers.sources.git.heads import NO_TIME

BOT = Person(name="dependabot[bot]", email="49699333+dependabot[bot]@users.noreply.github.com")


def head(author: Person) -> CommitHead:
    return CommitHead(
        sha="0" * 40, author=author, committer=author, authored_at=NO_TIME, committed_at=NO_TIME, message=""
    )


def passes(author: Person, wanted: tuple[str, ...] = (), unwanted: tuple[str, ...] = ()) -> bool:
    return author_filter(Query(timezone="UTC", authors=wanted, exclude_authors=unwanted))(head(author))


@pytest.mark.parametrize(
    "text", ["ada", "LOVELACE", "ada@example", "Ada Lovelace <ada@example.com>", "*lovelace*", "a?a *"]
)
def test_an_author_is_found_by_a_part_or_a_glob_of_name_and_address(text: str) -> None:
    assert passes(Person(name="Ada Lovelace", email="ada@example.com"), wanted=(text,))
    assert not passes(Person(name="Ada Lovelace", email="ada@example.com"), unwanted=(text,))


@pytest.mark.parametrize("text", ["bob", "lovelace*", "?da", "[a]da*", "ada.*"])
def test_a_glob_is_of_the_whole_and_nothing_else_is_a_pattern(text: str) -> None:
    assert not passes(Person(name="Ada Lovelace", email="ada@example.com"), wanted=(text,))


def test_brackets_are_letters_since_bots_have_them_in_their_names() -> None:
    assert passes(BOT, wanted=("dependabot[bot]",))
    assert passes(BOT, wanted=("*[bot] <*",))
    assert not passes(Person(name="dependabotb"), wanted=("*[bot]*",))


def test_one_wanted_author_is_enough_and_one_unwanted_too() -> None:
    assert passes(BOT, wanted=("ada", "bot"))
    assert not passes(BOT, wanted=("bot",), unwanted=("ada", "noreply"))


def test_letters_of_any_language_are_folded() -> None:
    assert passes(Person(name="STRASSE Äpfel"), wanted=("straße äpfel",))


PATHS = [
    "README.md", "docs/README.md", "docs/zh/README.md", "src/a.c", "src/b.h", "src/net/a.c", "src/net/tls/b.c",
    "srcs/a.c", "a/b/c/d", "a/d", "a/x/d", "x.py", "[x].py", "文档/说明.md", "src/*.c",
]  # fmt: skip
GLOBS = [
    "src", "src/", "/src", "src/net", "*.md", "**/*.md", "**/README.md", "docs/**", "docs/*", "src/*.c", "src/**/*.c",
    "src/**", "**", "*", "a/**/d", "a/*/d", "s?c/a.c", "src/[ab].*", "src/[^a].*", "[!R]*.py", "**/net", "文档/*",
    "src*", "nothing", "a/**/**/d", "**/a.c", "src/n*", "docs/**/README.md", r"\[x\].py", "a**d", "src/**.c",
]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    builder = RepositoryBuilder(tmp_path_factory.mktemp("globs"))
    builder.commit("files", dict.fromkeys(PATHS, "x"))
    return builder


@pytest.mark.parametrize("glob", GLOBS)
def test_a_glob_means_what_it_means_to_git(tree: RepositoryBuilder, glob: str) -> None:
    spec = f":(top,glob){glob.strip('/')}"
    told = tree.git("diff-tree", "--root", "-r", "-z", "--name-only", "--no-commit-id", "HEAD", "--", spec)
    touches = path_filter([glob])
    assert {path for path in PATHS if touches(path)} == set(told.decode().split("\0")) - {""}


def test_without_globs_every_path_is_meant_and_with_several_any_of_them() -> None:
    assert path_filter([])("anything")
    assert path_filter(["docs", "*.md"])("README.md")
    assert not path_filter(["docs", "*.md"])("src/x.c")


def test_a_hostile_glob_takes_no_time() -> None:
    begun = time.process_time()
    path_filter(["**/" * 50 + "*a" * 500 + "b"])("a" * 4000 + "/a" * 50)
    assert time.process_time() - begun < 1
