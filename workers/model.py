"""The product's words as frozen values: commits, windows, analyses, digests.

No clients, no storage ids, no platform. Every value is a pydantic model that is frozen, so it can be shared between
stages and stored as JSON. `Digest.model_dump_json()` is the published JSON document, version 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from workers.lazy import Many

Language = Literal["zh", "en"]
Engine = Literal["model", "offline"]
Side = Literal["new", "old"]
TimeBasis = Literal["committer", "author"]


class Value(BaseModel):
    """Base of every value: frozen, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(StrEnum):
    """Importance by consequence for those who use or run the code, never by size."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for high, 1 for medium, 2 for low: sorts the most important first."""
        return _TIER_RANK[self]


_TIER_RANK = {Tier.HIGH: 0, Tier.MEDIUM: 1, Tier.LOW: 2}


class Kind(StrEnum):
    """What sort of change a commit is. A commit may have several; the first is the main one."""

    FEATURE = "feature"
    FIX = "fix"
    PERFORMANCE = "performance"
    REFACTOR = "refactor"
    ARCHITECTURE = "architecture"
    SECURITY = "security"
    DOCS = "docs"
    TESTS = "tests"
    BUILD = "build"
    CI = "ci"
    DEPENDENCIES = "dependencies"
    CONFIG = "config"
    REVERT = "revert"
    CHORE = "chore"


class FileStatus(StrEnum):
    """What a commit did to a file, as git names it."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"
    TYPE_CHANGED = "type_changed"


class PatchGap(StrEnum):
    """Why a file that changed has no patch text.

    `binary`: git calls it binary. `too_large`: the source would not give it, or it is over our limit for one file.
    `withheld`: the source gave none and no reason (GitHub does so for large and for binary files).
    """

    BINARY = "binary"
    TOO_LARGE = "too_large"
    WITHHELD = "withheld"


SUBMODULE_MODE = "160000"


class FileChange(Value):
    """One file of a commit.

    `path` is the path after the commit (before it, for a deleted file); `old_path` is where a renamed or copied file
    came from, else None. Bytes of a path that are not UTF-8 stand as `\\xNN`. `patch` is the unified diff from its
    first `@@` line on, without file header, lines joined by `\\n`; it is "" where nothing but the mode, the name or
    an empty file changed, and None where there is no text, in which case `gap` says why. Modes are git's six octal
    digits, None where the source does not tell. `additions` and `deletions` count lines; 0 for binary files.
    """

    path: str
    old_path: str | None = None
    status: FileStatus
    additions: int = 0
    deletions: int = 0
    old_mode: str | None = None
    new_mode: str | None = None
    patch: str | None = ""
    gap: PatchGap | None = None

    @property
    def is_submodule(self) -> bool:
        return SUBMODULE_MODE in (self.old_mode, self.new_mode)

    @property
    def patch_bytes(self) -> int:
        """UTF-8 size of the patch text; 0 without one."""
        return len(self.patch.encode()) if self.patch else 0


class Person(Value):
    """A name and an e-mail address as the commit has them; either may be empty."""

    name: str
    email: str = ""


class CommitHead(Value):
    """What a listing tells of a commit: everything but its files.

    Times are aware. `message` is the whole message as it was written, trailers included; `workers.messages` reads it.
    """

    sha: str = Field(pattern=r"^[0-9a-f]{40,64}$")
    parents: tuple[str, ...] = ()
    author: Person
    committer: Person
    authored_at: datetime
    committed_at: datetime
    message: str

    @property
    def subject(self) -> str:
        """First non-empty line of the message; "" for an empty message."""
        return next((line.strip() for line in self.message.splitlines() if line.strip()), "")

    @property
    def is_merge(self) -> bool:
        return len(self.parents) > 1


class Commit(CommitHead):
    """What a source says of one commit. Files stand in the order of the source.

    `files_cut` says that the source left files out: GitHub lists the first 3,000 of a commit.
    """

    files: tuple[FileChange, ...] = ()
    files_cut: bool = False

    @cached_property
    def additions(self) -> int:
        return sum(file.additions for file in self.files)

    @cached_property
    def deletions(self) -> int:
        return sum(file.deletions for file in self.files)


class Window(Value):
    """The half-open span [start, end) in a time zone, or a revision range `a..b`.

    Start and end are aware and stand in `timezone` (an IANA name). For a range they are the times of its oldest
    commit and one second after its newest, and `range` is its text; for a span `range` is None.
    """

    start: datetime
    end: datetime
    timezone: str
    range: str | None = None


class Notice(Value):
    """Something a person should know about a listing that is still usable, such as a shallow clone.

    `code` and `details` are as in `workers.errors`: the sentence is made where the language is known.
    """

    code: str
    details: dict[str, str | int | float] = Field(default_factory=dict)


class Listing(Value):
    """The commits of a window without their files, newest first.

    `merges_left_out` counts merge commits of the window that bring nothing of their own; they are not in `heads`.
    `tips` are the commits that the branches stood at, in the order of the query; () where it did not ask for them.
    """

    window: Window
    heads: Many[CommitHead]
    merges_left_out: int = 0
    notices: tuple[Notice, ...] = ()
    tips: tuple[str, ...] = ()


class Evidence(Value):
    """Where a statement can be checked: a path, lines of one side of the diff (from 1, both included), the text."""

    path: str
    side: Side
    start: int
    end: int
    quote: str


class Statement(Value):
    """One sentence of an analysis with its evidence. `proposed` marks names that do not exist yet."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    proposed: bool = False


