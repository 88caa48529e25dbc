"""What a person or a schedule asks for, as plain values that travel in jobs as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from workers.model import Language, Tier, TimeBasis, Value

JudgeChoice = Literal["auto", "model", "offline"]


class Query(Value):
    """Which commits are wanted.

    Exactly one of a span (`start` and `end`, aware, half-open), a `range` (`a..b`), single `commits`, or none of
    them; none means the last day, in `timezone`, that has a commit which the other filters let through. `commits`
    are shas, of at least 7 digits; each is listed whatever it brings, and no other filter is asked. `branches`
    empty means the default branch; a commit on several branches counts once. `paths` are globs as git's `:(glob)`
    understands them (a name of a folder means all below it); a commit counts if it touches one. `authors` and
    `exclude_authors` match, case folded, a part of "Name <email>", or all of it as a glob where they hold `*` or
    `?`. `time` says which of a commit's two times the span is about.

    `tips` are the commits that the branches stood at when the span before this one was looked at (none: that is not
    known): what the branches have gained since and is older than the span is listed too. None: it is not asked for.
    """

    timezone: str
    start: datetime | None = None
    end: datetime | None = None
    range: str | None = None
    commits: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    exclude_authors: tuple[str, ...] = ()
    time: TimeBasis = "committer"
    tips: tuple[str, ...] | None = None


class DigestRequest(Value):
    """One digest that is wanted: of which repositories, of which commits, judged how, in which language.

    `sources` are `owner/name` on GitHub or absolute paths of git repositories. `judge` auto means the model where one
    is configured, else offline. `fresh` judges anew what the cache has. `least_tier` leaves less important commits
    out of the digest's entries (they are still counted). What was judged before `asked_at` (aware) came from the cache.
    `public_only`: whoever asks may see no private repository; one is taken for one that does not exist. `tips` are
    those of each source's query; None: they are asked for no source.
    """

    asked_at: datetime
    sources: tuple[str, ...]
    query: Query
    language: Language
    judge: JudgeChoice = "auto"
    fresh: bool = False
    least_tier: Tier = Tier.LOW
    public_only: bool = False
    tips: Mapping[str, tuple[str, ...]] | None = None

    def query_of(self, source: str) -> Query:
        """What is wanted of one source."""
        return self.query if self.tips is None else self.query.model_copy(update={"tips": self.tips.get(source, ())})
