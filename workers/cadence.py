"""When a subscription is due: its rhythm in its time zone, and what of the past a run covers. Reads no clock.

A time of day that a clock change skips is due when the clocks change, one that comes twice is due the first time: a
rhythm of days is due exactly once on every day that its zone has. A cron expression whose minutes or hours begin with
`*` means spans of real time, as in cron itself, and follows the clocks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import field_validator, model_validator

from workers.model import Value

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Rhythm = Literal["daily", "weekdays", "weekly", "cron"]

FIELDS = 5
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
LONGEST_CATCH_UP = timedelta(days=31)
"""What was missed is told as far back as this, or one cadence where that is longer: nobody reads more at once."""

_SECOND, _MINUTE, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


class Cadence(Value):
    """A rhythm in a time zone (an IANA name).

    `clock` is `HH:MM`, None for `cron` alone; `weekday` is there for `weekly` alone; `expression` (five fields, as
    cronsim reads them) for `cron` alone.
    """

    rhythm: Rhythm
    clock: str | None = None
    weekday: Weekday | None = None
    expression: str | None = None
    timezone: str

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ValueError, KeyError, OSError):
            raise ValueError(f"there is no time zone {name}") from None

    @model_validator(mode="after")
    def _whole(self) -> Cadence:
        given = (self.clock is not None, self.weekday is not None, self.expression is not None)
        wanted = (self.rhythm != "cron", self.rhythm == "weekly", self.rhythm == "cron")
        if given != wanted:
            raise ValueError(f"{self.rhythm} goes with other fields than these")
        if self.clock is not None and not _CLOCK.fullmatch(self.clock):
            raise ValueError(f"{self.clock} is not a time of day")
        if self.expression is not None:
            _check(self.expression)
        return self

    @property
    def cron(self) -> str:
        """The same as a cron expression of five fields."""
        if self.expression is not None:
            return self.expression
        hour, minute = (int(part) for part in (self.clock or "0:0").split(":"))
        days = {"daily": "*", "weekdays": "1-5"}.get(self.rhythm) or str(WEEKDAYS.index(self.weekday or "mon") + 1)
        return f"{minute} {hour} * * {days}"


class Due(Value):
    """What a run covers: [start, end), aware. `is_catch_up`: at least one run before this one did not take place.

    `left_out_from`: what was missed since then and is older than `start` is not covered by any run; None: nothing is.
    """

    start: datetime
    end: datetime
    is_catch_up: bool
    left_out_from: datetime | None = None


def next_time(cadence: Cadence, after: datetime) -> datetime:
    """The first time after an instant (aware) at which the cadence is due, in UTC."""
    return next(moment for moment in _later(cadence, after) if moment > after)


def last_time(cadence: Cadence, at: datetime) -> datetime:
    """The last time at which the cadence was due, `at` (aware) included, in UTC.

    Where a subscription begins: its first run covers one cadence back.
    """
    return next(moment for moment in _earlier(cadence, at) if moment <= at)


def due_window(cadence: Cadence, marker: datetime, now: datetime) -> Due | None:
    """What is to be told at `now`, when everything before `marker` was told; None where nothing is due yet.

    Whatever was missed is in it, as far back as LONGEST_CATCH_UP: a window ends at the last time that was due, and the
    next begins there.
    """
    end = last_time(cadence, now)
    return untold(cadence, marker, end) if marker < end else None


def untold(cadence: Cadence, marker: datetime, end: datetime) -> Due:
    """What a run that ends at `end` (aware) covers, when everything before `marker` was told."""
    start = _start(cadence, marker, end)
    is_cut = marker < start
    is_catch_up = next_time(cadence, marker) < end
    return Due(start=start, end=end, is_catch_up=is_catch_up, left_out_from=marker if is_cut else None)


def lately(cadence: Cadence, marker: datetime, now: datetime) -> Due:
    """What is told to a person who does not want to wait: one cadence back, or all that is untold if that is more.

    Of what is untold, as much as a run that is due would cover.
    """
    last = last_time(cadence, now)
    span = last - last_time(cadence, last - _SECOND)
    return Due(start=min(_start(cadence, marker, now), now - span), end=now, is_catch_up=False)


def _start(cadence: Cadence, marker: datetime, end: datetime) -> datetime:
    """The marker, or where that is too long ago, a time that was due since; never less than one cadence."""
    if end - marker <= LONGEST_CATCH_UP:
        return marker
    not_too_long_ago = next_time(cadence, end - LONGEST_CATCH_UP - _SECOND)
    return max(marker, min(not_too_long_ago, last_time(cadence, end - _SECOND)))


def _check(expression: str) -> None:
    """ValueError for what is no cron expression of five fields that is ever due."""
    try:
        if len(expression.split()) != FIELDS:
            raise ValueError(f"{expression} has not {FIELDS} fields")
        next(CronSim(expression, datetime(2000, 1, 1)))  # noqa: DTZ001 - any time will do
    except (CronSimError, StopIteration):
        raise ValueError(f"{expression} is no cron expression that is ever due") from None


def _later(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    """The times at which it is due, each not before the one that came; the first may be at or before `after`."""
    zone, cron = ZoneInfo(cadence.timezone), cadence.cron
    local = after.astimezone(zone).replace(microsecond=0)
    if _follows_clocks(cron):
        return (moment.astimezone(UTC) for moment in CronSim(cron, local))
    return _moments(CronSim(cron, local.replace(tzinfo=None, fold=0)), zone)


def _earlier(cadence: Cadence, at: datetime) -> Iterator[datetime]:
    """As `_later`, backwards. A time on the clock's face a day on may still be one that has passed."""
    zone, cron = ZoneInfo(cadence.timezone), cadence.cron
    local = (at.astimezone(UTC).replace(microsecond=0) + _SECOND).astimezone(zone)
    if _follows_clocks(cron):
        return (moment.astimezone(UTC) for moment in CronSim(cron, local, reverse=True))
    return _moments(CronSim(cron, local.replace(tzinfo=None, fold=0) + _DAY, reverse=True), zone)


def _follows_clocks(cron: str) -> bool:
    minute, hour = cron.split()[:2]
    return minute.startswith("*") or hour.startswith("*")


def _moments(faces: Iterator[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    found = (_moment(face, zone) for face in faces)
    return (moment for moment in found if moment is not None)


def _moment(face: datetime, zone: ZoneInfo) -> datetime | None:
    """When a clock of the zone first shows a date and time.

    Where it never does: the moment of the change that skips it, or a minute before it if that is when the day ends;
    None where the zone skips the whole day.
    """
    moment = face.replace(tzinfo=zone).astimezone(UTC)
    if _face(moment, zone) == face:
        return moment
    change = _change(face, zone)
    return next((at for at in (change, change - _MINUTE) if _face(at, zone).date() == face.date()), None)


def _change(face: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks of a zone are put beyond what they never show."""
    before, after = (face.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    seconds = range(int(before.timestamp()), int(after.timestamp()) + 1)
    place = bisect_left(seconds, True, key=lambda second: _face(datetime.fromtimestamp(second, UTC), zone) > face)
    return datetime.fromtimestamp(seconds[place], UTC)


def _face(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock of the zone shows."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
