"""Commits of a git repository on disk, bare or not, read with the git command."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from workers.errors import PartialError, RefusedError
from workers.lazy import Compact
from workers.messages import Message, bare_subject, read_message
from workers.model import Commit, CommitHead, Listing, Notice, Window
from workers.reading import Reading
from workers.request import Query
from workers.sources.filters import author_filter, pathspecs
from workers.sources.git.command import SILENCE, Git
from workers.sources.git.damage import Files, mend_commit, mend_merge, surviving
from workers.sources.git.heads import list_heads
from workers.sources.git.merges import without_renames
from workers.sources.git.patches import DIFF_OPTIONS, split_commits
from workers.sources.git.reading import GitReading
from workers.sources.git.refs import Refs
from workers.sources.git.repository import open_repository
from workers.sources.git.tree import GitTree
from workers.sources.git.walk import Walk
from workers.sources.late import UNKNOWN, newest
from workers.sources.window import day_of, day_window, find_zone, range_window, whole_seconds, window_of_query
from workers.tree import Tree

REVERT_REACH = timedelta(days=400)
"""How far a revert may lie from what it reverts, to be found."""
MOST_REVERTS = 1000
"""How many reverts are looked at after a window, the newest of them."""

MAX_KEPT_PATCH = 4 << 20
"""Bytes of patches of merges that a listing had to read and that `commits` need not read again."""

RENAMES_OF_MERGES = "-l200"
"""How many files that a merge's sides deleted and added are compared: with git's 1,000 some merges take 0.1 s each."""


class GitSource:
    """The repository at `path`: its top folder or its git directory. See `workers.sources.base.Source`.

    Errors are those of `Git`, and WordsError("empty_repository", "unknown_branch", "unknown_range", "unknown_commit",
    "unknown_path", "unknown_zone"), RefusedError("partial_clone"). A commit whose files cannot be told since objects
    are missing does not keep others back: PartialError("repository_broken") comes after them.
    """

    def __init__(self, path: str | Path, *, silence: float = SILENCE, program: str = "git") -> None:
        self._git = Git(Path(path).absolute(), silence=silence, program=program)
        self._repository = open_repository(self._git)
        self._refs = Refs(self._git)
        self._known: dict[str, Files] = {}  # what the last listing had to learn of its merges

    @property
    def name(self) -> str:
        """`owner/name` as the remote `origin` has it, else the name of the folder."""
        return self._repository.home.name

    @property
    def url(self) -> str | None:
        """The page of `origin` where its forge is known."""
        return self._repository.home.url

    def listing(self, query: Query, now: datetime) -> Listing:
        """See Source. A shallow clone whose window reaches its boundary gets the notice "shallow_window".

        Its `commits` counts those on the boundary: they are listed, but what they changed is not known. What is older
        is missing.
        """
        if query.commits:
            return self._named(query, now)
        walk = Walk(
            git=self._git,
            revisions=self._refs.revisions(query.branches, query.range),
            paths=pathspecs(query.paths),
            passes=author_filter(query),
            time=query.time,
        )
        listing = self._listing(walk, query, now)
        return listing.model_copy(update={"notices": (*listing.notices, *self._notices(walk, listing.window))})

    def commits(self, heads: Sequence[CommitHead]) -> Iterator[Commit]:
        """See Source. A commit on the boundary of a shallow clone has no files: what it changed is not known."""
        places = {head.sha: place for place, head in enumerate(heads)}
        missing: list[str] = []
        with closing(self._files(heads)) as found:
            for sha, files in found:
                if files is None:
                    missing.append(sha)
                else:
                    yield Commit(**dict(heads[places[sha]]), files=files)
        if missing:
            raise PartialError("repository_broken", tuple(missing), path=str(self._git.path), object=missing[0])

    def find_reverted(self, head: CommitHead) -> str | None:
        """See Source. By subject or number of a pull request only among what is at most REVERT_REACH older."""
        message = read_message(head.message)
        for short in message.reverted_shas:
            if sha := self._refs.commit(short):
                return sha
        if (named := message.reverted_subject) is not None:
            older = self._older(head, bare_subject(named))
            alike = [sha for sha, other in older if bare_subject(other.subject) == bare_subject(named)]
            if alike:
                return next((sha for sha, other in older if other.subject == named), alike[0])
        if (number := message.reverted_pull_request) is not None:
            return next((sha for sha, other in self._older(head, f"#{number}") if other.pull_request == number), None)
        return None

    def reverts_after(self, window: Window) -> Sequence[CommitHead]:
        """See Source. At most MOST_REVERTS, and at most REVERT_REACH after the window."""
        first = whole_seconds(window)[1] + 1
        heads = list_heads(
            self._git,
            f"--max-age={first}",
            f"--min-age={first + int(REVERT_REACH.total_seconds())}",
            f"--max-count={MOST_REVERTS}",
            *_REVERT_WORDS,
            self._refs.default(),
            "--",
        )
        return [head for head in heads if read_message(head.message).is_revert]

    def tree(self, sha: str) -> Tree:
        """See Source."""
        return GitTree(self._git, sha)

    def reading(self) -> Reading:
        """See Source."""
        return GitReading(self._git)

    def close(self) -> None:
        """Ends every git process that is still running."""
        self._git.close()

    def _named(self, query: Query, now: datetime) -> Listing:
        shas = [self._refs.named(name) for name in query.commits]
        heads = list(list_heads(self._git, "--no-walk", *shas, "--"))
        moments = [head.committed_at for head in heads]
        return Listing(window=range_window(" ".join(query.commits), moments, query.timezone, now), heads=tuple(heads))

    def _listing(self, walk: Walk, query: Query, now: datetime) -> Listing:
        zone = find_zone(query.timezone).key
        if query.range is not None:
            kept, left_out = self._without_empty_merges(walk, walk.all())
            window = range_window(query.range, map(walk.moment, kept), zone, now)
            return Listing(window=window, heads=kept, merges_left_out=left_out)
        if asked := window_of_query(query):
            return self._span(walk, asked, query.tips)
        return self._last_day(walk, zone, day_of(now, zone))

    def _span(self, walk: Walk, window: Window, tips: Sequence[str] | None = None) -> Listing:
        found, notices = walk.within(window), tuple[Notice, ...]()
        if tips:
            late, notices = self._late(walk, window, tips)
            found.extend(late)
        kept, left_out = self._without_empty_merges(walk, found)
        now = () if tips is None else walk.revisions
        return Listing(window=window, heads=kept, merges_left_out=left_out, notices=notices, tips=now)

    def _late(self, walk: Walk, window: Window, tips: Sequence[str]) -> tuple[list[CommitHead], tuple[Notice, ...]]:
        """The commits before a window that the walk reaches and the tips do not."""
        known = [sha for tip in tips if (sha := self._refs.commit(tip))]
        if len(known) < len(tips):
            return [], (UNKNOWN,)
        since = walk._replace(revisions=(*walk.revisions, *(f"^{sha}" for sha in known)))
        return newest(since.heads(f"--min-age={max(whole_seconds(window)[0] - 1, 0)}"))

    def _last_day(self, walk: Walk, zone: str, today: date) -> Listing:
        """The last day up to today that has a commit; today, empty, where there is none."""
        before = today + timedelta(days=1)
        while day := walk.newest_day(before, zone):
            listing = self._span(walk, day_window(day, zone))
            if listing.heads:
                return listing
            before = day
        return Listing(window=day_window(today, zone), heads=())

    def _without_empty_merges(self, walk: Walk, heads: Compact[CommitHead]) -> tuple[Compact[CommitHead], int]:
        """The heads without merges that bring nothing of their own, and how many those are.

        What had to be learnt of the others is kept for `commits`, as far as it has room.
        """
        own: set[str] = set()
        self._known = {}
        room = -1 if walk.paths else MAX_KEPT_PATCH
        for sha, files in self._merged([head.sha for head in heads if head.is_merge], walk.paths):
            if files == ():
                continue
            own.add(sha)
            room -= sum(file.patch_bytes for file in files or ())
            if files is not None and room >= 0:
                self._known[sha] = files
        kept = heads.where(lambda head: not head.is_merge or head.sha in own)
        return kept, len(heads) - len(kept)

    def _notices(self, walk: Walk, window: Window) -> tuple[Notice, ...]:
        if not self._repository.boundary:
            return ()
        by_time = window.range is None and walk.time == "committer"
        since = [f"--max-age={max(whole_seconds(window)[0], 0)}"] if by_time else []
        walked = self._git.output("rev-list", *since, *walk.revisions).decode().split()
        reached = self._repository.boundary.intersection(walked)
        return (Notice(code="shallow_window", details={"commits": len(reached)}),) if reached else ()

    def _files(self, heads: Sequence[CommitHead]) -> Generator[tuple[str, Files | None], None, None]:
        known = dict.fromkeys(self._repository.boundary, ()) | self._known
        is_merge = {head.sha: head.is_merge for head in heads}
        yield from ((sha, known[sha]) for sha in is_merge if sha in known)
        plain = [sha for sha, merges in is_merge.items() if sha not in known and not merges]
        yield from surviving(self._plain, partial(self._mend, mend_commit), plain)
        yield from self._merged([sha for sha, merges in is_merge.items() if sha not in known and merges])

    def _merged(
        self, shas: Sequence[str], paths: Sequence[str] = ()
    ) -> Generator[tuple[str, Files | None], None, None]:
        """What merges changed themselves in the paths (git's pathspecs; none: anywhere).

        One that cannot be compared because objects are missing has the files that differ from every parent; None
        stands where not even those can be told.
        """
        plain = without_renames(self._git, shas, paths)
        mend = partial(self._mend, mend_merge)
        for renames, some in (("--no-renames", plain), (RENAMES_OF_MERGES, frozenset(shas) - plain)):
            yield from surviving(partial(self._combined, renames, paths), mend, [sha for sha in shas if sha in some])

    def _combined(
        self, renames: str, paths: Sequence[str], shas: Sequence[str]
    ) -> Generator[tuple[str, Files], None, None]:
        with self._git.reading(*_DIFF, "--cc", *DIFF_OPTIONS, renames, "--", *paths, shas=shas) as read:
            yield from split_commits(read, shas)

    def _plain(self, shas: Sequence[str]) -> Generator[tuple[str, Files], None, None]:
        with self._git.reading(*_DIFF, *DIFF_OPTIONS, shas=shas) as read:
            yield from split_commits(read, shas)

    def _mend(self, mend: Callable[[Git, str], Files | None], sha: str) -> Files | None:
        if self._repository.is_partial:
            raise RefusedError("partial_clone", path=str(self._git.path))
        return mend(self._git, sha)

    def _older(self, head: CommitHead, words: str) -> list[tuple[str, Message]]:
        """The commits before a revert whose message holds the words, newest first; at most MOST_REVERTS."""
        first = int((head.committed_at - REVERT_REACH).timestamp())
        bounds = (f"--max-age={max(first, 0)}", f"--max-count={MOST_REVERTS}")
        found = list_heads(self._git, *bounds, "--fixed-strings", f"--grep={words}", head.sha, "--")
        return [(other.sha, read_message(other.message)) for other in found if other.sha != head.sha]


_DIFF = ("diff-tree", "--stdin", "--always", "--root")
_REVERT_WORDS = (
    *("--fixed-strings", "--regexp-ignore-case", "--grep=reverts commit", '--grep=revert "', '--grep=reapply "'),
    *("--grep=revert: ", "--grep=revert #", "--grep=reverts #"),
)
