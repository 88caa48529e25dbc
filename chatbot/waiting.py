"""The bar on stderr for every wait that a person notices; plain lines where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from chatbot.views.progress import progress_text
from workers.store.runs import Progress as RunProgress
from workers.words import Words

if TYPE_CHECKING:  # rich takes 0.1 s to import, and most waits are too short to need it
    from rich.progress import Progress, TaskID

PATIENCE_SECONDS = 0.5
"""A wait up to this long needs no bar: it would flash."""
LINE_SECONDS = 5.0
"""Between two lines where stderr is no terminal (a log, a pipe)."""

Stage = tuple[str, int, int | None]


class ProgressBar:
    """Shows how far a run is while it is a context. `clock` gives seconds."""

    def __init__(self, words: Words, stream: TextIO = sys.stderr, clock: Callable[[], float] = time.monotonic) -> None:
        self._words = words
        self._clock = clock
        self._begun = clock()
        self._last_line = self._begun + PATIENCE_SECONDS - LINE_SECONDS
        self._stream = stream
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._bar.stop()

    def show(self, progress: RunProgress) -> None:
        """Brings the bar up to date."""
        if self._clock() - self._begun < PATIENCE_SECONDS:
            return
        stage, done, total = stage_of(progress)
        text = progress_text(stage, done, total, progress.current, self._words)
        if self._stream.isatty():
            self._move(text, done, total)
        elif self._clock() - self._last_line >= LINE_SECONDS:
            self._last_line = self._clock()
            print(text, file=self._stream, flush=True)

    @cached_property
    def _bar(self) -> Progress:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        console = Console(file=self._stream, highlight=False, markup=False, emoji=False)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        return Progress(*columns, console=console, transient=True)

    def _move(self, text: str, done: int, total: int | None) -> None:
        if self._task is None:
            self._task = self._bar.add_task(text, total=None)
            self._bar.start()
        self._bar.update(self._task, description=text, completed=done, total=total)


def stage_of(progress: RunProgress) -> Stage:
    """What a run does just now, and how much of it is done and to do (None: not known yet)."""
    fetched, judged = progress.collect, progress.analyse
    if progress.state == "queued":
        return "starting", 0, None
    if not progress.listed:
        return "listing", 0, None
    if fetched.done < fetched.total:
        return "fetching", fetched.done, fetched.total
    if judged.done < judged.total:
        return "analysing", judged.done, judged.total
    return "assembling", judged.done, judged.total
