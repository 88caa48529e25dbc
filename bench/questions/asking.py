"""Windows of real repositories as digests in memory, and questions put to them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workers.analysis.analyst import analyse
from workers.analysis.hunks import Hunk, hunks_of
from workers.digest import RepositoryGathering, assemble_digest
from workers.model import Commit, Digest, Language, Listing
from workers.questions.about import about
from workers.questions.corpus import Corpus
from workers.questions.passages import passages
from workers.questions.values import Asked, CommitRef, Passage
from workers.request import Query
from workers.reverts import link_reverts
from workers.sources.git.source import GitSource
from workers.words import load_words

QUESTIONS = Path(__file__).with_name("questions.jsonl")
HELD_OUT = frozenset({"fastify/fastify", "usememos/memos", "eslint/eslint"})
LANGUAGES: tuple[Language, ...] = ("en", "zh")

Row = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """A range of a repository: its commits by sha, and its digest in each language, as the rules alone make it."""

    name: str
    range: str
    commits: Mapping[str, Commit]
    digests: Mapping[Language, Digest]

    def corpus(self, language: Language) -> Corpus:
        return Corpus(self.digests[language], [self.name], lambda ref: self.commits.get(ref.sha))


@dataclass(frozen=True)
class Verdict:
    """What came of a question: the right commit chosen, the right hunk among the passages.

    Where the person would be asked which of `rivals` is meant, neither is; `among`: the right one is one of them.
    """

    row: Row
    language: Language
    commit: bool
    hunk: bool
    rivals: bool
    among: bool
    found: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        return self.row["repository"] in HELD_OUT


def rows(part: str) -> list[Row]:
    """The questions of a part: tuned, held-out or all."""
    found = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    return [row for row in found if part == "all" or (row["repository"] in HELD_OUT) == (part == "held-out")]


def rows_of(window: Window, part: str) -> list[Row]:
    """The questions over a window."""
    return [row for row in rows(part) if (row["repository"], row["range"]) == (window.name, window.range)]


def windows(mirrors: Sequence[Path], wanted: Sequence[Row]) -> Iterator[Window]:
    """The windows that questions are about, of the repositories at hand."""
    places = list(_repositories(mirrors))
    spans = {(row["repository"], row["range"]): row["sha"] for row in wanted}
    for (name, span), sha in spans.items():
        path = next((path for path in places if _has(path, sha)), None)
        if path is not None:
            yield window_of(path, name, span)


def window_of(path: Path, name: str, span: str, languages: Sequence[Language] = LANGUAGES) -> Window:
    """A range of a repository as its digest."""
    with closing(GitSource(path)) as source:
        listing = source.listing(Query(timezone="UTC", range=span), datetime.now(UTC))
        commits = {commit.sha: commit for commit in source.commits(list(listing.heads))}
    digests = {language: _digest(name, listing, commits, language) for language in languages}
    return Window(name, span, commits, digests)


def ask(window: Window, row: Row) -> Iterator[Verdict]:
    """Puts a question in each language."""
    right = next(_right_hunks(window.commits[row["sha"]], row))
    for language in LANGUAGES:
        with window.corpus(language) as corpus:
            found = about(Asked(text=row[language], language=language, digest_id="bench"), corpus)
            quoted = () if found.rivals else passages(row[language], found.commits, corpus)
        first = found.commits[0].sha if found.commits else None
        yield Verdict(
            row=row,
            language=language,
            commit=first == row["sha"] and not found.rivals,
            hunk=any(passage.commit.sha == row["sha"] and _is_in(passage, row["path"], right) for passage in quoted),
            rivals=bool(found.rivals),
            among=row["sha"] in {ref.sha for ref in found.rivals},
            found=tuple(_told(found.commits, found.how, quoted, window)),
        )


def _told(refs: Sequence[CommitRef], how: str, quoted: Sequence[Passage], window: Window) -> Iterator[str]:
    for ref in refs:
        yield f"{how} {ref.sha[:8]} {window.commits[ref.sha].message.splitlines()[0][:90]}"
    for one in quoted:
        yield f"{one.score:6.2f} {one.commit.sha[:8]} {one.path} {one.side} {one.start}-{one.end}"


def _right_hunks(commit: Commit, row: Row) -> Iterator[Hunk]:
    """The hunk that has the line of a question. AssertionError where there is none: the question is wrong."""
    for file in commit.files:
        for hunk in hunks_of(file.patch or "") if row["path"] in {file.path, file.old_path} else ():
            if row["line"] in _numbers(hunk, row.get("side", "new")):
                yield hunk
    raise AssertionError(f"no hunk of {row['sha'][:8]} has {row['path']} {row['line']}")


def _is_in(passage: Passage, path: str, hunk: Hunk) -> bool:
    lines = _numbers(hunk, passage.side)
    return passage.path == path and any(start in lines for start, _ in passage.spans)


def _numbers(hunk: Hunk, side: str) -> set[int | None]:
    return {line.new_no if side == "new" else line.old_no for line in hunk.lines()} - {None}


def _digest(name: str, listing: Listing, commits: Mapping[str, Commit], language: Language) -> Digest:
    words = load_words("workers", language)
    links = link_reverts(listing.heads, [], lambda _: None)
    gathering = RepositoryGathering(name, None, listing, links, words)
    now = datetime.now(UTC)
    judged = ((head, analyse(commits[head.sha], language, now)) for head in listing.heads)
    entries = tuple(gathering.entries(judged))
    return assemble_digest([listing.window], [gathering.digest(entries)], language, [])


def _repositories(mirrors: Sequence[Path]) -> Iterator[Path]:
    for path in mirrors:
        found = [path] if _is_repository(path) else sorted(path.glob("*/")) + sorted(path.glob("*/*/"))
        yield from (one for one in found if _is_repository(one))


def _is_repository(path: Path) -> bool:
    return (path / "HEAD").is_file() or (path / ".git").exists()


def _has(mirror: Path, sha: str) -> bool:
    command = ["git", "-C", str(mirror), "cat-file", "-e", sha]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
