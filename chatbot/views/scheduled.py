"""What subscriptions say beside their digests: that one covers more than one run, that runs fail, that they ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import repeat, takewhile

from chatbot.views.failure import failure_text
from chatbot.views.phrases import first_day, last_day, marked, window_text
from chatbot.views.subscriptions import moment_in_words
from chatbot.views.view import Paragraph, Section, View
from chatbot.views.visible import one_line
from workers.cadence import Due
from workers.model import Digest, RepositoryDigest
from workers.subscription import Failing, Subscription
from workers.words import Words


def with_remarks(view: View, digest: Digest, due: Due, words: Words) -> View:
    """The view of a digest that was due, saying first what is unusual about it.

    That it covers runs that did not take place, which span, and what of it is in no digest; that some of its commits
    are older than its window.
    """
    notes = tuple(Paragraph(marked(text), role="note") for text in _remarks(digest, due, words))
    first, *rest = view.blocks
    if isinstance(first, Section):
        return replace(view, blocks=(replace(first, blocks=(*notes, *first.blocks)), *rest))
    return replace(view, blocks=(*notes, first, *rest))


def failing_view(subscription: Subscription, failing: Failing, words: Words) -> View:
    """That a subscription's digest could not be made or posted, why, and that nothing will be missing."""
    return _warning("scheduled.failing", subscription, failing, words)


def given_up_view(subscription: Subscription, failing: Failing, words: Words) -> View:
    """That a subscription has paused itself, why, and how it goes on."""
    return _warning("scheduled.given_up", subscription, failing, words)


def _remarks(digest: Digest, due: Due, words: Words) -> Iterator[str]:
    if due.left_out_from is not None:
        missed = digest.window.model_copy(update={"start": due.left_out_from, "end": due.start})
        days = f"{first_day(missed).isoformat()}..{last_day(missed).isoformat()}"
        asked = one_line(f"/digest {digest.repositories[0].name} {days}")
        yield words("scheduled.catching_up_late", window=window_text(digest.window, words), command=asked)
    elif due.is_catch_up:
        yield words("scheduled.catching_up", window=window_text(digest.window, words))
    if late := sum(map(_late, digest.repositories, repeat(due.start))):
        yield words("scheduled.late", n=late)


def _late(part: RepositoryDigest, start: datetime) -> int:
    """How many commits are older than the window: they stand at the end."""
    return sum(1 for _ in takewhile(lambda entry: entry.committed_at < start, reversed(part.commits)))


def _warning(key: str, subscription: Subscription, failing: Failing, words: Words) -> View:
    zone = subscription.wish.cadence.timezone
    text = words(
        key,
        n=subscription.number,
        repository=words("mark.comma").join(map(one_line, subscription.wish.sources)),
        reason=failure_text(failing.reason.code, failing.reason.details, words),
        since=moment_in_words(failing.since, zone),
        marker=moment_in_words(subscription.marker, zone),
    )
    return View(words.language, text, text, (Paragraph(marked(text), role="warning"),))
