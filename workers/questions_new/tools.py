"""The tools that a model is given to look with: read-only, within the commits that may be seen, every argument checked.

What a tool gives is data: secrets are taken out, characters that act are made visible, it stands between lines with a
mark that it does not contain, and it is cut with a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from prompts.prompts import fence, nonce_for
from workers.analysis.llm.talk import Call
from workers.analysis.packing.marks import GAP, clipped, gap, visible
from workers.analysis.redaction.redaction import redact_text
from workers.errors import DigestError
from workers.model import Commit, FileChange
from workers.questions.arguments import Given, Wrong, given_of, line_of, number_of, path_of, side_of, text_of
from workers.questions.seen import Seen
from workers.questions.values import CommitRef, Looking
from workers.reading import CannotRead, Reading

RESULT_MOST = 7_000
"""Characters of one tool's result: about 2,300 tokens of code."""
ROW_MOST = 300
"""Characters of a line that is shown."""
ROWS_MOST = 200
"""Lines of a file or a diff that one call shows."""
HITS_MOST, HIT_FILES_MOST = 40, 15
"""Lines of a search that are shown, and files that are read for them."""
COMMITS_MOST = 60
NUMBER_ROOM = 8
"""Characters that a line's number may take."""
LOOKING_MOST = 120

_REASONS = {
    "no_commit": "the repository does not have that commit",
    "no_file": "there is no such file or line there; look at the folder, or search",
    "bad_path": "that is no path or text that can be looked up here",
    "symlink": "it is a symbolic link, which is not followed",
    "submodule": "it is a submodule, which is another repository",
    "binary": "it is a binary file",
    "too_large": "it is too large to be read",
    "not_offered": "this repository's source does not offer that",
    "folder": "it is a folder",
}


class Room(NamedTuple):
    """What tools may look at: the commits of the digest that may be seen, and how they are had.

    `about` are those of the question, best first; `all` every one. `reading` opens a source's repository.
    """

    about: tuple[CommitRef, ...]
    all: tuple[CommitRef, ...]
    find: Callable[[CommitRef], Commit | None]
    subject: Callable[[CommitRef], str]
    reading: Callable[[str], Reading]


class Result(NamedTuple):
    """What a tool gives: the text for the model, fenced, and of it what may be said from now on."""

    text: str
    seen: tuple[Seen, ...] = ()


