"""Builds the labelled set: commits with a conventional type, from local clones given as arguments.

    python bench/kinds/collect.py --output kinds.jsonl.gz PATH_OF_CLONE...

The label is the type that stands before the colon. Kept per repository: at most `--per-label` commits of each label,
of these at most a tenth by bots; merges, release commits and repeated subjects are left out. The set is written to
a place of your own and never belongs into this repository: it holds other projects' code.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LABELS = {
    **dict.fromkeys(("feat", "feature"), "feature"),
    **dict.fromkeys(("fix", "bugfix", "hotfix"), "fix"),
    **dict.fromkeys(("refactor", "refact"), "refactor"),
    **dict.fromkeys(("test", "tests"), "test"),
    **dict.fromkeys(("docs", "doc"), "docs"),
    "build": "build",
    "ci": "ci",
    **dict.fromkeys(("perf", "style", "chore", "revert", "deps"), "other"),
}
TYPED = re.compile(rf"^({'|'.join(LABELS)})(\(([^)]*)\))?!?\s*:\s*(?P<rest>\S.*)$", re.I)
RELEASE = re.compile(r"^(release|publish|version|v?\d+\.\d+)\b|^bump version|changelog for", re.I)
BOT = re.compile(r"\[bot\]|renovate|dependabot|greenkeeper|semantic-release|github-actions|-bot\b|snyk-bot", re.I)

FILES_KEPT = 60
LINES_KEPT = 240  # of a file's patch
LINE_KEPT = 300  # characters of a line
FEWEST = 40  # labelled commits a repository must have


@dataclass
class Pick:
    sha: str
    type: str
    label: str
    scope: str
    rest: str
    bot: bool


@dataclass
class File:
    path: str = ""
    old_path: str | None = None
    status: str = "modified"
    additions: int = 0
    deletions: int = 0
    binary: bool = False
    lines: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, object]:
        patch = None if self.binary else "\n".join(self.lines)
        return {
            "path": self.path,
            "old_path": self.old_path,
            "status": self.status,
            "additions": self.additions,
            "deletions": self.deletions,
            "patch": patch,
        }


def git(repo: Path, *words: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        ["git", "-C", str(repo), *words], input=stdin and stdin.encode(), capture_output=True, check=True
    )
    return str(done.stdout, "utf-8", "replace")


def picks_of(repo: Path, per_label: int, seed: int) -> list[Pick]:
    text = git(repo, "log", "--no-merges", "-n", "60000", "--format=%H%x1f%an <%ae>%x1f%s", "HEAD")
    found: dict[str, list[Pick]] = defaultdict(list)
    seen: set[str] = set()
    for line in filter(None, text.split("\n")):
        sha, author, subject = line.split("\x1f", 2)
        pick = pick_of(sha, author, subject)
        plain = re.sub(r"\W|\d", "", subject.lower())
        if pick and plain not in seen:
            seen.add(plain)
            found[pick.label].append(pick)
    return [pick for label in sorted(found) for pick in sample(found[label], per_label, seed)]


def pick_of(sha: str, author: str, subject: str) -> Pick | None:
    match = TYPED.match(subject.strip())
    if not match or RELEASE.search(match["rest"]):
        return None
    kind = match[1].lower()
    return Pick(sha, kind, LABELS[kind], match[3] or "", match["rest"], bool(BOT.search(author)))


def sample(picks: list[Pick], most: int, seed: int) -> list[Pick]:
    chance = random.Random(seed)
    chance.shuffle(picks)
    people = [pick for pick in picks if not pick.bot]
    bots = [pick for pick in picks if pick.bot][: max(3, min(most, len(people)) // 10)]
    return (bots + people)[:most]


def commits_of(repo: Path, shas: Sequence[str]) -> Iterator[tuple[str, str, list[File]]]:
    """Sha, message and files of these commits. A commit that git cannot show (a missing object) is passed over."""
    left = list(shas)
    while left:
        last = None
        for sha, message, files in _shown(repo, left):
            if last:
                yield last
            last = sha, message, files
        done = left.index(last[0]) + 1 if last else 1
        if last and done == len(left):
            yield last
        left = left[done:]


def _shown(repo: Path, shas: Sequence[str]) -> Iterator[tuple[str, str, list[File]]]:
    """What one pass of git shows before it ends or gives up; where it gives up, the last may be cut short."""
    command = ["git", "-C", str(repo), "-c", "core.quotepath=false", "log", "--no-walk=unsorted", "--stdin", "-p", "-M"]
    command += ["--no-ext-diff", "--no-textconv", "--no-color", "--format=%x01%H%n%B%x02"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n".join(shas).encode())
        process.stdin.close()
        yield from parsed(line.decode("utf-8", "replace").rstrip("\n") for line in process.stdout)


def parsed(lines: Iterable[str]) -> Iterator[tuple[str, str, list[File]]]:
    sha, message, files, in_message = "", list[str](), list[File](), False
    for line in lines:
        if line.startswith("\x01"):
            if sha:
                yield sha, "\n".join(message), files
            sha, message, files, in_message = line[1:], [], [], True
        elif in_message:
            in_message = "\x02" not in line
            message.append(line.replace("\x02", ""))
        else:
            take(line, files)
    if sha:
        yield sha, "\n".join(message), files


HEADERS = ("rename from ", "rename to ", "new file", "deleted file", "Binary files", "--- ", "+++ ")


def take(line: str, files: list[File]) -> None:
    if line.startswith("diff --git "):
        files.append(File(path=line.rpartition(" b/")[2]))
    elif not files:
        return
    elif files[-1].lines or line.startswith("@@"):
        take_patch(line, files[-1])
    elif line.startswith(HEADERS):
        take_header(line, files[-1])


def take_header(line: str, file: File) -> None:
    if line.startswith("rename from "):
        file.old_path, file.status = line[12:], "renamed"
    elif line.startswith("rename to "):
        file.path = line[10:]
    elif line.startswith("new file"):
        file.status = "added"
    elif line.startswith("deleted file"):
        file.status = "deleted"
    elif line.startswith("Binary files"):
        file.binary = True


def take_patch(line: str, file: File) -> None:
    file.additions += line.startswith("+")
    file.deletions += line.startswith("-")
    if len(file.lines) < LINES_KEPT:
        file.lines.append(line[:LINE_KEPT])


def rows_of(repo: Path, per_label: int, seed: int) -> list[dict[str, object]]:
    picks = {pick.sha: pick for pick in picks_of(repo, per_label, seed)}
    if sum(pick.label != "other" for pick in picks.values()) < FEWEST:
        return []
    name = repo.parent.name if repo.name == "repo" else repo.parent.parent.name if repo.name == ".git" else repo.name
    rows = []
    for sha, message, files in commits_of(repo, list(picks)):
        pick = picks[sha]
        body = message.partition("\n")[2]
        kept = [file.plain() for file in files[:FILES_KEPT]]
        if files:
            rows.append({**vars(pick), "repo": name, "body": body, "count": len(files), "files": kept})
    return rows


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("clones", nargs="+", type=Path)
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--per-label", type=int, default=150)
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    with gzip.open(given.output, "wt", encoding="utf-8", compresslevel=3) as out:
        for clone in given.clones:
            try:
                rows = rows_of(clone, given.per_label, given.seed)
            except subprocess.CalledProcessError as error:
                print(f"{clone}: {error}", file=sys.stderr)
                continue
            print(f"{clone}: {len(rows)}", file=sys.stderr, flush=True)
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    main()
