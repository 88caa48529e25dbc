"""The two commands that are more than a word or two: a digest with its window, a subscription with its schedule."""

from __future__ import annotations

from typing import cast

from chatbot.commands.command import (
    DigestCommand,
    Options,
    Schedule,
    SubscribeCommand,
)
from chatbot.commands.moments import (
    find_clock,
    find_day,
    find_window,
    find_zone_name,
    read_cron,
    refuse_zone,
)
from chatbot.commands.parts import Parts, said_twice
from chatbot.commands.vocabulary import meaning
from workers.cadence import FIELDS, WEEKDAYS, Rhythm, Weekday
from workers.errors import WordsError

# --- digest -------------------------------------------------------------------------------------------------------


def read_digest(parts: Parts) -> DigestCommand:
    """`owner/repo [window] [options]`, in any order."""
    window = _days(parts) or parts.take_only(find_window)
    parts.drop_fillers()
    address = parts.address("branch", "range")
    options = parts.options("branch", "path", "lang", "tier")
    if window and address.range:
        raise said_twice(window, address.range)
    if window is None and address.range:
        window = find_window(address.range)
    parts.end("day")
    return DigestCommand(repository=address.repository, window=window, options=_with_branch(options, address.branch))


def _days(parts: Parts) -> str | None:
    """Two days written apart, `2026-02-01 to 2026-02-21`, as one window; None where there are none."""
    words = parts.words
    for at in range(len(words) - 2):
        first, between, last = (token.text for token in words[at : at + 3])
        if meaning("filler", between) == "to" and find_day(first) and find_day(last):
            del words[at : at + 3]
            return f"{find_day(first)}..{find_day(last)}"
    return None


def _with_branch(options: Options, branch: str | None) -> Options:
    if branch is None:
        return options
    return options.model_copy(update={"branches": tuple(dict.fromkeys((branch, *options.branches)))})


# --- subscribe ----------------------------------------------------------------------------------------------------


def read_subscribe(parts: Parts) -> SubscribeCommand:
    """`owner/repo [daily|weekdays|weekly mon|cron "..."] HH:MM [zone] [options] [quiet]`, in any order after it."""
    address = parts.address("branch")
    options = parts.options("branch", "path", "lang", "tier", "timezone")
    schedule = _schedule(parts)
    quiet = parts.take_only(lambda word: meaning("quiet", word)) is not None
    _refuse_what_is_left(parts)
    return SubscribeCommand(
        repository=address.repository, schedule=schedule, options=_with_branch(options, address.branch), quiet=quiet
    )


def _schedule(parts: Parts) -> Schedule:
    expression = _cron(parts)
    rhythm = cast(Rhythm | None, parts.take_only(lambda word: meaning("rhythm", word)))
    weekday = cast(Weekday | None, parts.take_only(lambda word: meaning("weekday", word)))
    clock = parts.take_only(find_clock)
    parts.drop_fillers()
    zone = _zone(parts)
    if expression is not None:
        for other in (rhythm, weekday, clock):
            if other is not None:
                raise said_twice(f"cron {expression}", other)
        return Schedule(rhythm="cron", expression=expression, timezone=zone)
    rhythm = _rhythm(rhythm, weekday)
    if clock is None:
        _refuse_what_is_left(parts)
        raise WordsError("missing_clock")
    return Schedule(rhythm=rhythm, weekday=weekday, clock=clock, timezone=zone)


def _rhythm(rhythm: Rhythm | None, weekday: Weekday | None) -> Rhythm:
    if rhythm == "weekly" and weekday is None:
        raise WordsError("missing_weekday", choices=", ".join(WEEKDAYS), like="weekly")
    if weekday is None:
        return rhythm or "daily"
    if rhythm not in (None, "weekly"):
        raise said_twice(rhythm or "", weekday)
    return "weekly"


def _cron(parts: Parts) -> str | None:
    """The expression behind the word cron: in quotes, or as five words."""
    words = parts.words
    at = next((at for at, token in enumerate(words) if meaning("rhythm", token.text) == "cron"), None)
    if at is None:
        return None
    following = words[at + 1 : at + 1 + FIELDS]
    if following and following[0].quoted:
        following = following[:1]
    del words[at : at + 1 + len(following)]
    return read_cron(" ".join(token.text for token in following))


def _zone(parts: Parts) -> str | None:
    zone = parts.take_only(find_zone_name)
    if zone and parts.zone and zone != parts.zone:
        raise said_twice(zone, parts.zone)
    return zone or parts.zone


def _refuse_what_is_left(parts: Parts) -> None:
    """WordsError for the first word that is left: a zone or a time of day that is none, or not understood at all."""
    for token in parts.words[:1]:
        if token.text[:1].isdecimal():
            raise WordsError("bad_clock", word=token.text)
        refuse_zone(token.text)
    parts.end("rhythm", "weekday", "quiet")
