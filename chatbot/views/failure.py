"""The one place that turns errors into a person's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatbot.views.visible import one_line
from workers.errors import Detail
from workers.words import Words

MAX_DETAIL = 200
"""Characters of a detail that are shown: enough for a path or an address, too few to push the remedy out of sight."""

_HINTS = ("near", "said", "problem", "reason", "repository", "object", "url", "log", "reset")
"""Details that may be missing or empty: each adds a sentence of its own where it is there and not said already."""


def failure_text(code: str, details: Mapping[str, Detail], words: Words, reference: str | None = None) -> str:
    """What went wrong and what to do about it, in one line.

    A code or a detail that the catalogue does not know gives the sentence for a fault of ours, so that this never
    fails itself. `reference` (or the detail of that name) leads into the log. Details are made safe to show.
    """
    shown = {name: _shown(value) for name, value in details.items()}
    if reference is not None:
        shown["reference"] = reference
    try:
        sentence = words(f"failure.{code}", **shown)
    except (KeyError, ValueError, TypeError):
        sentence = words("failure.internal")
        shown.setdefault("reference", code)
    return words("mark.sentence").join([sentence, *_hints(shown, sentence, words)])


def _shown(value: Detail) -> Detail:
    """A number stays one: sentences may group its digits."""
    if isinstance(value, int | float):
        return value
    text = one_line(str(value)).strip()
    return text if len(text) <= MAX_DETAIL else text[: MAX_DETAIL - 1] + "…"


def _hints(details: Mapping[str, Detail], sentence: str, words: Words) -> Iterator[str]:
    for name in _HINTS:
        if details.get(name) and str(details[name]) not in sentence:
            yield words(f"failure_hint.{name}", **details)
    if seconds := _seconds(details.get("seconds", "")):
        unit, n = ("minutes", round(seconds / 60)) if seconds >= 120 else ("seconds", seconds)
        yield words(f"failure_hint.{unit}", n=n)
    if details.get("reference"):
        yield words("failure_hint.reference", **details)


def _seconds(text: Detail) -> int:
    """Whole seconds to wait, 0 where nobody told."""
    try:
        return max(0, round(float(text)))
    except (ValueError, OverflowError):
        return 0
