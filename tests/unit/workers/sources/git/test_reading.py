"""Reading a repository on disk that would run or give away what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Identity, RepositoryBuilder
from workers.reading import MOST_BLAMED, MOST_LISTED, Blame, CannotRead
from workers.sources.git.command import Git
from workers.sources.git.reading import GitReading

GRACE = Identity("Grace Hopper", "grace@example.com")


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "r.git", bare=True)


def reading_of(builder: RepositoryBuilder) -> GitReading:
    return GitReading(Git(builder.path))


def test_lines_are_told_with_who_brought_them(builder: RepositoryBuilder) -> None:
    first = builder.commit("begin", {"a.py": "one\ntwo\nthree\n"})
    second = builder.commit("change two\n\nBecause.", {"a.py": "one\nTWO\nthree\n"}, author=GRACE)
    assert reading_of(builder).blame(second, "a.py", 1, 3) == (
        Blame(1, 1, first, "Ada Lovelace", "2026-02-21", "begin"),
        Blame(2, 2, second, "Grace Hopper", "2026-02-21", "change two"),
        Blame(3, 3, first, "Ada Lovelace", "2026-02-21", "begin"),
    )


def test_the_authors_of_only_so_many_lines_are_told(builder: RepositoryBuilder) -> None:
    sha = builder.commit("begin", {"a.py": "x\n" * 1000})
    assert reading_of(builder).blame(sha, "a.py", 5, 1000) == (
        Blame(5, 5 + MOST_BLAMED - 1, sha, "Ada Lovelace", "2026-02-21", "begin"),
    )


@pytest.mark.parametrize(("path", "start"), [("a.py", 9), ("b.py", 1), ("../a.py", 1), ("-L1", 1)])
def test_lines_that_are_not_there_have_no_author(builder: RepositoryBuilder, path: str, start: int) -> None:
    sha = builder.commit("begin", {"a.py": "x\n"})
    with pytest.raises(CannotRead):
        reading_of(builder).blame(sha, path, start, start + 1)


def test_nothing_that_a_repository_names_is_run_or_read(builder: RepositoryBuilder, tmp_path: Path) -> None:
    ran, names = tmp_path / "ran", tmp_path / "names"
    names.write_text("Somebody Else <ada@example.com>\n")
    sha = builder.commit("begin", {"a.txt": "secret word\n", ".gitattributes": "*.txt diff=evil filter=evil\n"})
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "attributes").write_text("*.txt diff=evil filter=evil\n")
    for name in ("diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.process", "core.pager"):
        builder.git("config", name, f"touch {ran}; cat")
    builder.git("config", "mailmap.file", str(names))
    reading = reading_of(builder)
    assert reading.file(sha, "a.txt") == "secret word\n"
    assert reading.holding(sha, "secret word").paths == ("a.txt",)
    assert reading.blame(sha, "a.txt", 1, 1)[0].author == "Ada Lovelace"
    assert not ran.exists()


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "x" * 1000, "\x1b[0m"])
def test_what_is_no_text_of_a_line_is_not_searched_for(builder: RepositoryBuilder, text: str) -> None:
    sha = builder.commit("begin", {"a.txt": "a\nb\n"})
    with pytest.raises(CannotRead):
        reading_of(builder).holding(sha, text)


def test_a_text_that_looks_like_an_option_is_searched_for(builder: RepositoryBuilder) -> None:
    sha = builder.commit("begin", {"a.txt": "run --open-files-in-pager=x\n"})
    assert reading_of(builder).holding(sha, "--open-files-in-pager=x").paths == ("a.txt",)


def test_a_search_that_finds_too_much_is_ended(builder: RepositoryBuilder) -> None:
    sha = builder.commit("begin", {f"f{number}.txt": "x\n" for number in range(MOST_LISTED + 50)})
    assert len(reading_of(builder).holding(sha, "x").paths) == MOST_LISTED


@pytest.mark.parametrize("sha", ["HEAD", "main", "--all", "@{-1}", "", "0" * 7])
def test_a_revision_that_is_no_sha_is_none(builder: RepositoryBuilder, sha: str) -> None:
    builder.commit("begin", {"a.txt": "x\n"})
    with pytest.raises(CannotRead, match="no_commit"):
        reading_of(builder).file(sha, "a.txt")


def test_a_pull_request_is_not_in_a_repository_on_disk(builder: RepositoryBuilder) -> None:
    with pytest.raises(CannotRead, match="not_offered"):
        reading_of(builder).pull_request(1)
