"""The bar: nothing for short waits, plain lines where no terminal is, and the stage that a run is in."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from chatbot.waiting import LINE_SECONDS, PATIENCE_SECONDS, ProgressBar, stage_of
from workers.store.runs import Count, Progress
from workers.words import load_words

WORDS = load_words("chatbot.views", "en")


def progress(collect: tuple[int, int] = (0, 0), analyse: tuple[int, int] = (0, 0), listed: int = 1, **given: str):
    fields = {"state": "running", "current": "a subject", **given}
    return Progress(
        listed=listed,
        collect=Count(done=collect[0], total=collect[1]),
        analyse=Count(done=analyse[0], total=analyse[1]),
        **fields,
    )


@pytest.fixture
def clock() -> Callable[[], float]:
    """A clock that the test moves."""
    return Clock()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_short_wait_shows_nothing(clock: Clock):
    stream = io.StringIO()
    with ProgressBar(WORDS, stream, clock) as bar:
        clock.now += PATIENCE_SECONDS - 0.01
        bar.show(progress((1, 2), (0, 2)))
    assert stream.getvalue() == ""


def test_where_no_terminal_is_a_long_wait_is_told_in_a_line_now_and_then(clock: Clock):
    stream = io.StringIO()
    with ProgressBar(WORDS, stream, clock) as bar:
        clock.now += PATIENCE_SECONDS
        bar.show(progress((1, 2), (0, 2)))
        clock.now += LINE_SECONDS - 0.01
        bar.show(progress((2, 2), (0, 2)))
        clock.now += 0.02
        bar.show(progress((2, 2), (1, 2)))
    first, second = stream.getvalue().splitlines()
    assert "1 of 2" in first
    assert "a subject" in first
    assert "Judging" in second


def test_in_a_terminal_a_bar_is_drawn_and_taken_away(clock: Clock):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with ProgressBar(WORDS, stream, clock) as bar:
        clock.now += PATIENCE_SECONDS
        bar.show(progress((1, 2), (0, 2)))
    assert "1 of 2" in stream.getvalue()


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        (progress(state="queued", listed=0), ("starting", 0, None)),
        (progress(listed=0), ("listing", 0, None)),
        (progress((1, 3), (1, 3)), ("fetching", 1, 3)),
        (progress((3, 3), (2, 3)), ("analysing", 2, 3)),
        (progress((3, 3), (3, 3)), ("assembling", 3, 3)),
    ],
)
def test_the_stage_is_the_first_that_is_not_done(given: Progress, stage: tuple[str, int, int | None]):
    assert stage_of(given) == stage
