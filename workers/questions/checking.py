"""Each statement of an answer against the commits it cites and what tools showed: held with its sources, or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from workers.analysis.grounding.evidence import place
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.grounding import faults_of
from workers.analysis.grounding.prose.reading import Reading, Sort
from workers.analysis.grounding.prose.texts import folded
from workers.analysis.injection import addresses
from workers.analysis.redaction.redaction import redact_text
from workers.analysis.replies.answers import Answered
from workers.model import Commit, Evidence, Side, Statement
from workers.questions.bearing import bears_on, is_silent
from workers.questions.seen import Seen, WiderGround
from workers.questions.values import CommitRef
from workers.tree import Tree

FindCommit = Callable[[CommitRef], Commit | None]
FindTree = Callable[[CommitRef], Tree | None]

_MESSAGES = ("message", "commit message", "pull request", "提交说明", "提交信息")
"""Paths by which a statement quotes what the author wrote."""

_ABSENT = re.compile(
    r"(?:mention|touch|contain|include|refer to)(?:s|es)?\s+(?:the\s+)?(?:\w+\s+)?`([^`]+)`"
    r"|(?:没有|未|并未)(?:提到|提及|涉及|包含|触及)\s*`([^`]+)`",
    re.IGNORECASE,
)
_ACTING = re.compile(
    r"\w+://|<[!@#|]|<at\b|\]\s*\(|\bwww\.|@(?:所有人|全体|all\b|everyone\b|here\b|channel\b)", re.IGNORECASE
)
_CODE = re.compile(r"(`+)(?!`).+?\1")


class Source(NamedTuple):
    """Where a statement can be checked. `path` None: what the author wrote, or the commit as a whole (no quote).

    `sha` is the commit whose file has the lines; `request` the pull request that was quoted.
    """

    ref: CommitRef
    sha: str
    path: str | None = None
    side: Side = "new"
    start: int = 0
    end: int = 0
    quote: str = ""
    request: int | None = None


class Verdict(NamedTuple):
    """A statement as it may be shown, with its sources; or what is wrong with it."""

    statement: Statement
    refs: tuple[CommitRef, ...]
    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]


class Checker:
    """Checks the statements of one answer. `about` are its commits, `known` all that may be cited.

    `question` is what was asked: of its names it may be said that nothing is said of them.
    """

    def __init__(
        self,
        about: Sequence[CommitRef],
        known: Sequence[CommitRef],
        question: str,
        find: FindCommit,
        tree: FindTree,
    ) -> None:
        self._about = tuple(about)
        self._known = tuple(known)
        self._question = question
        self._find = find
        self._tree = tree
        self._seen: list[Seen] = []
        self._commits: dict[CommitRef, Commit | None] = {}
        self._grounds: dict[tuple[object, ...], WiderGround] = {}

    def show(self, seen: Sequence[Seen]) -> None:
        """What a tool has shown may be said from now on."""
        self._seen.extend(seen)

    def check(self, answered: Answered) -> Verdict:
        """Whether a statement holds."""
        said = answered.statement.model_copy(update={"text": redact_text(answered.statement.text)})
        refs = self._refs(answered.commits)
        silent = is_silent(said.text)
        ground = self._ground(refs, silent)
        sources, placed = self._sources(said, refs)
        bare = said.model_copy(update={"evidence": placed, "proposed": False})
        faults = [*_acting_faults(said.text), *faults_of(bare, ground)]
        faults += _untrue_silence(said.text, ground) if silent else ()
        if said.proposed:
            stand = [fault for fault in faults if fault.code not in ("name_unknown", "path_unknown")]
            said, faults = said.model_copy(update={"proposed": stand != faults}), stand
        sources = sources or self._whole_commits(answered, said)
        if not sources and not silent:
            faults.append(Fault(code="no_evidence"))
        if not silent and not bears_on(said.text, ground):
            faults.append(Fault(code="not_of_it"))
        return Verdict(said, refs, sources, tuple(dict.fromkeys(faults)))

    def commit(self, ref: CommitRef) -> Commit | None:
        """A commit that may be cited; None where it is not at hand."""
        if ref not in self._commits:
            self._commits[ref] = self._find(ref)
        return self._commits[ref]

    # --- what a statement stands on -------------------------------------------------------------------------------

    def _refs(self, cited: Sequence[str]) -> tuple[CommitRef, ...]:
        """The commits that are meant; all that the answer is about where none is named."""
        return self._cited(cited) or self._about

    def _cited(self, cited: Sequence[str]) -> tuple[CommitRef, ...]:
        return tuple(dict.fromkeys(ref for sha in cited for ref in self._meant(sha)))

    def _meant(self, sha: str) -> tuple[CommitRef, ...]:
        found = tuple(ref for ref in self._known if ref.sha.startswith(sha) and self.commit(ref) is not None)
        return found if len(found) == 1 else ()

    def _ground(self, refs: tuple[CommitRef, ...], silent: bool) -> WiderGround:
        key = (refs, len(self._seen), silent)
        if key not in self._grounds:
            commits = tuple(commit for ref in refs if (commit := self.commit(ref)) is not None)
            tree = self._tree(refs[0]) if len(refs) == 1 else None
            more = [part for seen in self._seen if seen.ref in refs for part in (seen.path, seen.text)]
            self._grounds[key] = WiderGround(commits, tree, "\n".join([*more, self._question if silent else ""]))
        return self._grounds[key]

    def _sources(self, said: Statement, refs: tuple[CommitRef, ...]) -> tuple[tuple[Source, ...], tuple[Evidence, ...]]:
        """The sources that hold, and those of them that are lines of the diff."""
        found: dict[Source, None] = {}
        placed: list[Evidence] = []
        for item in said.evidence:
            source = next(self._places(item, refs), None)
            if source is None:
                continue
            found[source] = None
            if source.path is not None and source.sha == source.ref.sha and self._in_diff(item, source.ref):
                spot = {"path": source.path, "side": source.side, "start": source.start, "end": source.end}
                placed.append(item.model_copy(update=spot))
        return tuple(found), tuple(placed)

    def _in_diff(self, item: Evidence, ref: CommitRef) -> bool:
        return place(item, self._ground((ref,), silent=False)) is not None

    def _places(self, item: Evidence, refs: tuple[CommitRef, ...]) -> Iterator[Source]:
        for ref in refs:
            spot = place(item, self._ground((ref,), silent=False))
            if spot is not None:
                yield Source(ref, ref.sha, spot.path, spot.side, spot.start, spot.end, spot.quote)
        for ref in refs:
            commit = self.commit(ref)
            if commit is not None and item.path.casefold() in _MESSAGES and _stands(item.quote, commit.message):
                yield Source(ref, ref.sha, quote=item.quote)
        for seen in self._seen:
            if seen.ref in refs and (seen.path == item.path or seen.path.endswith(f"/{item.path}")):
                lines = seen.lines_of(item.quote)
                if lines is not None:
                    path = None if seen.request else seen.path
                    start, end = lines if path else (0, 0)
                    yield Source(seen.ref, seen.sha, path, seen.side, start, end, item.quote, seen.request)

    def _whole_commits(self, answered: Answered, said: Statement) -> tuple[Source, ...]:
        """The commits that a statement without evidence cites; () for quotes that fail."""
        return () if said.evidence else tuple(Source(ref, ref.sha) for ref in self._cited(answered.commits))


def _untrue_silence(text: str, ground: WiderGround) -> list[Fault]:
    """Names of which it is said that the commit has nothing, and which it changes."""
    named = (next(filter(None, match.groups())) for match in _ABSENT.finditer(text))
    return [
        Fault(code="against_message", details={"what": name})
        for name in named
        if ground.presence(name).changes or ground.files_named(name)
    ]


def _acting_faults(text: str) -> Iterator[Fault]:
    """Whatever would link or call outside of backticks, be it in the commit or not: an answer only shows."""
    bare = _CODE.sub(" ", text)
    found = [match[0] for match in _ACTING.finditer(bare)]
    found += [name.text for name in Reading(bare, lambda _: False).names if name.sort in (Sort.LINK, Sort.MENTION)]
    found += [bare] if addresses(bare) else []
    yield from (Fault(code="acting", details={"what": what}) for what in dict.fromkeys(found))


def _stands(quote: str, text: str) -> bool:
    return bool(folded(quote)) and folded(quote) in folded(text)