class Insight(Value):
    """Statements on one dimension (such as architecture, performance, compatibility), named in the language."""

    dimension: str
    statements: tuple[Statement, ...]


class Recommendation(Value):
    """Advice to one audience (such as users, developers, operators), named in the language."""

    audience: str
    statement: Statement


class Judgement(Value):
    """The statements of an analysis by section.

    `complete` is False when a part that should be here is missing: a section, then named in `missing` by its field, or
    text that the source would not give.
    """

    engine: Engine
    complete: bool
    summary: tuple[Statement, ...] = ()
    impact: tuple[Statement, ...] = ()
    insights: tuple[Insight, ...] = ()
    risks: tuple[Statement, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    conclusion: Statement | None = None
    missing: tuple[str, ...] = ()

    def statements(self) -> tuple[Statement, ...]:
        """Every statement, in reading order."""
        found = [*self.summary, *self.impact]
        found += [statement for insight in self.insights for statement in insight.statements]
        found += [*self.risks, *(advice.statement for advice in self.recommendations)]
        return (*found, self.conclusion) if self.conclusion else tuple(found)


class Grounding(Value):
    """How the statements fared when checked against the commit: checked = supported + repaired + removed."""

    checked: int = 0
    supported: int = 0
    repaired: int = 0
    removed: int = 0


class LeftOut(Value):
    """A file that an analysis did not read, and why, in words of the language."""

    path: str
    reason: str


class Coverage(Value):
    """Which files and patch bytes of a commit the analysis saw."""

    files: int = 0
    files_seen: int = 0
    bytes: int = 0
    bytes_seen: int = 0
    left_out: tuple[LeftOut, ...] = ()


class Provenance(Value):
    """Who judged, by which prompt (for the offline judge: its version), at what cost, when, and whether from cache."""

    model: str | None = None
    prompt: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached: bool = False
    at: datetime


class Triage(Value):
    """The least tier a commit may have, its likely kinds, and the reasons in words of the language."""

    tier: Tier
    kinds: tuple[Kind, ...]
    reasons: tuple[str, ...]


class Size(Value):
    """How much a commit changed: files, and lines added and deleted."""

    files: int = 0
    additions: int = 0
    deletions: int = 0


class Analysis(Value):
    """The judgement of one commit in one language."""

    sha: str
    size: Size
    tier: Tier
    tier_reasons: tuple[str, ...]
    kinds: tuple[Kind, ...]
    judgement: Judgement
    grounding: Grounding
    coverage: Coverage
    provenance: Provenance


class Highlight(Value):
    """One sentence over the window, and the commits it speaks of."""

    text: str
    commits: tuple[str, ...]


class Highlighting(Value):
    """How a model came to its highlights: how its sentences fared when checked against the commits that they cite, and
    at what cost. Sentences that held but were more than are shown count as the others do.
    """

    grounding: Grounding = Grounding()
    provenance: Provenance


class Statistics(Value):
    """Counts over the commits of one repository in a digest. Lines are counted, not bytes."""

    commits: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    merges_left_out: int = 0
    authors: int = 0
    additions: int = 0
    deletions: int = 0


class Entry(Value):
    """One commit in a digest. Times stand in the window's zone; `message` is the body text without trailers."""

    sha: str
    url: str | None
    author: str
    committed_at: datetime
    authored_at: datetime
    subject: str
    message: str
    pull_request: int | None
    reverts: tuple[str, ...]
    reverted_by: tuple[str, ...]
    files: int
    additions: int
    deletions: int
    tier: Tier
    tier_reasons: tuple[str, ...]
    kinds: tuple[Kind, ...]
    analysis: Judgement
    grounding: Grounding
    coverage: Coverage
    provenance: Provenance


class RepositoryDigest(Value):
    """What happened in one repository; commits newest first. `highlighting` is None where the rules made the highlights
    and no model was asked.

    A digest of the store reads its commits as they are looked at: go through them, and keep none.
    """

    name: str
    url: str | None
    statistics: Statistics
    highlights: tuple[Highlight, ...]
    highlighting: Highlighting | None = None
    commits: Many[Entry]

    def shas(self) -> Sequence[str]:
        """The shas of the commits, in their order."""
        return [entry.sha for entry in self.commits]

    def entry(self, sha: str) -> Entry | None:
        """The commit of a whole sha; None when it is not here."""
        return next((entry for entry in self.commits if entry.sha == sha), None)

    def of_tier(self, tier: Tier) -> Sequence[Entry]:
        """The commits of one tier, in their order."""
        return [entry for entry in self.commits if entry.tier is tier]


class Problem(Value):
    """Something that could not be looked at or judged: what, in words of the language, and where.

    `by_rules` is how many commits the rules judged because the model could not: those were looked at all the same. 0
    where it is about something else.
    """

    what: str
    where: str
    by_rules: int = 0


class Digest(Value):
    """The ordered judgements of one window of one or more repositories: the published JSON document."""

    version: Literal[1] = 1
    language: Language
    title: str
    window: Window
    repositories: tuple[RepositoryDigest, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def unseen(self) -> tuple[Problem, ...]:
        """What could not be looked at: there may be more in it."""
        return tuple(problem for problem in self.problems if not problem.by_rules)

    @property
    def judged_by_rules(self) -> tuple[Problem, ...]:
        """Why commits were judged by the rules instead of by the model."""
        return tuple(problem for problem in self.problems if problem.by_rules)
