"""What authors say of their own commits, held against these commits: any repository is a test that nobody wrote.

    python -m bench.grounding.messages REPOSITORY... [--commits 100] [--show]

A sentence of a message is true of its commit: the share of them that pass is a specificity, though a kind one, as names
and figures of it stand in the message. The subject with its verb turned ("Add x" -> "removes x") is false: the share of
these that are refused is a recall of wrong directions. No tree is asked.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from workers.analysis.grounding.grounding import Ground, explain, faults_of
from workers.model import Commit, Statement
from workers.request import Query
from workers.sources.git.source import GitSource

MOST = 8
"""Sentences of one message."""
SHORTEST, LONGEST = 25, 260
"""Characters of a sentence that says something, and of one that is no pasted text."""
_NO_PROSE = re.compile(
    r"^\s*(?:[>`|#<]|https?:|[\w-]+-by:|(?:closes|fixes|refs?|see|change-id|pr-url|backport|cc)\b)", re.IGNORECASE
)
_KIND = re.compile(r"^\w+(?:\([^)]*\))?!?:\s*|\s*\(#\d+\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])|(?<=[。；])")
_TURNED = tuple(
    (re.compile(rf"\b(?:{verb})\b", re.IGNORECASE), opposite)
    for verb, opposite in (
        (r"adds?|introduces?", "removes"),
        (r"removes?|drops?|deletes?", "adds"),
        (r"enables?", "disables"),
        (r"disables?", "enables"),
        (r"increases?|raises?", "lowers"),
        (r"reduces?|lowers?|decreases?", "increases"),
        (r"bumps?|upgrades?", "downgrades"),
        (r"allows?", "forbids"),
        (r"supports?", "no longer supports"),
        (r"uses?", "no longer uses"),
        (r"no longer", "now"),
    )
)


def subject_of(commit: Commit) -> str:
    """The first line of a message without its kind and its pull request."""
    return _KIND.sub("", commit.message.split("\n", 1)[0])


def sentences_of(commit: Commit) -> list[str]:
    """The subject and the first sentences of a message, without quotations, links and the names of people."""
    body = "\n".join(row for row in commit.message.split("\n")[1:] if not _NO_PROSE.match(row))
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n\s*[-*] ", body)]
    found = [subject_of(commit), *(one for part in parts for one in _SENTENCE_END.split(part))]
    return [one for one in found if SHORTEST <= len(one) <= LONGEST and " " in one][:MOST]


def turned(subject: str) -> str | None:
    """A subject with its first verb turned to the opposite; None where it has no such verb."""
    found = min(
        ((match.start(), match, told) for verb, told in _TURNED if (match := verb.search(subject))),
        key=lambda one: one[0],
        default=None,
    )
    return subject[: found[1].start()] + found[2] + subject[found[1].end() :] if found else None


def newest(repository: Path, commits: int) -> Iterator[Commit]:
    """So many commits of a repository that are no merges, with their files."""
    command = ["git", "-C", str(repository), "rev-list", "--no-merges", f"--max-count={commits + 1}", "HEAD"]
    shas = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    source = GitSource(repository)
    listing = source.listing(Query(timezone="UTC", range=f"{shas[-1]}..{shas[0]}"), datetime.now(UTC))
    yield from (commit for commit in source.commits(list(listing.heads)) if commit.files)


def main() -> None:
    """Prints the shares of each repository and of all."""
    words = argparse.ArgumentParser(prog="python -m bench.grounding.messages", description=__doc__)
    words.add_argument("repositories", nargs="+", type=Path)
    words.add_argument("--commits", type=int, default=100)
    words.add_argument("--show", action="store_true", help="print each wrong verdict")
    given = words.parse_args()
    right: dict[str, list[bool]] = defaultdict(list)
    for repository in given.repositories:
        for commit in newest(repository, given.commits):
            for sentence, is_true in _judged(commit):
                faults = faults_of(Statement(text=sentence), Ground([commit]))
                right["true" if is_true else "turned"].append(bool(faults) != is_true)
                if given.show and bool(faults) == is_true:
                    print(commit.sha[:10], "true" if is_true else "turned", sentence, [explain(one) for one in faults])
    for name, verdicts in right.items():
        print(f"{name:8}{sum(verdicts) / len(verdicts):.3f} ({len(verdicts)})")


def _judged(commit: Commit) -> Iterator[tuple[str, bool]]:
    """Sentences on a commit, each with whether it is true."""
    yield from ((sentence, True) for sentence in sentences_of(commit))
    false = turned(subject_of(commit))
    if false is not None:
        yield false, False


if __name__ == "__main__":
    main()
