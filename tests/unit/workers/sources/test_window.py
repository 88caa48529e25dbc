"""Spans of time: half-open, in a zone, right where clocks change; and the words people say them with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import WordsError
from workers.request import Query
from workers.sources.window import (
    Asked,
    ask,
    ask_day,
    ask_range,
    ask_span,
    day_of,
    day_window,
    days_window,
    find_zone,
    inside,
    range_window,
    read_date,
    read_time,
    span_window,
    split_range,
    whole_seconds,
    window_of_query,
)

NOW = datetime(2026, 2, 21, 20, 30, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"


def length(zone: str, day: date) -> timedelta:
    window = day_window(day, zone)
    return window.end.astimezone(UTC) - window.start.astimezone(UTC)


def code(error: pytest.ExceptionInfo[WordsError]) -> str:
    return error.value.code


def test_a_day_goes_from_midnight_to_midnight_in_its_zone() -> None:
    window = day_window(date(2026, 2, 21), SHANGHAI)
    assert window.start.isoformat() == "2026-02-21T00:00:00+08:00"
    assert window.end.isoformat() == "2026-02-22T00:00:00+08:00"
    assert (window.timezone, window.range) == (SHANGHAI, None)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        (NEW_YORK, date(2026, 3, 9), 24),
        (SHANGHAI, date(2024, 2, 29), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone: str, day: date, hours: float) -> None:
    assert length(zone, day) == timedelta(hours=hours)


def test_a_day_without_midnight_begins_when_the_clock_changes() -> None:
    window = day_window(date(2018, 11, 4), "America/Sao_Paulo")
    assert window.start.isoformat() == "2018-11-04T01:00:00-02:00"
    assert length("America/Sao_Paulo", date(2018, 11, 4)) == timedelta(hours=23)


def test_a_clock_that_skips_over_midnight_from_before_it_begins_the_day_after_the_gap() -> None:
    window = day_window(date(1978, 3, 21), "Asia/Karachi")
    assert window.start.astimezone(ZoneInfo("Asia/Karachi")).date() == date(1978, 3, 21)
    toronto = day_window(date(1974, 4, 28), "America/Toronto")
    assert toronto.start.isoformat() == "1974-04-28T00:00:00-05:00"


@given(
    st.dates(date(1971, 1, 1), date(2037, 12, 31)),
    st.sampled_from([SHANGHAI, NEW_YORK, "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Pacific/Apia", "UTC"]),
)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: str) -> None:
    today, tomorrow = day_window(day, zone), day_window(day + timedelta(days=1), zone)
    assert today.end.astimezone(UTC) == tomorrow.start.astimezone(UTC)
    before = (today.start.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert before.date() <= day


def test_several_days_are_one_span_with_both_ends() -> None:
    window = days_window(date(2026, 2, 1), date(2026, 2, 21), SHANGHAI)
    assert (window.start.day, window.end.day) == (1, 22)
    with pytest.raises(WordsError) as error:
        days_window(date(2026, 2, 2), date(2026, 2, 1), SHANGHAI)
    assert (code(error), error.value.details) == ("window_backwards", {"start": "2026-02-02", "end": "2026-02-01"})


def test_the_end_is_outside_and_the_start_inside() -> None:
    window = day_window(date(2026, 2, 21), SHANGHAI)
    assert inside(window, window.start)
    assert inside(window, window.end - timedelta(seconds=1))
    assert not inside(window, window.end)


def test_the_hour_that_a_clock_repeats_is_two_hours() -> None:
    zone = ZoneInfo(NEW_YORK)
    first = datetime(2026, 11, 1, 1, 30, tzinfo=zone)
    window = span_window(first, first.replace(fold=1), NEW_YORK)
    assert window.end.timestamp() - window.start.timestamp() == 3600
    assert inside(window, datetime(2026, 11, 1, 1, 59, tzinfo=zone))
    assert not inside(window, datetime(2026, 11, 1, 1, 59, fold=1, tzinfo=zone))


def test_whole_seconds_are_those_that_lie_inside() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert whole_seconds(span_window(start, start + timedelta(seconds=2), "UTC")) == (1767225600, 1767225601)
    half = start + timedelta(milliseconds=500)
    assert whole_seconds(span_window(half, half + timedelta(seconds=1), "UTC")) == (1767225601, 1767225601)


@pytest.mark.parametrize("hours", [0, -1])
def test_a_span_that_ends_before_it_begins_is_refused(hours: int) -> None:
    with pytest.raises(WordsError) as error:
        span_window(NOW, NOW + timedelta(hours=hours), SHANGHAI)
    assert code(error) == "window_backwards"


def test_a_span_is_told_in_the_zone() -> None:
    assert span_window(NOW, NOW + timedelta(hours=1), SHANGHAI).start.isoformat() == "2026-02-22T04:30:00+08:00"


def test_the_window_of_a_range_reaches_from_its_oldest_to_just_after_its_newest_commit() -> None:
    moments = [NOW, NOW - timedelta(days=3), NOW - timedelta(days=1)]
    window = range_window("a..b", moments, SHANGHAI, NOW)
    assert (window.start, window.end, window.range) == (NOW - timedelta(days=3), NOW + timedelta(seconds=1), "a..b")
    assert window.start.isoformat().endswith("+08:00")


def test_the_window_of_an_empty_range_is_empty() -> None:
    window = range_window("a..a", [], SHANGHAI, NOW)
    assert window.start == window.end == NOW


def test_a_query_with_a_span_has_a_window_and_others_have_none() -> None:
    assert window_of_query(Query(timezone="UTC")) is None
    assert window_of_query(Query(timezone="UTC", range="a..b")) is None
    window = window_of_query(Query(timezone=SHANGHAI, start=NOW, end=NOW + timedelta(days=1)))
    assert window is not None
    assert window.start == NOW
    with pytest.raises(WordsError):
        window_of_query(Query(timezone="Nowhere"))


@pytest.mark.parametrize("name", ["asia/shanghai", "Asia/Shanghai", "ASIA/SHANGHAI"])
def test_a_zone_is_found_in_any_case(name: str) -> None:
    assert find_zone(name).key == SHANGHAI


@pytest.mark.parametrize(
    "name", ["", "Asia", "../../etc/passwd", "/etc/localtime", "Asia/\0", "Mars/Base", "\ud800", "x" * 9999]
)
def test_an_unknown_zone_is_an_error_of_words(name: str) -> None:
    with pytest.raises(WordsError) as error:
        find_zone(name)
    assert code(error) == "unknown_zone"


def test_an_unknown_zone_gets_the_nearest_names() -> None:
    with pytest.raises(WordsError) as error:
        find_zone("Asia/Shangha")
    assert SHANGHAI in str(error.value.details["near"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-21", date(2026, 2, 21)),
        ("20260221", date(2026, 2, 21)),
        ("2024-02-29", date(2024, 2, 29)),
        ("today", date(2026, 2, 22)),
        (" Yesterday ", date(2026, 2, 21)),
    ],
)
def test_a_date_is_read_in_the_zone(text: str, day: date) -> None:
    assert read_date(text, SHANGHAI, NOW) == day


@pytest.mark.parametrize(
    "text", ["", "2026-02-29", "2026-13-01", "21.2.2026", "tomorrow", "0001-01-01", "9999-12-31", "2026-02"]
)
def test_what_is_no_date_is_an_error_of_words(text: str) -> None:
    with pytest.raises(WordsError) as error:
        ask_day(text, SHANGHAI, NOW)
    assert (code(error), error.value.details) == ("unknown_date", {"text": text})


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-21T10:00", "2026-02-21T10:00:00+08:00"),
        ("2026-02-21 10:00:05", "2026-02-21T10:00:05+08:00"),
        ("2026-02-21T10:00Z", "2026-02-21T18:00:00+08:00"),
        ("2026-02-21T10:00:00-05:00", "2026-02-21T23:00:00+08:00"),
        ("2026-02-21", "2026-02-21T00:00:00+08:00"),
        ("yesterday", "2026-02-21T00:00:00+08:00"),
        ("now", "2026-02-22T04:30:00+08:00"),
    ],
)
def test_a_time_without_offset_is_in_the_zone(text: str, moment: str) -> None:
    assert read_time(text, SHANGHAI, NOW).isoformat() == moment


def test_a_time_that_the_clock_skips_is_the_moment_after_the_change() -> None:
    assert read_time("2026-03-08T02:30", NEW_YORK, NOW).isoformat() == "2026-03-08T03:30:00-04:00"


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-21T25:00", "0001-01-01T00:00", "9999-12-31T23:59:59-12:00", "12"]
)
def test_what_is_no_time_is_an_error_of_words(text: str) -> None:
    with pytest.raises(WordsError) as error:
        read_time(text, SHANGHAI, NOW)
    assert code(error) == "unknown_time"


def test_since_alone_reaches_up_to_now_and_includes_it() -> None:
    asked = ask_span("2026-02-21", None, SHANGHAI, NOW)
    assert asked.end == NOW + timedelta(seconds=1)
    with pytest.raises(WordsError) as error:
        ask_span("2026-02-21", "2026-02-20", SHANGHAI, NOW)
    assert code(error) == "window_backwards"


def test_one_word_can_be_a_day_days_a_count_or_a_range() -> None:
    day = ask("2026-02-21", SHANGHAI, NOW)
    assert day == ask("2026-02-21..2026-02-21", SHANGHAI, NOW) == ask_day("yesterday", SHANGHAI, NOW)
    week = ask("7d", SHANGHAI, NOW)
    assert week == ask("2026-02-16..today", SHANGHAI, NOW)
    assert ask("1d", SHANGHAI, NOW) == ask("today", SHANGHAI, NOW)
    assert ask("v1.0..v1.1", SHANGHAI, NOW) == ask_range("v1.0..v1.1") == Asked(range="v1.0..v1.1")
    assert ask("v1.0..", SHANGHAI, NOW) == Asked(range="v1.0..HEAD")


@pytest.mark.parametrize("text", ["0d", "99999d", "d", "-1d"])
def test_a_count_of_days_has_bounds(text: str) -> None:
    with pytest.raises(WordsError) as error:
        ask(text, SHANGHAI, NOW)
    assert code(error) == "unknown_date"


def test_an_unknown_zone_is_not_taken_for_a_range_of_revisions() -> None:
    with pytest.raises(WordsError) as error:
        ask("today..today", "Nowhere", NOW)
    assert code(error) == "unknown_zone"


def test_a_day_that_git_cannot_know_has_no_window() -> None:
    with pytest.raises(WordsError) as error:
        day_window(date(1969, 12, 31), "UTC")
    assert code(error) == "unknown_date"


def test_days_in_the_wrong_order_are_told_so() -> None:
    with pytest.raises(WordsError) as error:
        ask("2026-02-21..2026-02-01", SHANGHAI, NOW)
    assert code(error) == "window_backwards"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "a....b",
        "..b",
        "a",
        "--all..b",
        "a..-x",
        "a..b c",
        "a\0..b",
        "a..b..c",
        "^a..b",
        ":/fix..b",
        "~2..b",
        "a~-1..b",
        "a~9999999999..b",
        "HEAD^{/fix}..b",
        "a..b^{x y}",
        "a..main@{1 day ago}",
        "a..main{1}",
        "a..b^@\\",
        "a" * 256 + "..b",
        "a..b\n"[:4] + "\x1b",
    ],
)
def test_what_is_no_range_is_refused_before_git_sees_it(text: str) -> None:
    with pytest.raises(WordsError) as error:
        split_range(text)
    assert (code(error), error.value.details) == ("unknown_range", {"range": text})


@pytest.mark.parametrize(
    "text",
    [
        "HEAD~3..HEAD",
        "HEAD~..HEAD",
        "v1.0^..v1.1",
        "v1.0^2~3..v1.1^{}",
        "v1.0^{commit}..feature/x",
        "main@{1}..main@{u}",
        "a1b2c3d..@",
        "@~2..@",
        "版本一..v1.0-rc.1+x",
    ],
)
def test_revisions_as_git_writes_them_are_accepted(text: str) -> None:
    assert "..".join(split_range(text)) == text


@pytest.mark.parametrize("text", ["a...b", " v1.0^...v1.1~2 ", "a..."])
def test_three_dots_are_told_to_be_two(text: str) -> None:
    with pytest.raises(WordsError) as error:
        split_range(text)
    right = text.strip().replace("...", "..")
    assert (code(error), error.value.details) == ("three_dots", {"range": text, "right": right})
    assert split_range(right)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_range_that_is_accepted_has_what_git_would_read_otherwise(first: str, last: str) -> None:
    try:
        ends = split_range(f"{first}..{last}")
    except WordsError:
        return
    for end in ends:
        assert not end.startswith(("-", ".", "^", "~"))
        assert ".." not in end
        assert not any(character <= " " or character in "\x7f?*:[\\" for character in end)


def test_the_day_of_a_moment_depends_on_the_zone() -> None:
    assert day_of(NOW, SHANGHAI) == date(2026, 2, 22)
    assert day_of(NOW, "UTC") == date(2026, 2, 21)
