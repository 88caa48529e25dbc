"""Counting the days of windows that begin at any hour, and telling those of which nothing is lacking."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import fakeredis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.days import DayTally, days_until, tells_days
from workers.model import Tier, Window
from workers.request import DigestRequest, Query
from workers.sources.window import day_window, days_window
from workers.store.history import MOST_DAYS, Day, HistoryStore, Piece

FIRST, LAST = date(2026, 2, 20), date(2026, 2, 21)
NOON = datetime(2026, 2, 22, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 2, 22, tzinfo=UTC)
ENGINE, SITE = "github:acme/engine", "github:acme/site"
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def store() -> HistoryStore:
    return HistoryStore(fakeredis.FakeStrictRedis(version=7), timedelta(days=90))


def whole(day: date, zone: str = "UTC", **counts: int) -> Piece:
    window = day_window(day, zone)
    return Piece(day=day, start=int(window.start.timestamp()), end=int(window.end.timestamp()), **counts)


def span(start: datetime, hours: float, zone: str = "UTC") -> Window:
    return Window(start=start, end=start + timedelta(hours=hours), timezone=zone)


# --- counting -----------------------------------------------------------------------------------------------------


def test_commits_are_counted_on_their_day_in_the_zone_and_a_day_without_any_is_told() -> None:
    tally = DayTally(days_window(FIRST, LAST, "Asia/Shanghai"), NOON)
    tally.count(datetime(2026, 2, 20, 16, 30, tzinfo=UTC), Tier.HIGH)  # half past midnight of the 21st there
    tally.count(datetime(2026, 2, 21, 15, 59, tzinfo=UTC), Tier.LOW)
    assert [*tally.pieces()] == [whole(FIRST, "Asia/Shanghai"), whole(LAST, "Asia/Shanghai", high=1, low=1)]


def test_what_arrived_late_is_in_no_piece() -> None:
    tally = DayTally(span(datetime(2026, 2, 20, 9, tzinfo=UTC), 24), NOON)
    tally.count(datetime(2026, 2, 20, 8, 59, 59, tzinfo=UTC), Tier.HIGH)
    tally.count(datetime(2026, 2, 20, 9, tzinfo=UTC), Tier.LOW)
    assert [piece.total for piece in tally.pieces()] == [1, 0]


def test_a_window_from_nine_to_nine_has_a_piece_of_each_day() -> None:
    pieces = [*DayTally(span(datetime(2026, 2, 20, 9, tzinfo=UTC), 24), NOON).pieces()]
    assert [(piece.day, (piece.end - piece.start) // 3600) for piece in pieces] == [(FIRST, 15), (LAST, 9)]


def test_a_piece_that_is_not_over_is_not_told() -> None:
    window = days_window(FIRST, date(2026, 2, 22), "UTC")
    assert [one.day for one in DayTally(window, NOON).pieces()] == [FIRST, LAST]
    assert [*DayTally(days_window(LAST, LAST, "UTC"), datetime(2026, 2, 21, 23, 59, tzinfo=UTC)).pieces()] == []


def test_of_a_long_window_the_last_days_are_told_and_of_the_first_days_of_git_those_there_are() -> None:
    long = [*DayTally(days_window(date(2020, 1, 1), LAST, "UTC"), NOON).pieces()]
    assert (len(long), long[-1].day) == (MOST_DAYS, LAST)
    assert len([*DayTally(days_window(date(1970, 1, 1), date(1970, 1, 2), "UTC"), NOON).pieces()]) == 2


# --- telling ------------------------------------------------------------------------------------------------------


def kept(*pieces: Piece, repository: str = ENGINE, history: HistoryStore | None = None) -> HistoryStore:
    history = history or store()
    history.put(repository, "UTC", pieces)
    return history


def test_the_days_before_an_end_come_by_date_and_no_more_than_a_fortnight() -> None:
    history = kept(*(whole(LAST - timedelta(days=ago), low=ago) for ago in range(-1, MOST_DAYS + 3)))
    days = days_until(history, [ENGINE], "UTC", MIDNIGHT)
    assert days == [Day(day=LAST - timedelta(days=ago), low=ago) for ago in reversed(range(MOST_DAYS))]
    assert days_until(history, [ENGINE], "UTC", MIDNIGHT - timedelta(seconds=1))[-1].day == FIRST


def test_a_day_of_which_a_part_is_lacking_is_not_known() -> None:
    day = whole(LAST)
    late = day.model_copy(update={"start": day.start + 1})
    early = day.model_copy(update={"end": day.end - 1})
    for lacking in ([late], [early], [early, late]):
        assert days_until(kept(*lacking), [ENGINE], "UTC", MIDNIGHT) == []


def test_a_day_that_was_digested_as_a_whole_and_in_parts_is_counted_once() -> None:
    day, noon = whole(LAST, low=5), int(datetime(2026, 2, 21, 12, tzinfo=UTC).timestamp())
    parts = [
        day.model_copy(update={"end": noon, "low": 2}),
        day.model_copy(update={"start": noon, "low": 3}),
        day.model_copy(update={"start": noon - 3600, "low": 4}),
    ]
    for pieces in ([day, *parts], parts, [*reversed(parts), day]):
        assert days_until(kept(*pieces), [ENGINE], "UTC", MIDNIGHT) == [Day(day=LAST, low=5)]


def test_of_several_repositories_only_days_that_all_know_are_told_with_their_commits_added() -> None:
    history = kept(whole(FIRST, high=1), whole(LAST, low=3))
    kept(whole(LAST, medium=4, low=1), repository=SITE, history=history)
    assert days_until(history, [ENGINE, SITE], "UTC", NOON) == [Day(day=LAST, medium=4, low=4)]
    assert days_until(history, [ENGINE, ENGINE], "UTC", NOON) == days_until(history, [ENGINE], "UTC", NOON)


def test_before_the_first_days_of_git_nothing_is_known() -> None:
    assert days_until(store(), [ENGINE], "UTC", datetime(1970, 1, 3, tzinfo=UTC)) == []


@given(
    st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]),
    st.integers(0, 23),
    st.lists(st.tuples(st.integers(0, 6 * 86_400), st.sampled_from(Tier)), max_size=40),
)
def test_runs_that_follow_on_each_other_tell_every_day_between_as_one_digest_would(
    zone: str, hour: int, commits: list[tuple[int, Tier]]
) -> None:
    """Over a week in which Berlin's clocks change."""
    history, began = store(), datetime(2026, 3, 26, hour, tzinfo=UTC)
    moments = [(began + timedelta(seconds=seconds), tier) for seconds, tier in commits]
    for run in range(6):
        tally = DayTally(span(began + timedelta(days=run), 24, zone), LATER)
        for moment, tier in moments:
            tally.count(moment, tier)
        history.put(ENGINE, zone, tally.pieces())
    days = days_until(history, [ENGINE], zone, began + timedelta(days=6))
    assert 5 <= len(days) <= 6
    for day in days:
        window = day_window(day.day, zone)
        counts = Counter(tier.value for moment, tier in moments if window.start <= moment < window.end)
        assert day == Day(day=day.day, **counts)


# --- what tells of days -------------------------------------------------------------------------------------------


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
