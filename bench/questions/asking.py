"""Windows of real repositories as digests in memory, and questions put to them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

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

    `named`: the right commit is one of the `about` commits that the answer names at its head. Where the person would be
    asked which of `rivals` is meant, none of this is; `among`: the right one is one of them.
    """

    row: Row
    language: Language
    commit: bool
    hunk: bool
    named: bool
    about: int
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
    for language in LANGUAGES:
        right = list(_right_places(window, row, language))
        shas = {place.sha for place in right}
        with window.corpus(language) as corpus:
            found = about(Asked(text=row[language], language=language, digest_id="bench"), corpus)
            quoted = () if found.rivals else passages(row[language], found.commits, corpus)
        first = found.commits[0].sha if found.commits else None
        yield Verdict(
            row=row,
            language=language,
            commit=first in shas and not found.rivals,
            hunk=any(_is_in(passage, place) for passage in quoted for place in right),
            named=bool(shas & {ref.sha for ref in found.commits}) and not found.rivals,
            about=len(found.commits),
            rivals=bool(found.rivals),
            among=bool(shas & {ref.sha for ref in found.rivals}),
            found=tuple(_told(found.commits, found.how, quoted, window)),
        )


def _told(refs: Sequence[CommitRef], how: str, quoted: Sequence[Passage], window: Window) -> Iterator[str]:
    for ref in refs:
        yield f"{how} {ref.sha[:8]} {window.commits[ref.sha].message.splitlines()[0][:90]}"
    for one in quoted:
        yield f"{one.score:6.2f} {one.commit.sha[:8]} {one.path} {one.side} {one.start}-{one.end}"


class _Place(NamedTuple):
    """A hunk that tells the answer."""

    sha: str
    path: str
    hunk: Hunk


def _right_places(window: Window, row: Row, language: Language) -> Iterator[_Place]:
    """The hunk that a question is about, and those that tell as much of it in this language."""
    for place in (row, *row.get("also", ())):
        if place.get("language", language) == language:
            yield _Place(place["sha"], place["path"], _hunk_with(window.commits[place["sha"]], place))


def _hunk_with(commit: Commit, place: Row) -> Hunk:
    """The hunk that has a line. AssertionError where there is none: the question is wrong."""
    for file in commit.files:
        for hunk in hunks_of(file.patch or "") if place["path"] in {file.path, file.old_path} else ():
            if place["line"] in _numbers(hunk, place.get("side", "new")):
                return hunk
    raise AssertionError(f"no hunk of {place['sha'][:8]} has {place['path']} {place['line']}")


def _is_in(passage: Passage, place: _Place) -> bool:
    lines = _numbers(place.hunk, passage.side)
    right = passage.commit.sha == place.sha and passage.path == place.path
    return right and any(start in lines for start, _ in passage.spans)


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
