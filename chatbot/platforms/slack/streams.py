"""Messages of Slack that grow while people look on (`chat.startStream`), and what becomes of them at their limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

from slack_sdk import WebClient

from chatbot.messaging import Channel, Person, Receipt, UnknownOutcomeError
from chatbot.platforms.slack.calls import Json
from chatbot.platforms.slack.paces import Paces
from workers.errors import DigestError

STREAM_BYTES = 9_000
"""UTF-8 bytes after which a stream goes on in another message: one carries about 10,600, as was measured."""

_LIKE = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb", "\\": "\u2216", "_": "\u02cd"})
"""What looks like a mark and is none: marks have no escape there, and to leave them out would show something false."""
_MARKS = re.compile(r"[*~`\\]|(?<!\w)_+|_+(?!\w)")
_JOINT = re.compile(r"(?<=\])(?=[(\[:])|(?m:^)(?=[ \t]*(?:#{1,6}|[-+]|\d+[.)])[ \t])")
"""Where a bracket would become a link, and a line a heading or an item: a word joiner, which nobody sees, is put."""
_SCHEME = re.compile(r"(?<=\w):(?=//)")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

History = Callable[[Channel, datetime, str], Iterator[Json]]
"""The messages of a channel's thread since a time."""


class SlackStream:
    """See `chatbot.messaging.Stream`."""

    def __init__(self, client: WebClient, paces: Paces, receipt: Receipt, person: Person) -> None:
        self._client = client
        self._paces = paces
        self._person = person
        self._receipt = receipt
        self._last = receipt.id
        self._further: list[str] = []
        self._bytes = 0

    @property
    def receipt(self) -> Receipt:
        """See Stream."""
        return self._receipt

    def add(self, text: str) -> None:
        """See Stream."""
        said = literal(text)
        if self._bytes + len(said.encode()) > STREAM_BYTES:
            self._roll_over(said)
        else:
            self._ask("appendStream", ts=self._last, markdown_text=said)
        self._bytes += len(said.encode())

    def end(self) -> None:
        """See Stream. What it had to say in further messages is taken back: the first one is to have all of it."""
        with suppress(DigestError):
            self._ask("stopStream", ts=self._last)
        for further in self._further:
            with suppress(DigestError):
                self._ask("delete", ts=further)

    def _roll_over(self, said: str) -> None:
        self._ask("stopStream", ts=self._last)
        self._last = start(self._client, self._paces, self._receipt, self._person, said)
        self._further.append(self._last)
        self._bytes = 0

    def _ask(self, method: str, **arguments: object) -> Json:
        channel = self._receipt.channel
        return self._paces.ask(
            channel.workspace, getattr(self._client, f"chat_{method}"), channel=channel.id, **arguments
        )


def start(client: WebClient, paces: Paces, place: Receipt, person: Person, said: str) -> str:
    """Begins a stream in the thread of `place`; its ts."""
    channel = place.channel
    to_whom = {} if channel.is_direct else {"recipient_team_id": channel.workspace, "recipient_user_id": person.id}
    answer = paces.ask(
        channel.workspace,
        client.chat_startStream,
        channel=channel.id,
        thread_ts=place.thread or place.id,
        markdown_text=said,
        **to_whom,
    )
    return str(answer["ts"])


def begin(client: WebClient, paces: Paces, history: History, person: Person, text: str, under: Receipt) -> SlackStream:
    """A stream in the thread of `under`. Whether a lost answer began one is seen by its words: it has no key."""
    said, thread = literal(text), under.thread or under.id
    try:
        ts = start(client, paces, under, person, said)
    except UnknownOutcomeError:
        below = history(under.channel, datetime.fromtimestamp(float(thread), UTC), thread)
        found = [one for one in below if one.get("bot_id") and one.get("text") == said]
        if not found:
            raise
        ts = str(found[-1]["ts"])
    return SlackStream(client, paces, Receipt(channel=under.channel, id=ts, thread=thread), person)


def literal(text: str) -> str:
    """A text in which nothing means anything to Slack's Markdown: no mention, no link, no mark.

    What shows the same stands in place of its marks, until the whole answer takes the stream's place.
    """
    shown = _MARKS.sub(lambda mark: mark[0].translate(_LIKE), text)
    return _SCHEME.sub(": ", _JOINT.sub("\u2060", shown)).translate(_HTML)
