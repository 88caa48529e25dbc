"""What every Reading must do alike, and what of it each source has: a repository on disk, and the same on GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import NAME, source_on
from tests.repositories import RepositoryBuilder, executable, submodule, symlink
from workers.reading import MOST_FILE, CannotRead, Reading
from workers.sources.git.source import GitSource

OUTSIDE = "../outside.txt"


class Repository:
    """Two commits with files of every sort, and a file outside of them."""

    def __init__(self, path: Path) -> None:
        built = RepositoryBuilder(path / "r.git", bare=True)
        (path / "outside.txt").write_text("top secret\n")
        files = {
            "src/app.py": "one = 1\ntwo = 2\nthree = 3\n",
            "src/run.sh": executable("run\n"),
            "docs/说明.md": "内容\n",
            "with space.txt": "spaced two = 2\n",
            ":(top)x": "magic\n",
            "link": symlink("../../outside.txt"),
            "inner": symlink("src/app.py"),
            "folder": symlink("src"),
            "module": submodule("3" * 40),
            "data.bin": b"\0\1\2two = 2",
            "huge.txt": "x" * (MOST_FILE + 1),
            "latin.txt": "caf\xe9\n".encode("latin-1"),
        }
        self.first = built.commit("one", files)
        self.second = built.commit("two", {"src/app.py": "one = 1\ntwo = 22\nthree = 3\n"})
        self.path = built.path


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("reading"))


@pytest.fixture(params=["git", "github"])
def reading(request: pytest.FixtureRequest, repository: Repository) -> Iterator[Reading]:
    if request.param == "git":
        source = GitSource(repository.path)
        yield source.reading()
        source.close()
        return
    with FakeGitHub({NAME: repository.path}) as server, source_on(server) as github:
        yield github.reading()


def code_of(reading: Reading, sha: str, path: str) -> str:
    with pytest.raises(CannotRead) as caught:
        reading.file(sha, path)
    return caught.value.code


def test_a_file_is_as_it_was_at_the_commit(reading: Reading, repository: Repository) -> None:
    assert reading.file(repository.first, "src/app.py") == "one = 1\ntwo = 2\nthree = 3\n"
    assert reading.file(repository.second, "src/app.py") == "one = 1\ntwo = 22\nthree = 3\n"


@pytest.mark.parametrize(("path", "text"), [("docs/说明.md", "内容\n"), ("with space.txt", "spaced two = 2\n")])
def test_names_may_hold_what_git_lets_them(reading: Reading, repository: Repository, path: str, text: str) -> None:
    assert reading.file(repository.first, path) == text


def test_text_that_is_no_utf8_is_replaced(reading: Reading, repository: Repository) -> None:
    assert reading.file(repository.first, "latin.txt") == "caf\ufffd\n"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("link", "symlink"),
        ("inner", "symlink"),
        ("folder/app.py", "no_file"),
        ("module", "submodule"),
        ("src", "folder"),
        ("data.bin", "binary"),
        ("huge.txt", "too_large"),
        ("nowhere.py", "no_file"),
        ("src/app.py/x", "no_file"),
        ("src/*", "no_file"),
        (":(top)x", "bad_path"),
        (OUTSIDE, "bad_path"),
        ("src/../../outside.txt", "bad_path"),
        ("/etc/passwd", "bad_path"),
        ("-p", "bad_path"),
        ("--textconv", "bad_path"),
        ("~/x", "bad_path"),
        (".git/config", "bad_path"),
        ("src/.GIT/config", "bad_path"),
        ("src//app.py", "bad_path"),
        ("./src/app.py", "bad_path"),
        ("src\\app.py", "bad_path"),
        ("src/app.py\n", "bad_path"),
        ("src/app.py\0", "bad_path"),
        ("", "bad_path"),
        ("x" * 2000, "bad_path"),
    ],
)
def test_what_is_no_file_of_the_commit_is_not_read(
    reading: Reading, repository: Repository, path: str, code: str
) -> None:
    assert code_of(reading, repository.first, path) == code


@pytest.mark.parametrize("sha", ["0" * 40, "f" * 40])
def test_a_commit_that_is_not_there_has_no_files(reading: Reading, sha: str) -> None:
    assert code_of(reading, sha, "src/app.py") == "no_commit"


def test_a_folder_is_listed(reading: Reading, repository: Repository) -> None:
    assert reading.folder(repository.first, "src") == ("app.py", "run.sh")
    assert {"src/", "docs/", "link", "module"} <= set(reading.folder(repository.first, ""))


@pytest.mark.parametrize("path", ["folder", "link", "src/app.py", "nowhere", "module"])
def test_what_is_no_folder_is_not_listed(reading: Reading, repository: Repository, path: str) -> None:
    with pytest.raises(CannotRead):
        reading.folder(repository.first, path)


def test_a_text_is_found_in_the_files_of_the_commit(reading: Reading, repository: Repository) -> None:
    assert set(reading.holding(repository.first, "two = 2", ("src/app.py",)).paths) == {"src/app.py", "with space.txt"}
    assert reading.holding(repository.second, "two = 22", ("src/app.py",)).paths == ("src/app.py",)
    assert reading.holding(repository.first, "two = 22", ("src/app.py",)).paths == ()
    assert reading.holding(repository.first, "two.*2", ("src/app.py",)).paths == ()


def test_a_pull_request_is_read_where_the_source_has_any(repository: Repository) -> None:
    with FakeGitHub({NAME: repository.path}) as server, source_on(server) as github:
        server.repositories[NAME.casefold()].pull_requests[7] = {"title": "Twice", "body": None}
        told = github.reading().pull_request(7)
        assert (told.title, told.body, told.author, told.state) == ("Twice", "", "ada", "closed")
        with pytest.raises(CannotRead, match="no_file"):
            github.reading().pull_request(8)


def test_a_folder_and_a_file_that_were_read_are_not_asked_for_again(repository: Repository) -> None:
    with FakeGitHub({NAME: repository.path}) as server, source_on(server) as github:
        read = github.reading()
        assert read.file(repository.first, "src/app.py") == read.file(repository.first, "src/app.py")
        read.folder(repository.first, "src")
        assert len(server.requests) == 3


def test_a_search_on_github_says_how_few_files_it_looked_at(tmp_path: Path) -> None:
    built = RepositoryBuilder(tmp_path / "many.git", bare=True)
    sha = built.commit("many", {f"d{n}/f{n}.txt": f"x = 1\ny = {n}\n" for n in range(30)})
    with FakeGitHub({NAME: built.path}) as server, source_on(server) as github:
        found = github.reading().holding(sha, "x = 1", ("d25/f25.txt",))
        assert found.looked_at == 20
        assert found.paths[0] == "d25/f25.txt"
        assert len(server.requests) == 21


def test_a_search_on_github_spends_no_request_on_pictures(tmp_path: Path) -> None:
    built = RepositoryBuilder(tmp_path / "pictures.git", bare=True)
    sha = built.commit("pictures", {"a.png": "x = 1\n", "b.py": "x = 1\n"})
    with FakeGitHub({NAME: built.path}) as server, source_on(server) as github:
        assert github.reading().holding(sha, "x = 1").paths == ("b.py",)
        assert len(server.requests) == 2


def test_where_github_lists_a_part_of_the_files_a_search_does_not_say_that_it_saw_all(tmp_path: Path) -> None:
    built = RepositoryBuilder(tmp_path / "huge.git", bare=True)
    sha = built.commit("huge", {f"f{n}.txt": "x = 1\n" for n in range(5)})
    with FakeGitHub({NAME: built.path}) as server, source_on(server) as github:
        assert github.reading().holding(sha, "x = 1").looked_at is None
        server.repositories[NAME.casefold()].listed_most = 3
        found = github.reading().holding(sha, "x = 1")
        assert (len(found.paths), found.looked_at) == (3, 3)
