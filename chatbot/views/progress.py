"""What is shown while somebody waits."""

from __future__ import annotations

from chatbot.views.visible import one_line
from workers.words import Words

MAX_IN_HAND = 60
"""Characters of what is in hand that are shown: a line of progress is glanced at, not read."""


def stage_text(stage: str, words: Words) -> str:
    """What is being done now: `starting`, `listing`, `fetching`, `analysing`, `assembling` or `done`."""
    return words(f"progress.{stage}")


def progress_text(stage: str, done: int, total: int | None, in_hand: str, words: Words) -> str:
    """One line: the stage, n of m where m is known (None: not yet), and the thing in hand ("" for none)."""
    text = stage_text(stage, words)
    if total:
        text = words("progress.count", stage=text, done=done, n=total)
    thing = in_hand_text(in_hand)
    return f"{text} · {thing}" if thing else text


def in_hand_text(in_hand: str) -> str:
    """The thing in hand in one short line; "" for none."""
    thing = one_line(in_hand).strip()
    return thing if len(thing) <= MAX_IN_HAND else thing[: MAX_IN_HAND - 1] + "…"
