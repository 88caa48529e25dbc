"""`python -m bench.collect_git REPOSITORY [--commits N] [--runs N]`: why the git source runs the git command.

Collects the newest N commits that are no merges with the git command and with pygit2 (which is no dependency: install
it to compare), each as a process of its own beside `git log -p -M` of the same commits.

Measured on two cores with git 2.39.5 and pygit2 1.21.0, the newest 1,000 commits of three public repositories of 8,000
to 12,000 commits, times the yardstick (median of five pairs): git 1.30, 1.69, 1.85, pygit2 2.03, 2.07, 4.01. Both
figures hold an interpreter's start (0.2 s) and a Commit with all its files made of each; the git command's also what
merge commits of the range brought themselves, which pygit2 and the yardstick leave out.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

from bench.measure import Run, paired, run

GIT = """
import sys
from datetime import UTC, datetime
from workers.request import Query
from workers.sources.git.source import GitSource
source = GitSource(sys.argv[1])
listing = source.listing(Query(timezone="UTC", range=sys.argv[2]), datetime.now(UTC))
print(sum(len(commit.files) for commit in source.commits(listing.heads)))
"""

PYGIT2 = """
import sys
from datetime import UTC, datetime
import pygit2
from workers.model import Commit, FileChange, FileStatus, PatchGap, Person
repository = pygit2.Repository(sys.argv[1])
first, last = sys.argv[2].split("..")
walk = repository.walk(repository.revparse_single(last).id, pygit2.enums.SortMode.TIME)
walk.hide(repository.revparse_single(first).id)

def person(who):
    return Person(name=who.name, email=who.email)

def change(patch):
    delta = patch.delta
    status = {"A": "added", "D": "deleted", "R": "renamed", "T": "type_changed"}.get(delta.status_char(), "modified")
    _, additions, deletions = patch.line_stats
    start = patch.data.find(b"\\n@@")
    text = None if delta.is_binary else patch.data[start + 1 :].decode("utf-8", "replace") if start >= 0 else ""
    return FileChange(
        path=delta.new_file.path,
        old_path=delta.old_file.path if status == "renamed" else None,
        status=FileStatus(status),
        additions=additions,
        deletions=deletions,
        old_mode=f"{delta.old_file.mode:06o}",
        new_mode=f"{delta.new_file.mode:06o}",
        patch=text,
        gap=PatchGap.BINARY if text is None else None,
    )

count = 0
for found in walk:
    if len(found.parents) > 1:
        continue
    if found.parents:
        diff = repository.diff(found.parents[0], found)
    else:
        diff = found.tree.diff_to_tree(swap=True)
    diff.find_similar()
    commit = Commit(
        sha=str(found.id),
        parents=tuple(str(parent) for parent in found.parent_ids),
        author=person(found.author),
        committer=person(found.committer),
        authored_at=datetime.fromtimestamp(found.author.time, UTC),
        committed_at=datetime.fromtimestamp(found.commit_time, UTC),
        message=found.message,
        files=tuple(change(patch) for patch in diff if patch is not None),
    )
    count += len(commit.files)
print(count)
"""


def main() -> None:
    """Prints for each way how many times the yardstick it takes, and its peak memory."""
    words = argparse.ArgumentParser(prog="python -m bench.collect_git", description=__doc__)
    words.add_argument("repository", type=Path)
    words.add_argument("--commits", type=int, default=1000)
    words.add_argument("--runs", type=int, default=5)
    given = words.parse_args()
    path = str(given.repository.resolve())
    ways = {"git": GIT, **({"pygit2": PYGIT2} if importlib.util.find_spec("pygit2") else {})}
    window = f"{_start(path, given.commits)}..HEAD"
    for name, script in ways.items():
        measured = paired(lambda script=script: _collect(script, path, window), lambda: _log(path, window), given.runs)
        peak = _collect(script, path, window).peak
        print(f"{name}: {measured}; peak {peak:.0f} MiB", flush=True)


def _start(path: str, commits: int) -> str:
    command = ["git", "-C", path, "rev-list", "--no-merges", f"--max-count={commits}", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]


def _collect(script: str, path: str, window: str) -> Run:
    return run([sys.executable, "-c", script, path, window])


def _log(path: str, window: str) -> Run:
    return run(["git", "-C", path, "log", "-p", "-M", "--no-merges", window])


if __name__ == "__main__":
    main()
