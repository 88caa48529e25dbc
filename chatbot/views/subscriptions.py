"""Subscriptions of a channel: all of them, one with what can be done about it, and what became of a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from chatbot.commands.command import canonical, schedule_words
from chatbot.presses import number_value
from chatbot.subscriptions import Subscription
from chatbot.views.failure import failure_text
from chatbot.views.help import examples
from chatbot.views.phrases import marked
from chatbot.views.view import (
    Action,
    Actions,
    Block,
    Code,
    Facts,
    Heading,
    Paragraph,
    Runs,
    Section,
    Table,
    Text,
    View,
)
from chatbot.views.visible import one_line
from workers.words import Words

Change = Literal["subscribed", "paused", "resumed", "unsubscribed", "started"]


def subscriptions_view(subscriptions: Sequence[Subscription], words: Words) -> View:
    """All subscriptions of a channel in a table; without any, how to begin one."""
    title = words("subscription.title")
    if not subscriptions:
        how: Runs = (Text(words("subscription.none")), Code(examples("subscribe", words)[0]))
        return View(words.language, title, title, (Paragraph(how),))
    head = tuple((Text(words(f"subscription.{name}")),) for name in ("number", "repository", "when", "state"))
    table = Table(head, tuple(_row(one, words) for one in subscriptions), wide=1, numbers=(0,))
    more: Runs = (Text(words("subscription.more") + words("mark.colon")), Code(examples("show", words)[0]))
    section = Section(Heading(1, (Text(title),)), (table, Paragraph(more, role="note")))
    return View(words.language, title, title, (section,))


def subscription_view(subscription: Subscription, words: Words) -> View:
    """One subscription, with buttons for what can be done about it."""
    title = words("subscription.named", n=subscription.number, repository=one_line(subscription.command.repository))
    change = "resume" if subscription.is_paused else "pause"
    value = number_value(subscription.number, subscription.channel.key)
    actions = tuple(
        Action(name, words(f"subscription.do_{name}"), value=value) for name in (change, "run", "unsubscribe")
    )
    blocks = (Facts(_facts(subscription, words), words("mark.colon")), Actions(actions))
    return View(words.language, title, title, (Section(Heading(1, (Text(title),)), blocks),))


def change_view(change: Change, subscription: Subscription, words: Words) -> View:
    """That something was done with a subscription, and what comes next."""
    text = words(
        f"subscription.{change}_now", n=subscription.number, repository=one_line(subscription.command.repository)
    )
    blocks: list[Block] = [Paragraph((Text(text),))]
    if change in ("subscribed", "resumed") and subscription.next_run is not None:
        at = moment_in_words(subscription.next_run, subscription.command.schedule.timezone)
        blocks.append(Paragraph((Text(words("subscription.next_now", at=at)),)))
    if change == "resumed" and subscription.told_until is not None:
        since = moment_in_words(subscription.told_until, subscription.command.schedule.timezone)
        blocks.append(Paragraph((Text(words("subscription.begins_now", at=since)),)))
    if change == "subscribed":
        understood: Runs = (Text(words("answer.understood") + words("mark.colon")), Code(_words(subscription)))
        blocks.append(Paragraph(understood, role="note"))
    return View(words.language, text, text, tuple(blocks))


def moment_in_words(moment: datetime, timezone: str | None) -> str:
    """`2026-02-21 09:00 (Asia/Shanghai)`, in the zone given; None: in the one that the time stands in."""
    if timezone is None:
        return moment.strftime("%Y-%m-%d %H:%M")
    return f"{moment.astimezone(ZoneInfo(timezone)).strftime('%Y-%m-%d %H:%M')} ({timezone})"


def _row(subscription: Subscription, words: Words) -> tuple[Runs, ...]:
    cells = (
        str(subscription.number),
        one_line(subscription.command.repository),
        schedule_words(subscription.command.schedule),
        _state(subscription, words),
    )
    return tuple((Text(cell),) for cell in cells)


def _state(subscription: Subscription, words: Words) -> str:
    if subscription.is_paused:
        return words("subscription.paused")
    if subscription.next_run is None:
        return words("subscription.waiting")
    return words("subscription.next", at=moment_in_words(subscription.next_run, subscription.command.schedule.timezone))


def _facts(subscription: Subscription, words: Words) -> tuple[tuple[str, Runs], ...]:
    pairs: list[tuple[str, Runs]] = [
        (words("subscription.wanted"), (Code(_words(subscription)),)),
        (words("subscription.state"), (Text(_state(subscription, words)),)),
        (words("subscription.by"), (Text(one_line(subscription.by)),)),
    ]
    if subscription.last_run is not None:
        at = moment_in_words(subscription.last_run, subscription.command.schedule.timezone)
        outcome = subscription.last_outcome
        said = f"{at} {words('mark.dash').strip()} {words(f'outcome.{outcome}')}" if outcome else at
        pairs.append((words("subscription.last_run"), (Text(said),)))
    if subscription.reason is not None:
        why = failure_text(subscription.reason.code, subscription.reason.details, words)
        pairs.append((words("subscription.why"), marked(why)))
    return tuple(pairs)


def _words(subscription: Subscription) -> str:
    return one_line(canonical(subscription.command))
