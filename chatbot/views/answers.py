"""What is said at once to who wrote a command: accepted, refused, the channel's settings, how things are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chatbot.commands.command import (
    COMMANDS,
    CommandName,
    CommitCommand,
    DigestCommand,
    PermissionName,
    canonical,
)
from chatbot.subscriptions import Subscription
from chatbot.views.failure import failure_text
from chatbot.views.help import examples
from chatbot.views.phrases import marked, short, window_text
from chatbot.views.subscriptions import moment_in_words
from chatbot.views.view import Block, Code, Facts, Heading, Paragraph, Runs, Section, Text, View, plain
from chatbot.views.visible import one_line
from workers.errors import DigestError, WordsError
from workers.request import DigestRequest
from workers.sources.window import window_of_query
from workers.store.answers import Answers
from workers.store.channels import ChannelSettings
from workers.store.usage import DayUsage
from workers.words import Words

# --- accepted and refused -----------------------------------------------------------------------------------------


def accepted_view(command: DigestCommand | CommitCommand, request: DigestRequest, words: Words) -> View:
    """That a digest, or one commit's analysis, is being made; and how the words were understood."""
    repository = one_line(command.repository)
    if isinstance(command, CommitCommand):
        text = words("answer.commit", commit=f"{repository}@{short(command.sha)}")
    else:
        text = words("answer.digest", repository=repository, window=_window(request, words))
    understood: Runs = (Text(words("answer.understood") + words("mark.colon")), Code(canonical(command)))
    return _view(text, (Paragraph((Text(text),)), Paragraph(understood, role="note")), words)


def _window(request: DigestRequest, words: Words) -> str:
    if request.query.range is not None:
        return words("window.range", range=one_line(request.query.range))
    window = window_of_query(request.query)
    return window_text(window, words) if window else words("answer.last_day")


def refused_view(error: DigestError, words: Words, reference: str | None = None) -> View:
    """What was wrong and the remedy in one line; for words that were not understood, an example of right ones."""
    text = failure_text(error.code, error.details, words, reference)
    line = marked(text)
    blocks: list[Block] = [Paragraph(line, role="warning")]
    if isinstance(error, WordsError):
        example: Runs = (Text(words("answer.example") + words("mark.colon")), Code(_example(error, words)))
        blocks.append(Paragraph(example, role="note"))
    return _view(plain(line), tuple(blocks), words)


def _example(error: WordsError, words: Words) -> str:
    """Right words of the command that was meant (a digest where none was), with the option that was in question."""
    command: CommandName = next((name for name in COMMANDS if name == error.details.get("command")), "digest")
    option = error.details.get("option")
    like = f"{option}=" if option else str(error.details.get("like", ""))
    known = examples(command, words)
    return next((example for example in known if like in example), known[0])


def said_view(key: str, words: Words) -> View:
    """One sentence of the catalogue."""
    text = words(key)
    return _view(text, (Paragraph((Text(text),)),), words)


# --- settings -----------------------------------------------------------------------------------------------------


def settings_view(channel: str, settings: ChannelSettings, timezone: str, words: Words) -> View:
    """What holds in a channel, and what of it the channel has set itself.

    `channel` is its name in ALLOWED_REPOSITORIES. `timezone` and the language of `words` are what holds.
    """
    pairs: list[tuple[str, Runs]] = [
        (words("setting.language"), _setting(words("setting.name"), settings.language is not None, words)),
        (words("setting.timezone"), _setting(timezone, settings.timezone is not None, words)),
        (words("setting.channel"), (Code(channel),)),
    ]
    if settings.repositories:
        names = words("mark.comma").join(map(one_line, settings.repositories))
        pairs.append((words("setting.repositories"), (Text(names),)))
    how: Runs = (Text(words("setting.change") + words("mark.colon")), Code(examples("settings", words)[0]))
    title = words("setting.title")
    return _titled(title, (Facts(tuple(pairs), words("mark.colon")), Paragraph(how, role="note")), words)


