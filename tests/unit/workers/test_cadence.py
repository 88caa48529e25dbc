"""Cadence: due once a day in every zone, and windows that tile time whatever is missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from workers.cadence import LONGEST_CATCH_UP, WEEKDAYS, Cadence, due_window, last_time, lately, next_time

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right")))
CHANGING = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Nuuk", "Africa/Casablanca", "Asia/Gaza"),
    *("America/Sao_Paulo", "Pacific/Apia", "Pacific/Kwajalein", "Asia/Shanghai", "America/Havana", "Africa/Cairo"),
)
zones = st.one_of(st.sampled_from(CHANGING), st.sampled_from(ZONES))
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
moments = st.integers(86_400, 2**31 - 1).map(lambda second: datetime.fromtimestamp(second, UTC))
crons = st.sampled_from(
    [
        *("0 9 * * *", "*/10 * * * *", "0 * * * *", "30 2 * * *", "15,45 22,23 * * *", "0 9 1 * *", "0 9 29 2 *"),
        *("0 */6 * * *", "30 1 L * *", "0 9 * * mon#2", "* 2 * * *", "0-59/20 1-3 * * *", "59 23 31 12 *"),
    ]
)
cadences = st.one_of(
    st.builds(Cadence, rhythm=st.just("daily"), clock=clocks, timezone=zones),
    st.builds(Cadence, rhythm=st.just("weekdays"), clock=clocks, timezone=zones),
    st.builds(Cadence, rhythm=st.just("weekly"), clock=clocks, weekday=st.sampled_from(WEEKDAYS), timezone=zones),
    st.builds(Cadence, rhythm=st.just("cron"), expression=crons, timezone=zones),
)


def daily(clock: str = "09:00", zone: str = "UTC") -> Cadence:
    return Cadence(rhythm="daily", clock=clock, timezone=zone)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days_of(zone: str, first: datetime, last: datetime) -> list[date]:
    """The days that a zone's clocks show between two moments."""
    step, found = first, dict[date, None]()
    while step <= last:
        found[step.astimezone(ZoneInfo(zone)).date()] = None
        step += timedelta(minutes=15)
    return list(found)


def times(cadence: Cadence, after: datetime, until: datetime) -> list[datetime]:
    found, moment = [], after
    while (moment := next_time(cadence, moment)) <= until:
        found.append(moment)
    return found


@given(zones, clocks, moments)
@example("Pacific/Apia", "09:00", at("2011-12-28"))
@example("America/Nuuk", "23:30", at("2024-03-29"))
@example("America/Sao_Paulo", "00:30", at("2018-11-03"))
@example("Europe/Berlin", "02:30", at("2026-03-28"))
@example("Europe/Berlin", "02:30", at("2026-10-24"))
@example("Australia/Lord_Howe", "01:45", at("2026-04-03"))
@example("Europe/Dublin", "23:59", at("2028-02-28"))
def test_a_daily_cadence_is_due_once_on_every_day_that_its_zone_has(zone: str, clock: str, first: datetime) -> None:
    last = first + timedelta(days=5)
    whole = days_of(zone, first, last)[1:-1]
    due = [moment.astimezone(ZoneInfo(zone)).date() for moment in times(daily(clock, zone), first, last)]
    assert [day for day in due if day in whole] == whole


@given(cadences, moments)
@example(daily("02:30", "Europe/Berlin"), at("2026-10-25 00:35"))
@example(daily("01:30", "America/New_York"), at("2026-11-01 06:10"))
@example(daily("23:30", "America/Nuuk"), at("2024-03-31 00:59:30"))
def test_the_last_time_is_the_one_before_the_next(cadence: Cadence, now: datetime) -> None:
    last = last_time(cadence, now)
    assert last <= now < next_time(cadence, last) == next_time(cadence, now)
    assert last_time(cadence, next_time(cadence, now)) == next_time(cadence, now)


@given(cadences, moments, st.lists(st.integers(0, 60 * 24 * 9), min_size=1, max_size=12))
def test_windows_tile_time_whatever_outages_there_are(cadence: Cadence, begun: datetime, minutes: list[int]) -> None:
    marker, now, told = last_time(cadence, begun), begun, []
    for pause in minutes:
        now += timedelta(minutes=pause)
        due = due_window(cadence, marker, now)
        if due is not None:
            told.append(due)
            marker = due.end
    begins = [one.left_out_from or one.start for one in told]
    assert begins == [last_time(cadence, begun), *(one.end for one in told)][: len(told)]
    assert marker == last_time(cadence, now)
    for begin, one in zip(begins, told, strict=True):
        assert begin <= one.start < one.end
        assert one.is_catch_up == (next_time(cadence, begin) != one.end)


@given(cadences, moments, st.integers(0, 60 * 24 * 400))
def test_an_outage_is_caught_up_as_far_back_as_a_month_or_one_cadence(
    cadence: Cadence, begun: datetime, minutes: int
) -> None:
    marker = last_time(cadence, begun)
    due = due_window(cadence, marker, begun + timedelta(minutes=minutes))
    if due is None:
        return
    one_cadence_back = last_time(cadence, due.end - timedelta(seconds=1))
    assert due.start == last_time(cadence, due.start), "a window begins where one that was due would have"
    assert due.start >= min(due.end - LONGEST_CATCH_UP, one_cadence_back)
    assert marker <= due.start <= one_cadence_back
    assert due.left_out_from == (None if due.start == marker else marker)
    if due.left_out_from:
        assert last_time(cadence, due.start - timedelta(seconds=1)) < due.end - LONGEST_CATCH_UP, "no more than needed"


