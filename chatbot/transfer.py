"""`commit-digest subscriptions`: all of an installation's subscriptions as a list, and as a file and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import click
from pydantic import AwareDatetime, Field, ValidationError

from chatbot.commands.command import schedule_words
from chatbot.stored_subscriptions import schedule_of
from chatbot.views.subscriptions import moment_in_words
from chatbot.views.visible import one_line
from workers.connection import connect
from workers.errors import RefusedError, WordsError
from workers.model import Value
from workers.settings import load_settings
from workers.store.faults import ensure_usable, translated
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused, Subscription, Wish
from workers.wiring import redis_address
from workers.words import Words

STANDARD = "-"
"""As the name of a file: standard output, or input."""
MOST_BYTES = 100_000_000
"""Of a file that is read: some hundred thousand subscriptions."""


class KeptSubscription(Value):
    """What a file has of a subscription: what was asked for and up to where it was told, not what is in hand."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8,32}$")]
    number: Annotated[int, Field(ge=1, lt=10**9)]
    wish: Wish
    marker: AwareDatetime
    paused: Paused | None = None


class SubscriptionFile(Value):
    """A file of subscriptions, version 1. Times are ISO 8601 with an offset."""

    version: Literal[1] = 1
    exported_at: AwareDatetime
    subscriptions: tuple[KeptSubscription, ...]


def list_subscriptions(person: Words) -> int:
    """Prints a line per subscription."""
    with _store() as store:
        found = store.all()
    for one in found:
        click.echo(_line(one, person))
    if not found:
        click.echo(person("subscriptions.none"), err=True)
    return 0


def export_subscriptions(file: str, person: Words) -> int:
    """Writes all subscriptions to a file, or to standard output."""
    with _store() as store:
        text = exported(store.all(), datetime.now(UTC)).model_dump_json(indent=2) + "\n"
    if file == STANDARD:
        click.echo(text, nl=False)
        return 0
    from chatbot.output import write_file  # noqa: PLC0415 - it imports all that renders

    write_file([text], Path(file))
    click.echo(person("cli.written", path=file), err=True)
    return 0


def import_subscriptions(file: str, person: Words) -> int:
    """Begins the subscriptions of a file; those that are there already stay as they are."""
    wanted = read_subscriptions(_text_of(file), file)
    with _store() as store:
        new = restore(wanted, store, datetime.now(UTC))
    click.echo(person("subscriptions.imported", n=new, known=len(wanted.subscriptions) - new), err=True)
    return 0


def exported(subscriptions: list[Subscription], now: datetime) -> SubscriptionFile:
    """The subscriptions as a file has them; `now` is aware."""
    fields = set(KeptSubscription.model_fields)
    kept = (KeptSubscription.model_validate(one.model_dump(include=fields)) for one in subscriptions)
    return SubscriptionFile(exported_at=now, subscriptions=tuple(kept))


def read_subscriptions(text: str, name: str) -> SubscriptionFile:
    """The file of a text. WordsError("bad_subscriptions") says what is wrong with it, and where."""
    try:
        return SubscriptionFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        problem = first["msg"].removeprefix("Value error, ")
        raise WordsError("bad_subscriptions", path=name, problem=f"{where}: {problem}" if where else problem) from None


def restore(file: SubscriptionFile, store: SubscriptionStore, now: datetime) -> int:
    """Begins the subscriptions that are not there yet; how many those were."""
    wanted = (Subscription.model_validate(dict(one)) for one in file.subscriptions)
    return sum(store.restore(one, now)[1] for one in wanted)


@contextmanager
def _store() -> Iterator[SubscriptionStore]:
    with redis_address(load_settings()) as url, connect(url) as redis, translated():
        ensure_usable(redis)
        yield SubscriptionStore(redis)


def _text_of(file: str) -> str:
    try:
        if file == STANDARD:
            return sys.stdin.read(MOST_BYTES)
        with Path(file).open(encoding="utf-8") as opened:
            return opened.read(MOST_BYTES)
    except UnicodeDecodeError as error:
        raise WordsError("bad_subscriptions", path=file, problem=error.reason) from None
    except OSError as error:
        raise RefusedError("file_unreadable", path=file, reason=error.strerror or str(error)) from error


def _line(one: Subscription, person: Words) -> str:
    wish = one.wish
    cells = [wish.place.key, str(one.number), ",".join(wish.sources), schedule_words(schedule_of(wish))]
    return "  ".join(one_line(cell) for cell in [*cells, _state(one, person)])


def _state(one: Subscription, person: Words) -> str:
    if one.paused is not None:
        return person("subscriptions.paused")
    if one.failing is not None:
        return person("subscriptions.failing", n=one.failing.count, code=one.failing.reason.code)
    if one.running is not None or one.next_look is None:
        return person("subscriptions.running")
    return person("subscriptions.next", at=moment_in_words(one.next_look, one.wish.cadence.timezone))
