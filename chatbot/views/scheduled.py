"""What subscriptions say beside their digests: that one covers more than one run, that runs fail, that they ended."""

from __future__ import annotations

from dataclasses import replace

from chatbot.views.failure import failure_text
from chatbot.views.phrases import marked, window_text
from chatbot.views.subscriptions import moment_in_words
from chatbot.views.view import Paragraph, Section, Text, View
from chatbot.views.visible import one_line
from workers.model import Window
from workers.subscription import Failing, Subscription
from workers.words import Words


def catching_up(view: View, window: Window, words: Words) -> View:
    """The view of a digest, saying first that it covers runs that did not take place, and which span."""
    text = words("scheduled.catching_up", window=window_text(window, words))
    note = Paragraph((Text(text),), role="note")
    first, *rest = view.blocks
    if isinstance(first, Section):
        return replace(view, blocks=(replace(first, blocks=(note, *first.blocks)), *rest))
    return replace(view, blocks=(note, first, *rest))


def failing_view(subscription: Subscription, failing: Failing, words: Words) -> View:
    """That a subscription's digest could not be made or posted, why, and that nothing will be missing."""
    return _warning("scheduled.failing", subscription, failing, words)


def given_up_view(subscription: Subscription, failing: Failing, words: Words) -> View:
    """That a subscription has paused itself, why, and how it goes on."""
    return _warning("scheduled.given_up", subscription, failing, words)


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