@given(cadences, moments)
def test_times_are_due_in_order_and_never_twice(cadence: Cadence, now: datetime) -> None:
    several = [now]
    for _ in range(5):
        several.append(next_time(cadence, several[-1]))
    assert all(first < second for first, second in pairwise(several))


def test_a_time_that_a_change_skips_is_due_when_the_clocks_change() -> None:
    cadence = daily("02:30", "Europe/Berlin")
    assert next_time(cadence, at("2026-03-29 00:00")) == at("2026-03-29 03:00", "Europe/Berlin")


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    cadence = daily("02:30", "Europe/Berlin")
    assert times(cadence, at("2026-10-24 12:00"), at("2026-10-25 12:00")) == [at("2026-10-25 00:30")]


def test_a_day_that_a_zone_skips_has_no_run_of_its_own() -> None:
    due = times(daily("09:00", "Pacific/Apia"), at("2011-12-29 00:00"), at("2012-01-01 00:00"))
    days = [moment.astimezone(ZoneInfo("Pacific/Apia")).isoformat()[:16] for moment in due]
    assert days == ["2011-12-29T09:00", "2011-12-31T09:00", "2012-01-01T09:00"]


def test_hours_follow_the_clocks_through_a_change() -> None:
    hourly = Cadence(rhythm="cron", expression="0 * * * *", timezone="Europe/Berlin")
    due = times(hourly, at("2026-10-24 22:00"), at("2026-10-25 03:00"))
    assert [second - first for first, second in pairwise(due)] == [timedelta(hours=1)] * 4


def test_weekdays_leave_out_saturday_and_sunday() -> None:
    cadence = Cadence(rhythm="weekdays", clock="09:00", timezone="Asia/Shanghai")
    due = times(cadence, at("2026-02-19 12:00"), at("2026-02-24 12:00"))
    assert [moment.strftime("%a") for moment in due] == ["Fri", "Mon", "Tue"]


def test_a_first_run_covers_one_cadence_back() -> None:
    cadence = Cadence(rhythm="weekly", weekday="mon", clock="09:00", timezone="UTC")
    subscribed = at("2026-02-18 15:00")
    due = due_window(cadence, last_time(cadence, subscribed), next_time(cadence, subscribed))
    assert due is not None
    assert (due.start, due.end, due.is_catch_up) == (at("2026-02-16 09:00"), at("2026-02-23 09:00"), False)


def test_nothing_is_due_before_its_time() -> None:
    assert due_window(daily(), at("2026-02-20 09:00"), at("2026-02-21 08:59:59")) is None


def test_runs_that_were_missed_are_one_window_that_says_so() -> None:
    due = due_window(daily(), at("2026-02-18 09:00"), at("2026-02-21 12:34"))
    assert due is not None
    assert (due.start, due.end, due.is_catch_up) == (at("2026-02-18 09:00"), at("2026-02-21 09:00"), True)


def test_what_was_missed_more_than_a_month_ago_is_left_out_and_said() -> None:
    due = due_window(daily(), at("2025-12-01 09:00"), at("2026-02-21 12:00"))
    assert due is not None
    assert (due.start, due.end) == (at("2026-01-21 09:00"), at("2026-02-21 09:00"))
    assert (due.is_catch_up, due.left_out_from) == (True, at("2025-12-01 09:00"))


def test_a_cadence_longer_than_a_month_is_never_cut() -> None:
    yearly = Cadence(rhythm="cron", expression="0 9 1 1 *", timezone="UTC")
    due = due_window(yearly, at("2024-01-01 09:00"), at("2026-02-21 12:00"))
    assert due is not None
    assert (due.start, due.left_out_from) == (at("2025-01-01 09:00"), at("2024-01-01 09:00"))


@pytest.mark.parametrize(
    ("marker", "start"),
    [
        ("2026-02-21 09:00", "2026-02-20 09:05"),
        ("2026-02-17 09:00", "2026-02-17 09:00"),
        ("2025-02-17 09:00", "2026-01-22 09:00"),
    ],
)
def test_a_run_by_hand_covers_one_cadence_or_all_that_is_untold(marker: str, start: str) -> None:
    due = lately(daily(), at(marker), at("2026-02-21 09:05"))
    assert (due.start, due.end) == (at(start), at("2026-02-21 09:05"))


@pytest.mark.parametrize(
    "fields",
    [
        {"rhythm": "daily", "clock": "9:00"},
        {"rhythm": "daily", "clock": "24:00"},
        {"rhythm": "daily"},
        {"rhythm": "weekly", "clock": "09:00"},
        {"rhythm": "cron", "expression": "0 9 * * * *"},
        {"rhythm": "cron", "expression": "0 0 30 2 *"},
        {"rhythm": "cron", "expression": "@daily"},
        {"rhythm": "daily", "clock": "09:00", "timezone": "Mars/Base"},
        {"rhythm": "daily", "clock": "09:00", "timezone": "../../etc/passwd"},
    ],
)
def test_a_cadence_that_means_nothing_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Cadence.model_validate({"timezone": "UTC", **fields})
