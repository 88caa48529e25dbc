"""`commit-digest forget PLACE --yes`: deletes what is kept of a channel, or of a whole workspace."""

from __future__ import annotations

from urllib.parse import unquote

import click

from chatbot.exits import DONE, WRONG_WORDS
from workers.connection import connect
from workers.errors import WordsError
from workers.settings import load_settings
from workers.store.faults import ensure_usable
from workers.store.leaving import forget, kept_of
from workers.wiring import redis_address
from workers.words import Words


def forget_place(place: str, yes: bool, person: Words) -> int:
    """Says what is kept of a place, and with `yes` deletes it; without, what to add is said.

    A place is `platform:workspace` or `platform:workspace:channel`, as `/digest settings` shows it.
    WordsError("bad_place") for anything else.
    """
    parts = [unquote(part) for part in place.strip().split(":")]
    if len(parts) not in (2, 3) or not all(parts):
        raise WordsError("bad_place", place=place)
    with redis_address(load_settings()) as url, connect(url) as redis:
        ensure_usable(redis)
        kept = kept_of(redis, *parts)
        if yes:
            forget(redis, kept)
    said = "forget.done" if yes else "forget.found"
    click.echo(person(said, n=kept.count, subscriptions=len(kept.subscriptions), place=place))
    if yes or not kept.count:
        return DONE
    click.echo(person("forget.ask"), err=True)
    return WRONG_WORDS
