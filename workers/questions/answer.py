"""A question of a thread, answered: what the chat asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from workers.questions.values import Asked, Event
from workers.wiring import Tools

MaySee = Callable[[str], bool]
"""Whether whoever asks may see a source, by the name that a request gives it."""


def answer(tools: Tools, asked: Asked, may_see: MaySee) -> AsyncIterator[Event]:
    """The events of one answering: Found, then Looking and Told as they come, Finished last, always.

    Commits of sources that `may_see` denies are not looked at, and nothing of them is said. Close the iterator
    (`aclose`) to stop: what the model is still saying is given up. It raises nothing but what ends a job.
    """
    raise NotImplementedError