class Toolbox:
    """The tools of one answer. Nothing is raised but what ends a job: whatever fails is said to the model."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._readings: dict[str, Reading] = {}
        self._results: dict[tuple[str, str], Result] = {}

    def looking(self, call: Call) -> Looking:
        """What a call looks at, for people."""
        given = given_of(call.arguments)
        parts = [str(given[name]) for name in ("path", "text", "number", "commit") if given.get(name)]
        what = visible(redact_text(" ".join(" ".join(parts).split())))
        return Looking(tool=call.name if call.name in _BY_NAME else "?", what=clipped(what, LOOKING_MOST))

    def run(self, call: Call) -> Result:
        """What a call gives. The same call gives the same again."""
        key = (call.name, call.arguments)
        if key not in self._results:
            self._results[key] = self._run(call)
        return self._results[key]

    def _run(self, call: Call) -> Result:
        run = _BY_NAME.get(call.name)
        if run is None:
            return Result(f"There is no tool {call.name[:60]!r}. The tools are: {', '.join(_BY_NAME)}.")
        try:
            given = given_of(call.arguments)
            ref, commit = self._commit(given.get("commit"))
            text, seen = run(self, ref, commit, given)
        except Wrong as wrong:
            return Result(f"That cannot be looked up: {wrong}")
        except CannotRead as reason:
            return Result(f"That cannot be read: {_REASONS[reason.code]}.")
        except DigestError as error:
            return Result(f"That cannot be read just now ({error.code}). Go on without it.")
        return Result(_fenced(text), tuple(seen))

    # --- the tools ------------------------------------------------------------------------------------------------

    def _show_diff(self, ref: CommitRef, commit: Commit, given: Given) -> _Shown:
        del ref
        path = path_of(given)
        file = _file(commit, path)
        if file is None:
            names = ", ".join(visible(one.path) for one in commit.files[:30])
            raise Wrong(f"the commit does not change that file. It changes: {names}")
        if not file.patch:
            return _Shown(f"{file.path}: {file.status.value}, without text ({file.gap or 'nothing in it changes'})")
        first = line_of(given, "start", 1)
        rows = file.patch.split("\n")
        return _Shown(_noted(_within(rows[first - 1 :]), first, len(rows), "rows of this diff"))

    def _read_file(self, ref: CommitRef, commit: Commit, given: Given) -> _Shown:
        path, sha = path_of(given, root=True), side_of(commit, given)
        reading = self._open(ref)
        if not path:
            return _Shown("\n".join(reading.folder(sha, "")))
        try:
            rows = redact_text(reading.file(sha, path)).split("\n")
        except CannotRead as reason:
            if reason.code != "folder":
                raise
            return _Shown("\n".join(reading.folder(sha, path)))
        first = line_of(given, "start", 1)
        last = min(line_of(given, "end", first + ROWS_MOST - 1), first + ROWS_MOST - 1, len(rows))
        if first > len(rows):
            raise Wrong(f"the file has {len(rows)} lines")
        kept = _within(rows[first - 1 : last])
        numbered = [f"{first + at}| {row}" for at, row in enumerate(kept)]
        text = _noted(numbered, first, len(rows), "lines of this file")
        return _Shown(text, (self._seen(ref, commit, sha, path, first, kept),))

    def _search(self, ref: CommitRef, commit: Commit, given: Given) -> _Shown:
        text, sha = text_of(given, "text"), side_of(commit, given)
        reading = self._open(ref)
        near = tuple(file.path for file in commit.files)
        holding = reading.holding(sha, text, near)
        rows, seen = [], []
        for path, number, row in self._hits(reading, sha, holding.paths, text):
            rows.append(f"{path}:{number}: {row}")
            seen.append(self._seen(ref, commit, sha, path, number, [row]))
        if not rows:
            rows.append("no line that can be shown has it")
        if holding.looked_at is not None:
            rows.append(
                gap(f"only {holding.looked_at} files near the change were looked at; elsewhere it may stand too")
            )
        if len(holding.paths) > HIT_FILES_MOST or len(seen) == HITS_MOST:
            rows.append(gap(f"more lines of {len(holding.paths)} files"))
        return _Shown(_noted(_within(rows), 1, len(rows), "lines"), tuple(seen))

    def _hits(self, reading: Reading, sha: str, paths: Sequence[str], text: str) -> Iterator[tuple[str, int, str]]:
        """The lines with the text, in files whose secrets are taken out first: a key is not told line by line."""
        left = HITS_MOST
        for path in paths[:HIT_FILES_MOST]:
            try:
                rows = redact_text(reading.file(sha, path)).split("\n")
            except CannotRead:
                continue
            for number, row in enumerate(rows, start=1):
                if text in row and left:
                    left -= 1
                    yield path, number, row

    def _blame(self, ref: CommitRef, commit: Commit, given: Given) -> _Shown:
        path, sha = path_of(given), side_of(commit, given)
        first = line_of(given, "start", 1)
        last = max(first, line_of(given, "end", first))
        blames = self._open(ref).blame(sha, path, first, min(last, first + ROWS_MOST - 1))
        told = (f"{one.start}-{one.end} {one.sha[:10]} {one.day} {one.author}: {one.subject}" for one in blames)
        rows = redact_text("\n".join(visible(row) for row in told)).split("\n")
        kept = _within(rows)
        return _Shown(_noted(kept, 1, len(rows), "entries"), (self._seen(ref, commit, sha, "", 0, kept),))

    def _list_commits(self, ref: CommitRef, commit: Commit, given: Given) -> _Shown:
        del ref, commit
        first = line_of(given, "start", 1)
        refs = self._room.all[first - 1 : first - 1 + COMMITS_MOST]
        rows = [f"{one.sha[:12]} {self._room.subject(one)}" for one in refs]
        return _Shown(_noted(_within(rows), first, len(self._room.all), "commits"))

    def _pull_request(self, ref: CommitRef, commit: Commit, given: Given) -> _Shown:
        told = self._open(ref).pull_request(number_of(given, commit))
        rows = redact_text(f"{told.title}\n{told.body}").split("\n")
        kept = _within(rows)
        head = visible(f"pull request {told.number} by {told.author}, {told.state}")
        seen = Seen(ref, commit.sha, "pull request", "new", 1, "\n".join(kept), told.number)
        return _Shown(f"{head}\n{_noted(kept, 1, len(rows), 'lines')}", (seen,))

    # --- what they share ------------------------------------------------------------------------------------------

    def _commit(self, name: object) -> tuple[CommitRef, Commit]:
        """The commit that a call names, among those that may be seen; the question's first where it names none."""
        if name in (None, ""):
            found = self._room.about[:1]
        elif isinstance(name, str) and re.fullmatch(r"[0-9a-f]{7,64}", name.lower()):
            found = tuple(ref for ref in self._room.all if ref.sha.startswith(name.lower()))
        else:
            found = ()
        if len(found) != 1:
            raise Wrong("commit must be the sha of one commit of the digest; list_commits gives them")
        commit = self._room.find(found[0])
        if commit is None:
            raise Wrong("that commit is not at hand any more")
        return found[0], commit

    def _open(self, ref: CommitRef) -> Reading:
        if ref.source not in self._readings:
            self._readings[ref.source] = self._room.reading(ref.source)
        return self._readings[ref.source]

    def _seen(self, ref: CommitRef, commit: Commit, sha: str, path: str, start: int, rows: Sequence[str]) -> Seen:
        return Seen(ref, sha, path, "new" if sha == commit.sha else "old", start, "\n".join(rows))


class _Shown(NamedTuple):
    text: str
    seen: tuple[Seen, ...] = ()


_Run = Callable[[Toolbox, CommitRef, Commit, Given], _Shown]
_BY_NAME: dict[str, _Run] = {
    "show_diff": Toolbox._show_diff,
    "read_file": Toolbox._read_file,
    "search": Toolbox._search,
    "blame": Toolbox._blame,
    "list_commits": Toolbox._list_commits,
    "pull_request": Toolbox._pull_request,
}


def _file(commit: Commit, path: str) -> FileChange | None:
    return next((file for file in commit.files if path in (file.path, file.old_path)), None)


def _within(rows: Sequence[str]) -> list[str]:
    """The first rows that one result has room for, each clipped."""
    kept: list[str] = []
    room = RESULT_MOST
    for row in rows[:ROWS_MOST]:
        room -= min(len(row), ROW_MOST) + NUMBER_ROOM
        if room < 0:
            break
        kept.append(row[:ROW_MOST])
    return kept


def _noted(kept: Sequence[str], first: int, count: int, what: str) -> str:
    """Rows, made fit to stand in a line, and a note on the rest of `count`."""
    text = "\n".join(visible(row) + (GAP if len(row) >= ROW_MOST else "") for row in kept)
    rest = count - (first - 1) - len(kept)
    return f"{text}\n{gap(f'{rest} more {what}; ask again with start {first + len(kept)}')}" if rest > 0 else text


def _fenced(text: str) -> str:
    return fence(nonce_for(text), text)
