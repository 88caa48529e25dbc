"""Words for times: the window of a digest, the time of day, the rhythm of a schedule, a zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

from pydantic import ValidationError

from chatbot.commands.vocabulary import meaning
from workers.cadence import Cadence
from workers.errors import WordsError
from workers.sources.window import MOST_DAYS, find_zone, read_date, split_range

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Whether a day or an expression is one does not depend on the clock."""

# --- windows ------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_COUNT = re.compile(r"(?:最近|近|过去)?([0-9]{1,5})(d|days?|天|日|w|weeks?|周)")
_BETWEEN = re.compile(r"~|至|到")
"""What stands between two days beside two dots: `HEAD~2..HEAD` has both."""


def find_window(word: str) -> str | None:
    """The canonical word of a window, such as `2026-02-21` for `2026/2/21`; None for a word that is no window.

    WordsError("unknown_date" | "unknown_range" | "three_dots" | "bad_days") for what looks like one and is none.
    """
    text = word.strip()
    if match := _COUNT.fullmatch(text.casefold()):
        return _days(int(match[1]) * (7 if match[2][0] in "w周" else 1), word)
    if (day := find_day(text)) is not None:
        return day
    first, between, last = _split(text)
    if not between or text.startswith("/"):  # no revision begins so, but every path
        return None
    days = find_day(first), find_day(last)
    if days[0] and days[1]:
        return f"{days[0]}..{days[1]}"
    return _range(text) if between == ".." else None


def find_day(word: str) -> str | None:
    """`2026-02-21`, `today` or `yesterday`; None for a word that names no day. WordsError("unknown_date")."""
    if (day := meaning("day", word)) is not None:
        return day
    match = _DATE.fullmatch(word)
    if match is None:
        return None
    text = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return read_date(text, "UTC", _ANY_TIME).isoformat()


def _days(count: int, word: str) -> str:
    if not 1 <= count <= MOST_DAYS:
        raise WordsError("bad_days", word=word, most=MOST_DAYS)
    return f"{count}d"


def _split(text: str) -> tuple[str, str, str]:
    if ".." in text:
        return text.partition("..")
    match = _BETWEEN.search(text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def _range(text: str) -> str:
    first, last = split_range(text)
    if not text.isprintable():
        raise WordsError("unknown_range", range=text)
    return f"{first}..{last}"


# --- schedules ----------------------------------------------------------------------------------------------------

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_HALF_CLOCK = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(am|pm)")
_CHINESE_CLOCK = re.compile(
    r"(早上|上午|中午|下午|晚上)?([0-9]{1,2})(?::([0-9]{2})|[点时](?:(半)|([0-9]{1,2})分?|整)?)"
)
_AFTERNOON = ("下午", "晚上")
_MOST_CRON = 100
"""Characters of a cron expression: more say nothing that a person means."""


def find_clock(word: str) -> str | None:
    """`HH:MM` for `9:00`, `9am`, `9点半`, `下午3点`; None for a word that is no time of day.

    WordsError("bad_clock") for what looks like one and is none, such as `25:00`.
    """
    text = word.casefold()
    if match := _CLOCK.fullmatch(text):
        return _clock(int(match[1]), int(match[2]), word)
    if match := _HALF_CLOCK.fullmatch(text):
        return _half_clock(int(match[1]), int(match[2] or 0), match[3] == "pm", word)
    if match := _CHINESE_CLOCK.fullmatch(text):
        hour, minute = int(match[2]), 30 if match[4] else int(match[3] or match[5] or 0)
        late = match[1] in _AFTERNOON and hour < 12
        return _clock(hour + 12 * late, minute, word)
    return None


def _half_clock(hour: int, minute: int, late: bool, word: str) -> str:
    if not 1 <= hour <= 12:
        raise WordsError("bad_clock", word=word)
    return _clock(hour % 12 + 12 * late, minute, word)


def _clock(hour: int, minute: int, word: str) -> str:
    if hour > 23 or minute > 59:
        raise WordsError("bad_clock", word=word)
    return f"{hour:02}:{minute:02}"


def read_cron(text: str) -> str:
    """A cron expression of five fields with single blanks. WordsError("missing_cron" | "bad_cron") otherwise."""
    expression = " ".join(text.split())
    if not expression:
        raise WordsError("missing_cron", like="cron")
    if len(expression) > _MOST_CRON or not expression.isascii():
        raise WordsError("bad_cron", cron=text, like="cron")
    try:
        Cadence(rhythm="cron", expression=expression, timezone="UTC")
    except ValidationError:
        raise WordsError("bad_cron", cron=text, like="cron") from None
    return expression


def find_zone_name(word: str) -> str | None:
    """The IANA name of a zone in any case, or for a name such as 北京时间; None for a word that is no zone."""
    return meaning("zone", word) or _zones().get(word.casefold())


def read_zone(word: str) -> str:
    """As `find_zone_name`; WordsError("unknown_zone") with the nearest for a word that is no zone."""
    return find_zone_name(word) or find_zone(word).key


def refuse_zone(word: str) -> None:
    """WordsError("unknown_zone") for a word that can only have been meant for a zone: `Asia/Shangai`, `Shanghai`."""
    if word.partition("/")[0].casefold() in {zone.partition("/")[0] for zone in _zones()}:
        read_zone(word)
    if zones := [name for zone, name in _zones().items() if zone.rpartition("/")[2] == word.casefold()]:
        raise WordsError("unknown_zone", zone=word, near=", ".join(sorted(zones)[:3]))


@cache
def _zones() -> Mapping[str, str]:
    """Every zone by its case folded name: to look each word up on disk would be slow."""
    return {zone.casefold(): zone for zone in available_timezones()}
