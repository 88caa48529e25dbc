"""Counting the days of a window: whole ones that are over, in its zone, whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from workers.days import DayTally, tells_days
from workers.model import Tier, Window
from workers.request import DigestRequest, Query
from workers.sources.window import days_window
from workers.store.history import MOST_DAYS, Day

FIRST, LAST = date(2026, 2, 20), date(2026, 2, 21)
NOON = datetime(2026, 2, 22, 12, tzinfo=UTC)


def test_commits_are_counted_on_their_day_in_the_zone_and_a_day_without_any_is_told() -> None:
    tally = DayTally(days_window(FIRST, LAST, "Asia/Shanghai"), NOON)
    tally.count(datetime(2026, 2, 20, 16, 30, tzinfo=UTC), Tier.HIGH)  # half past midnight of the 21st there
    tally.count(datetime(2026, 2, 21, 15, 59, tzinfo=UTC), Tier.LOW)
    tally.count(datetime(2026, 2, 19, 3, tzinfo=UTC), Tier.LOW)  # arrived late: of a day that is not asked about
    assert tally.days() == [Day(day=FIRST), Day(day=LAST, high=1, low=1)]


def test_a_day_that_is_not_over_is_not_told() -> None:
    window = days_window(FIRST, date(2026, 2, 22), "UTC")
    assert [one.day for one in DayTally(window, NOON).days()] == [FIRST, LAST]
    assert DayTally(days_window(LAST, LAST, "UTC"), datetime(2026, 2, 21, 23, 59, tzinfo=UTC)).days() == []


@pytest.mark.parametrize("hours", [6, 12])
def test_a_day_that_a_window_holds_a_part_of_is_not_told(hours: int) -> None:
    begin = datetime(2026, 2, 20, hours, tzinfo=UTC)
    window = Window(start=begin, end=begin + timedelta(hours=40), timezone="UTC")
    assert [one.day for one in DayTally(window, NOON).days()] == ([] if hours == 6 else [LAST])


def test_of_a_long_window_the_last_days_are_told_and_of_the_first_days_of_git_those_there_are() -> None:
    long = DayTally(days_window(date(2020, 1, 1), LAST, "UTC"), NOON).days()
    assert (len(long), long[-1].day) == (MOST_DAYS, LAST)
    assert len(DayTally(days_window(date(1970, 1, 1), date(1970, 1, 2), "UTC"), NOON).days()) == 2


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_whose_clocks_change_is_whole(day: date) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert [one.day for one in DayTally(days_window(day, day, "Europe/Berlin"), now).days()] == [day]


@pytest.mark.parametrize(
    "given",
    [
        {"branches": ("main",)},
        {"paths": ("src",)},
        {"authors": ("ada",)},
        {"exclude_authors": ("bot",)},
        {"time": "author"},
        {"range": "a..b"},
        {"commits": ("1f0c2d3",)},
    ],
)
def test_what_is_filtered_tells_nothing_of_a_day(given: dict[str, object]) -> None:
    assert not tells_days(request(**given))


def test_what_is_not_filtered_tells_of_its_days_whatever_tier_is_shown() -> None:
    assert tells_days(request())
    assert tells_days(request(start=NOON, end=NOON + timedelta(days=1)).model_copy(update={"least_tier": Tier.HIGH}))


def request(**given: object) -> DigestRequest:
    query = Query(timezone="UTC", **given)  # type: ignore[arg-type]
    return DigestRequest(asked_at=NOON, sources=("acme/engine",), query=query, language="en")
