"""Dates, windows, sizes and code as each language writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chatbot.views.phrases import day_text, marked, size_text, window_text
from chatbot.views.view import Code, Text
from tests import samples
from workers.model import Window
from workers.words import load_words

EN, ZH = load_words("chatbot.views", "en"), load_words("chatbot.views", "zh")


def test_a_day_is_written_as_the_language_writes_it():
    assert day_text(date(2026, 2, 21), EN) == "Saturday 21 February 2026"
    assert day_text(date(2026, 2, 21), ZH) == "2026-02-21（周六）"


def test_a_window_of_one_day_is_named_by_that_day():
    assert window_text(samples.WINDOW, EN) == "Saturday 21 February 2026 (Asia/Shanghai)"


def test_a_window_of_several_days_says_how_many():
    window = samples.WINDOW.model_copy(update={"end": samples.DAY + timedelta(days=31)})
    assert window_text(window, ZH) == "2026-02-21（周六） 至 2026-03-23（周一），共 31 天，时区 Asia/Shanghai"


def test_a_window_across_the_end_of_summer_time_is_still_one_day():
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    window = Window(start=start, end=start + timedelta(hours=25), timezone="Europe/Berlin")
    assert window_text(window, EN) == "Sunday 25 October 2026 (Europe/Berlin)"


def test_a_window_that_does_not_begin_at_midnight_is_told_by_its_times():
    window = samples.WINDOW.model_copy(update={"end": samples.DAY + timedelta(hours=9)})
    assert window_text(window, EN) == "From 2026-02-21 00:00:00 until before 2026-02-21 09:00:00 (Asia/Shanghai)"


def test_a_range_is_told_by_its_revisions():
    assert window_text(samples.WINDOW.model_copy(update={"range": "v1..v2"}), EN) == "Revisions v1..v2"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (17e6, "17.0 MB"),
    ],
)
def test_a_size_is_written_in_the_unit_that_people_read(count, text):
    assert size_text(int(count), EN) == text


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("plain", (Text("plain"),)),
        ("calls `f()` now", (Text("calls "), Code("f()"), Text(" now"))),
        ("`` a`b ``", (Code("a`b"),)),
        ("a ` alone", (Text("a ` alone"),)),
        ("`x` and ` alone", (Code("x"), Text(" and ` alone"))),
        ("", ()),
    ],
)
def test_backticks_become_code_and_one_without_its_pair_stays(text, runs):
    assert marked(text) == runs
