"""Commits that arrive after their window is over: every source tells each commit once, in one window or the next."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import NAME, source_on
from tests.repositories import RepositoryBuilder
from workers.model import Listing
from workers.request import Query
from workers.sources import late
from workers.sources.base import Source
from workers.sources.git.source import GitSource

NOON = datetime(2026, 2, 21, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def built(tmp_path: Path) -> RepositoryBuilder:
    found = RepositoryBuilder(tmp_path / "engine", bare=True)
    found.commit("begin", {"a.py": "1\n"}, at=NOON - 30 * HOUR)
    found.commit("in time", {"a.py": "2\n"}, at=NOON - 3 * HOUR)
    return found


@pytest.fixture(params=["git", "github"])
def source(request: pytest.FixtureRequest, built: RepositoryBuilder) -> Iterator[Source]:
    if request.param == "git":
        yield GitSource(built.path)
        return
    with FakeGitHub({NAME: built.path}) as hub, source_on(hub) as github:
        yield github


def look(source: Source, end: datetime, tips: tuple[str, ...] | None, **query: object) -> Listing:
    """The listing of the day before `end`, by a source that has just been opened, as a job opens it."""
    fresh = GitSource(source._git.path) if isinstance(source, GitSource) else source
    asked = Query.model_validate({"timezone": "UTC", "start": end - DAY, "end": end, "tips": tips, **query})
    return fresh.listing(asked, end)


def subjects(listing: Listing) -> list[str]:
    return [head.subject for head in listing.heads]


def test_a_first_look_says_where_the_branches_stand_and_tells_nothing_else(source, built) -> None:
    found = look(source, NOON, ())
    assert (subjects(found), found.tips, found.notices) == (["in time"], (built.sha("main"),), ())


def test_who_does_not_ask_is_not_told(source) -> None:
    assert look(source, NOON, None).tips == ()


def test_a_commit_that_was_pushed_after_its_window_is_told_in_the_next(source, built) -> None:
    tips = look(source, NOON, ()).tips
    built.commit("late", {"b.py": "1\n"}, at=NOON - HOUR)
    built.commit("next day", {"b.py": "2\n"}, at=NOON + HOUR)
    found = look(source, NOON + DAY, tips)
    assert (subjects(found), found.tips) == (["next day", "late"], (built.sha("main"),))
    assert subjects(look(source, NOON + 2 * DAY, found.tips)) == []


def test_a_branch_that_is_merged_brings_all_of_its_commits(source, built) -> None:
    tips = look(source, NOON, ()).tips
    built.branch("feature")
    built.commit("half", {"c.py": "1\n"}, branch="feature", at=NOON - 20 * DAY)
    built.commit("whole", {"c.py": "2\n"}, branch="feature", at=NOON - 10 * DAY)
    built.merge("feature", at=NOON + HOUR)
    found = look(source, NOON + DAY, tips)
    assert (subjects(found), found.merges_left_out) == (["whole", "half"], 1)


def test_what_one_branch_takes_from_another_is_not_told_again(source, built) -> None:
    built.branch("next")
    built.commit("on next", {"n.py": "1\n"}, branch="next", at=NOON - 2 * HOUR)
    both = {"branches": ("main", "next")}
    found = look(source, NOON, (), **both)
    assert sorted(subjects(found)) == ["in time", "on next"]
    built.commit("late on main", {"m.py": "1\n"}, at=NOON - 2 * HOUR)
    built.merge("next", at=NOON + HOUR)
    assert subjects(look(source, NOON + DAY, found.tips, **both)) == ["late on main"]


def test_the_filters_hold_for_what_is_late(source, built) -> None:
    tips = look(source, NOON, ()).tips
    built.commit("late there", {"docs/a.md": "1\n"}, at=NOON - HOUR)
    built.commit("late here", {"src/a.py": "1\n"}, at=NOON - HOUR)
    assert subjects(look(source, NOON + DAY, tips, paths=("src",))) == ["late here"]


def test_a_branch_that_stands_at_a_commit_nobody_knows_any_more_is_said(source, built) -> None:
    found = look(source, NOON + DAY, ("f" * 40,))
    assert (found.notices, found.tips) == ((late.UNKNOWN,), (built.sha("main"),))


def test_only_the_newest_of_very_many_are_told(source, built, monkeypatch) -> None:
    monkeypatch.setattr(late, "MOST_LATE", 2)
    tips = look(source, NOON, ()).tips
    for hours in (5, 4, 3):
        built.commit(f"{hours} hours before", {"b.py": f"{hours}\n"}, at=NOON - hours * HOUR)
    found = look(source, NOON + DAY, tips)
    assert subjects(found) == ["3 hours before", "4 hours before"]
    assert [notice.code for notice in found.notices] == ["late_cut"]


@pytest.mark.parametrize("seed", range(4))
def test_whenever_commits_arrive_each_is_told_exactly_once(source, built, seed: int) -> None:
    """Six days of commits with all sorts of dates, on the branch itself or on one that is merged some day."""
    chance = random.Random(seed)
    made, told = ["in time"], list[str]()
    tips: tuple[str, ...] = ()
    built.branch("side")
    for day in range(9):
        end = NOON + day * DAY
        found = look(source, end, tips)
        tips, told = found.tips, told + subjects(found)
        for number in range(chance.randint(0, 3) if day < 6 else 0):
            made.append(f"{day}-{number}")
            branch, hours = chance.choice(["main", "side"]), chance.randint(-20, 60)
            built.commit(made[-1], {f"{made[-1]}.py": "1\n"}, branch=branch, at=end - hours * HOUR)
        if day == 6 or chance.random() < 0.4:
            built.merge("side", at=end + HOUR)
            built.branch("side")
    assert sorted(told) == sorted(made)
