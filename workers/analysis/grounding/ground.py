"""What statements are checked against: the text of commits by sides, their files, and their tree where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from workers.analysis.grounding.prose.texts import count, folded, stands
from workers.analysis.grounding.sides import Block, ChangedFile
from workers.analysis.kept import Kept
from workers.model import Commit, FileStatus, Side
from workers.tree import Tree

T = TypeVar("T")

ASKED_OF_TREE = 40
"""How many questions one set of statements may put to a tree: each may cost a search of the whole repository."""


_HEX = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{7,64}")

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OF_A_FORM = re.compile(r"^\s*[-*] \[ \]|[?？]\s*$")
WRAPPED = 50
"""Characters of a row of a message that may have been wrapped behind its last word."""
_GOES_ON = re.compile(r"\s{0,4}(?![A-Z][\w-]+: )[A-Za-z`(\"'\u4e00-\u9fff]")
_ENDS = (".", ":", "!", "。", "：", "！", ";", "；")


class Presence(NamedTuple):
    """How often a name stands on added and on removed lines, and whether it stands on others, or in the message."""

    new: int
    old: int
    context: bool
    message: bool

    @property
    def changes(self) -> bool:
        return bool(self.new or self.old)


class Ground(Kept):
    """The commits that statements speak of: one, or several for what is said of a window.

    `tree` None means that nothing is known of the repository beyond the commits. Everything is read lazily and kept.
    """

    def __init__(self, commits: Sequence[Commit], tree: Tree | None = None) -> None:
        self.commits = tuple(commits)
        self.files = tuple(ChangedFile(file) for commit in self.commits for file in commit.files)
        self._tree = tree
        self._asked: dict[str, Any] = {}
        self._presence: dict[str, Presence] = {}
        self._named: dict[str, tuple[ChangedFile, ...]] = {}

    @cached_property
    def message(self) -> str:
        """The messages of the commits."""
        return "\n".join(commit.message for commit in self.commits)

    @cached_property
    def subjects(self) -> str:
        """The first lines of the messages."""
        return "\n".join(commit.subject for commit in self.commits)

    @cached_property
    def told(self) -> str:
        """What the messages themselves say, wrapped rows as one, without hidden notes, open boxes and questions."""
        rows: list[str] = []
        for row in _HIDDEN.sub("", self.message).split("\n"):
            if _OF_A_FORM.search(row):
                continue
            if rows and len(rows[-1]) >= WRAPPED and _GOES_ON.match(row) and not rows[-1].endswith(_ENDS):
                rows[-1] += f" {row.strip()}"
            else:
                rows.append(row)
        return "\n".join(rows)

    @cached_property
    def people(self) -> str:
        """Who wrote and committed."""
        found = [person for commit in self.commits for person in (commit.author, commit.committer)]
        return "\n".join(f"{person.name} {person.email}" for person in found)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every path of the commits, before and after."""
        return tuple(dict.fromkeys(path for file in self.files for path in file.paths))

    @cached_property
    def text(self) -> str:
        """All that the commits hold as one text: messages, paths, patches."""
        patches = (file.file.patch for file in self.files if file.file.patch)
        return "\n".join([self.message, *self.paths, *patches])

    @cached_property
    def without_headers(self) -> str:
        """All text but the line numbers of hunks, in which any number could be found."""
        return "\n".join(row for row in self.text.split("\n") if not row.startswith("@@"))

    @cached_property
    def folded_text(self) -> str:
        """The lines of messages and patches without their marks, white space folded."""
        sides = (part for file in self.files for part in (file.new, file.old, file.context))
        return folded("\n".join([self.message, *self.paths, *sides]))

    @cached_property
    def lowered(self) -> str:
        return self.text.lower()

    @cached_property
    def lowered_new(self) -> str:
        return "\n".join(file.new for file in self.files).lower()

    @cached_property
    def lowered_old(self) -> str:
        return "\n".join(file.old for file in self.files).lower()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for file in self.files for block in file.blocks)

    @cached_property
    def additions(self) -> int:
        return sum(commit.additions for commit in self.commits)

    @cached_property
    def deletions(self) -> int:
        return sum(commit.deletions for commit in self.commits)

    def quotes(self, text: str) -> bool:
        """Whether a quotation stands in the commits, or, if it is a long one, its words in the message."""
        if folded(text) in self.folded_text:
            return True
        words = re.findall(r"\w+", text)
        return len(words) > 8 and set(words) <= self._message_words

    @cached_property
    def _message_words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", self.message)) | {"shortened", "here"}

    def has(self, name: str) -> bool:
        """Whether a name stands in the commits as a whole."""
        return stands(name, self.text)

    def whole(self, name: str) -> str:
        """A sha or digest that is given by its beginning, as it stands in the commits; any other name as it is."""
        if _HEX.fullmatch(name) and not self.has(name):
            found = re.search(rf"(?<![0-9a-f]){name}[0-9a-f]+", self.text)
            return found[0] if found else name
        return name

    def presence(self, name: str) -> Presence:
        """On which sides a name stands. Paths of files count as lines of the sides on which they are."""
        if name not in self._presence:
            new = sum(count(name, file.new) for file in self.files)
            old = sum(count(name, file.old) for file in self.files)
            context = any(stands(name, file.context) for file in self.files)
            self._presence[name] = Presence(new, old, context, stands(name, self.message))
        return self._presence[name]

    def files_named(self, name: str) -> tuple[ChangedFile, ...]:
        """The files that a path, an end of a path, or a folder means."""
        if name not in self._named:
            path = name.strip().removeprefix("./").rstrip("/")
            exact = [file for file in self.files if path in file.paths]
            meant = [file for file in self.files if any(_means(path, known) for known in file.paths)]
            self._named[name] = tuple(exact or meant) if path.strip(".") else ()
        return self._named[name]

    def added_path(self, name: str) -> bool:
        """Whether a path came into being: a file that was added, copied, or given that name, or its folder."""
        return any(self._is_new(file) for file in self.files_named(name))

    def removed_path(self, name: str) -> bool:
        """Whether a path ceased to be: a file that was deleted, or had that name before."""
        path = name.rstrip("/")
        for file in self.files_named(name):
            if file.file.status is FileStatus.DELETED:
                return True
            was = file.file.old_path if file.file.status is FileStatus.RENAMED else None
            if was and _means(path, was) and not _means(path, file.file.path):
                return True
        return False

    def tree_holds(self, text: str) -> bool:
        """Whether the repository has the text; False without a tree."""
        return self._ask("=" + text, lambda tree: tree.holds(text), False)

    def tree_has_path(self, path: str) -> bool:
        """Whether the repository has the path; False without a tree."""
        return self._ask("/" + path, lambda tree: tree.has_path(path), False)

    def tree_lines(self, text: str, path: str, side: Side) -> Sequence[int]:
        """The lines of a file that have the text, also where the diff does not show them; none without a tree."""
        return self._ask(f"{side}:{path}:{text}", lambda tree: tree.lines_with(text, path, side), ())

    def _ask(self, key: str, question: Callable[[Tree], T], otherwise: T) -> T:
        if self._tree is None:
            return otherwise
        if key not in self._asked:
            if len(self._asked) >= ASKED_OF_TREE:
                return otherwise
            self._asked[key] = question(self._tree)
        found: T = self._asked[key]
        return found

    def _is_new(self, file: ChangedFile) -> bool:
        return file.file.status in (FileStatus.ADDED, FileStatus.RENAMED, FileStatus.COPIED)

    def moments(self) -> Iterator[str]:
        """The days of the commits, as dates are written."""
        for commit in self.commits:
            for moment in (commit.authored_at, commit.committed_at):
                yield moment.date().isoformat()


def _means(path: str, known: str) -> bool:
    """Whether a path is another one, an end of it by whole parts, or a folder above it."""
    if path not in known:
        return False
    return known == path or known.endswith("/" + path) or known.startswith(path + "/") or f"/{path}/" in known
