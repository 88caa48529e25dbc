"""Small self-made commits, their digest and its corpus, as questions look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.samples import DAY, digest, entry, repository, sha_of
from workers.model import Commit, Entry, FileChange, Person
from workers.questions.corpus import Corpus
from workers.questions.values import Asked, CommitRef

SOURCE = "acme/engine"
WHO = Person(name="Wenqi Luo", email="wenqi@example.org")


def patch(*rows: str, at: int = 10, function: str = "") -> str:
    """One hunk of rows with their marks."""
    old, new = (sum(row[:1] in marks for row in rows) for marks in ("- ", "+ "))
    return "\n".join((f"@@ -{at},{old} +{at},{new} @@ {function}".rstrip(), *rows))


def changed(subject: str, files: Mapping[str, str | None], body: str = "", **given: Any) -> tuple[Entry, Commit]:
    """A commit with patches by path, and its entry in the digest."""
    sha = given.pop("sha", sha_of(subject + body))
    commit = Commit(
        sha=sha,
        author=WHO,
        committer=WHO,
        authored_at=DAY,
        committed_at=DAY,
        message=f"{subject}\n\n{body}",
        files=tuple(FileChange(path=path, status="modified", patch=text) for path, text in files.items()),
    )
    return entry(subject, "10:00", sha=sha, message=body, **given), commit


def corpus_of(*pairs: tuple[Entry, Commit], at_hand: Sequence[str] | None = None) -> Corpus:
    """The corpus of commits; only those of `at_hand` have patches (None: all)."""
    commits = {commit.sha: commit for _, commit in pairs if at_hand is None or commit.sha in at_hand}
    whole = digest(repository([one for one, _ in pairs]))
    return Corpus(whole, [SOURCE], lambda ref: commits.get(ref.sha))


def ref_of(pair: tuple[Entry, Commit]) -> CommitRef:
    return CommitRef(source=SOURCE, sha=pair[1].sha)


def asked(text: str, **given: Any) -> Asked:
    fields = {"language": "en", "digest_id": "d1", **given}
    return Asked(text=text, **fields)
