"""What the buttons of our messages send back: written by views, read here as what it is, something from outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from chatbot.views.chat_values import read_commit, read_page
from workers.errors import WordsError
from workers.model import Digest, Entry, RepositoryDigest, Value

SubscriptionPress = Literal["pause", "resume", "run", "unsubscribe"]
MOST_CHARACTERS = 200
"""Of a value: more than any that we write, far less than the 2,000 that Slack would carry."""

_DIGEST_ID = re.compile(r"[A-Za-z0-9_-]{1,50}")
_NUMBER = re.compile(r"([1-9][0-9]{0,8}):([A-Za-z0-9_.~%-]+(?::[A-Za-z0-9_.~%-]+){2})")


class CommitPress(Value):
    """A commit of a digest: its details are wanted. `repository` counts from 0, `sha` is the beginning of one."""

    digest_id: str
    repository: int
    sha: str


class PagePress(Value):
    """A page (from 0) of the menu of a digest's commits is wanted."""

    digest_id: str
    page: int


class FeedbackPress(Value):
    """Whether the analysis of a commit helped."""

    commit: CommitPress
    helped: bool


class AnswerPress(Value):
    """Whether the answer to a question helped."""

    question_id: str
    helped: bool


class NumberPress(Value):
    """Something is to be done with the subscription of a number of the channel with that name (`Channel.key`)."""

    action: SubscriptionPress
    number: int
    channel: str


Pressed: TypeAlias = CommitPress | PagePress | FeedbackPress | AnswerPress | NumberPress


def number_value(number: int, channel: str) -> str:
    """What a button about a subscription of a channel (its `key`) sends back; its kind is `pause` or the like."""
    return f"{number}:{channel}"


def read_press(kind: str, value: str) -> Pressed:
    """What a press means. WordsError("unknown_press") for a kind or a value that no view of ours has.

    A value that we wrote may come back from another place, as of a forwarded card: whether the channel may see that
    digest, and whether it is that channel, is for the caller to check.
    """
    read = _READERS.get(kind)
    pressed = read(value) if read is not None and len(value) <= MOST_CHARACTERS else None
    if pressed is None:
        raise WordsError("unknown_press")
    return pressed


def find_commit(digest: Digest, number: int, sha: str) -> tuple[RepositoryDigest, Entry]:
    """A commit by the number of its repository and the beginning of its sha. WordsError("press_expired")."""
    if number < len(digest.repositories):
        part = digest.repositories[number]
        whole = next((one for one in part.shas() if one.startswith(sha)), None)
        entry = part.entry(whole) if whole else None
        if entry is not None:
            return part, entry
    raise WordsError("press_expired")


def _commit(value: str) -> CommitPress | None:
    found = read_commit(value)
    if found is None or not _DIGEST_ID.fullmatch(found.digest_id):
        return None
    return CommitPress(digest_id=found.digest_id, repository=found.repository, sha=found.sha)


def _page(value: str) -> PagePress | None:
    found = read_page(value)
    if found is None or not _DIGEST_ID.fullmatch(found.digest_id):
        return None
    return PagePress(digest_id=found.digest_id, page=found.page)


def _feedback(value: str) -> FeedbackPress | None:
    vote, _, rest = value.partition(":")
    commit = _commit(rest)
    return FeedbackPress(commit=commit, helped=vote == "up") if commit and vote in ("up", "down") else None


def _answer(value: str) -> AnswerPress | None:
    vote, _, question_id = value.partition(":")
    known = vote in ("up", "down") and _DIGEST_ID.fullmatch(question_id)
    return AnswerPress(question_id=question_id, helped=vote == "up") if known else None


def _number(action: SubscriptionPress) -> Callable[[str], NumberPress | None]:
    def read(value: str) -> NumberPress | None:
        match = _NUMBER.fullmatch(value)
        return NumberPress(action=action, number=int(match[1]), channel=match[2]) if match else None

    return read


_READERS: Mapping[str, Callable[[str], Pressed | None]] = {
    "details": _commit,
    "menu": _page,
    "feedback": _feedback,
    "answered": _answer,
    "pause": _number("pause"),
    "resume": _number("resume"),
    "run": _number("run"),
    "unsubscribe": _number("unsubscribe"),
}
