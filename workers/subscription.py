"""Subscriptions as plain values: what was asked for, how it stands, and the request that a run of it makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AwareDatetime, Field

from workers.cadence import Cadence, Due
from workers.errors import Detail
from workers.model import Language, Tier, Value
from workers.request import DigestRequest, Query

Outcome = Literal["delivered", "empty"]
"""How a run was completed: a digest was posted; there were no commits (and something or, if quiet, nothing said so)."""

Name = Annotated[str, Field(min_length=1, max_length=300)]
Names = Annotated[tuple[Name, ...], Field(max_length=50)]


class Place(Value):
    """A channel of a chat platform. The two marks are as the platform told them when somebody subscribed there."""

    platform: Name
    workspace: Annotated[str, Field(max_length=300)]
    channel: Name
    is_direct: bool = False
    is_shared: bool = False

    @property
    def key(self) -> str:
        """`platform:workspace:channel`: the channel's name in the store."""
        return ":".join(quote(part, safe="") for part in (self.platform, self.workspace, self.channel))


class Subscriber(Value):
    """Who subscribed. `id` is the platform's, `name` is for people, and untrusted."""

    id: Annotated[str, Field(max_length=300)]
    name: Annotated[str, Field(max_length=300)] = ""


class Wish(Value):
    """What was asked for, where, by whom. It does not change: another wish is another subscription.

    `sources`, `branches`, `paths`, `least_tier` and `public_only` are as in `workers.request`. `quiet`: nothing is
    posted for a window without commits.
    """

    place: Place
    by: Subscriber
    created_at: AwareDatetime
    sources: Annotated[Names, Field(min_length=1)]
    cadence: Cadence
    branches: Names = ()
    paths: Names = ()
    least_tier: Tier = Tier.LOW
    language: Language = "en"
    quiet: bool = False
    public_only: bool = False

    @property
    def identity(self) -> str:
        """The same for wishes that differ in nothing but who had them and when."""
        same = self.model_copy(update={"sources": tuple(map(source_key, self.sources))})
        text = same.model_dump_json(exclude={"by": True, "created_at": True, "place": {"is_direct", "is_shared"}})
        return sha256(text.encode()).hexdigest()


def source_key(source: str) -> str:
    """The same for all ways to write a source: case matters in paths and not in names on GitHub."""
    return source if source.startswith("/") else source.casefold()


class Paused(Value):
    """Since when a subscription has no runs. `by` None: it paused itself, since its runs failed for too long."""

    at: AwareDatetime
    by: Subscriber | None = None


class Reason(Value):
    """Why a run failed, as in `workers.errors`."""

    code: str
    details: dict[str, Detail] = Field(default_factory=dict)


class Failing(Value):
    """Runs that failed since the last one that did not: how many, since when, and why the last did."""

    count: int
    since: AwareDatetime
    reason: Reason


class Running(Value):
    """The run in hand: its id, what it covers, when it was begun."""

    run_id: str
    window: Due
    begun_at: AwareDatetime


class Last(Value):
    """The last run that was completed: when, how, and where the branches of each source stood when it looked.

    `tips` without a source: it is not known where its branches stood.
    """

    at: AwareDatetime
    outcome: Outcome
    tips: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Subscription(Value):
    """One subscription. `id` is never given twice, `number` (from 1) not twice in its channel.

    Everything before `marker` has been told. `next_look` is when the scheduler turns to it next: its next run, another
    attempt, or a look at the run in hand; None while it is paused. Times are aware.
    """

    id: str
    number: int
    wish: Wish
    marker: datetime
    next_look: datetime | None = None
    paused: Paused | None = None
    failing: Failing | None = None
    running: Running | None = None
    last: Last | None = None


def tips_before(subscription: Subscription, window: Due) -> Mapping[str, tuple[str, ...]]:
    """Where the branches stood at the last completed look; nothing where that was not right before the window."""
    return subscription.last.tips if subscription.last and window.left_out_from is None else {}


def request_of(
    wish: Wish, window: Due, now: datetime, tips: Mapping[str, tuple[str, ...]] | None = None
) -> DigestRequest:
    """The digest of a window that a wish asks for; `now` (aware) is when it is asked, `tips` as in DigestRequest."""
    query = Query(
        timezone=wish.cadence.timezone,
        start=window.start,
        end=window.end,
        branches=wish.branches,
        paths=wish.paths,
    )
    return DigestRequest(
        asked_at=now,
        sources=wish.sources,
        query=query,
        language=wish.language,
        least_tier=wish.least_tier,
        public_only=wish.public_only,
        tips=tips,
    )
