"""Names of branches and revisions, as commits."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property

from workers.errors import WordsError
from workers.sources.base import check_sha
from workers.sources.git.command import Git
from workers.sources.window import split_range

USUAL_BRANCHES = ("main", "master")
"""Where to begin when HEAD names no commit, as in a mirror whose default branch was renamed."""


class Refs:
    """Resolves what people call branches and revisions. Names are looked up, never handed to git as they are."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def revisions(self, branches: Sequence[str], range_: str | None) -> tuple[str, ...]:
        """What a walk begins with: shas, and `^sha` where it ends. A range is taken as it is, without the branches.

        WordsError("empty_repository" | "unknown_branch" | "unknown_range"), with the nearest names in `near`.
        """
        if range_ is not None:
            first, last = split_range(range_)
            return (self._revision(last, range_), f"^{self._revision(first, range_)}")
        if branches:
            return tuple(dict.fromkeys(self._branch(name) for name in branches))
        return (self.default(),)

    def default(self) -> str:
        """The commit of HEAD, or where it names none, of the usual branch or the only one."""
        if head := self._git.answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
            return head
        if not self._branches:
            raise WordsError("empty_repository", path=str(self._git.path))
        usual = [self._branches[name] for name in USUAL_BRANCHES if name in self._branches]
        if not usual and len(set(self._branches.values())) > 1:
            raise WordsError("unknown_branch", branch="HEAD", near=", ".join(sorted(self._branches)[:3]))
        return usual[0] if usual else next(iter(self._branches.values()))

    def commit(self, revision: str) -> str | None:
        """The sha of a commit by any name that git knows; None for none, and for abbreviations of several."""
        return self._git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")

    def named(self, sha: str) -> str:
        """The whole sha of a commit. WordsError("unknown_commit") where there is none, or several begin so."""
        found = self.commit(check_sha(sha))
        if found is None:
            raise WordsError("unknown_commit", sha=sha)
        return found

    @cached_property
    def _branches(self) -> dict[str, str]:
        """Commits of local branches by name, and of remote ones with and without their remote's name."""
        known: dict[str, str] = {}
        told = self._git.output("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes")
        for line in told.decode("utf-8", "surrogateescape").splitlines():
            sha, _, name = line.partition(" ")
            kind, _, short = name.removeprefix("refs/").partition("/")
            known[short] = sha
            if kind == "remotes":
                known.setdefault(short.partition("/")[2], sha)
        return known

    def _branch(self, name: str) -> str:
        for known in (name, name.removeprefix("refs/heads/"), name.removeprefix("refs/remotes/")):
            if known in self._branches:
                return self._branches[known]
        near = get_close_matches(name[:200], self._branches, n=3)
        raise WordsError("unknown_branch", branch=name, near=", ".join(near))

    def _revision(self, name: str, range_: str) -> str:
        if sha := self.commit(name):
            return sha
        told = self._git.output(
            "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/remotes", "refs/tags"
        )
        near = get_close_matches(name[:200], told.decode("utf-8", "surrogateescape").splitlines(), n=3)
        raise WordsError("unknown_range", range=range_, revision=name, near=", ".join(near))
