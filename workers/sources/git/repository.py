"""What is found out about a repository on disk once, before anything is read from it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from workers.errors import RefusedError, WordsError
from workers.sources.git.command import Git
from workers.sources.git.forge import Home, read_remote
from workers.sources.git.texts import decode_path


class Repository(NamedTuple):
    """`folder` is the git directory that worktrees share. `boundary` are the commits whose parents a shallow clone
    lacks; `is_partial` that git left out objects which it would fetch when they are needed."""

    folder: Path
    boundary: frozenset[str]
    is_partial: bool
    home: Home


def open_repository(git: Git) -> Repository:
    """Raises what Git raises, also where there is no folder at all."""
    _check_folder(git.path)
    try:
        answer = git.output("rev-parse", "--is-shallow-repository", "--git-common-dir")
    except RefusedError as error:
        if error.code != "unsafe_repository" or not git.trust_as_the_person_does():
            raise
        answer = git.output("rev-parse", "--is-shallow-repository", "--git-common-dir")
    shallow, _, folder = answer.decode("utf-8", "surrogateescape").removesuffix("\n").partition("\n")
    common = git.path / folder
    settings = _settings(git)
    return Repository(
        folder=common,
        boundary=frozenset((common / "shallow").read_text("ascii").split()) if shallow == "true" else frozenset(),
        is_partial=any(key.endswith(("partialclone", ".promisor")) for key in settings),
        home=_home(git.path, settings),
    )


def _check_folder(path: Path) -> None:
    try:
        if path.is_dir():
            return
    except PermissionError:
        raise RefusedError("repository_unreadable", path=str(path)) from None
    except OSError:
        pass  # such as a name that is too long for any folder
    raise WordsError("not_a_repository", path=str(path))


_WANTED = r"^(remote\..*\.(url|promisor)|extensions\.partialclone)$"


def _settings(git: Git) -> dict[str, str]:
    """The first value of each setting we ask for."""
    answer = git.answer("config", "--null", "--get-regexp", _WANTED)
    pairs = (entry.partition("\n") for entry in (answer or "").split("\0") if entry)
    found: dict[str, str] = {}
    for key, _, value in pairs:
        found.setdefault(key, value)
    return found


def _home(path: Path, settings: dict[str, str]) -> Home:
    """Where the remote `origin` is, or the only remote; else the folder's name."""
    remotes = {key: value for key, value in settings.items() if key.endswith(".url")}
    only = next(iter(remotes.values())) if len(remotes) == 1 else ""
    if home := read_remote(remotes.get("remote.origin.url", only)):
        return home
    top = path.parent if path.name == ".git" else path
    name = decode_path(top.resolve().name.encode("utf-8", "surrogateescape")).removesuffix(".git")
    return Home(name or "repository", None)