def _setting(value: str, is_own: bool, words: Words) -> Runs:
    return (Text(value),) if is_own else (Text(value + words("setting.default")),)


def permission_view(name: PermissionName, repository: str, words: Words) -> View:
    """That this channel may now read a private repository, or no longer."""
    text = words(f"answer.{name}", repository=one_line(repository))
    return _view(text, (Paragraph((Text(text),)),), words)


# --- status -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue: how many jobs wait in it, and how long the first of them has (None: there is none)."""

    name: str
    waiting: int
    oldest: timedelta | None = None


NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class Status:
    """How the installation is.

    `usage` is what models were used for in the last seven days, by day and model; `answers` is of those days, too.
    """

    queues: tuple[QueueState, ...]
    workers: int
    usage: tuple[DayUsage, ...] = ()
    answers: Answers = NO_ANSWERS


def status_view(status: Status, subscriptions: Sequence[Subscription], words: Words) -> View:
    """Workers, queues, the use of models; and last and next runs of the channel's subscriptions."""
    title = words("status.title")
    pairs = [(words("status.workers"), words("status.running", n=status.workers) if status.workers else "")]
    blocks: list[Block] = []
    if not status.workers:
        pairs = []
        blocks.append(Paragraph((Text(words("status.no_workers")),), role="warning"))
    pairs += [(words("status.queue", name=queue.name), _queue(queue, words)) for queue in status.queues]
    pairs += [(words("status.model", name=one_line(name)), text) for name, text in _models(status.usage, words)]
    if status.answers.count:
        pairs.append((words("status.answers"), _answers(status.answers, words)))
    pairs += [(f"{words('subscription.one')} {one.number}", _runs(one, words)) for one in subscriptions]
    facts = Facts(tuple((name, (Text(text),)) for name, text in pairs), words("mark.colon"))
    return _titled(title, (*blocks, facts), words)


def _queue(queue: QueueState, words: Words) -> str:
    text = words("status.waiting", n=queue.waiting)
    if queue.oldest is None:
        return text
    minutes = round(queue.oldest.total_seconds() / 60)
    return text + words("mark.semicolon") + words("status.oldest", n=minutes)


def _models(usage: Sequence[DayUsage], words: Words) -> Iterator[tuple[str, str]]:
    """Each model's use, all days together."""
    for name in sorted({day.model for day in usage}):
        days = [day for day in usage if day.model == name]
        counts = {"input": sum(day.input_tokens for day in days), "output": sum(day.output_tokens for day in days)}
        text = words("status.usage", n=sum(day.calls for day in days), **counts)
        costs = [day.cost for day in days if day.cost is not None]
        yield name, text + (words("mark.semicolon") + words("status.cost", cost=f"{sum(costs):,.2f}") if costs else "")


def _answers(answers: Answers, words: Words) -> str:
    """How many questions were answered, and what one took on average."""
    tokens = {"input": answers.input_tokens, "output": answers.output_tokens}
    each = {name: round(count / answers.count) for name, count in tokens.items()}
    text = words("status.answered", n=answers.count, **each)
    if answers.cost is None:
        return text
    return text + words("mark.semicolon") + words("status.cost", cost=f"{answers.cost / answers.count:,.4f}")


def _runs(subscription: Subscription, words: Words) -> str:
    parts = [one_line(subscription.command.repository)]
    zone = subscription.command.schedule.timezone
    if subscription.last_run is not None:
        parts.append(words("subscription.last", at=moment_in_words(subscription.last_run, zone)))
    if subscription.is_paused:
        parts.append(words("subscription.paused"))
    elif subscription.next_run is not None:
        parts.append(words("subscription.next", at=moment_in_words(subscription.next_run, zone)))
    return words("mark.semicolon").join(parts)


def _titled(title: str, blocks: tuple[Block, ...], words: Words) -> View:
    return View(words.language, title, title, (Section(Heading(1, (Text(title),)), blocks),))


def _view(text: str, blocks: tuple[Block, ...], words: Words) -> View:
    return View(words.language, text, text, blocks)
